// Every op's three implementations on random cases that nobody wrote: the reference against padded
// LibTorch, both in float64, and the plain implementation against the reference. A new op meets
// these without a test of its own.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "cases/core/fnv1a.h"
#include "cases/language/case_size.h"
#include "cases/language/descriptor.h"
#include "cases/random/random_cases.h"
#include "harness/memory/call_memory.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

constexpr double kFloat64 = 1e-10;                             // of a value, or of 1
constexpr std::int64_t kMostElements = std::int64_t{1} << 16;  // of all tensors

// By how many fp32 roundings of its magnitude an element of a plain run may be off, where a token
// has few elements and a sum few tokens.
const std::map<std::string_view, double> kPlainRoundings = {
    {"causal_conv1d", 16},         // 5 terms, the activation, the factor, and a sum over tokens
    {"causal_conv1d_update", 16},  // 5 terms and the activation
    {"gdn_gating", 16},            // two exponentials, a logarithm, up to three products, and sums
    {"l2norm", 8},                 // 9 squares, a root, a division, products: m counts each factor
    {"rms_norm_gated", 16},        // the same, the gate, and a sum over rows
    {"chunk_gated_delta_rule", 64},            // a chunk's sums, and what passes on to the next
    {"fused_recurrent_gated_delta_rule", 32},  // a token's sums, and what passes on to the next
};
// Its magnitudes say at which scale it errs, not by how much.
const std::set<std::string_view> kWithoutABound = {"gated_delta_net_block"};

// Fields for how many elements a token has; a few show as much as many, and sooner.
constexpr const char* kSizes[] = {"channels", "dim", "features", "hidden", "key_dim", "value_dim"};

enum class TokenSizes : std::uint8_t { few_elements, any };

struct OpDirection {
  const Op* op;
  Direction direction;

  std::string name() const { return fmt::format("{}_{}", op->form.name, name_of(direction)); }
  int cases() const { return op->works_in_chunks ? 60 : 150; }
  // Of one segment: two chunks and more, where there are chunks.
  std::int64_t most_tokens() const { return op->works_in_chunks ? 300 : 64; }

  bool fits(const Case& c) const {
    try {
      const auto elements = everyday_elements(op->form.signature(c));
      return c.valid_tokens() <= most_tokens() && elements.value_or(kMostElements) < kMostElements;
    } catch (const CaseError&) {
      return false;
    }
  }

  std::vector<Case> draw(TokenSizes sizes) const {
    std::vector<Case> all;
    PhiloxSequence random(/*seed=*/1, fnv1a(name()));
    for (int draws = 0; std::ssize(all) < cases() && draws < 100 * cases(); ++draws) {
      std::optional<Case> c = draw_case(op->form, random).the_case;
      if (!c || c->direction != direction || c->expect != Expect::pass) continue;
      if (op->plain != nullptr) {
        if (c->fill != Fill::normal && c->fill != Fill::integers) continue;
        c->dtype = DType::fp32;
      }
      if (sizes == TokenSizes::few_elements || all.size() % 4 != 0)
        for (const char* field : kSizes)
          if (c->fields.contains(field)) c->fields[field] = fmt::format("{}", 1 + random.below(9));
      if (fits(*c)) all.push_back(std::move(*c));
    }
    return all;
  }
};

// Its memory, inputs filled, its mask with holes anywhere.
struct Drawn {
  const Op& op;
  const Case& the_case;
  Signature signature;
  CallMemory memory;

  Drawn(const Op& given, const Case& c)
      : op(given), the_case(c), signature(given.form.signature(c)), memory(c, signature) {
    if (!call().has_input("mask")) return;
    const Tensor& mask = call().input("mask");
    PhiloxSequence random(c.seed, fnv1a("holes"));
    for (std::int64_t b = 0; b < mask.size(0); ++b) {
      std::uint8_t* const row = mask.as<std::uint8_t>() + b * mask.size(1);
      for (std::int64_t i = mask.size(1); i > 1; --i)
        std::swap(row[i - 1], row[random.below(static_cast<std::uint32_t>(i))]);
    }
  }

  const Call& call() const { return memory.call(); }

  // How many leading elements are not slack.
  std::int64_t judged(const OutputSpec& output) const {
    const std::int64_t count = element_count(output.dims);
    if (output.slack == Slack::none || output.dims[0].axis != Axis::token || count == 0)
      return count;
    return count / output.dims[0].size * the_case.valid_tokens();
  }
};

const ReferenceTensor& named(const ReferenceResult& result, const std::string& name) {
  const auto found = std::ranges::find(result, name, &ReferenceTensor::name);
  if (found == result.end()) throw std::out_of_range("nobody computed " + name);
  return *found;
}

// `moved`: no arithmetic but that of indices.
bool differ(double ours, double theirs, bool moved) {
  if (std::isnan(ours) && std::isnan(theirs)) return false;
  if (moved) return ours != theirs;
  return !(std::abs(ours - theirs) <= kFloat64 * std::max(1.0, std::abs(ours)));
}

// Where the reference and LibTorch differ, or "".
std::string difference(const Drawn& drawn) {
  const ReferenceResult ours = drawn.op.reference(drawn.call());
  const ReferenceResult theirs = drawn.op.padded(drawn.call());
  if (theirs.size() != ours.size() || ours.size() != drawn.signature.outputs.size())
    return "not as many outputs as the call has";
  for (const OutputSpec& output : drawn.signature.outputs) {
    const auto& [name, a, magnitude, bits] = named(ours, output.name);
    const std::vector<double>& b = named(theirs, name).value;
    if (a.size() != b.size() || std::ssize(a) != element_count(output.dims))
      return output.name + " has another size";
    for (std::size_t i = 0; i < static_cast<std::size_t>(drawn.judged(output)); ++i)
      if (differ(a[i], b[i], /*moved=*/magnitude.empty()))
        return fmt::format("{} at {}: {}, by LibTorch {}", output.name, i, a[i], b[i]);
  }
  return "";
}

// Where the plain implementation is further from the reference than it may be, or not zero in
// slack, or "".
std::string excess(const Drawn& drawn, double roundings) {
  if (drawn.op.plain(drawn.call()) != all_outputs(drawn.call())) return "other outputs";
  const ReferenceResult reference = drawn.op.reference(drawn.call());
  for (const OutputSpec& output : drawn.signature.outputs) {
    const ReferenceTensor& right = named(reference, output.name);
    const Tensor& tensor = drawn.call().output(TensorName(output.name));
    for (std::int64_t i = 0; i < tensor.count(); ++i) {
      const auto at = static_cast<std::size_t>(i);
      const bool is_judged = i < drawn.judged(output);
      const double want = is_judged ? right.value[at] : 0;
      // Below 2^-126 fp32 rounds as coarsely as there.
      const double bound = is_judged && !right.magnitude.empty()
                               ? roundings * 0x1p-24 * (right.magnitude[at] + 0x1p-126)
                               : 0;
      if (!(std::abs(load(tensor, i) - want) <= bound))
        return fmt::format("{} at {}: {}, not {} within {}", output.name, i, load(tensor, i), want,
                           bound);
    }
  }
  return "";
}

void PrintTo(const OpDirection& of, std::ostream* out) { *out << of.name(); }

std::vector<OpDirection> every_op() {
  std::vector<OpDirection> all;
  for (const Op& op : all_ops())
    for (const Direction direction : op.form.directions) all.push_back({&op, direction});
  return all;
}

class Agreement : public testing::TestWithParam<OpDirection> {
 protected:
  std::string text(const Case& c) const { return format_descriptor(c, GetParam().op->form); }
};

TEST_P(Agreement, OfTheReferenceWithLibTorch) {
  const std::vector<Case> cases = GetParam().draw(TokenSizes::any);
  ASSERT_EQ(std::ssize(cases), GetParam().cases());
  for (const Case& c : cases) ASSERT_EQ(difference(Drawn(*GetParam().op, c)), "") << text(c);
}

TEST_P(Agreement, OfThePlainImplementationWithTheReference) {
  const Op& op = *GetParam().op;
  if (op.plain == nullptr || kWithoutABound.contains(op.form.name)) return;
  ASSERT_TRUE(kPlainRoundings.contains(op.form.name)) << "say how many roundings it may be off";
  for (const Case& c : GetParam().draw(TokenSizes::few_elements))
    ASSERT_EQ(excess(Drawn(op, c), kPlainRoundings.at(op.form.name)), "") << text(c);
}

// What makes such cases worth drawing.
TEST_P(Agreement, CasesReachEdgesAndChoices) {
  const auto& [op, direction] = GetParam();
  std::set<std::string> seen;
  for (const Case& c : GetParam().draw(TokenSizes::any)) {
    for (const std::int64_t length : c.lengths)
      seen.insert(length == 0    ? "a segment without a token"
                  : length == 1  ? "a segment of one"
                  : length <= 64 ? "a segment of some"
                                 : "a segment of more than a chunk");
    if (c.lengths.size() > 1) seen.insert("segments");
    if (c.capacity > c.valid_tokens() && c.slack == SlackFill::nan) seen.insert("slack of NaN");
    for (const auto& [field, value] : c.fields) seen.insert(field + "=" + value);
  }
  std::set<std::string> wanted = {"a segment without a token", "a segment of one",
                                  "a segment of some", "segments", "slack of NaN"};
  if (op->works_in_chunks) wanted.insert("a segment of more than a chunk");
  for (const FieldSpec& field : op->form.fields)
    for (const std::string& choice : field.choices)
      if (field.name != "conflict" && std::ranges::count(field.refused, choice) == 0 &&
          std::ranges::count(kSizes, field.name) == 0)
        wanted.insert(field.name + "=" + choice);
  for (const std::string& edge : wanted) EXPECT_TRUE(seen.contains(edge)) << edge;
}

INSTANTIATE_TEST_SUITE_P(AllOps, Agreement, testing::ValuesIn(every_op()),
                         [](const auto& of) { return of.param.name(); });

}  // namespace
}  // namespace packproof::harness
