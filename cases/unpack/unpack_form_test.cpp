#include "cases/unpack/unpack_form.h"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "cases/packing/descriptor.h"

namespace packproof::cases {
namespace {

const OpForm& form() {
  static const OpForm the_form = unpack_form();
  return the_form;
}

Case parsed(const std::string& descriptor) {
  return parse_descriptor(
      descriptor,
      {.find = [](std::string_view name) { return name == form().name ? &form() : nullptr; },
       .names = {form().name}});
}

template <class Visit>
void for_each_case(Visit visit) {
  for (const Tier tier : {Tier::quick, Tier::full, Tier::nightly})
    for (const std::string& descriptor : form().descriptors(tier)) visit(descriptor);
}

TEST(UnpackForm, EveryDescriptorHasAConsistentSignature) {
  for_each_case([](const std::string& descriptor) {
    SCOPED_TRACE(descriptor);
    const Case c = parsed(descriptor);
    const Signature signature = form().signature(c);
    for (const InputSpec& input : signature.inputs) {
      const std::int64_t count = element_count(input.dims);
      if (is_floating(input.dtype))
        EXPECT_TRUE(input.values.empty()) << input.name;
      else
        EXPECT_EQ(static_cast<std::int64_t>(input.values.size()), count) << input.name;
      if (!input.slack_rows.empty()) {
        EXPECT_EQ(static_cast<std::int64_t>(input.slack_rows.size()),
                  input.dims[0].size * input.dims[1].size)
            << input.name;
      }
    }
    for (const OutputSpec& output : signature.outputs) {
      EXPECT_EQ(output.judged, Judged::bits) << output.name;
      const bool has_tokens = output.dims[0].axis == Axis::token;
      EXPECT_EQ(output.slack, has_tokens ? Slack::zero : Slack::none) << output.name;
    }
  });
}

TEST(UnpackForm, NoDescriptorIsGivenTwice) {
  std::set<std::string> seen;
  for_each_case([&](const std::string& descriptor) {
    EXPECT_TRUE(seen.insert(format_descriptor(parsed(descriptor), form())).second) << descriptor;
  });
}

TEST(UnpackForm, EveryContractThatACaseNamesIsDeclared) {
  for_each_case([](const std::string& descriptor) {
    const Case c = parsed(descriptor);
    const auto& declared = form().contracts;
    EXPECT_TRUE(c.contract.empty() ||
                std::find(declared.begin(), declared.end(), c.contract) != declared.end())
        << descriptor;
  });
}

TEST(UnpackForm, QuickCasesMeetEveryPaddingDirectionAndDtype) {
  std::set<std::string> met;
  for (const std::string& descriptor : form().descriptors(Tier::quick)) {
    const Case c = parsed(descriptor);
    if (c.expect == Expect::pass)
      met.insert(c.word("padding") + " " + std::string(name_of(c.direction)) + " " +
                 std::string(name_of(c.dtype)));
  }
  for (const std::string padding : {"left", "right", "middle"}) {
    EXPECT_TRUE(met.contains(padding + " fwd bf16"));
    EXPECT_TRUE(met.contains(padding + " bwd bf16"));
  }
  for (const DType dtype : form().dtypes) {
    const std::string suffix = " fwd " + std::string(name_of(dtype));
    EXPECT_TRUE(std::any_of(met.begin(), met.end(), [&](const std::string& name) {
      return name.ends_with(suffix);
    })) << suffix;
  }
}

TEST(UnpackForm, ContradictionsAreCaseErrors) {
  EXPECT_THROW(parsed("unpack:bwd len=3 dtype=int64"), CaseError);
  EXPECT_THROW(parsed("unpack len=3 conflict=mask"), CaseError);
  EXPECT_THROW(parsed("unpack len=2*0 margin=1 conflict=missing"), CaseError);
  EXPECT_THROW(parsed("unpack len=2*0 margin=1 conflict=value"), CaseError);
}

}  // namespace
}  // namespace packproof::cases
