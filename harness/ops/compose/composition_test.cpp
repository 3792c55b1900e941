// What is wrong with a list of steps is found when it is made. Each test breaks the list of
// toy_layer.h in one place.
#include "harness/ops/compose/composition.h"

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/testing/toy_layer.h"

namespace packproof::harness {
namespace {

using Change = std::function<void(StepList&, ToyCall&)>;

// What is wrong with the list after the change; "" if nothing is.
std::string fault(const Change& change, Direction direction = Direction::bwd) {
  StepList list = toy_layer();
  ToyCall call(direction);
  change(list, call);
  try {
    const Composition steps(list, call.call(), toy_part);
    return {};
  } catch (const std::logic_error& error) {
    return error.what();
  }
}

void expect_fault(const std::string& words, const Change& change) {
  const std::string found = fault(change);
  EXPECT_NE(found.find(words), std::string::npos) << "found: '" << found << "', not: " << words;
}

TEST(Composition, AHealthyListHasNoFault) {
  const Change nothing = [](StepList&, ToyCall&) {};
  EXPECT_EQ(fault(nothing, Direction::fwd), "");
  EXPECT_EQ(fault(nothing, Direction::bwd), "");
}

TEST(Composition, AnEdgeThatNobodyMakes) {
  expect_fault("step 'weigh' (scale): its x reads edge 'xx', which nobody makes",
               [](StepList& l, ToyCall&) { l.steps[0].reads[0].edge = "xx"; });
}

TEST(Composition, ACircle) {
  expect_fault("its x reads edge 'weighed_heads', which only step 'weigh_heads' makes",
               [](StepList& l, ToyCall&) { l.steps[1].reads[0].edge = "weighed_heads"; });
}

TEST(Composition, AnEdgeThatIsMadeTwice) {
  expect_fault("edge 'weighed' is made twice",
               [](StepList& l, ToyCall&) { l.steps[2].makes[0].edge.name = "weighed"; });
  expect_fault("edge 'x' is made twice",
               [](StepList& l, ToyCall&) { l.steps[0].makes[0].edge.name = "x"; });
}

TEST(Composition, AnEdgeThatWouldGetTwoGradients) {
  expect_fault("its weight reads edge 'w', which step 'weigh' reads too",
               [](StepList& l, ToyCall&) { l.steps[2].reads[1].edge = "w"; });
}

TEST(Composition, WhatNobodyReads) {
  expect_fault("no step reads input 'h'", [](StepList& l, ToyCall& c) {
    c.input("other", {{Axis::feature, 2}}, {1, 1});
    l.inputs.push_back({.name = "other", .tensor = "other", .shared = Shared::first});
    l.steps[2].reads[1].edge = "other";
  });
  expect_fault("edge 'weighed_heads' leads nowhere",
               [](StepList& l, ToyCall&) { l.steps.pop_back(); });
}

TEST(Composition, AnotherDtypeOrSize) {
  expect_fault("its input 'x' is fp32 [4, 2], and the edge there is bf16 [4, 2]",
               [](StepList&, ToyCall& c) { c.call().inputs[0].dtype = DType::bf16; });
  expect_fault("its output 'y' is fp32 [4, 2], and the edge there is fp32 [4, 3]",
               [](StepList& l, ToyCall&) { l.steps[0].makes[0].edge.dims[1].size = 3; });
  expect_fault("its output 'y' is fp32 [4, 2], and the edge there is fp64 [4, 2]",
               [](StepList& l, ToyCall&) { l.steps[0].makes[0].edge.dtype = DType::fp64; });
}

TEST(Composition, PortsThatAPartLacksOrWants) {
  expect_fault("no edge is at its input 'weight'",
               [](StepList& l, ToyCall&) { l.steps[0].reads[1].port = "wheight"; });
  expect_fault("it has no output 'z'", [](StepList& l, ToyCall&) {
    l.steps[0].makes.push_back({"z", toy_edge("more", Shared::first)});
  });
  expect_fault("step 'weigh' (scail): there is no such part",
               [](StepList& l, ToyCall&) { l.steps[0].op = "scail"; });
}

TEST(Composition, RowsOfAnInputThatAreOfTwoEdgesOrOfNone) {
  expect_fault("the edges of h are its rows (0, 1), which should be all 2",
               [](StepList& l, ToyCall&) { l.inputs[2].rows = 1; });
  expect_fault("the edges of h are its rows (0, 1), (0, 2), which should be all 2", [](StepList& l,
                                                                                       ToyCall&) {
    l.inputs.push_back({.name = "again", .tensor = "h", .shared = Shared::first, .rows = 1});
  });
  expect_fault("edge 'h' is rows 1 to 3 of the 2 of h", [](StepList& l, ToyCall&) {
    l.inputs[2].first_row = 1;
    l.inputs[2].rows = 2;
  });
}

TEST(Composition, AnInputThatIsSharedOutByColumns) {
  expect_fault("edge 'x': ranks share out an input by its rows",
               [](StepList& l, ToyCall&) { l.inputs[0].shared = Shared::second; });
}

TEST(Composition, AnExchangeOfMoreThanShares) {
  expect_fault("'weighed' and 'by_features' differ in more than in how ranks share them",
               [](StepList& l, ToyCall&) { l.steps[1].makes[0].edge.dtype = DType::bf16; });
  expect_fault("'weighed' and 'by_features' have to be shared out by two axes",
               [](StepList& l, ToyCall&) { l.steps[1].makes[0].edge.shared = Shared::first; });
}

TEST(Composition, APartThatWantsAllTokens) {
  expect_fault("a rank has some tokens of 'x', and it wants all: exchange it first",
               [](StepList& l, ToyCall&) { l.steps[0].op = "scale_all"; });
}

TEST(Composition, AGradientThatEveryRankWouldFindWhole) {
  expect_fault("every rank would find all of the gradient of 'x'", [](StepList& l, ToyCall&) {
    l.inputs[0].shared = Shared::alike;
    l.steps[0].makes[0].edge.shared = Shared::alike;
  });
}

TEST(Composition, AnOutputThatNobodyMakes) {
  expect_fault("edge 'z' leads nowhere",
               [](StepList& l, ToyCall&) { l.steps[3].makes[0].edge.name = "z"; });
  expect_fault("the op's output 'y' is read by a step, or no rank has rows of its own of it",
               [](StepList& l, ToyCall&) {
                 l.steps[2].makes[0].edge.name = "y";
                 l.steps.pop_back();
               });
  const Change one_more = [](StepList&, ToyCall& c) {
    c.call().outputs.push_back({"more", DType::fp32, toy_rows(), nullptr});
  };
  EXPECT_NE(fault(one_more, Direction::fwd).find("no edge is the output 'more'"),
            std::string::npos);
}

TEST(Composition, ARewiredPortThatNoStepHas) {
  expect_fault("input 'weigh.wheight' is for a port that no step has", [](StepList&, ToyCall& c) {
    c.input(rewired_input("weigh", "wheight"), {{Axis::feature, 2}}, {1, 1});
  });
}

}  // namespace
}  // namespace packproof::harness
