// The layouts and position_ids that descriptors stand for, by hand.
#include "cases/op_forms.h"

#include <gtest/gtest.h>

#include "cases/language/descriptor.h"

namespace packproof::cases {
namespace {

using V = std::vector<std::int64_t>;

OpLookup lookup() {
  static const OpForm form = cu_seqlens_from_position_ids_form();
  OpLookup ops;
  ops.find = [](std::string_view name) { return name == form.name ? &form : nullptr; };
  ops.names = {form.name};
  return ops;
}

Signature signature(const std::string& text) {
  const Case c = parse_descriptor("cu_seqlens_from_position_ids " + text, lookup());
  return cu_seqlens_from_position_ids_form().signature(c);
}
V ids(const std::string& text) { return signature(text).inputs.at(0).values; }
V supplied(const std::string& text) {
  return signature("supplied=present " + text).inputs.at(1).values;
}

TEST(PackedRows, CutSegmentsGoOnInTheNextRow) {
  EXPECT_EQ(ids("rows=2 len=2,4"), (V{0, 1, 0, /**/ 1, 2, 3}));
  EXPECT_EQ(ids("rows=2 len=2,4 start=5 restart=9"), (V{5, 6, 9, /**/ 10, 11, 12}));
}

TEST(PackedRows, WholeSegmentsStartTheNextRow) {
  EXPECT_EQ(ids("rows=2 len=2,2 cap=6 deal=whole expect=refused"), (V{0, 1, -1, /**/ 0, 1, -1}));
  EXPECT_EQ(ids("rows=2 len=2,2 cap=6 deal=whole side=left start=4 expect=refused"),
            (V{-1, 4, 5, /**/ -1, 4, 5}));
}

TEST(PackedRows, EachRowIsPaddedToTheWorld) {
  EXPECT_EQ(ids("rows=2 sp=4 len=3,3 expect=refused"), (V{0, 1, 2, -1, /**/ 0, 1, 2, -1}));
  EXPECT_EQ(signature("rows=2 sp=4 len=3,3 expect=refused").outputs.at(0).dims.at(0).size, 9);
}

TEST(PackedRows, TheTailMayLookLikeSegments) {
  EXPECT_EQ(ids("len=2 cap=4 tail=zeros"), (V{0, 1, 0, 0}));
  EXPECT_EQ(ids("len=2 cap=4 tail=arange"), (V{0, 1, 2, 3}));
}

TEST(PackedRows, ImagesShareATemporalPosition) {
  EXPECT_EQ(ids("form=mrope3 images=1 len=9"), (V{0, 1, 1, 1, 1, 1, 1, 4, 5,  //
                                                  0, 1, 1, 1, 2, 2, 2, 4, 5,  //
                                                  0, 1, 2, 3, 1, 2, 3, 4, 5}));
  EXPECT_EQ(ids("form=mrope4 images=1 lead=0 len=7"), (V{0, 1, 2, 3, 4, 5, 6,  //
                                                         0, 0, 0, 0, 0, 0, 3,  //
                                                         0, 0, 0, 1, 1, 1, 3,  //
                                                         0, 1, 2, 0, 1, 2, 3}));
  EXPECT_EQ(ids("form=mrope3 images=1 len=3"), (V{0, 1, 2, 0, 1, 2, 0, 1, 2}));  // no room
}

TEST(PackedRows, SuppliedBoundariesKeepEmptySegmentsAndLeaveTheEndsPadsOut) {
  EXPECT_EQ(supplied("len=0,3,0,2 cap=8"), (V{0, 0, 3, 3, 5}));
  EXPECT_EQ(supplied("rows=2 len=2,2 cap=6 deal=whole pads=segment"), (V{0, 2, 3, 5}));
}

TEST(PackedRows, ConflictsBreakOneThing) {
  EXPECT_EQ(supplied("conflict=missing len=2,3,1 expect=refused"), (V{0, 5, 6}));
  EXPECT_EQ(supplied("conflict=extra len=3,1 expect=refused"), (V{0, 2, 3, 4}));
  EXPECT_EQ(supplied("conflict=pad len=3,1 cap=6 expect=refused"), (V{0, 3, 6}));
  EXPECT_EQ(ids("conflict=negative len=3,1 expect=refused"), (V{0, 1, 2, -2}));
}

TEST(PackedRows, WhatCannotBeIsSaid) {
  for (const char* text :
       {"rows=3 len=4", "rows=2 deal=whole len=5,1", "rows=2 deal=whole len=2,3,2 cap=8",
        "conflict=missing len=2,2", "cu_dtype=int64 len=3", "cu_seqlens=0,3 cap=3",
        "images=1 len=9", "supplied=present conflict=missing len=5",
        "supplied=present conflict=extra len=1,4", "supplied=present conflict=pad len=4",
        "conflict=negative len=0 cap=2"})
    EXPECT_THROW(signature(text), CaseError) << text;
}

TEST(CuSeqlensFromPositionIdsForm, EveryDescriptorHasAConsistentSignature) {
  const OpForm form = cu_seqlens_from_position_ids_form();
  for (Tier tier : {Tier::quick, Tier::full}) {
    for (const std::string& text : form.descriptors(tier)) {
      const Signature made = form.signature(parse_descriptor(text, lookup()));
      std::int64_t tokens = 1;
      for (const Dim& dim : made.inputs.at(0).dims)
        if (dim.axis != Axis::entry) tokens *= dim.size;
      for (const InputSpec& input : made.inputs)
        EXPECT_EQ(std::ssize(input.values), element_count(input.dims)) << text;
      EXPECT_EQ(made.outputs.at(0).dims.at(0).size, tokens + 1) << text;
    }
  }
}

}  // namespace
}  // namespace packproof::cases
