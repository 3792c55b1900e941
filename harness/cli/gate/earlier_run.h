// --resume: what an earlier run of the same cases has judged already.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/gate/journal.h"
#include "reports/records/record.h"

namespace packproof::harness {

class EarlierRun {
 public:
  // Reads a journal (FILE.partial) or a report; an empty path is a run that never was. `now`: this
  // run so far, without records. Throws CaseError where the file is of another build, candidate,
  // selection or shard, and ReportError where it cannot be read or is still being written.
  EarlierRun(const std::string& path, const reports::RunReport& now);

  // The record of a case, once for each that there is. None for what the harness itself failed on,
  // and for known bugs, which this run may not know.
  std::optional<reports::Record> take(const std::string& descriptor);

  // Whether the journal of this run, which writes its report to `json`, is the file that was read.
  bool is_journal_of(const std::string& json) const;
  // How that journal begins.
  reports::JournalStart journal_start(const std::string& json) const;

 private:
  std::string path_;
  std::multimap<std::string, reports::Record> records_;
  std::vector<std::string> again_;  // descriptors of records that are not taken
};

}  // namespace packproof::harness
