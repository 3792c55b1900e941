# Compilers, before the first target.

# ccache, where there is one. Paths are hashed relative to this work tree, so that clones share
# results.
find_program(CCACHE ccache)
if(CCACHE)
  set(launcher "${CMAKE_COMMAND}" -E env
    "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CUDA_COMPILER_LAUNCHER ${launcher})
endif()

# The toolkit is needed without nvcc's code too: kernels compiled for the host use its headers.
include(FindNvcc)
packproof_find_nvcc(nvcc)
if(NOT nvcc)
  message(FATAL_ERROR
    "No CUDA toolkit >= 12.4: no nvcc in CUDACXX, CUDA_HOME, PATH, /usr/local/cuda or .venv. "
    "Run scripts/setup.")
endif()
cmake_path(SET CUDAToolkit_INCLUDE_DIRS NORMALIZE "${nvcc}/../../include")
if(EXISTS "${CUDAToolkit_INCLUDE_DIRS}/cccl")  # from CUDA 13 on; nvcc adds it by itself
  list(APPEND CUDAToolkit_INCLUDE_DIRS "${CUDAToolkit_INCLUDE_DIRS}/cccl")
endif()

if(PACKPROOF_CUDA)
  set(CMAKE_CUDA_COMPILER "${nvcc}")
  set(CMAKE_CUDA_ARCHITECTURES 90a-real)
  set(CMAKE_CUDA_RUNTIME_LIBRARY Static)
  enable_language(CUDA)
endif()
