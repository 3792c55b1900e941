#include "harness/bench/bench_side.h"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cases/language/descriptor.h"
#include "harness/bench/judge_cases.h"
#include "harness/bench/row_timer.h"
#include "harness/environment/environment.h"
#include "harness/ops/op_list.h"
#include "harness/process/line_socket.h"
#include "reports/files/report_error.h"
#include "reports/records/record_json.h"

namespace packproof::harness {
namespace {

using reports::Json;
using reports::JsonFields;

// Each side times its own kernels.
Candidate candidate_of(JsonFields& request) {
  return find_candidate(
      our_kernels_on(request.text("device") == "gpu" ? Device::gpu : Device::host));
}

// A row that this side was asked to time.
class SideRow {
 public:
  explicit SideRow(JsonFields& request)
      : planned_(planned(request)),
        options_{.candidate = candidate_of(request),
                 .samples = static_cast<int>(request.integer("samples")),
                 .series_seconds = request.number("seconds"),
                 .in_turns = true},
        timer_(planned_, options_, request.text("why_not")),
        subjects_(timer_.subjects()) {}

  Json subjects() const {
    Json all = Json::array();
    for (const Subject& subject : subjects_)
      all.push_back({{"name", subject.name}, {"samples", subject.samples}});
    return all;
  }

  double sample(std::int64_t subject) {
    return subjects_.at(static_cast<std::size_t>(subject)).sample_us();
  }

  reports::BenchRow finish(JsonFields& request) {
    const auto samples = request.array("samples").get<std::vector<std::vector<double>>>();
    if (samples.size() != subjects_.size())
      throw reports::ReportError(fmt::format("samples of {} subjects, where {} were timed",
                                             samples.size(), subjects_.size()));
    return timer_.finish(samples);
  }

 private:
  static PlannedRow planned(JsonFields& request) {
    PlannedRow planned;
    planned.row = reports::read_row_line(request.text("row"));
    planned.op = find_op(planned.row.op);
    if (planned.op == nullptr) throw CaseError("this build has no op " + planned.row.op);
    planned.the_case = parse_descriptor(planned.row.descriptor, op_lookup());
    return planned;
  }

  PlannedRow planned_;
  TimingOptions options_;
  RowTimer timer_;
  std::vector<Subject> subjects_;
};

class Side {
 public:
  Json answer(const std::string& line) {
    try {
      const Json document = reports::parse_json(line, "a request");
      JsonFields request(document, "");
      const std::string what = request.text("do");
      if (what == "judge") return judge(request);
      if (what == "begin") return begin(request);
      if (!row_) throw reports::ReportError("no row has begun");
      if (what == "sample") return {{"us", row_->sample(request.integer("subject"))}};
      if (what != "end") throw reports::ReportError("unknown request " + what);
      const std::string row = reports::row_line(row_->finish(request));
      row_.reset();
      return {{"row", row}};
    } catch (const std::exception& error) {
      return {{"error", error.what()}};
    }
  }

 private:
  static Json judge(JsonFields& request) {
    Json not_passed = Json::object();
    std::vector<Case> cases;
    std::map<std::string, std::string> asked;  // by this build's own form of it
    for (const Json& one : request.array("descriptors")) {
      const auto descriptor = one.get<std::string>();
      // What this build cannot read it cannot run either.
      try {
        const Case& the_case = cases.emplace_back(parse_descriptor(descriptor, op_lookup()));
        asked[format_descriptor(the_case, find_op(the_case.op)->form)] = descriptor;
      } catch (const CaseError& error) {
        not_passed[descriptor] = error.what();
      }
    }
    const NotPassed failed =
        judge_cases(cases, {.candidate = candidate_of(request),
                            .jobs = static_cast<int>(request.integer("jobs")),
                            .timeout = std::chrono::seconds(request.integer("timeout_s"))});
    for (const auto& [descriptor, why] : failed) not_passed[asked.at(descriptor)] = why;
    return {{"not_passed", std::move(not_passed)}};
  }

  Json begin(JsonFields& request) {
    row_.reset();
    row_ = std::make_unique<SideRow>(request);
    return {{"subjects", row_->subjects()}};
  }

  std::unique_ptr<SideRow> row_;
};

}  // namespace

void serve_bench_side(int in, int out) {
  LineSocket lines(in, out);
  lines.send(reports::json_text(
      {{"protocol", kSideProtocol}, {"environment", environment_to_json(this_environment())}}, -1));
  Side side;
  while (const std::optional<std::string> line = lines.receive())
    lines.send(reports::json_text(side.answer(*line), -1));
}

}  // namespace packproof::harness
