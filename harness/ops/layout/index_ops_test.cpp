// Every quick case of the index ops: kernels against the reference against LibTorch, bit for bit;
// refusals; seeded bugs; and the ops against each other.
#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/language/descriptor.h"
#include "harness/candidates/simt_run.h"
#include "harness/memory/call_memory.h"
#include "harness/ops/op_list.h"
#include "kernels/simt/runtime/options.h"

namespace packproof::harness {
namespace {

// "" when the tensor has the reference's values, else its first difference.
std::string difference(const Tensor& tensor, const ReferenceTensor& expected) {
  if (static_cast<std::size_t>(tensor.count()) != expected.value.size())
    return fmt::format("{} has {} elements", tensor.name, tensor.count());
  for (std::int64_t i = 0; i < tensor.count(); ++i)
    if (load(tensor, i) != expected.value[static_cast<std::size_t>(i)])
      return fmt::format("{}[{}] = {}, not {}", tensor.name, i, load(tensor, i),
                         expected.value[static_cast<std::size_t>(i)]);
  return "";
}

// A descriptor with memory for its tensors.
struct OpRun {
  explicit OpRun(const std::string& descriptor)
      : the_case(parse_descriptor(descriptor, op_lookup())),
        op(*find_op(the_case.op)),
        memory(the_case, op.form.signature(the_case)) {}

  Case the_case;
  const Op& op;
  CallMemory memory;

  const Call& call() const { return memory.call(); }
  Implementation ours() const {
    return [this](const Call& call) { return run_on_simt(op, call); };
  }
  std::vector<std::string> wrong_outputs(const ReferenceResult& expected) const {
    std::vector<std::string> found;
    for (const ReferenceTensor& tensor : expected)
      if (!difference(call().output(TensorName(tensor.name)), tensor).empty())
        found.push_back(tensor.name);
    return found;
  }
  std::string first_difference(const ReferenceResult& expected) const {
    if (expected.size() != call().outputs.size()) return "other outputs";
    for (const ReferenceTensor& tensor : expected) {
      const std::string found = difference(call().output(TensorName(tensor.name)), tensor);
      if (!found.empty()) return found;
    }
    return "";
  }
  std::vector<std::string> output_bytes() const {
    std::vector<std::string> all;
    for (const Tensor& tensor : call().outputs)
      all.emplace_back(tensor.as<const char>(), tensor.bytes());
    return all;
  }
};

constexpr const char* kOps[] = {"cu_seqlens_from_position_ids", "position_ids_from_cu_seqlens",
                                "sequence_index", "chunk_indices", "chunk_offsets"};

std::vector<std::string> descriptors(Tier tier) {
  std::vector<std::string> all;
  for (const char* name : kOps)
    for (std::string& text : find_op(name)->form.descriptors(tier)) all.push_back(std::move(text));
  return all;
}

std::string refusal_of(const OpRun& run) {
  try {
    run.ours()(run.call());
  } catch (const Refusal& refusal) {
    return refusal.what();
  }
  return "";
}

TEST(IndexOps, KernelsReferenceAndLibTorchAgree) {
  for (const std::string& text : descriptors(Tier::quick)) {
    SCOPED_TRACE(text);
    const OpRun run(text);
    if (run.the_case.expect == Expect::refused) continue;
    EXPECT_EQ(run.ours()(run.call()), all_outputs(run.call()));
    EXPECT_EQ(run.first_difference(run.op.reference(run.call())), "");
    EXPECT_EQ(run.first_difference(run.op.padded(run.call())), "");
    EXPECT_FALSE(run.memory.trespass());
  }
}

// Beyond 256 tiles the block that scans them goes round more than once, over the same shared
// memory.
TEST(IndexOps, ManyTilesUnderAnySchedule) {
  for (const char* text :
       {"cu_seqlens_from_position_ids len=200000*1,100000,7 cap=300010 pads=segment",
        "chunk_offsets len=300000*1", "chunk_indices chunk=2 len=300000*3"}) {
    SCOPED_TRACE(text);
    const OpRun run(text);
    for (const std::uint64_t seed : {1, 2}) {
      simt::set_options({.schedule = simt::Schedule::kRandom, .seed = seed});
      run.ours()(run.call());
      EXPECT_EQ(run.first_difference(run.op.reference(run.call())), "");
    }
  }
  simt::set_options({});
}

TEST(IndexOps, RefusalsWriteNothing) {
  for (const std::string& text : descriptors(Tier::quick)) {
    SCOPED_TRACE(text);
    const OpRun run(text);
    if (run.the_case.expect != Expect::refused) continue;
    const auto before = run.output_bytes();
    EXPECT_NE(refusal_of(run), "");
    EXPECT_EQ(run.output_bytes(), before);
    EXPECT_FALSE(run.memory.trespass());
  }
}

TEST(IndexOps, DescriptorsAreAllDifferentAndParseBack) {
  for (Tier tier : {Tier::quick, Tier::full, Tier::nightly}) {
    std::vector<std::string> canonical;
    for (const std::string& text : descriptors(tier)) {
      const Case the_case = parse_descriptor(text, op_lookup());
      canonical.push_back(format_descriptor(the_case, find_op(the_case.op)->form));
      EXPECT_EQ(parse_descriptor(canonical.back(), op_lookup()), the_case) << text;
    }
    std::sort(canonical.begin(), canonical.end());
    EXPECT_EQ(std::adjacent_find(canonical.begin(), canonical.end()), canonical.end());
  }
}

TEST(IndexOps, SeededBugsShowInTheirTensorAndTheHealthyTwinPasses) {
  for (const char* name : kOps) {
    for (const SeededBug& bug : find_op(name)->form.seeded_bugs) {
      SCOPED_TRACE(bug.id);
      const auto quick = find_op(name)->form.descriptors(Tier::quick);
      EXPECT_THAT(quick, testing::Contains(bug.caught_by));
      const OpRun faulty(bug.caught_by);
      bug.run(faulty.call(), faulty.ours());
      const auto wrong = faulty.wrong_outputs(faulty.op.reference(faulty.call()));
      ASSERT_FALSE(wrong.empty());
      EXPECT_EQ(wrong.front(), bug.tensor);
      EXPECT_FALSE(faulty.memory.trespass());
      const OpRun healthy(bug.caught_by);
      healthy.ours()(healthy.call());
      EXPECT_EQ(healthy.first_difference(healthy.op.reference(healthy.call())), "");
    }
  }
}

// What a seeded bug answers on a case, next to what is right.
std::vector<double> faulty_answer(std::string_view bug_id, const std::string& descriptor,
                                  TensorName output) {
  const OpRun run(descriptor);
  for (const SeededBug& bug : run.op.form.seeded_bugs)
    if (bug.id == bug_id) bug.run(run.call(), run.ours());
  const Tensor& tensor = run.call().output(output);
  std::vector<double> values;
  for (std::int64_t i = 0; i < tensor.count(); ++i) values.push_back(load(tensor, i));
  return values;
}

TEST(IndexOps, SeededBugsAreWrongAsTheirThreadsSay) {
  const std::string op = "cu_seqlens_from_position_ids ";
  using V = std::vector<double>;
  EXPECT_EQ(faulty_answer("twinkle-186-a", op + "supplied=present len=5,3 cap=10", "cu_seqlens"),
            (V{0, 5, 10, 10, 10, 10, 10, 10, 10, 10, 10}));
  EXPECT_EQ(faulty_answer("torchtitan-3892", op + "rows=2 len=2,1,1,2", "cu_seqlens"),
            (V{0, 2, 3, 3, 3, 3, 3}));
  EXPECT_EQ(faulty_answer("areal-1103", op + "supplied=present pads=segment len=4,4", "cu_seqlens"),
            (V{0, 4, 8, 8, 8, 8, 8, 8, 8}));
  EXPECT_EQ(
      faulty_answer("areal-1103", op + "supplied=present pads=segment len=4,4", "num_segments"),
      (V{3}));
  EXPECT_EQ(faulty_answer("ms-swift-9904", op + "len=2,1,3", "cu_seqlens"),
            (V{0, 2, 6, 6, 6, 6, 6}));
}

TEST(IndexOps, RefusalsNameThePlaceAndTheValues) {
  using testing::AllOf;
  using testing::HasSubstr;
  const std::string op = "cu_seqlens_from_position_ids expect=refused ";
  const auto refused = [&](const char* text) { return refusal_of(OpRun(op + text)); };
  EXPECT_THAT(refused("rows=2 len=5,4 cap=12 deal=whole"),
              AllOf(HasSubstr("row 0, position 5 (token 5) = -1"), HasSubstr("pads=segment")));
  EXPECT_THAT(refused("conflict=negative len=5,3"), HasSubstr("row 0, position 7 (token 7) = -2"));
  EXPECT_THAT(refused("supplied=present conflict=missing len=1030,3"),
              AllOf(HasSubstr("token 1030) = 0, after 1029"), HasSubstr("no boundary there")));
  EXPECT_THAT(refused("supplied=present conflict=extra len=5,3"),
              AllOf(HasSubstr("token 4) = 4, after 3"), HasSubstr("has a boundary there")));
  EXPECT_THAT(refused("supplied=present conflict=pad len=5,3 cap=10"),
              HasSubstr("token 8) = -1: a pad"));
  EXPECT_THAT(refused("supplied=present cu_seqlens=0,5,3,8 cap=8"),
              AllOf(HasSubstr("[2] = 3"), HasSubstr("[1] = 5")));
}

// position_ids of random segments give their cu_seqlens back.
TEST(IndexOps, PositionIdsAndCuSeqlensAreInverse) {
  for (const char* shape :
       {"len=5,3", "len=3*1", "len=2,1,1,7 cap=14", "len=1024,1,1023,2 cap=2061",
        "form=mrope3 len=2,1,1,7 cap=15", "form=mrope4 len=600,1,1,700"}) {
    SCOPED_TRACE(shape);
    const OpRun there(std::string("position_ids_from_cu_seqlens ") + shape);
    there.ours()(there.call());
    const OpRun back(std::string("cu_seqlens_from_position_ids ") + shape);
    const Tensor& made = there.call().output("position_ids");
    const Tensor& wanted = back.call().input("position_ids");
    ASSERT_EQ(made.count(), wanted.count());
    EXPECT_TRUE(std::equal(made.as<std::int64_t>(), made.as<std::int64_t>() + made.count(),
                           wanted.as<std::int64_t>()));
    back.ours()(back.call());
    const Tensor& cu_seqlens = there.call().input("cu_seqlens");
    EXPECT_TRUE(std::equal(cu_seqlens.as<std::int32_t>(),
                           cu_seqlens.as<std::int32_t>() + cu_seqlens.count(),
                           back.call().output("cu_seqlens").as<std::int32_t>()));
    EXPECT_EQ(load(back.call().output("num_segments"), 0), there.the_case.segments());
  }
}

}  // namespace
}  // namespace packproof::harness
