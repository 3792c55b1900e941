// What every form must keep to, whatever its op does: a new op meets these without a test of its
// own.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "cases/language/case_size.h"
#include "cases/language/descriptor.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

using testing::IsEmpty;
using Names = std::vector<std::string>;

// Elements of all tensors of a quick case: the tier has a minute on two cores.
constexpr std::int64_t kMostQuickElements = 6'000'000;

class Laws : public testing::TestWithParam<const Op*> {
 protected:
  const OpForm& form() const { return GetParam()->form; }
  std::vector<Case> quick_cases() const {
    std::vector<Case> all;
    for (const std::string& text : form().descriptors(Tier::quick))
      all.push_back(parse_descriptor(text, op_lookup()));
    return all;
  }
  // What a form refuses in one direction, as it says itself.
  bool has_no_meaning(Direction direction, const std::string& what) const {
    static const std::set<std::string> kOfTheOtherDirection = {
        "chunk_gated_delta_rule:bwd keys=onehot",  // makes outputs exact, and no gradient
        "causal_conv1d:fwd dy_row_stride"};
    return kOfTheOtherDirection.contains(
        fmt::format("{}:{} {}", form().name, name_of(direction), what));
  }
  void check_broken(const std::string& text) const {
    Signature signature;
    try {
      signature = form().signature(parse_descriptor(text, op_lookup()));
    } catch (const CaseError&) {
      return;  // no case of this op
    }
    EXPECT_LE(everyday_elements(signature).value_or(kMostQuickElements + 1), kMostQuickElements);
    for (const InputSpec& input : signature.inputs) {
      const bool fits =
          std::all_of(input.values.begin(), input.values.end(),
                      [](std::int64_t value) { return value == static_cast<std::int32_t>(value); });
      EXPECT_TRUE(fits || input.dtype != DType::int32) << input.name;
    }
  }
};

// C9 needs none: inputs are checked after every case.
TEST_P(Laws, EveryContractHasAQuickCaseInEachDirection) {
  const std::vector<Case> quick = quick_cases();
  Names missing;
  for (const Direction direction : form().directions)
    for (const std::string& contract : form().contracts)
      if (contract != "C9" && std::none_of(quick.begin(), quick.end(), [&](const Case& c) {
            return c.direction == direction && c.contract == contract;
          }))
        missing.push_back(contract + ":" + std::string(name_of(direction)));
  EXPECT_THAT(missing, IsEmpty());
}

TEST_P(Laws, EveryChoiceOfAFieldHasAQuickCase) {
  std::set<std::string> seen;
  for (const Case& c : quick_cases())
    for (const auto& [field, value] : c.fields) seen.insert(field + "=" + value);
  Names missing;
  for (const FieldSpec& field : form().fields)
    for (const std::string& choice : field.choices)
      if (!seen.contains(field.name + "=" + choice)) missing.push_back(field.name + "=" + choice);
  EXPECT_THAT(missing, IsEmpty());
}

// A choice that passes in one direction passes in the other; what nobody may run has its cases by
// the law above.
TEST_P(Laws, WhatPassesInOneDirectionIsMetInEach) {
  std::map<Direction, std::set<std::string>> met;
  std::set<std::string> wanted;
  const auto meet = [&](Direction direction, const std::string& setting) {
    met[direction].insert(setting);
    wanted.insert(setting);
  };
  for (const Case& c : quick_cases()) {
    if (c.expect != Expect::pass) continue;
    if (is_floating(c.dtype)) meet(c.direction, "dtype=" + std::string(name_of(c.dtype)));
    for (const FieldSpec& field : form().fields)
      if (!field.choices.empty()) meet(c.direction, field.name + "=" + c.fields.at(field.name));
  }
  Names missing;
  for (const Direction direction : form().directions)
    for (const std::string& setting : wanted)
      if (!met[direction].contains(setting) && !has_no_meaning(direction, setting))
        missing.push_back(fmt::format("{} {}", name_of(direction), setting));
  EXPECT_THAT(missing, IsEmpty());
}

TEST_P(Laws, EveryDtypeHasAQuickCase) {
  std::set<DType> seen;
  for (const Case& c : quick_cases())
    if (c.expect == Expect::pass) seen.insert(c.dtype);
  for (const DType dtype : form().dtypes) EXPECT_TRUE(seen.contains(dtype)) << name_of(dtype);
}

TEST_P(Laws, EachDirectionMeetsMoreThanOneValueOfANumber) {
  for (const Direction direction : form().directions)
    for (const FieldSpec& field : form().fields) {
      if (field.kind != FieldSpec::Kind::integer || has_no_meaning(direction, field.name)) continue;
      std::set<std::int64_t> seen;
      for (const Case& c : quick_cases())
        if (c.direction == direction && c.expect == Expect::pass)
          seen.insert(c.integer(FieldName(field.name)));
      EXPECT_GE(std::ssize(seen), std::min<std::int64_t>(2, field.max - field.min + 1))
          << name_of(direction) << " " << field.name;
    }
}

// dx has the axes and the dtype of x; on ranks that each have a copy, after an axis of ranks.
TEST_P(Laws, AGradientIsLikeWhatItIsTheGradientOf) {
  for (const Case& c : quick_cases()) {
    if (c.direction != Direction::bwd) continue;
    const Signature signature = form().signature(c);
    for (const OutputSpec& gradient : signature.outputs)
      for (const InputSpec& of : signature.inputs) {
        if (gradient.name != "d" + of.name) continue;
        Dims dims = gradient.dims;
        if (dims.at(0).axis == Axis::rank && of.dims.at(0).axis != Axis::rank)
          dims.erase(dims.begin());
        EXPECT_EQ(dims, of.dims) << format_descriptor(c, form()) << " " << gradient.name;
        EXPECT_EQ(gradient.dtype, of.dtype) << format_descriptor(c, form()) << " " << gradient.name;
        EXPECT_EQ(gradient.role, Role::gradient) << gradient.name;
      }
  }
}

TEST_P(Laws, QuickCasesAreSmall) {
  for (const Case& c : quick_cases())
    EXPECT_LE(everyday_elements(form().signature(c)).value_or(kMostQuickElements + 1),
              kMostQuickElements)
        << format_descriptor(c, form());
}

// What a form makes of boundaries that must be refused is still of its inputs' types, and small.
TEST_P(Laws, BrokenBoundariesMakeACaseThatCanBeRun) {
  for (const char* boundaries :
       {"0,4,-2147483644,8", "0,0,8,-2147483648,8", "0,2147483647,8", "-5,4,8", "0,8,4,8"}) {
    for (const char* layout : {"", " layout=zigzag"}) {
      const std::string text = fmt::format("{}{} cu_seqlens={} cap=8 contract=C7 expect=refused",
                                           form().name, layout, boundaries);
      SCOPED_TRACE(text);
      check_broken(text);
    }
  }
}

// Of a bug that shows in an output: that output is there, and so is the segment.
TEST_P(Laws, SeededBugsShowWhereTheySay) {
  for (const SeededBug& bug : form().seeded_bugs) {
    SCOPED_TRACE(bug.id);
    const Case caught_by = parse_descriptor(bug.caught_by, op_lookup());
    const Signature signature = form().signature(caught_by);
    EXPECT_EQ(caught_by.op, form().name);
    EXPECT_LT(bug.segment, caught_by.segments());
    EXPECT_TRUE(bug.tensor.empty() ||
                std::any_of(signature.outputs.begin(), signature.outputs.end(),
                            [&](const OutputSpec& output) { return output.name == bug.tensor; }))
        << bug.tensor;
  }
}

INSTANTIATE_TEST_SUITE_P(AllOps, Laws, testing::ValuesIn([] {
                           std::vector<const Op*> all;
                           for (const Op& op : all_ops()) all.push_back(&op);
                           return all;
                         }()),
                         [](const auto& of) { return of.param->form.name; });

}  // namespace
}  // namespace packproof::harness
