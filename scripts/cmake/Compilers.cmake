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

if(PACKPROOF_CUDA)
  include(FindNvcc)
  if(NOT CMAKE_CUDA_COMPILER)
    packproof_find_nvcc(CMAKE_CUDA_COMPILER)
  endif()
  if(NOT CMAKE_CUDA_COMPILER)
    message(FATAL_ERROR
      "No nvcc >= 12.4 in CUDACXX, CUDA_HOME, PATH, /usr/local/cuda or .venv. Run scripts/setup, "
      "or configure with -DPACKPROOF_CUDA=OFF to leave out the GPU's code.")
  endif()
  set(CMAKE_CUDA_ARCHITECTURES 90a-real)
  set(CMAKE_CUDA_RUNTIME_LIBRARY Static)
  enable_language(CUDA)
endif()
