#include <memory>

#include <fmt/format.h>

#include "cases/packing/call.h"
#include "harness/cli/commands.h"
#include "harness/plan/plan_file.h"
#include "reports/atomic_file.h"

namespace packproof::harness {
namespace {

struct PlanOptions {
  std::vector<std::string> files;
  std::string model;
  std::vector<std::string> backends;
  std::int64_t world = 1;
  bool padding_free = false;
};

// "attention=sdpa,flash_attention_2" into the request.
void add_backends(const std::string& text, PlanRequest& request) {
  const std::size_t equals = text.find('=');
  for (const MixingOp op : kMixingOps) {
    if (equals == std::string::npos || text.substr(0, equals) != name_of(op)) continue;
    request.backends[op] = CLI::detail::split(text.substr(equals + 1), ',');
    return;
  }
  throw CaseError(
      fmt::format("--backend {} is not OP=NAME,..., with one of attention, causal_conv1d, "
                  "chunk_gated_delta_rule",
                  text));
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

ExitCode plan_all(const PlanOptions& options) {
  ExitCode code = ExitCode::pass;
  for (const PlanFile& file : requests(options)) {
    try {
      fmt::print("{}: {}", file.title, plan_text(plan(file.request)));
    } catch (const Refusal& refusal) {
      fmt::print("{}: refused: {}\n", file.title, refusal.what());
      if (!file.expected_refusal) code = ExitCode::mismatch;
    }
    if (!file.expected_backends && !file.expected_refusal) continue;
    if (const std::string fault = plan_fault(file); !fault.empty()) {
      fmt::print("  not as expected: {}\n", fault);
      code = ExitCode::mismatch;
    }
  }
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
      ->check(CLI::Range(1, 1 << 20).description(""))
      ->needs(model)
      ->capture_default_str();
  app->add_flag("--padding-free", options->padding_free, "rows are packed")->needs(model);
  return {.app = app, .run = [options] { return plan_all(*options); }};
}

}  // namespace packproof::harness
