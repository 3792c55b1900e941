// Few settings of many fields in which every two values of two fields meet, as a fault needs the
// values of one or two fields far more often than of three (Kuhn, Wallace and Gallo, "Software
// fault interactions and implications for software testing", IEEE TSE 30(6), 2004).
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace packproof {

struct CoveredField {
  std::string name;
  std::vector<std::string> values;  // not none
};

using FieldTriple = std::array<std::size_t, 3>;  // places of three fields

// Settings, "name=value name=value ...", in which each pair of values of each two fields is found,
// and each triple of values of the three fields of each of `triples`. The same arguments give the
// same settings on any host. Greedy: not the fewest.
// Throws std::logic_error for a field without values, and for a triple of other than three fields.
std::vector<std::string> covering_settings(std::span<const CoveredField> fields,
                                           std::span<const FieldTriple> triples = {});

}  // namespace packproof
