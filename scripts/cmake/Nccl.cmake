# NCCL::NCCL, where the CUDA toolkit has it beside it or the system has it installed; no target
# elsewhere, and then no --comm nccl.
if(PACKPROOF_CUDA AND PACKPROOF_MPI)
  cmake_path(SET toolkit NORMALIZE "${CMAKE_CUDA_COMPILER}/../..")
  find_path(NCCL_INCLUDE_DIR nccl.h HINTS "${toolkit}/include")
  find_library(NCCL_LIBRARY nccl HINTS "${toolkit}/lib" "${toolkit}/lib64")
  if(NCCL_INCLUDE_DIR AND NCCL_LIBRARY)
    add_library(NCCL::NCCL SHARED IMPORTED)
    set_target_properties(NCCL::NCCL PROPERTIES
      IMPORTED_LOCATION "${NCCL_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${NCCL_INCLUDE_DIR}")
  endif()
endif()
