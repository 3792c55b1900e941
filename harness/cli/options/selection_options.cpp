#include "harness/cli/options/selection_options.h"

#include "harness/cli/options/option_checks.h"

namespace packproof::harness {

void add_tier_option(CLI::App& command, Tier& tier) {
  add_choice<Tier>(command, "--tier", tier,
                   {{"quick", Tier::quick}, {"full", Tier::full}, {"nightly", Tier::nightly}},
                   "how many cases; quick by default");
}

void add_selection_options(CLI::App& command, Selection& selection) {
  add_tier_option(command, selection.tier);
  command
      .add_option(
          "--filter", selection.filters,
          "only cases whose descriptor matches this glob, or has this text in it; repeatable")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  command
      .add_option("-k", selection.expression,
                  "only cases of which this holds: texts or globs with and, or, not, as in 'l2norm "
                  "and not (fp16 or bwd)'")
      ->type_name("EXPR");
  CLI::Option* const batch =
      command
          .add_option("--batch", selection.batch,
                      "run the descriptors in this file, one a line; - is stdin")
          ->type_name("FILE");
  command
      .add_option(
          "--random", selection.random,
          "instead of a tier's, this many random cases of --seed (default 1), the ops in turn")
      ->type_name("N")
      ->transform(whole_number_between(1, 10'000'000))
      ->excludes(command.get_option("--tier"), batch);
  command.add_option("--shard", selection.shard, "run the i-th of n shares of the cases")
      ->type_name("i/n");
  command
      .add_option("--seed", selection.seed, "use this seed in every case, or to draw random ones")
      ->type_name("N")
      ->transform(seed_number());
  command.add_option("--ranks", selection.ranks, "only cases of this many sequence-parallel ranks")
      ->type_name("N")
      ->transform(whole_number_between(1, 64));
}

void add_candidate_option(CLI::App& command, std::string& candidate) {
  command
      .add_option("--candidate", candidate,
                  "who is on trial: simt (our kernels on the host executor, the default), cuda (on "
                  "the GPU), cuda-graph (in a CUDA graph captured with other segments) or "
                  "seeded:<bug id>")
      ->type_name("NAME");
}

void add_timeout_option(CLI::App& command, double& timeout_s) {
  command.add_option("--timeout", timeout_s, "time limit of the candidate in each case")
      ->type_name("SECONDS")
      ->transform(number_between(0.001, 86400))
      ->capture_default_str();
}

}  // namespace packproof::harness
