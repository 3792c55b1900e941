// The records of a run that is still going, kept so that a crash of the run loses none of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/records/record.h"

namespace packproof::reports {

inline constexpr std::string_view kJournalSchema = "packproof.journal/1";

// How a journal begins: anew, or where an earlier run left it.
struct JournalStart {
  bool goes_on = false;
  std::vector<std::string> again = {};  // descriptors: their records so far do not count
};

// "FILE.partial"
std::string journal_path(const std::string& final_path);

// "FILE.partial" beside the final report FILE: one JSON object a line, first the run, then each
// record as it is in the report. Not for use from several threads at once.
class Journal {
 public:
  // Starts `final_path`.partial anew with the run's environment, command, start and scope, or goes
  // on with it. Throws ReportError where the file cannot be written or another run is writing it. A
  // final path that is a device or a pipe has no journal: append does nothing.
  Journal(std::string final_path, const RunReport& run, const JournalStart& start = {});
  // Keeps the partial file unless commit was called.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Adds one whole line in one write. Throws ReportError; the file then ends with the record
  // before.
  void append(const Record& record);

  // Writes the final report atomically, then removes the partial file. Throws ReportError, and
  // then keeps the partial file.
  void commit(const RunReport& report);

  const std::string& partial_path() const { return partial_path_; }

 private:
  void append_line(const std::string& line);
  void lock() const;
  void begin(const RunReport& run, const JournalStart& start);

  std::string final_path_;
  std::string partial_path_;
  int file_ = -1;
};

struct JournalContents {
  RunReport run;      // elapsed_s is unknown and NaN
  bool torn = false;  // the last line was cut short and is left out
};

// Reads a partial file. A last line without its newline is a record that was being written;
// anything else that is wrong throws ReportError with its line number.
JournalContents read_journal(const std::string& path);

// Whether `text` begins as a journal does.
bool is_journal(std::string_view text);

// Throws ReportError if a run is still writing this journal.
void expect_no_writer(const std::string& path);

}  // namespace packproof::reports
