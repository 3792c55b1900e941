// The form that an op fills in: its fields, its signature and its cases. See CONTRIBUTING.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cases/core/call.h"
#include "cases/core/case.h"
#include "cases/core/tensor.h"

namespace packproof {

// How much a tier runs. Each tier includes the one before it.
enum class Tier : std::uint8_t { quick, full, nightly };

// Descriptors of the generated cases of exactly one tier each; null: none.
struct CasesByTier {
  std::vector<std::string> (*quick)() = nullptr;
  std::vector<std::string> (*full)() = nullptr;
  std::vector<std::string> (*nightly)() = nullptr;

  std::vector<std::string> operator()(Tier tier) const {
    const auto make = tier == Tier::quick ? quick : tier == Tier::full ? full : nightly;
    return make == nullptr ? std::vector<std::string>() : make();
  }
};

// One op-specific field of a descriptor.
struct FieldSpec {
  enum class Kind : std::uint8_t {
    integer,  // between min and max
    choice,   // one of `choices`
    word,     // any identifier: what is not among `choices` must be refused (contract C3)
  };
  std::string name;
  Kind kind = Kind::integer;
  std::string fallback;  // the value when the descriptor does not give one
  std::string help;      // one line, with units
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::vector<std::string> choices = {};
  std::vector<std::string> refused = {};  // those of `choices` that must be refused
  // The most that random cases draw where `max` is more memory than they are worth; 0: max.
  std::int64_t drawn_max = 0;
};

// What else of its segment a token's result is made of.
enum class Reach : std::uint8_t {
  own_token,  // nothing: norms, gates, copies
  window,     // tokens beside it: those in a convolution's window, the next label
  segment,    // all tokens before it: recurrences
};

// A historical bug put into a candidate on purpose.
struct SeededBug {
  std::string id;             // as in the list of bugs: "twinkle-186-c"
  std::string thread;         // URL of the report
  std::string fault;          // what it does wrong, one line
  std::string caught_by;      // descriptor of the smallest case that shows it
  std::string tensor;         // where the fault shows: the output (empty: a crash, or no refusal),
  std::int64_t segment = -1;  // and the first wrong segment; -1 where an output has none
  // Runs the fault: usually changes the call, then lets the healthy implementation run.
  Returned (*run)(const Call& call, const Implementation& healthy) = nullptr;
};

struct OpForm {
  std::string name;
  std::vector<Direction> directions;
  std::vector<DType> dtypes;  // of activations; empty for ops on integers, whose cases give none
  std::vector<FieldSpec> fields;
  // On how many sequence-parallel ranks a case runs. Null: the op knows of no ranks.
  std::int64_t (*ranks)(const Case&) = nullptr;
  Reach reach = Reach::own_token;
  std::vector<std::string> contracts;  // ids of the contracts that its cases cover

  // Inputs and outputs of a valid case. Throws CaseError where fields contradict each other.
  Signature (*signature)(const Case&) = nullptr;
  CasesByTier descriptors;
  // Why everybody must refuse the case, whatever its fields say one by one; "" where nobody may.
  // Null: no reason but a refused value or a broken cu_seqlens.
  std::string (*refusal)(const Case&, const Signature&) = nullptr;

  std::vector<SeededBug> seeded_bugs = {};
};

}  // namespace packproof
