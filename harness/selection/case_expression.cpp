#include "harness/selection/case_expression.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "cases/core/case_text.h"
#include "harness/selection/case_selection.h"

namespace packproof::harness {
namespace {

using Test = std::function<bool(const std::string&)>;

constexpr std::size_t kLongest = 4096;
constexpr int kDeepest = 100;  // the parser calls itself
constexpr std::string_view kBlank = " \t";

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) { next(); }

  Test whole() {
    Test test = alternatives();
    if (!word_.empty()) fail(fmt::format("{} is not expected here", in_quotes(word_)));
    return test;
  }

 private:
  Test alternatives() {
    Test test = conjunction();
    while (take("or"))
      test = [a = std::move(test), b = conjunction()](const std::string& d) {
        return a(d) || b(d);
      };
    return test;
  }

  Test conjunction() {
    Test test = negation();
    while (take("and"))
      test = [a = std::move(test), b = negation()](const std::string& d) { return a(d) && b(d); };
    return test;
  }

  Test negation() {
    if (++depth_ > kDeepest) fail(fmt::format("brackets and nots nest {} deep at most", kDeepest));
    Test test = negated_or_bracketed();
    --depth_;
    return test;
  }

  Test negated_or_bracketed() {
    if (take("not")) return [test = negation()](const std::string& d) { return !test(d); };
    if (!take("(")) return text_to_find();
    Test test = alternatives();
    if (!take(")")) fail("')' is missing");
    return test;
  }

  Test text_to_find() {
    const bool is_text = quoted_ || (word_ != ")" && word_ != "and" && word_ != "or");
    if (word_.empty() || !is_text) fail("text to look for is missing, as in 'l2norm and not bwd'");
    std::string text(word_);
    next();
    return [text = std::move(text)](const std::string& d) { return harness::matches(text, d); };
  }

  bool take(std::string_view token) {
    if (quoted_ || word_ != token) return false;
    next();
    return true;
  }

  // Reads the next word, bracket or quoted text; an empty word at the end.
  void next() {
    at_ = std::min(text_.find_first_not_of(kBlank, at_), text_.size());
    start_ = at_;
    quoted_ = at_ < text_.size() && text_[at_] == '"';
    if (quoted_) {
      const std::size_t end = text_.find('"', at_ + 1);
      if (end == std::string_view::npos) fail("'\"' is not closed");
      if (end == at_ + 1) fail("'\"\"' holds no text");
      word_ = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
    } else if (at_ < text_.size() && (text_[at_] == '(' || text_[at_] == ')')) {
      word_ = text_.substr(at_++, 1);
    } else {
      const std::size_t end = std::min(text_.find_first_of(" \t()\"", at_), text_.size());
      word_ = text_.substr(at_, end - at_);
      at_ = end;
    }
  }

  [[noreturn]] void fail(std::string_view what) const {
    throw CaseError(fmt::format("-k {}: column {}: {}", in_quotes(text_), start_ + 1, what));
  }

  std::string_view text_, word_;
  std::size_t at_ = 0, start_ = 0;
  int depth_ = 0;
  bool quoted_ = false;
};

}  // namespace

CaseExpression::CaseExpression(std::string_view text) {
  if (text.size() > kLongest)
    throw CaseError(fmt::format("-k has {} bytes; at most {} do", text.size(), kLongest));
  test_ = Parser(text).whole();
}

}  // namespace packproof::harness
