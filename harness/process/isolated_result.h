// What became of something that was done in a process of its own.
#pragma once

#include <cstdint>
#include <string>

#include "cases/core/call.h"

namespace packproof::harness {

template <class Answer>
struct Isolated {
  enum class Ending : std::uint8_t { returned, refused, crashed, timed_out, other_bits };
  Ending ending = Ending::crashed;
  Answer returned = {};   // when it returned
  std::string message;    // refusal, why it crashed with the telling line of what it wrote, or
                          // which run gave other bits
  std::string tensor;     // that has other bits
  double elapsed_us = 0;  // host time of the work alone; 0 unless it returned
};

using IsolatedResult = Isolated<Returned>;

}  // namespace packproof::harness
