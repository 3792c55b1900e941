#pragma once

#include <span>
#include <string_view>

namespace packproof {

// A text file of the repository, compiled into the program so that it needs no data folder.
struct EmbeddedFile {
  std::string_view path;  // from the repository's root: "cases/lengths/workloads/gsm8k.json"
  std::string_view contents;
};

// cases/lengths/workloads/*.json, cases/plans/*.json and cases/<family>/<op>/*.json, sorted by
// path.
std::span<const EmbeddedFile> embedded_files();

}  // namespace packproof
