// libFuzzer: a plan file or a model's config.json parses or throws CaseError, and what parses is
// planned or refused.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cases/core/call.h"
#include "cases/core/embedded_files.h"
#include "cases/testing/fuzzed_input.h"
#include "cases/testing/mutated_json.h"
#include "harness/padding_free/model_config.h"
#include "harness/padding_free/plan_file.h"
#include "harness/padding_free/plan_json.h"

namespace packproof::harness {
namespace {

const std::vector<std::string_view>& samples() {
  static const std::vector<std::string_view> all = [] {
    std::vector<std::string_view> found = {
        R"({"model_type": "qwen3_5_moe", "text_config": {"num_hidden_layers": 8,
            "full_attention_interval": 4, "num_attention_heads": 16, "num_key_value_heads": 2,
            "linear_num_key_heads": 16, "linear_num_value_heads": 32}})",
        R"({"model_type": "llama", "num_hidden_layers": 32, "num_attention_heads": 32})"};
    for (const EmbeddedFile& file : embedded_files())
      if (file.path.starts_with("cases/plans/")) found.push_back(file.contents);
    return found;
  }();
  return all;
}

void plan_and_show(const PlanFile& file) {
  PlanOutcome outcome{.title = file.title, .plan = {}, .refusal = {}, .fault = {}};
  try {
    outcome.plan = plan(file.request);
    plan_text(*outcome.plan);
  } catch (const Refusal& refusal) {
    outcome.refusal = refusal.what();
  }
  if (file.expected_backends || file.expected_refusal) outcome.fault = plan_fault(file);
  plans_json({outcome});
}

}  // namespace
}  // namespace packproof::harness

// Every eighth input is a sample; half have one value changed.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  using namespace packproof;
  PhiloxSequence random(seed, 0);
  const std::uint32_t kind = random.below(8);
  if (kind > 4) return LLVMFuzzerMutate(data, size, most);
  const std::string_view sample = any_of(random, harness::samples());
  const std::string_view old(reinterpret_cast<const char*>(data), size);
  const std::string text = kind == 0 ? std::string(sample) : JsonMutator(random, sample)(old);
  return replace_input(data, size, most, text);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace packproof;
  using namespace packproof::harness;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    plan_and_show(parse_plan_file(text, "fuzz"));
  } catch (const CaseError&) {
  }
  try {
    PlanFile asked;
    asked.request.model = parse_model_config(text, "fuzz");
    asked.request.padding_free = true;
    plan_and_show(asked);
  } catch (const CaseError&) {
  }
  return 0;
}
