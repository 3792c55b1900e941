#include "cases/delta_rule/chunk_gated_delta_rule/delta_rule_path_cases.h"

#include "cases/forms/descriptor_lists.h"

namespace packproof::cases {
namespace {

constexpr const char* kOp = "chunk_gated_delta_rule";

void add_forward(std::vector<std::string>& all, std::initializer_list<const char*> rests) {
  for (const char* rest : rests) all.push_back(fmt::format("{}:fwd {}", kOp, rest));
}
void add_backward(std::vector<std::string>& all, std::initializer_list<const char*> rests) {
  for (const char* rest : rests) all.push_back(fmt::format("{}:bwd {}", kOp, rest));
}

void add_heads(std::vector<std::string>& all) {
  add_each_direction(
      all, kOp,
      {
          // As models are run: all of it at once, in three chunks.
          "key_heads=1 value_heads=2 key_dim=128 value_dim=128 l2norm=inside state=both gates=weak "
          "len=130,0,65 seed=7",
          // Odd heads, and every ratio of the model family: 3 of the 27B's 16/48.
          "key_heads=1 value_heads=3 l2norm=inside state=both len=65,2 seed=7",
          "dtype=fp16 key_heads=3 value_heads=3 key_dim=128 gates=weak len=64,0,3 seed=7",
          "key_heads=3 value_heads=9 len=66,1 seed=7",
          "key_heads=1 value_heads=4 key_dim=128 value_dim=64 l2norm=inside state=initial len=67,3 "
          "seed=7",
          "key_heads=2 value_heads=12 l2norm=inside gates=weak len=9,3 seed=7",
          "key_heads=16 value_heads=48 l2norm=inside len=9,3 seed=7",
          "key_heads=1 value_heads=3 state=both len=0,0,0 cap=5 slack=nan seed=7",
          // The norm sums over all of a wide key.
          "key_dim=256 l2norm=inside len=70,3 seed=7",
      });
  add_forward(all,
              {"dtype=fp16 key_heads=1 value_heads=8 value_dim=128 state=final len=65 seed=7"});
  add_backward(all, {"dtype=fp16 key_heads=1 value_heads=8 state=final len=65 seed=7"});
}

void add_gates_and_keys(std::vector<std::string>& all) {
  add_each_direction(all, kOp,
                     {
                         // Gates whose sums leave the range of exp: only their differences may
                         // become powers.
                         "gates=steep state=both len=130,3 seed=7",
                         "dtype=fp16 gates=steep l2norm=inside len=66,5 seed=7",
                         "dtype=fp32 gates=steep l2norm=inside state=both len=70,3 seed=7",
                         "gates=signed l2norm=inside key_dim=128 value_dim=128 state=both "
                         "len=3,1,65 seed=7",
                         // So short that the epsilon under the root counts.
                         "keys=tiny l2norm=inside gates=weak state=both len=66,5 seed=7",
                         "dtype=fp16 keys=tiny l2norm=inside gates=weak len=66,5 seed=7",
                         "dtype=fp32 keys=tiny l2norm=inside len=66,5 seed=7",
                         "keys=tiny gates=weak len=66,5 seed=7",
                         "betas=zero gates=zero state=both len=66,5 seed=7",
                         "betas=one gates=signed l2norm=inside state=both len=66,5 seed=7",
                         // What is forgotten by cancelling, beside growth.
                         "dtype=fp32 gates=signed keys=equal len=100,9 seed=8",
                     });
  add_forward(all, {"keys=equal betas=one gates=zero l2norm=inside state=both len=66,5 seed=7"});
}

void add_many_segments(std::vector<std::string>& all) {
  add_each_direction(all, kOp,
                     {
                         // Long ones between short and empty ones: each begins from its own state.
                         "l2norm=inside state=both gates=weak len=1,0,200,0,0,1,129,1,0 cap=340 "
                         "slack=nan seed=7",
                         // Chunks are counted over more segments than one tile of a scan has.
                         "len=2,1022*0,65,1,30*0,3 seed=7",
                     });
  // More states than a GPU has multiprocessors.
  add_forward(all, {"state=both len=300*2 seed=7"});
  add_backward(all, {"value_heads=2 state=both len=70*2 seed=7"});
}

// The state of an early token still counts behind every split: nothing is written over it under
// weak gates, or it lies across keys that are all the same. Backwards outputs always add to it, so
// there it must not fade at all.
void add_splits(std::vector<std::string>& all) {
  add_forward(all, {"gates=weak betas=zero state=both len=2048,1,2049,4097 seed=8",
                    "key_heads=2 value_heads=2 keys=equal gates=zero state=both len=4160 seed=8"});
  add_backward(all, {"gates=zero betas=zero state=both len=4160 seed=8"});
}

// In fp32 the matrix that a run does to a state is seen whole, after thousands of tokens.
void add_splits_in_full(std::vector<std::string>& all) {
  add_each_direction(
      all, kOp,
      {
          "dtype=fp32 key_heads=2 value_heads=2 key_dim=128 gates=zero l2norm=inside "
          "state=both len=4160 seed=8",
          "dtype=fp32 key_heads=2 value_heads=4 key_dim=256 gates=zero l2norm=inside "
          "state=both len=4160 seed=8",
      });
}

// dg of a segment's last token, behind a short chunk: one number, of which five plain runs were all
// so close by luck that right ones were called wrong.
void add_lucky_plain_runs(std::vector<std::string>& all) {
  add_backward(all, {"value_heads=4 key_dim=128 l2norm=inside state=initial len=67,3 seed=14",
                     "key_heads=3 value_heads=9 len=66,1 seed=15"});
}

std::vector<std::string> quick() {
  std::vector<std::string> all;
  add_heads(all);
  add_gates_and_keys(all);
  add_many_segments(all);
  add_splits(all);
  add_lucky_plain_runs(all);
  return all;
}

std::vector<std::string> full() {
  std::vector<std::string> all;
  add_splits_in_full(all);
  add_each_direction(all, kOp, {"len=1100*1 seed=8"});
  return all;
}

}  // namespace

CasesByTier delta_rule_path_cases() { return {.quick = quick, .full = full}; }

}  // namespace packproof::cases
