// --known-bugs: cases that may fail without failing the gate.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/gate/gate_verdict.h"
#include "harness/cli/terminal/exit_code.h"
#include "reports/records/record.h"

namespace packproof::harness {

class KnownBugs {
 public:
  // Reads the file: "<glob or text> # <reason>" a line. An empty path knows none. Throws CaseError
  // for a line without a reason, and ReportError for a file that cannot be read.
  explicit KnownBugs(const std::string& path);

  // Marks a failing record that an entry matches.
  void mark(reports::Record& record) const;

  // The entries whose cases ran in `records` and none of which failed: they can go. One that names
  // no case of these is not among them: another shard, filter or tier may have it.
  std::vector<std::string> stale(const std::vector<reports::Record>& records) const;

  // Says on stderr which are stale.
  void tell_stale(const std::vector<reports::Record>& records, Strictness strictness) const;

  // A run of exit code `code` with stale entries is no pass under --strict.
  ExitCode verdict(ExitCode code, const std::vector<reports::Record>& records,
                   Strictness strictness) const;

 private:
  struct Entry {
    std::string pattern;
    std::string reason;
  };
  std::vector<Entry> entries_;
};

}  // namespace packproof::harness
