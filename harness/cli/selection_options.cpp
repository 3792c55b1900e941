#include "harness/cli/selection_options.h"

#include <map>

namespace packproof::harness {

void add_tier_option(CLI::App& command, Tier& tier) {
  static const std::map<std::string, Tier> tiers = {
      {"quick", Tier::quick}, {"full", Tier::full}, {"nightly", Tier::nightly}};
  command.add_option("--tier", tier, "quick (default), full or nightly")
      ->transform(CLI::CheckedTransformer(tiers).description(""))
      ->type_name("TIER");
}

void add_selection_options(CLI::App& command, Selection& selection) {
  add_tier_option(command, selection.tier);
  command
      .add_option(
          "--filter", selection.filters,
          "only cases whose descriptor matches this glob, or has this text in it; repeatable")
      ->allow_extra_args(false);
  CLI::Option* const batch =
      command
          .add_option("--batch", selection.batch, "run the descriptors in this file, one a line")
          ->type_name("FILE");
  command
      .add_option(
          "--random", selection.random,
          "instead of a tier's, this many random cases of --seed (default 1), the ops in turn")
      ->type_name("N")
      ->check(CLI::Range(1, 10'000'000).description(""))
      ->excludes(command.get_option("--tier"), batch);
  command.add_option("--shard", selection.shard, "run the i-th of n shares of the cases")
      ->type_name("i/n");
  command.add_option("--seed", selection.seed,
                     "use this seed in every case, or to draw random ones");
  command.add_option("--ranks", selection.ranks, "only cases of this many sequence-parallel ranks")
      ->type_name("N")
      ->check(CLI::Range(1, 64).description(""));
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
      ->check(CLI::Range(0.001, 86400.0).description(""))
      ->capture_default_str();
}

}  // namespace packproof::harness
