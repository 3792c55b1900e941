// The kernels of cu_seqlens_from_position_ids and LibTorch against the reference on random
// position_ids, over several tiles, with every combination of pads, zeros, falls and jumps;
// refusals included.
#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "cases/language/descriptor.h"
#include "harness/candidates/simt_run.h"
#include "harness/memory/call_memory.h"
#include "harness/ops/op_list.h"
#include "kernels/simt/runtime/options.h"

namespace packproof::harness {
namespace {

// Mostly counting on, so that segments span tiles; now and then anything.
void scramble(std::mt19937& random, const Tensor& ids) {
  const std::size_t rank = ids.dims.size();
  const std::int64_t tokens = ids.size(rank - 2) * ids.size(rank - 1);
  const std::int64_t components = ids.count() / std::max<std::int64_t>(tokens, 1);
  const unsigned rarity = 1u << (random() % 12);
  for (std::int64_t t = 0; t < tokens; ++t) {
    const bool jump = random() % rarity == 0;
    for (std::int64_t k = 0; k < components; ++k) {
      std::int64_t* const id = ids.as<std::int64_t>() + k * tokens + t;
      *id = t > 0 && !jump ? id[-1] + (id[-1] == -1 ? 0 : 1)
                           : static_cast<std::int64_t>(random() % 4) - 1;
    }
    // A pad is one on every component.
    if (ids.as<std::int64_t>()[t] == -1)
      for (std::int64_t k = 0; k < components; ++k) ids.as<std::int64_t>()[k * tokens + t] = -1;
  }
}

// The first pad with a token after it, or -1.
std::int64_t pad_before_token(const Tensor& ids, std::int64_t tokens) {
  const std::int64_t* const first = ids.as<std::int64_t>();
  const std::int64_t* const pad = std::find(first, first + tokens, -1);
  const bool token_after =
      std::any_of(pad, first + tokens, [](std::int64_t id) { return id != -1; });
  return token_after ? pad - first : -1;
}

TEST(RandomPositionIds, KernelsAndLibTorchAgreeWithTheReference) {
  std::mt19937 random(1);
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    const char* const forms[] = {"plain", "mrope3", "mrope4"};
    const auto rows = 1 + random() % 3;
    const std::string text =
        "cu_seqlens_from_position_ids form=" + std::string(forms[random() % 3]) +
        " rows=" + std::to_string(rows) + " cap=" + std::to_string(rows * (random() % 1500)) +
        " len=0 pads=" + (random() % 2 == 0 ? "segment" : "none");
    SCOPED_TRACE(text);
    const Case the_case = parse_descriptor(text, op_lookup());
    const Op& op = *find_op(the_case.op);
    const CallMemory memory(the_case, op.form.signature(the_case));
    const Call& call = memory.call();
    scramble(random, call.input("position_ids"));
    const std::int64_t pad = the_case.is("pads", "segment")
                                 ? -1
                                 : pad_before_token(call.input("position_ids"), the_case.capacity);
    simt::set_options({.schedule = simt::Schedule::kRandom, .seed = random()});
    if (pad >= 0) {
      ++refused;
      try {
        run_on_simt(op, call);
        FAIL() << "not refused";
      } catch (const Refusal& refusal) {
        EXPECT_NE(std::string(refusal.what()).find("(token " + std::to_string(pad) + ") = -1"),
                  std::string::npos)
            << refusal.what();
      }
      continue;
    }
    run_on_simt(op, call);
    const ReferenceResult reference = op.reference(call), padded = op.padded(call);
    ASSERT_EQ(padded.size(), reference.size());
    for (std::size_t o = 0; o < reference.size(); ++o) {
      EXPECT_EQ(padded[o].name, reference[o].name);
      EXPECT_EQ(padded[o].value, reference[o].value) << padded[o].name;
    }
    for (const ReferenceTensor& expected : reference) {
      const Tensor& output = call.output(TensorName(expected.name));
      for (std::int64_t e = 0; e < output.count(); ++e)
        ASSERT_EQ(load(output, e), expected.value[static_cast<std::size_t>(e)])
            << expected.name << " " << e;
    }
  }
  EXPECT_GT(refused, 20);
  EXPECT_LT(refused, 200);
  simt::set_options({});
}

}  // namespace
}  // namespace packproof::harness
