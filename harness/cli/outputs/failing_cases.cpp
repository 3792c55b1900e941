#include "harness/cli/outputs/failing_cases.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "cases/core/fnv1a.h"
#include "cases/files/case_file.h"
#include "harness/cli/terminal/standard_streams.h"
#include "harness/ops/op_list.h"
#include "harness/selection/case_selection.h"
#include "reports/files/atomic_file.h"
#include "reports/files/report_error.h"
#include "reports/records/failure_text.h"

namespace packproof::harness {
namespace {

SavedVerdict saved_verdict(const reports::Record& record) {
  SavedVerdict saved{.candidate = record.candidate,
                     .schedule = record.schedule,
                     .outcome = std::string(name_of(record.outcome)),
                     .reason = reports::reason_line(record),
                     .repeat = record.repro,
                     .limits = {}};
  for (const reports::TensorReport& tensor : record.tensors)
    for (const reports::UnitReport& unit : tensor.worst)
      saved.limits.push_back({.tensor = tensor.name,
                              .unit = unit.kind,
                              .where = unit.where,
                              .error = unit.error,
                              .limit = unit.limit});
  return saved;
}

reports::Download case_file(const Case& the_case, const reports::Record& record) {
  const CaseFile file{.the_case = the_case,
                      .title = fmt::format("{} fails under {}", the_case.op, record.candidate),
                      .why = reports::reason_line(record),
                      .saved = saved_verdict(record)};
  return {.name = case_file_name(the_case),
          .text = format_case_file(file, find_op(the_case.op)->form)};
}

}  // namespace

FailingCases::FailingCases(std::string folder) : folder_(std::move(folder)) {
  if (folder_.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error || !std::filesystem::is_directory(folder_))
    throw CaseError(fmt::format("cannot make the folder {}: {}", folder_,
                                error ? error.message() : "a file has that name"));
  reports::require_writable(folder_ + "/case.json");
}

void FailingCases::save(const Case& the_case, const reports::Record& record) {
  if (folder_.empty()) return;
  const reports::Download file = case_file(the_case, record);
  try {
    reports::write_file_atomically(folder_ + "/" + file.name, file.text);
  } catch (const reports::ReportError& error) {
    if (lost_++ == 0) say(error.what());
  }
}

bool FailingCases::all_saved() const {
  if (lost_ > 0) say(fmt::format("{} case files could not be written to {}", lost_, folder_));
  return lost_ == 0;
}

std::optional<reports::Download> case_file_of(const reports::Record& record) {
  try {
    Case the_case = parse_descriptor(record.descriptor, op_lookup());
    the_case.source = record.source;
    return case_file(the_case, record);
  } catch (const CaseError&) {
    return std::nullopt;  // of another version
  }
}

std::string case_file_name(const Case& the_case) {
  return fmt::format("{}-{}-{:016x}.json", the_case.op, name_of(the_case.direction),
                     fnv1a(descriptor_of(the_case)));
}

}  // namespace packproof::harness
