// What the form promises of its descriptors, signatures and seeded bugs.
#include "cases/causal_conv1d/causal_conv1d_form.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "cases/packing/descriptor.h"

namespace packproof::cases {
namespace {

const OpForm& form() {
  static const OpForm the_form = causal_conv1d_form();
  return the_form;
}

Case parse(const std::string& text) {
  OpLookup ops;
  ops.find = [](std::string_view name) { return name == form().name ? &form() : nullptr; };
  ops.names = {form().name};
  return parse_descriptor(text, ops);
}

std::vector<Case> cases_of(Tier tier) {
  std::vector<Case> all;
  for (const std::string& text : form().descriptors(tier)) all.push_back(parse(text));
  return all;
}

std::vector<std::string> names(const auto& specs) {
  std::vector<std::string> all;
  for (const auto& spec : specs) all.push_back(spec.name);
  return all;
}

using Names = std::vector<std::string>;

Names inputs(const std::string& text) { return names(form().signature(parse(text)).inputs); }
Names outputs(const std::string& text) { return names(form().signature(parse(text)).outputs); }

TEST(CausalConv1dForm, TensorsAreThoseThatWereAskedFor) {
  EXPECT_EQ(inputs("causal_conv1d len=3 bias=absent"), (Names{"x", "weight", "cu_seqlens"}));
  EXPECT_EQ(outputs("causal_conv1d len=3"), (Names{"y"}));
  EXPECT_EQ(outputs("causal_conv1d len=3 state=initial"), (Names{"y"}));
  EXPECT_EQ(outputs("causal_conv1d len=3 state=final"), (Names{"y", "final_state"}));
  EXPECT_EQ(inputs("causal_conv1d:bwd len=3 state=both"),
            (Names{"x", "weight", "bias", "cu_seqlens", "initial_state", "dy", "dfinal_state"}));
  EXPECT_EQ(outputs("causal_conv1d:bwd len=3 state=both"),
            (Names{"dx", "dweight", "dbias", "dinitial_state"}));
  EXPECT_EQ(outputs("causal_conv1d:bwd len=3 state=final bias=absent"), (Names{"dx", "dweight"}));
}

TEST(CausalConv1dForm, TheStateHasTheDtypeOfX) {
  const Signature s =
      form().signature(parse("causal_conv1d dtype=fp16 len=3,0 width=3 state=both"));
  EXPECT_EQ(s.inputs.back().dtype, DType::fp16);
  EXPECT_EQ(s.outputs.back().judged, Judged::bits);
  EXPECT_EQ(s.outputs.back().dims, (Dims{{Axis::segment, 2}, {Axis::feature, 64}, {Axis::tap, 2}}));
}

TEST(CausalConv1dForm, QuickCasesAreSmall) {
  for (const Case& c : cases_of(Tier::quick))
    EXPECT_LE(c.capacity * c.integer("channels"), 150'000) << format_descriptor(c, form());
}

// Every value of every field with every value of every other, in both directions.
TEST(CausalConv1dForm, QuickCasesCoverAllPairs) {
  for (const Direction direction : form().directions) {
    std::map<std::string, std::set<std::string>> values;
    std::set<std::pair<std::string, std::string>> pairs;
    for (const Case& c : cases_of(Tier::quick)) {
      if (c.direction != direction || c.expect != Expect::pass || !c.contract.empty() ||
          c.fill != Fill::normal)
        continue;
      auto fields = c.fields;
      fields.emplace("dtype", name_of(c.dtype));
      for (const auto& [a, x] : fields) {
        values[a].insert(a + "=" + x);
        for (const auto& [b, y] : fields) pairs.emplace(a + "=" + x, b + "=" + y);
      }
    }
    EXPECT_EQ(values["dtype"].size(), 3u);
    EXPECT_EQ(values["width"].size(), 3u);
    EXPECT_EQ(values["activation"].size(), 3u);
    EXPECT_EQ(values["state"].size(), 4u);
    EXPECT_EQ(values["bias"].size(), 2u);
    EXPECT_EQ(values["channels"].size(), 6u);
    for (const auto& [a, of_a] : values)
      for (const auto& [b, of_b] : values)
        for (const std::string& x : of_a)
          for (const std::string& y : of_b)
            EXPECT_TRUE(a == b || pairs.contains({x, y}))
                << name_of(direction) << " " << x << " " << y;
  }
}

TEST(CausalConv1dForm, EveryContractHasACaseInBothDirections) {
  for (const std::string& contract : form().contracts) {
    if (contract == "C9") continue;  // inputs are checked after every case
    for (const Direction direction : form().directions) {
      const auto all = cases_of(Tier::quick);
      EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const Case& c) {
        return c.direction == direction && c.contract == contract;
      })) << contract;
    }
  }
}

TEST(CausalConv1dForm, SeededBugsShowWhereTheySay) {
  ASSERT_EQ(names(form().fields), (Names{"channels", "width", "activation", "bias", "state"}));
  for (const SeededBug& bug : form().seeded_bugs) {
    const Case c = parse(bug.caught_by);
    const Names shown = names(form().signature(c).outputs);
    EXPECT_NE(std::find(shown.begin(), shown.end(), bug.tensor), shown.end()) << bug.id;
    EXPECT_LT(bug.segment, c.segments()) << bug.id;
  }
}

}  // namespace
}  // namespace packproof::cases
