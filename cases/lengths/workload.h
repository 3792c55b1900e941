// Lengths of real sequences, embedded in the program. See cases/lengths/workloads/README.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace packproof {

struct Workload {
  std::string name;
  std::string tokenizer;
  std::string source;
  std::vector<std::int64_t> lengths;  // tokens a sequence, in the source's order
};

// Every embedded workload, by name. Loaded once; safe from several threads. Throws std::logic_error
// if an embedded file is broken.
const std::vector<Workload>& workloads();

// nullptr if there is none of that name.
const Workload* find_workload(std::string_view name);

// Reads one workload file. Throws std::logic_error if it is not one; `origin` names it there.
Workload parse_workload(std::string_view json, std::string_view origin);

// How many sequences, in order, fit in `tokens` before the first that would not.
std::size_t sequences_within(const Workload& workload, std::int64_t tokens);

}  // namespace packproof
