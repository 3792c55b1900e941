// What `packproof list` says, apart from cases: named entries, each with its text.
#pragma once

#include <string>
#include <vector>

namespace packproof::harness {

struct ListEntry {
  std::string name;
  std::string text;  // lines, the name included
};

// A few lines an op with its fields; or, in full, its tensors and the fields of all ops too.
std::vector<ListEntry> op_entries(bool in_full);
std::vector<ListEntry> candidate_entries();
std::vector<ListEntry> bug_entries();
std::vector<ListEntry> contract_entries();
std::vector<ListEntry> workload_entries();
std::vector<ListEntry> word_entries();

// The fields that all ops share.
std::string common_fields_text();

}  // namespace packproof::harness
