cmake_minimum_required(VERSION 3.25)  # for cmake -P

# packproof_find_nvcc(OUT): the first nvcc >= 12.4 of CUDACXX, CUDA_HOME, PATH, /usr/local/cuda and
# .venv, or empty. Run as a script (cmake -P) it prints that: scripts/setup asks the same question.
function(packproof_find_nvcc out)
  find_program(nvcc_on_path nvcc NO_CACHE)
  file(GLOB nvcc_in_venv
    "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../.venv/lib/python3*/site-packages/nvidia/cu13/bin/nvcc")
  foreach(nvcc IN ITEMS
      "$ENV{CUDACXX}" "$ENV{CUDA_HOME}/bin/nvcc" "${nvcc_on_path}" /usr/local/cuda/bin/nvcc
      "${nvcc_in_venv}")
    if(EXISTS "${nvcc}")
      execute_process(COMMAND "${nvcc}" --version OUTPUT_VARIABLE version ERROR_QUIET)
      if(version MATCHES "release ([0-9.]+)" AND CMAKE_MATCH_1 VERSION_GREATER_EQUAL 12.4)
        file(REAL_PATH "${nvcc}" nvcc)
        set(${out} "${nvcc}" PARENT_SCOPE)
        return()
      endif()
    endif()
  endforeach()
  set(${out} "" PARENT_SCOPE)
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  packproof_find_nvcc(nvcc)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E echo "${nvcc}")  # message() would write to stderr
endif()
