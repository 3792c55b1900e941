# How this project makes targets: one library and one test program per top folder, sources found by
# name within a folder.

# What all our own host code is compiled with. Contraction is off because references and kernels
# promise the same bits whatever the host can fuse. Members that a designated initializer leaves out
# have their defaults, on purpose; g++ warns of them all the same.
add_library(packproof_options INTERFACE)
target_compile_features(packproof_options INTERFACE cxx_std_20)
target_include_directories(packproof_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(packproof_options INTERFACE
  "$<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wshadow;-Wconversion;-Werror>"
  "$<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-field-initializers;-ffp-contract=off>")

# Tests are listed when ctest starts, so that a build never runs what it has just built.
set(CMAKE_GTEST_DISCOVER_TESTS_DISCOVERY_MODE PRE_TEST)

# packproof_sources(OUT PATTERN...): the files that match, relative to the current folder, without
# tests and fuzzers.
function(packproof_sources out)
  list(TRANSFORM ARGN PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
  file(GLOB sources CONFIGURE_DEPENDS ${ARGN})
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.cpp$")
  set(${out} ${sources} PARENT_SCOPE)
endfunction()

# packproof_library(NAME SOURCES file... [PUBLIC target...] [PRIVATE target...])
function(packproof_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE")
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC packproof_options ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  if(PACKPROOF_TIDY)
    set_target_properties(${name} PROPERTIES CXX_CLANG_TIDY "${PROJECT_SOURCE_DIR}/scripts/tidy_once")
  endif()
endfunction()

# packproof_test(NAME LINK target...): every *_test.cpp up to two folders down, as unit tests.
function(packproof_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK;EXCLUDE")
  file(GLOB sources CONFIGURE_DEPENDS *_test.cpp */*_test.cpp */*/*_test.cpp)
  if(arg_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${arg_EXCLUDE}")
  endif()
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE packproof_options ${arg_LINK} GTest::gmock_main)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 120 PROPERTIES
    LABELS unit.${name} TIMEOUT 300 ENVIRONMENT OMP_NUM_THREADS=1)  # tests run side by side
endfunction()

# packproof_script_test(NAME COMMAND...): a unit test that runs a script.
function(packproof_script_test name)
  add_test(NAME ${name} COMMAND ${ARGN} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 60 SKIP_RETURN_CODE 77)
endfunction()

# packproof_fuzzers(LINK target... [OPTIONS option...] [AFTER target...]): one program for each
# *_fuzz.cpp, in preset fuzz only, linked with these options, and once those targets are built. An
# input hangs where it takes two minutes: bench --tier full takes six seconds of an idle machine.
function(packproof_fuzzers)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "LINK;OPTIONS;AFTER")
  if(NOT PACKPROOF_FUZZ)
    return()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS *_fuzz.cpp */*_fuzz.cpp */*/*_fuzz.cpp)
  foreach(source IN LISTS sources)
    cmake_path(GET source STEM name)
    add_executable(${name} "${source}")
    target_link_libraries(${name} PRIVATE packproof_options ${arg_LINK})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer ${arg_OPTIONS})
    add_dependencies(packproof_fuzz ${name})
    if(arg_AFTER)
      add_dependencies(${name} ${arg_AFTER})
    endif()
    add_test(NAME fuzz.${name} COMMAND ${name} -max_total_time=30 -timeout=120
      -max_len=65536 -len_control=0 -print_final_stats=1)
    set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 300)
  endforeach()
endfunction()

# packproof_links_alone(LIBRARY): a program of all of it and what it says that it links, so that a
# symbol from elsewhere fails the build of packproof_libraries_alone.
function(packproof_links_alone library)
  if(NOT TARGET packproof_libraries_alone)
    add_custom_target(packproof_libraries_alone)
    file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/empty_main.cpp" CONTENT "int main() {}\n")
  endif()
  add_executable(${library}_alone EXCLUDE_FROM_ALL "${PROJECT_BINARY_DIR}/empty_main.cpp")
  target_link_libraries(${library}_alone PRIVATE "$<LINK_LIBRARY:WHOLE_ARCHIVE,${library}>")
  add_dependencies(packproof_libraries_alone ${library}_alone)
endfunction()

# packproof_headers_alone(): compiles each host header by itself, twice included, so that a missing
# include or guard fails the build.
function(packproof_headers_alone)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}"
    cases/*.h reference/*.h kernels/*.h harness/*.h reports/*.h)
  # These see LibTorch, half a minute each; each is the first include of its own source.
  list(FILTER headers EXCLUDE REGEX "_padded\\.h$")
  set(sources)
  foreach(header IN LISTS headers)
    set(source "${PROJECT_BINARY_DIR}/headers_alone/${header}.cpp")
    file(CONFIGURE OUTPUT "${source}" CONTENT "#include \"@header@\"\n#include \"@header@\"\n" @ONLY)
    list(APPEND sources "${source}")
  endforeach()
  # Four minutes of compile time: .ci/run asks for it (RepositoryTests.cmake), everyday builds do not.
  add_library(packproof_headers_alone OBJECT EXCLUDE_FROM_ALL ${sources})
  target_compile_options(packproof_headers_alone PRIVATE -O0 -g0)
  target_link_libraries(packproof_headers_alone PRIVATE packproof_harness)
endfunction()
