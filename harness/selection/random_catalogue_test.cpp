#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cases/language/case_size.h"
#include "cases/language/descriptor.h"
#include "cases/language/due_refusal.h"
#include "cases/random/random_cases.h"
#include "harness/ops/op_list.h"
#include "harness/selection/case_catalogue.h"

// What random cases of the real ops are like, and what the forms say of refusals.
namespace packproof::harness {
namespace {

RandomCases random_cases_of(const Op& op, std::int64_t count) {
  const std::array<const OpForm*, 1> form = {&op.form};
  return random_cases(count, 1, form, [](const Case&) { return true; });
}

TEST(RandomCatalogue, EveryCaseReadsBackAndIsSmall) {
  for (const Op& op : all_ops()) {
    const RandomCases random = random_cases_of(op, 300);
    ASSERT_EQ(random.cases.size(), 300u) << op.form.name;
    for (const Case& c : random.cases) {
      const std::string text = format_descriptor(c, op.form);
      SCOPED_TRACE(text);
      EXPECT_EQ(parse_descriptor(text, op_lookup()), c);
      EXPECT_LE(everyday_elements(op.form.signature(c)).value_or(1 << 30), 1 << 17);
    }
  }
}

using SeenValues = std::map<std::string, std::set<std::string>>;

SeenValues values_in(const std::vector<Case>& cases) {
  SeenValues seen;
  for (const Case& c : cases) {
    for (const auto& [name, value] : c.fields) seen[name].insert(value);
    seen["dtype"].insert(std::string(name_of(c.dtype)));
    seen["direction"].insert(std::string(name_of(c.direction)));
    seen["fill"].insert(std::string(name_of(c.fill)));
    seen["slack"].insert(std::string(name_of(c.slack)));
  }
  return seen;
}

// "name=value" of what was never drawn.
std::vector<std::string> never_drawn(const OpForm& form, SeenValues seen) {
  std::vector<std::string> lacking;
  const auto expect = [&](const std::string& name, std::string_view value) {
    if (!seen[name].contains(std::string(value)))
      lacking.push_back(name + "=" + std::string(value));
  };
  for (const FieldSpec& field : form.fields) {
    for (const std::string& choice : field.choices) expect(field.name, choice);
    if (field.kind == FieldSpec::Kind::integer && seen[field.name].size() < 3)
      lacking.push_back(field.name + " with three values");
  }
  for (const DType dtype : form.dtypes) expect("dtype", name_of(dtype));
  for (const Direction direction : form.directions) expect("direction", name_of(direction));
  // Forms refuse `large` where no dtype of theirs holds what comes of it.
  for (const Fill fill : {Fill::normal, Fill::integers, Fill::tiny, Fill::specials})
    expect("fill", name_of(fill));
  for (const SlackFill slack : {SlackFill::nan, SlackFill::zero, SlackFill::inf, SlackFill::huge})
    expect("slack", name_of(slack));
  return lacking;
}

TEST(RandomCatalogue, EveryChoiceOfEveryFieldIsDrawn) {
  for (const Op& op : all_ops()) {
    std::vector<std::string> lacking = {"all"};
    for (const std::int64_t count : {60, 240, 1000}) {  // most ops show all in few
      if (lacking.empty()) break;
      lacking = never_drawn(op.form, values_in(random_cases_of(op, count).cases));
    }
    EXPECT_THAT(lacking, testing::IsEmpty()) << op.form.name;
  }
}

TEST(RandomCatalogue, FewMustBeRefused) {
  for (const Op& op : all_ops()) {
    std::int64_t refused = 0;
    for (const Case& c : random_cases_of(op, 500).cases) refused += c.expect == Expect::refused;
    EXPECT_LE(refused, 100) << op.form.name;
  }
}

TEST(DueRefusal, IsWhatTheCatalogueExpects) {
  for (const Case& c : catalogue(Tier::full)) {
    const OpForm& form = find_op(c.op)->form;
    const std::string due = due_refusal(c, form, form.signature(c));
    EXPECT_EQ(!due.empty(), c.expect == Expect::refused)
        << format_descriptor(c, form) << ": " << due;
  }
}

}  // namespace
}  // namespace packproof::harness
