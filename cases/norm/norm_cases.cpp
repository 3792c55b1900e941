#include "cases/norm/norm_cases.h"

#include "cases/forms/descriptor_lists.h"
#include "cases/forms/token_op_cases.h"

namespace packproof {

std::vector<FieldSpec> norm_fields() {
  return {
      {.name = "heads", .fallback = "4", .help = "heads of a token", .min = 1, .max = 256},
      {.name = "dim", .fallback = "128", .help = "features of a head", .min = 1, .max = 1024},
      zeros_field(),
  };
}

std::vector<std::string> norm_layouts(std::string_view op) {
  std::vector<std::string> all = token_op_layouts(
      op, {
              // Beside the dims of models: a lane alone, rows that no vector fits, rows that are
              // not whole groups of lanes, rows of several accesses a lane.
              {"dim", {"128", "64", "256", "1", "3", "8", "100", "65"}},
              {"dtype", {"bf16", "fp16", "fp32"}},
              {"heads", {"2", "1", "3", "4", "1"}},
              {"zeros", {"some", "none"}, 2},
          });
  cases::append(all, token_op_contracts(op, "heads=2 dim=24 zeros=some"));
  return all;
}

}  // namespace packproof
