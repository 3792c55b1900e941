# Tests of the repository itself, and the later steps of .ci/run.

packproof_script_test(repository.layers scripts/check_layers)
packproof_script_test(repository.layers_are_enforced scripts/tests/check_layers_test)
packproof_script_test(repository.op_list_is_enforced scripts/tests/ops_list_test)
packproof_script_test(repository.links scripts/tests/links_test)
packproof_script_test(repository.front_door scripts/tests/front_door_test)
packproof_script_test(repository.kernels_compile_every_way
  scripts/check_kernel_builds "${PROJECT_BINARY_DIR}" $<BOOL:${PACKPROOF_CUDA}>)

# packproof_ci_test(NAME SECONDS COMMAND...): each may set up, build and run a preset of its own.
function(packproof_ci_test name seconds)
  add_test(NAME ci.${name} COMMAND ${ARGN} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(ci.${name} PROPERTIES LABELS ci TIMEOUT ${seconds} RUN_SERIAL ON)
endfunction()

# The CI set of schedules is this and the default, which .ci/run runs first.
# Long segments of the delta rule take half a minute each under the detector.
packproof_ci_test(gate_under_race_detector 900
  scripts/gate --tier quick --schedule race --timeout 240)
# Five random orders, and the same bits in each.
packproof_ci_test(gate_in_random_orders 900
  scripts/gate --tier quick --schedule random:1 --repeat 5)
packproof_ci_test(gate_over_processes 900 scripts/gate --tier quick --comm mpi --ranks 4)
packproof_ci_test(report_in_browser 300
  "${PROJECT_SOURCE_DIR}/.venv/bin/python" reports/browser/run_tests.py $<TARGET_FILE:reports_test>)
# Every op is timed, over one family of lengths and over padding, and is no slower than itself.
set(bench_run "${PROJECT_BINARY_DIR}/bench.json")
packproof_ci_test(bench 600 scripts/packproof bench --tier quick --candidate simt
  --filter "*gsm8k" --filter "*decode*" --filter "*% longest"
  --samples 3 --seconds 0.01 --json "${bench_run}")
packproof_ci_test(compare 60 scripts/packproof compare "${bench_run}" "${bench_run}")
set_tests_properties(ci.bench PROPERTIES FIXTURES_SETUP bench_run)
set_tests_properties(ci.compare PROPERTIES FIXTURES_REQUIRED bench_run)
packproof_ci_test(headers_compile_alone 600
  "${CMAKE_COMMAND}" --build "${PROJECT_BINARY_DIR}" --target packproof_headers_alone)
# A folder of harness/ needs no symbol but of what it says that it sees.
packproof_ci_test(libraries_link_alone 300
  "${CMAKE_COMMAND}" --build "${PROJECT_BINARY_DIR}" --target packproof_libraries_alone)
packproof_ci_test(sanitized_tests 3300 scripts/test --preset cpu-asan)
packproof_ci_test(sanitized_gate 600
  "${CMAKE_COMMAND}" -E env PACKPROOF_PRESET=cpu-asan scripts/gate --tier quick)
packproof_ci_test(same_bits_under_clang 600 scripts/test --preset cpu-clang)
packproof_ci_test(fuzz 900 scripts/test --preset fuzz)
# All sources: scripts/tidy, by night.
packproof_ci_test(tidy 2400 scripts/tidy --recent)
