#include "harness/bench/other_build.h"

#include <chrono>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "cases/language/descriptor.h"
#include "harness/bench/bench_side.h"
#include "harness/ops/op_list.h"
#include "reports/files/report_error.h"
#include "reports/records/record_json.h"

namespace packproof::harness {
namespace {

using reports::Json;
using reports::JsonFields;

constexpr std::chrono::milliseconds kPatience{500};

RunningProcess start(const std::string& program, int socket) {
  try {
    return spawn({program, "bench-side"}, {.in = socket, .out = socket});
  } catch (const std::system_error& error) {
    throw CaseError(
        fmt::format("--against {} cannot be started: {}", program, error.code().message()));
  }
}

std::string_view name_of(Device device) { return device == Device::gpu ? "gpu" : "host"; }

}  // namespace

OtherBuild::OtherBuild(const std::string& program) : program_(program), lines_(-1, -1) {
  auto [mine, its] = socket_pair();
  process_ = start(program, its.get());
  its.close();
  socket_ = std::move(mine);
  lines_ = LineSocket(socket_.get(), socket_.get());
  const std::optional<std::string> hello = lines_.receive();
  try {
    if (!hello) throw reports::ReportError("it says nothing");
    const Json document = reports::parse_json(*hello, "what it says");
    JsonFields fields(document, "");
    if (const std::string protocol = fields.text("protocol"); protocol != kSideProtocol)
      throw reports::ReportError(fmt::format("it speaks {}, not {}", protocol, kSideProtocol));
    environment_ = reports::environment_from_json(fields.value("environment"), "environment");
  } catch (const reports::ReportError& error) {
    const std::string why = error.what();
    ending();
    throw CaseError(
        fmt::format("--against {} is no build of packproof that takes turns: {}", program, why));
  }
}

OtherBuild::~OtherBuild() { ending(); }

// How it ended. At the end of its input it ends by itself, but not in the middle of a run.
std::string OtherBuild::ending() {
  if (!running()) return "it has ended";
  socket_.close();
  if (!process_.ends_within(kPatience)) process_.kill();
  return describe_status(process_.wait());
}

Json OtherBuild::ask(const Json& request) {
  std::optional<std::string> line;
  if (running() && lines_.send(reports::json_text(request, -1))) line = lines_.receive();
  if (!line) throw std::runtime_error(fmt::format("{} ended: {}", program_, ending()));
  Json answer = reports::parse_json(*line, "the answer of " + program_);
  if (answer.contains("error")) throw std::runtime_error(JsonFields(answer, "").text("error"));
  return answer;
}

NotPassed OtherBuild::judge(const std::vector<Case>& cases, const JudgeCasesOptions& options) {
  Json descriptors = Json::array();
  for (const Case& one : cases)
    descriptors.push_back(format_descriptor(one, find_op(one.op)->form));
  const Json answer = ask({{"do", "judge"},
                           {"device", name_of(options.candidate.executor->device())},
                           {"descriptors", std::move(descriptors)},
                           {"jobs", options.jobs},
                           {"timeout_s", options.timeout.count()}});
  NotPassed not_passed;
  const Json& failed = JsonFields(answer, "the answer").value("not_passed");
  for (const auto& [descriptor, why] : failed.items())
    not_passed[descriptor] = JsonFields(failed, "not_passed").text(descriptor);
  return not_passed;
}

std::vector<OtherBuild::SideSubject> OtherBuild::begin(const reports::BenchRow& row,
                                                       const TimingOptions& options,
                                                       const std::string& why_not) {
  const Json answer = ask({{"do", "begin"},
                           {"device", name_of(options.device())},
                           {"row", reports::row_line(row)},
                           {"why_not", why_not},
                           {"samples", options.samples},
                           {"seconds", options.series_seconds}});
  std::vector<SideSubject> subjects;
  for (const Json& one : JsonFields(answer, "the answer").array("subjects")) {
    JsonFields subject(one, "a subject");
    subjects.push_back(
        {.name = subject.text("name"), .samples = static_cast<int>(subject.integer("samples"))});
  }
  return subjects;
}

double OtherBuild::sample_us(std::size_t subject) {
  const Json answer = ask({{"do", "sample"}, {"subject", subject}});
  return JsonFields(answer, "the answer").number("us");
}

std::vector<reports::Series> OtherBuild::end(const std::vector<std::vector<double>>& samples) {
  const Json answer = ask({{"do", "end"}, {"samples", samples}});
  return reports::read_row_line(JsonFields(answer, "the answer").text("row")).series;
}

}  // namespace packproof::harness
