#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>

#include "cases/packing/case_size.h"
#include "cases/packing/descriptor.h"
#include "cases/packing/due_refusal.h"
#include "cases/packing/random_cases.h"
#include "harness/ops/op_list.h"
#include "harness/run/case_catalogue.h"

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

TEST(RandomCatalogue, EveryChoiceOfEveryFieldIsDrawn) {
  for (const Op& op : all_ops()) {
    SCOPED_TRACE(op.form.name);
    std::map<std::string, std::set<std::string>> seen;
    for (const Case& c : random_cases_of(op, 800).cases) {
      for (const auto& [name, value] : c.fields) seen[name].insert(value);
      seen["dtype"].insert(std::string(name_of(c.dtype)));
      seen["direction"].insert(std::string(name_of(c.direction)));
      seen["fill"].insert(std::string(name_of(c.fill)));
      seen["slack"].insert(std::string(name_of(c.slack)));
    }
    for (const FieldSpec& field : op.form.fields) {
      for (const std::string& choice : field.choices)
        EXPECT_EQ(seen[field.name].count(choice), 1u) << field.name << "=" << choice;
      if (field.kind == FieldSpec::Kind::integer) {
        EXPECT_GE(seen[field.name].size(), 3u) << field.name;
      }
    }
    if (!op.form.dtypes.empty()) {
      EXPECT_EQ(seen["dtype"].size(), op.form.dtypes.size());
    }
    EXPECT_EQ(seen["direction"].size(), op.form.directions.size());
    // Forms refuse `large` where no dtype of theirs holds what comes of it.
    for (const Fill fill : {Fill::normal, Fill::integers, Fill::tiny, Fill::specials})
      EXPECT_EQ(seen["fill"].count(std::string(name_of(fill))), 1u) << name_of(fill);
    EXPECT_EQ(seen["slack"].size(), 4u);
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
