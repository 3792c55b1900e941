// What every op owes its caller beyond right values, by number. A case says which it tries with
// contract=C7; an op's form lists those that its cases cover.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace packproof {

struct Contract {
  std::string_view id;
  std::string_view rule;   // what is asked for, in one sentence
  std::string_view shown;  // how a breach is found
};

// C1 to C11, in order.
std::span<const Contract> contracts();

std::vector<std::string> contract_ids();

}  // namespace packproof
