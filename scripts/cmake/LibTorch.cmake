# LibTorch::LibTorch from the wheel in .venv. find_package(Torch) is not used: it demands the whole
# CUDA toolkit and MKL, where libtorch_cpu and libc10 are all that the CPU build needs.
set(required_version 2.11.0)
file(GLOB root "${PROJECT_SOURCE_DIR}/.venv/lib/python3*/site-packages/torch")
set(found "nothing")
if(EXISTS "${root}/version.py")
  file(STRINGS "${root}/version.py" found REGEX "^__version__")
  string(REGEX REPLACE ".*'([0-9.]+).*" "\\1" found "${found}")
endif()
if(NOT found STREQUAL required_version OR NOT EXISTS "${root}/lib/libtorch_cpu.so")
  message(FATAL_ERROR
    "LibTorch ${required_version} is needed in .venv; found ${found}. Run scripts/setup.")
endif()

add_library(LibTorch::c10 SHARED IMPORTED)
set_target_properties(LibTorch::c10 PROPERTIES IMPORTED_LOCATION "${root}/lib/libc10.so")

add_library(LibTorch::LibTorch SHARED IMPORTED)
set_target_properties(LibTorch::LibTorch PROPERTIES
  IMPORTED_LOCATION "${root}/lib/libtorch_cpu.so"
  INTERFACE_INCLUDE_DIRECTORIES "${root}/include;${root}/include/torch/csrc/api/include")
target_link_libraries(LibTorch::LibTorch INTERFACE LibTorch::c10)
# libtorch_cpu itself needs libcudart and libcupti, which its own rpath finds beside it in .venv.
target_link_options(LibTorch::LibTorch INTERFACE LINKER:--allow-shlib-undefined)

if(PACKPROOF_GPU)
  # Nothing of ours refers to these two: loading them registers the CUDA kernels of the operators.
  target_link_options(LibTorch::LibTorch INTERFACE
    LINKER:--no-as-needed "${root}/lib/libtorch_cuda.so" "${root}/lib/libc10_cuda.so"
    LINKER:--as-needed)
endif()
