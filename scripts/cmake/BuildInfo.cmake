# Writes the source behind harness/environment/build_info.h at each build, so that the commit in
# reports is the one that was built. The file changes only when what it says does.

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  find_package(Git QUIET)
  set(COMMIT "")
  if(GIT_FOUND)
    execute_process(COMMAND ${GIT_EXECUTABLE} describe --always --dirty=+changes --exclude=*
      WORKING_DIRECTORY "${ROOT}" OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
  file(CONFIGURE OUTPUT "${OUT}" @ONLY CONTENT [[
#include "harness/environment/build_info.h"

namespace packproof::harness {

BuildInfo build_info() {
  return {.version = "@VERSION@",
          .commit = "@COMMIT@",
          .compiler = "@COMPILER@",
          .build_type = "@BUILD_TYPE@",
          .sanitizers = "@SANITIZERS@",
          .cuda = "@CUDA@"};
}

}  // namespace packproof::harness
]])
  return()
endif()

# packproof_build_info(TARGET): compiles it into TARGET.
function(packproof_build_info target)
  set(out "${PROJECT_BINARY_DIR}/generated/build_info.cpp")
  string(REGEX MATCH "-fsanitize=([a-z,]+)" unused "${CMAKE_CXX_FLAGS}")
  add_custom_target(packproof_build_info
    BYPRODUCTS "${out}"
    COMMAND ${CMAKE_COMMAND}
      -DROOT=${PROJECT_SOURCE_DIR} -DOUT=${out} -DVERSION=${PROJECT_VERSION}
      "-DCOMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
      -DBUILD_TYPE=${CMAKE_BUILD_TYPE} "-DSANITIZERS=${CMAKE_MATCH_1}"
      "-DCUDA=${CMAKE_CUDA_COMPILER_VERSION}"
      -P "${CMAKE_CURRENT_FUNCTION_LIST_FILE}"
    COMMENT "Recording the commit" VERBATIM)
  target_sources(${target} PRIVATE "${out}")
  add_dependencies(${target} packproof_build_info)
endfunction()
