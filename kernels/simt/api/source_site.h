// Where in the source a call stands. Used as a default argument, it is the caller's place.
#pragma once

namespace packproof::simt {

struct SourceSite {
  const char* file = "";
  const char* function = "";
  int line = 0;

  static constexpr SourceSite here(const char* file = __builtin_FILE(),
                                   const char* function = __builtin_FUNCTION(),
                                   int line = __builtin_LINE()) {
    return {file, function, line};
  }
};

}  // namespace packproof::simt
