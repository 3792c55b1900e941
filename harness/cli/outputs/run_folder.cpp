#include "harness/cli/outputs/run_folder.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "reports/files/atomic_file.h"
#include "reports/files/report_error.h"

namespace packproof::harness {

std::string run_folder() {
  const char* chosen = std::getenv("PACKPROOF_RUNS");
  if (chosen != nullptr && *chosen != '\0') return chosen;
  return std::string(PACKPROOF_SOURCE_DIR) + "/build/runs";
}

bool keep_last_run(std::string_view name, std::string_view json) {
  const std::filesystem::path folder = run_folder();
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return false;
  try {
    reports::write_file_atomically((folder / name).string(), json);
    return true;
  } catch (const reports::ReportError&) {
    return false;
  }
}

}  // namespace packproof::harness
