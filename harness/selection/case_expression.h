// The option -k: cases by words with and, or, not.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace packproof::harness {

class CaseExpression {
 public:
  // "causal_conv1d and not (fp16 or fp32)". A word, or text in double quotes, is as a --filter: a
  // glob over the whole descriptor, or text anywhere in it. `not` binds closest, then `and`. Throws
  // CaseError with the column of what is wrong.
  explicit CaseExpression(std::string_view text);

  bool matches(const std::string& descriptor) const { return test_(descriptor); }

 private:
  std::function<bool(const std::string&)> test_;
};

}  // namespace packproof::harness
