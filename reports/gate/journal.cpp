#include "reports/gate/journal.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <limits>
#include <utility>

#include "reports/files/atomic_file.h"
#include "reports/files/report_error.h"
#include "reports/gate/json_report.h"
#include "reports/records/record_json.h"
#include "reports/records/scope.h"

namespace packproof::reports {
namespace {

constexpr const char* kAgain = "again";

Json heading_to_json(const RunReport& run) {
  Json heading = {{"journal_version", kJournalSchema},
                  {"command", run.command},
                  {"started", run.started},
                  {"environment", environment_to_json(run.environment)}};
  if (run.scope) heading["scope"] = scope_to_json(*run.scope);
  return heading;
}

void read_heading(const Json& line, RunReport& run) {
  JsonFields fields(line, "");
  if (const std::string version = fields.text("journal_version"); version != kJournalSchema)
    throw ReportError(fmt::format("journal_version is \"{}\", this program reads \"{}\"", version,
                                  kJournalSchema));
  run.command = fields.text("command");
  run.started = fields.text("started");
  run.environment = environment_from_json(fields.value("environment"), "environment");
  if (fields.has("scope")) run.scope = scope_from_json(fields.value("scope"), "scope");
  run.elapsed_s = std::numeric_limits<double>::quiet_NaN();
  fields.expect_no_more();
}

// Takes out the last record of each of these descriptors.
void take_out(std::vector<Record>& records, const Json& descriptors) {
  for (const Json& descriptor : descriptors) {
    const auto last = std::find_if(records.rbegin(), records.rend(), [&](const Record& record) {
      return descriptor == record.descriptor;
    });
    if (last != records.rend()) records.erase(std::next(last).base());
  }
}

void read_line(const Json& line, RunReport& run) {
  if (!line.is_object() || !line.contains(kAgain)) {
    run.records.push_back(record_from_json(line, "record"));
    return;
  }
  JsonFields fields(line, "");
  take_out(run.records, fields.array(kAgain));
  fields.expect_no_more();
}

// The length of a file up to its last whole line.
off_t whole_lines(const std::string& path) {
  return static_cast<off_t>(read_whole_file(path, kMostRunBytes).rfind('\n') + 1);  // npos + 1 is 0
}

}  // namespace

std::string journal_path(const std::string& final_path) { return final_path + ".partial"; }

Journal::Journal(std::string final_path, const RunReport& run, const JournalStart& start)
    : final_path_(std::move(final_path)), partial_path_(journal_path(final_path_)) {
  require_writable(final_path_);
  if (is_special_file(final_path_)) return;
  file_ = ::open(partial_path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file_ < 0) fail_on_file("write", partial_path_, errno);
  try {
    lock();
    begin(run, start);
  } catch (...) {
    ::close(file_);
    throw;
  }
}

void Journal::lock() const {
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return;
  if (errno != EWOULDBLOCK) fail_on_file("lock", partial_path_, errno);
  throw ReportError(
      fmt::format("cannot write '{}': another run is writing it; wait for it or name another file",
                  partial_path_));
}

// Cuts nothing away of another run before the lock is there.
void Journal::begin(const RunReport& run, const JournalStart& start) {
  if (::ftruncate(file_, start.goes_on ? whole_lines(partial_path_) : 0) != 0)
    fail_on_file("empty", partial_path_, errno);
  if (!start.goes_on)
    append_line(json_text(heading_to_json(run), -1));
  else if (!start.again.empty())
    append_line(json_text({{kAgain, start.again}}, -1));
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
      fail_on_file("write", partial_path_, error_number,
                   undone ? "" : "; its last line is cut short");
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
  const std::string text = read_whole_file(path, kMostRunBytes);
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
        read_line(line, contents.run);
      }
    } catch (const ReportError& error) {
      throw ReportError(
          fmt::format("'{}' line {}: {}; run the gate again", path, number, error.what()));
    }
    start = end + 1;
  }
  return contents;
}

bool is_journal(std::string_view text) {
  const std::string_view first = text.substr(0, text.find('\n'));
  const Json line = Json::parse(first, nullptr, /*allow_exceptions=*/false);
  return line.is_object() && line.contains("journal_version");
}

void expect_no_writer(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail_on_file("read", path, errno);
  const bool is_free = ::flock(file, LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK;
  ::close(file);
  if (!is_free)
    throw ReportError(fmt::format("'{}' is still being written by a run; wait for it", path));
}

}  // namespace packproof::reports
