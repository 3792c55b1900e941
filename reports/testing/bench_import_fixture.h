// Files to import, for the tests of bench_import.h.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "reports/bench/bench_import.h"
#include "reports/files/report_error.h"
#include "reports/testing/scratch_folder.h"

namespace packproof::reports {

class BenchImport : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = folder_.file(name);
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::string error_of(const std::string& text) const {
    try {
      read_bench_file(write("bad.json", text));
    } catch (const ReportError& error) {
      return error.what();
    }
    return "no error";
  }

  ScratchFolder folder_;
};

inline const Series& series_of(const BenchRun& run, std::size_t row) {
  return run.rows.at(row).series.at(0);
}

}  // namespace packproof::reports
