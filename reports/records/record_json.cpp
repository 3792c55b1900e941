#include "reports/records/record_json.h"

#include <fmt/core.h>

#include "reports/files/report_error.h"
#include "reports/records/summary.h"

namespace packproof::reports {
namespace {

Json optional_to_json(const std::optional<std::int64_t>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json unit_to_json(const UnitReport& unit) {
  return {{"kind", unit.kind},
          {"where", unit.where},
          {"error", number_to_json(unit.error)},
          {"base", number_to_json(unit.base)},
          {"floor", number_to_json(unit.floor)},
          {"limit", number_to_json(unit.limit)},
          {"margin", number_to_json(unit.margin())},
          {"units", unit.units},
          {"failed", unit.failed},
          {"blind", unit.blind}};
}

UnitReport unit_from_json(const Json& value, const std::string& where) {
  JsonFields fields(value, where);
  UnitReport unit;
  unit.kind = fields.text("kind");
  unit.where = fields.text("where");
  unit.error = fields.number("error");
  unit.base = fields.number("base");
  unit.floor = fields.number("floor");
  unit.limit = fields.number("limit");
  fields.number("margin");  // follows from limit and error
  unit.units = fields.integer("units");
  unit.failed = fields.integer("failed");
  unit.blind = fields.integer("blind");
  fields.expect_no_more();
  return unit;
}

Json tensor_to_json(const TensorReport& tensor) {
  Json worst = Json::array(), segment_errors = Json::array();
  for (const UnitReport& unit : tensor.worst) worst.push_back(unit_to_json(unit));
  for (const double error : tensor.segment_errors) segment_errors.push_back(number_to_json(error));
  return {{"name", tensor.name},
          {"dtype", tensor.dtype},
          {"judged", tensor.judged},
          {"elements", tensor.elements},
          {"wrong_elements", tensor.wrong_elements},
          {"worst", std::move(worst)},
          {"segment_errors", std::move(segment_errors)}};
}

TensorReport tensor_from_json(const Json& value, const std::string& where) {
  JsonFields fields(value, where);
  TensorReport tensor;
  tensor.name = fields.text("name");
  tensor.dtype = fields.text("dtype");
  tensor.judged = fields.text("judged");
  tensor.elements = fields.integer("elements");
  tensor.wrong_elements = fields.integer("wrong_elements");
  for (const Json& unit : fields.array("worst"))
    tensor.worst.push_back(
        unit_from_json(unit, fmt::format("{}.worst[{}]", where, tensor.worst.size())));
  for (const Json& error : fields.array("segment_errors"))
    tensor.segment_errors.push_back(number_from_json(error, fields.path_of("segment_errors")));
  fields.expect_no_more();
  return tensor;
}

Json mismatch_to_json(const Mismatch& mismatch) {
  return {{"tensor", mismatch.tensor},
          {"check", mismatch.check},
          {"segment", optional_to_json(mismatch.segment)},
          {"head", optional_to_json(mismatch.head)},
          {"token", optional_to_json(mismatch.token)},
          {"token_in_segment", optional_to_json(mismatch.token_in_segment)},
          {"index", mismatch.index},
          {"got", mismatch.got},
          {"want", mismatch.want},
          {"error", number_to_json(mismatch.error)},
          {"limit", number_to_json(mismatch.limit)},
          {"fault", mismatch.fault},
          {"because", mismatch.because}};
}

Mismatch mismatch_from_json(const Json& value, const std::string& where) {
  JsonFields fields(value, where);
  Mismatch mismatch;
  mismatch.tensor = fields.text("tensor");
  mismatch.check = fields.text("check");
  mismatch.segment = fields.integer_or_null("segment");
  mismatch.head = fields.integer_or_null("head");
  mismatch.token = fields.integer_or_null("token");
  mismatch.token_in_segment = fields.integer_or_null("token_in_segment");
  mismatch.index = fields.text("index");
  mismatch.got = fields.text("got");
  mismatch.want = fields.text("want");
  mismatch.error = fields.number("error");
  mismatch.limit = fields.number("limit");
  mismatch.fault = fields.text("fault");
  mismatch.because = fields.text_or_empty("because");  // older reports have none
  fields.expect_no_more();
  return mismatch;
}

Outcome outcome_named(const std::string& name, const std::string& where) {
  for (const Outcome outcome : kOutcomes)
    if (name_of(outcome) == name) return outcome;
  throw ReportError(fmt::format("{} must be an outcome such as pass, found \"{}\"", where, name));
}

// The environment's fields by name, once for both directions.
template <class Visitor>
void visit_environment(Visitor&& visit) {
  visit("packproof_version", &Environment::packproof_version);
  visit("commit", &Environment::commit);
  visit("compiler", &Environment::compiler);
  visit("build_type", &Environment::build_type);
  visit("sanitizers", &Environment::sanitizers);
  visit("cpu", &Environment::cpu);
  visit("os", &Environment::os);
  visit("libtorch", &Environment::libtorch);
  visit("cuda", &Environment::cuda);
}

}  // namespace

Json record_to_json(const Record& record) {
  Json tensors = Json::array(), elapsed = Json::array();
  for (const TensorReport& tensor : record.tensors) tensors.push_back(tensor_to_json(tensor));
  for (const auto& [stage, elapsed_us] : record.elapsed_us)
    elapsed.push_back({{"stage", stage}, {"elapsed_us", number_to_json(elapsed_us)}});
  return {{"descriptor", record.descriptor},
          {"op", record.op},
          {"direction", record.direction},
          {"candidate", record.candidate},
          {"schedule", record.schedule},
          {"contract", record.contract},
          {"source", record.source},
          {"expected", record.expected},
          {"outcome", name_of(record.outcome)},
          {"detail", record.detail},
          {"known_bug", record.known_bug},
          {"tensors", std::move(tensors)},
          {"mismatch", record.mismatch ? mismatch_to_json(*record.mismatch) : Json(nullptr)},
          {"repro", record.repro},
          {"elapsed", std::move(elapsed)}};
}

Record record_from_json(const Json& value, const std::string& where) {
  JsonFields fields(value, where);
  Record record;
  record.descriptor = fields.text("descriptor");
  record.op = fields.text("op");
  record.direction = fields.text("direction");
  record.candidate = fields.text("candidate");
  record.schedule = fields.text("schedule");
  record.contract = fields.text("contract");
  record.source = fields.text("source");
  record.expected = fields.text("expected");
  record.outcome = outcome_named(fields.text("outcome"), fields.path_of("outcome"));
  record.detail = fields.text("detail");
  record.known_bug = fields.flag("known_bug");
  for (const Json& tensor : fields.array("tensors"))
    record.tensors.push_back(
        tensor_from_json(tensor, fmt::format("{}.tensors[{}]", where, record.tensors.size())));
  if (const Json& mismatch = fields.value("mismatch"); !mismatch.is_null())
    record.mismatch = mismatch_from_json(mismatch, fields.path_of("mismatch"));
  record.repro = fields.text("repro");
  for (const Json& stage : fields.array("elapsed")) {
    JsonFields stage_fields(stage, fmt::format("{}.elapsed[{}]", where, record.elapsed_us.size()));
    std::string name = stage_fields.text("stage");
    record.elapsed_us.emplace_back(std::move(name), stage_fields.number("elapsed_us"));
    stage_fields.expect_no_more();
  }
  fields.expect_no_more();
  return record;
}

Json environment_to_json(const Environment& environment) {
  Json value = Json::object();
  visit_environment(
      [&](const char* name, std::string Environment::*field) { value[name] = environment.*field; });
  return value;
}

Environment environment_from_json(const Json& value, const std::string& where) {
  JsonFields fields(value, where);
  Environment environment;
  visit_environment([&](const char* name, std::string Environment::*field) {
    environment.*field = fields.text(name);
  });
  fields.expect_no_more();
  return environment;
}

std::string json_text(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace packproof::reports
