#include "reports/journal.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "reports/atomic_file.h"
#include "reports/json_report.h"
#include "reports/record_json.h"
#include "reports/report_error.h"

namespace packproof::reports {
namespace {

Json heading_to_json(const RunReport& run) {
  return {{"journal_version", kJournalSchema},
          {"command", run.command},
          {"started", run.started},
          {"environment", environment_to_json(run.environment)}};
}

void read_heading(const Json& line, RunReport& run) {
  JsonFields fields(line, "");
  if (const std::string version = fields.text("journal_version"); version != kJournalSchema)
    throw ReportError(fmt::format("journal_version is \"{}\", this program reads \"{}\"", version,
                                  kJournalSchema));
  run.command = fields.text("command");
  run.started = fields.text("started");
  run.environment = environment_from_json(fields.value("environment"), "environment");
  fields.expect_no_more();
}

}  // namespace

Journal::Journal(std::string final_path, const RunReport& run)
    : final_path_(std::move(final_path)), partial_path_(final_path_ + ".partial") {
  require_writable(final_path_);
  if (is_special_file(final_path_)) return;
  file_ = ::open(partial_path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file_ < 0) throw ReportError(file_error_text("write", partial_path_, errno));
  // Before anything of another run is cut away.
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    const int error_number = errno;
    ::close(file_);
    if (error_number == EWOULDBLOCK)
      throw ReportError(fmt::format(
          "cannot write '{}': another run is writing it; wait for it or name another file",
          partial_path_));
    throw ReportError(file_error_text("lock", partial_path_, error_number));
  }
  try {
    if (::ftruncate(file_, 0) != 0)
      throw ReportError(file_error_text("empty", partial_path_, errno));
    append_line(json_text(heading_to_json(run), -1));
  } catch (...) {
    ::close(file_);
    throw;
  }
}

Journal::~Journal() {
  if (file_ >= 0) ::close(file_);
}

void Journal::append(const Record& record) {
  if (file_ >= 0) append_line(json_text(record_to_json(record), -1));
}

void Journal::append_line(const std::string& line) {
  const std::string whole = line + "\n";
  const off_t before = ::lseek(file_, 0, SEEK_END);
  std::string_view rest = whole;
  while (!rest.empty()) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int error_number = errno;
      // Half a line in the middle would make all that follows unreadable.
      const bool undone = before >= 0 && ::ftruncate(file_, before) == 0;
      throw ReportError(file_error_text("write", partial_path_, error_number) +
                        (undone ? "" : "; its last line is cut short"));
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

void Journal::commit(const RunReport& report) {
  write_file_atomically(final_path_, json_report(report));
  if (file_ < 0) return;
  ::unlink(partial_path_.c_str());
  ::close(file_);
  file_ = -1;
}

JournalContents read_journal(const std::string& path) {
  const std::string text = read_whole_file(path);
  JournalContents contents;
  std::size_t number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    if (end == std::string::npos) {
      contents.torn = true;
      break;
    }
    ++number;
    try {
      const Json line = parse_json(std::string_view(text).substr(start, end - start), path);
      if (number == 1) {
        read_heading(line, contents.run);
      } else {
        contents.run.records.push_back(record_from_json(line, "record"));
      }
    } catch (const ReportError& error) {
      throw ReportError(
          fmt::format("'{}' line {}: {}; run the gate again", path, number, error.what()));
    }
    start = end + 1;
  }
  return contents;
}

}  // namespace packproof::reports
