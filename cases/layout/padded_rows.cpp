#include "cases/layout/padded_rows.h"

#include "cases/core/call.h"

namespace packproof {

std::vector<FieldSpec> padded_rows_fields(FieldSpec conflict) {
  std::vector<FieldSpec> fields = padded_layout_fields();
  fields.push_back({.name = "features",
                    .fallback = "64",
                    .help = "elements a row",
                    .min = 1,
                    .max = 16384,
                    .drawn_max = 2048});
  fields.push_back(std::move(conflict));
  return fields;
}

PaddedRows padded_rows(const Case& c,
                       void (*break_mask)(const Case&, std::vector<std::int64_t>& mask)) {
  if (c.dtype == DType::int64 && c.direction == Direction::bwd)
    throw CaseError("int64 ids have no gradient: use dtype=bf16, fp16 or fp32 with " + c.op +
                    ":bwd");
  PaddedLayout layout = padded_layout(c);
  break_mask(c, layout.mask);
  const Dim features = {Axis::feature, c.integer("features")};
  Dims padded = layout.rows();
  padded.push_back(features);
  InputSpec mask = {.name = "mask",
                    .dtype = DType::uint8,
                    .dims = layout.rows(),
                    .values = std::move(layout.mask)};
  return {
      std::move(layout), std::move(padded), {{Axis::token, c.capacity}, features}, std::move(mask)};
}

}  // namespace packproof
