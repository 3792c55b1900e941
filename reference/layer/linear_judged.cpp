#include "reference/layer/linear_judged.h"

#include "reference/core/judged_product.h"

namespace packproof::reference {
namespace {

// The rows that segments own.
struct Valid {
  std::int64_t first, count;

  explicit Valid(const JudgedCall& call)
      : first(call.first_token()), count(call.last_token() - first) {}

  JudgedMatrix of(const JudgedMatrix& m) const {
    return {m.value.middleRows(first, count), m.magnitude.middleRows(first, count)};
  }
  void add(JudgedMatrix& to, const JudgedMatrix& term) const {
    to.value.middleRows(first, count) += term.value;
    to.magnitude.middleRows(first, count) += term.magnitude;
  }
};

std::string numbered(const char* name, int number) { return name + std::to_string(number); }

// Takes as many columns as the weight has rows: those of output `next` and some behind it.
void forward(const JudgedCall& call, const Valid& valid, const JudgedMatrix& all, int& next) {
  for (std::int64_t column = 0; column < all.value.cols(); ++next) {
    JudgedMatrix& y = call.output(numbered("y", next));
    const std::int64_t width = y.value.cols();
    valid.add(y, {all.value.middleCols(column, width), all.magnitude.middleCols(column, width)});
    column += width;
  }
}

JudgedMatrix upstream(const JudgedCall& call, const Valid& valid, std::int64_t columns, int& next) {
  JudgedMatrix all = zeros(valid.count, columns);
  for (std::int64_t column = 0; column < columns; ++next) {
    const JudgedMatrix dy = valid.of(call.input(numbered("dy", next)));
    all.value.middleCols(column, dy.value.cols()) = dy.value;
    all.magnitude.middleCols(column, dy.value.cols()) = dy.magnitude;
    column += dy.value.cols();
  }
  return all;
}

}  // namespace

void linear_judged(const JudgedCall& call) {
  const Valid valid(call);
  if (valid.count == 0) return;  // rows of nothing need not have columns
  const JudgedMatrix x = valid.of(call.input("x"));
  for (int number = 0, next = 0; call.inputs.contains(numbered("weight", number)); ++number) {
    const JudgedMatrix& weight = call.input(numbered("weight", number));
    if (call.is_forward()) {
      forward(call, valid, product(x, transposed(weight)), next);
      continue;
    }
    const JudgedMatrix dy = upstream(call, valid, weight.value.rows(), next);
    valid.add(call.output("dx"), product(dy, weight));
    call.output(numbered("dweight", number)) = product(transposed(dy), x);
  }
}

}  // namespace packproof::reference
