// Comparing places in the source. Runtime only.
#pragma once

#include <cstring>

#include "kernels/simt/api/source_site.h"

namespace packproof::simt::detail {

inline bool is_same_line(const SourceSite& a, const SourceSite& b) {
  return a.line == b.line && (a.file == b.file || std::strcmp(a.file, b.file) == 0);
}

inline bool is_same_name(const char* a, const char* b) {
  return a == b || (a != nullptr && b != nullptr && std::strcmp(a, b) == 0);
}

}  // namespace packproof::simt::detail
