#include "harness/cli/help/examples.h"

#include <array>

#include <fmt/format.h>

namespace packproof::harness {
namespace {

constexpr std::array kExamples = {
    Example{"", "gate", "is every op right? the command for CI"},
    Example{"", "list ops causal_conv1d", "tensors, fields and contracts of an op"},
    Example{"", "repro 'causal_conv1d:bwd len=5,0,3 seed=7'", "one case, and all that is known"},
    Example{"", "bench", "how fast is every op?"},
    Example{"gate", "gate", "the quick tier"},
    Example{"gate", "gate --tier full --filter 'causal_conv1d:bwd*'", "more cases of fewer ops"},
    Example{"gate", "gate -k 'l2norm and not (fp16 or bwd)' -v", "by words, a line a case"},
    Example{"gate", "gate --lf", "what failed in the last run"},
    Example{"gate", "gate causal_conv1d:{fwd,bwd}' len=5,3 dtype='{bf16,fp16}' seed='{1..9}",
            "axes multiplied out by the shell: 36 cases"},
    Example{"gate", "gate --strict --junit run.xml --markdown run.md", "in CI"},
    Example{"gate", "gate --shard 1/4 --json 1.json", "a quarter of the cases"},
    Example{"gate", "gate --schedule race", "under the race detector"},
    Example{"repro", "repro 'causal_conv1d:bwd dtype=fp16 len=5,0,3 seed=7'", "a descriptor"},
    Example{"repro", "repro failing/case.json", "what --save-failing left"},
    Example{"repro", "repro 'causal_conv1d len=5,3' --candidate cuda", "on the GPU"},
    Example{"list", "list", "the cases of the quick tier"},
    Example{"list", "list cases --tier full --filter l2norm", "those of one op"},
    Example{"list", "list ops", "all ops in a line each"},
    Example{"list", "list ops l2norm", "tensors, fields and contracts of an op"},
    Example{"list", "list words", "what the reports' words mean"},
    Example{"gen", "gen 'causal_conv1d:bwd len=5,3 seed=7' --out cases", "a case file"},
    Example{"gen", "gen --filter 'l2norm*' --out cases", "one for each case of an op"},
    Example{"selftest", "selftest", "is each historical bug caught?"},
    Example{"selftest", "selftest --candidate cuda", "on the GPU"},
    Example{"doctor", "doctor", "what can run here?"},
    Example{"plan",
            "plan --model config.json --padding-free --backend attention=flash_attention_2,sdpa "
            "--backend causal_conv1d=fla --backend chunk_gated_delta_rule=fla --world 4",
            "what would run a model, or why not"},
    Example{"plan", "plan request.json", "the same as a file"},
    Example{"bench", "bench --filter 'chunk_gated_delta_rule*' --model 35B --json new.json",
            "layers of one model"},
    Example{"bench", "bench --list -k 'conv1d and not (giant or decode)'",
            "which rows that would be; then with --csv rows.csv"},
    Example{"bench",
            "bench --against ../main/build/cpu/packproof --against-json old.json "
            "--json new.json",
            "two builds in turns"},
    Example{"compare", "compare old.json new.json", "exit code 3 if something is slower"},
    Example{"compare", "compare old.json new.json --threshold 0.02 --strict",
            "2 % count; 4 if something is unclear"},
    Example{"report", "report", "the last gate and bench as report.html"},
    Example{"report", "report gate.json bench.json --html run.html --markdown run.md",
            "runs that were kept"},
    Example{"completion", "completion bash > ~/.local/share/bash-completion/completions/packproof",
            "for every new shell"},
    Example{"man", "man > packproof.1", "then: man ./packproof.1"},
};

}  // namespace

std::span<const Example> all_examples() { return kExamples; }

std::string examples_text(std::string_view command) {
  std::string text;
  for (const Example& example : kExamples)
    if (example.command == command)
      text += fmt::format("{}  packproof {}\n      {}", text.empty() ? "Examples:\n" : "\n",
                          example.line, example.what);
  return text;
}

}  // namespace packproof::harness
