// Every pair is met, every declared triple, by few rows, and always the same ones.
#include "cases/forms/covering_array.h"

#include <stdexcept>

#include <gmock/gmock.h>

namespace packproof {
namespace {

using testing::ElementsAre;

// A field of `count` values "0", "1", ...
CoveredField field(const std::string& name, int count) {
  CoveredField made{.name = name, .values = {}};
  for (int i = 0; i < count; ++i) made.values.push_back(std::to_string(i));
  return made;
}

// "a=1 b=0 c=2" as words.
bool meets(const std::string& setting, const std::vector<std::string>& words) {
  for (const std::string& word : words)
    if ((" " + setting + " ").find(" " + word + " ") == std::string::npos) return false;
  return true;
}

int times(const std::vector<std::string>& settings, const std::vector<std::string>& words) {
  int found = 0;
  for (const std::string& setting : settings) found += meets(setting, words) ? 1 : 0;
  return found;
}

TEST(CoveringSettings, EveryPairMeets) {
  const std::vector<CoveredField> fields = {field("a", 3), field("b", 2), field("c", 5),
                                            field("d", 4), field("e", 2)};
  const auto settings = covering_settings(fields);
  for (std::size_t i = 0; i < fields.size(); ++i)
    for (std::size_t j = i + 1; j < fields.size(); ++j)
      for (const std::string& x : fields[i].values)
        for (const std::string& y : fields[j].values)
          EXPECT_GE(times(settings, {fields[i].name + "=" + x, fields[j].name + "=" + y}), 1)
              << fields[i].name << x << fields[j].name << y;
  EXPECT_GE(settings.size(), 20u);  // 5 times 4 pairs need as many
  EXPECT_LE(settings.size(), 28u);  // of 240 combinations
}

TEST(CoveringSettings, DeclaredTriplesMeet) {
  const std::vector<CoveredField> fields = {field("a", 2), field("b", 3), field("c", 2),
                                            field("d", 3)};
  const FieldTriple triple = {3, 0, 2};
  const auto settings = covering_settings(fields, {&triple, 1});
  for (const char* a : {"a=0", "a=1"})
    for (const char* c : {"c=0", "c=1"})
      for (const char* d : {"d=0", "d=1", "d=2"})
        EXPECT_GE(times(settings, {a, c, d}), 1) << a << c << d;
}

TEST(CoveringSettings, OneFieldIsEachValueOnce) {
  const CoveredField one = field("a", 3);
  EXPECT_THAT(covering_settings({&one, 1}), ElementsAre("a=0", "a=1", "a=2"));
  EXPECT_TRUE(covering_settings({}).empty());
}

TEST(CoveringSettings, AreTheSameAnywhere) {
  const std::vector<CoveredField> fields = {field("a", 2), field("b", 2), field("c", 2)};
  EXPECT_THAT(covering_settings(fields),
              ElementsAre("a=0 b=0 c=0", "a=0 b=1 c=1", "a=1 b=0 c=1", "a=1 b=1 c=0"));
}

TEST(CoveringSettings, WhatMakesNoSenseIsSaid) {
  const std::vector<CoveredField> fields = {field("a", 2), field("b", 0)};
  EXPECT_THROW(covering_settings(fields), std::logic_error);
  const std::vector<CoveredField> two = {field("a", 2), field("b", 2)};
  const FieldTriple twice = {0, 1, 1};
  EXPECT_THROW(covering_settings(two, {&twice, 1}), std::logic_error);
}

}  // namespace
}  // namespace packproof
