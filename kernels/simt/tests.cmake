# The executor's own tests, once for each fiber back end.
find_package(GTest REQUIRED)
include(GoogleTest)

set(PACKPROOF_SIMT_TEST_KERNELS
  tests/atomics_test_kernels.cu
  tests/shared_memory_test_kernels.cu
  tests/warp_test_kernels.cu)
set_source_files_properties(${PACKPROOF_SIMT_TEST_KERNELS} PROPERTIES LANGUAGE CXX)

# Tests of the race detector, and the kernels of the other tests, under it.
add_library(packproof_simt_race_tests OBJECT
  ${PACKPROOF_SIMT_TEST_KERNELS}
  tests/race/async_race_test.cpp
  tests/race/fence_order_test.cpp
  tests/race/healthy_kernels_test.cpp
  tests/race/preemption_test.cpp
  tests/race/order_token_test.cpp
  tests/race/race_report_test.cpp)
packproof_compile_under_race_detector(packproof_simt_race_tests)
target_link_libraries(packproof_simt_race_tests PRIVATE packproof_simt_runtime GTest::gtest)

function(packproof_add_simt_test target runtime prefix)
  add_executable(${target}
    $<TARGET_OBJECTS:packproof_simt_race_tests>
    ${PACKPROOF_SIMT_TEST_KERNELS}
    tests/async_copy_test.cpp
    tests/atomics_test.cpp
    tests/bulk_copy_test.cpp
    tests/fault_report_test.cpp
    tests/host_intrinsics_test.cpp
    tests/launch_test.cpp
    tests/mbarrier_test.cpp
    tests/named_barrier_test.cpp
    tests/schedule_test.cpp
    tests/shared_memory_test.cpp
    tests/tensor_copy_test.cpp
    tests/warp_collectives_test.cpp
    tests/wgmma_test.cpp)
  target_compile_options(${target} PRIVATE ${PACKPROOF_SIMT_KERNEL_OPTIONS})
  target_link_libraries(${target} PRIVATE ${runtime} GTest::gtest_main)
  gtest_discover_tests(${target} TEST_PREFIX "${prefix}" PROPERTIES LABELS unit)
endfunction()

packproof_add_simt_test(kernels_simt_test packproof_simt_runtime "simt/")
if(PACKPROOF_BOOST_CONTEXT_LIBRARY AND NOT PACKPROOF_SIMT_NEEDS_BOOST)
  packproof_add_simt_runtime(packproof_simt_runtime_boost)
  target_compile_definitions(packproof_simt_runtime_boost PRIVATE PACKPROOF_SIMT_BOOST_FIBERS)
  target_link_libraries(packproof_simt_runtime_boost PUBLIC "${PACKPROOF_BOOST_CONTEXT_LIBRARY}")
  packproof_add_simt_test(kernels_simt_boost_test packproof_simt_runtime_boost "simt_boost/")
endif()

# What must not compile: raw shared memory on the host.
add_test(NAME simt/RawSharedMemoryDoesNotCompile
  COMMAND "${CMAKE_CXX_COMPILER}" -std=c++20 -fsyntax-only -x c++
    "-I${PACKPROOF_SIMT_ROOT}" "-I$<JOIN:${CUDAToolkit_INCLUDE_DIRS},;-I>"
    "${CMAKE_CURRENT_SOURCE_DIR}/tests/raw_shared_does_not_compile.cu"
  COMMAND_EXPAND_LISTS)
set_tests_properties(simt/RawSharedMemoryDoesNotCompile PROPERTIES
  LABELS unit PASS_REGULAR_EXPRESSION "use_SIMT_SHARED_or_SIMT_DYN_SHARED")
