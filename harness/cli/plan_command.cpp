#include <memory>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "cases/core/case_text.h"
#include "harness/cli/commands.h"
#include "harness/cli/options/option_checks.h"
#include "harness/padding_free/model_config.h"
#include "harness/padding_free/plan_file.h"
#include "harness/padding_free/plan_json.h"
#include "reports/files/atomic_file.h"

namespace packproof::harness {
namespace {

struct PlanOptions {
  std::vector<std::string> files;
  std::string model;
  std::vector<std::string> backends;
  std::int64_t world = 1;
  bool padding_free = false;
  std::string json;
};

// "attention=sdpa,flash_attention_2" into the request.
void add_backends(const std::string& text, PlanRequest& request) {
  const std::size_t equals = text.find('=');
  for (const MixingOp op : kMixingOps) {
    if (equals == std::string::npos || text.substr(0, equals) != name_of(op)) continue;
    std::vector<std::string> names = CLI::detail::split(text.substr(equals + 1), ',');
    for (const std::string& name : names)
      if (find_backend(op, name) == nullptr)
        throw CaseError(fmt::format("--backend {}: no backend of {} is named {}; there are {}",
                                    in_quotes(text), name_of(op), in_quotes(name),
                                    all_backends(op)));
    if (!request.backends.emplace(op, std::move(names)).second)
      throw CaseError(
          fmt::format("--backend gives those of {} twice: give them once, in the order "
                      "in which to try them",
                      name_of(op)));
    return;
  }
  throw CaseError(
      fmt::format("--backend {} is not OP=NAME,..., with one of attention, causal_conv1d, "
                  "chunk_gated_delta_rule",
                  in_quotes(text)));
}

std::vector<PlanFile> requests(const PlanOptions& options) {
  std::vector<PlanFile> files;
  for (const std::string& path : options.files)
    files.push_back(parse_plan_file(reports::read_whole_file(path), path));
  if (!options.model.empty()) {
    PlanFile& asked = files.emplace_back();
    asked.title = options.model;
    asked.request.model =
        parse_model_config(reports::read_whole_file(options.model), options.model);
    asked.request.padding_free = options.padding_free;
    asked.request.world = options.world;
    for (const std::string& text : options.backends) add_backends(text, asked.request);
  }
  if (files.empty()) throw CaseError("nothing to plan: give plan files, or --model config.json");
  return files;
}

PlanOutcome outcome_of(const PlanFile& file) {
  PlanOutcome outcome{.title = file.title, .plan = {}, .refusal = {}, .fault = {}};
  try {
    outcome.plan = plan(file.request);
  } catch (const Refusal& refusal) {
    outcome.refusal = refusal.what();
  }
  if (file.expected_backends || file.expected_refusal) outcome.fault = plan_fault(file);
  return outcome;
}

ExitCode plan_all(const PlanOptions& options) {
  if (!options.json.empty()) reports::require_writable(options.json);
  ExitCode code = ExitCode::pass;
  std::vector<PlanOutcome> outcomes;
  for (const PlanFile& file : requests(options)) {
    const PlanOutcome& outcome = outcomes.emplace_back(outcome_of(file));
    fmt::print(
        "{}: {}", outcome.title,
        outcome.plan ? plan_text(*outcome.plan) : fmt::format("refused: {}\n", outcome.refusal));
    if (!outcome.fault.empty()) fmt::print("  not as expected: {}\n", outcome.fault);
    const bool refused = !outcome.plan && !file.expected_refusal;
    if (refused || !outcome.fault.empty()) code = ExitCode::mismatch;
  }
  if (!options.json.empty()) reports::write_file_atomically(options.json, plans_json(outcomes));
  return code;
}

}  // namespace

Command add_plan_command(CLI::App& program) {
  const auto options = std::make_shared<PlanOptions>();
  CLI::App* app = program.add_subcommand(
      "plan", "Say with which backends a model can run packed rows, or why it cannot");
  app->add_option("file", options->files, "plan files (.json); cases/plans/ has some");
  CLI::Option* model =
      app->add_option("--model", options->model, "a transformers config.json")->type_name("FILE");
  app->add_option("--backend", options->backends,
                  "for attention, causal_conv1d or chunk_gated_delta_rule: what there is, in the "
                  "order in which to try it")
      ->type_name("OP=NAME,...")
      ->needs(model);
  app->add_option("--world", options->world, "ranks that share out a row")
      ->type_name("RANKS")
      ->transform(whole_number_between(1, 1 << 20))
      ->needs(model)
      ->capture_default_str();
  app->add_flag("--padding-free", options->padding_free, "rows are packed")->needs(model);
  app->add_option("--json", options->json, "write the plans as JSON (packproof.plans/1)")
      ->type_name("FILE")
      ->check(output_file());
  return {.app = app, .run = [options] { return plan_all(*options); }};
}

}  // namespace packproof::harness
