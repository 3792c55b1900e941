// chunk_offsets: the number of chunks before each segment, where its chunk states begin.
#include "cases/op_forms.h"

#include <string_view>

#include "cases/forms/boundary_input.h"
#include "cases/layout/chunk_table_cases.h"

namespace packproof::cases {
namespace {

Signature signature(const Case& c) {
  return {.inputs = {cu_seqlens_input_of_any_dtype(c)},
          .outputs = {{.name = "chunk_offsets",
                       .dtype = DType::int32,
                       .dims = {{Axis::boundary, c.segments() + 1}}}}};
}

// Segments around a scan's tile of 1024.
constexpr std::string_view kQuick[] = {
    "chunk=2 len=1022*3",
    "chunk=2 len=1024*3",
};

std::vector<std::string> quick() {
  return descriptors_of("chunk_offsets", {quick_chunk_tables(), kQuick, refused_boundaries()});
}

std::vector<std::string> full() { return descriptors_of("chunk_offsets", {full_chunk_tables()}); }

}  // namespace

OpForm chunk_offsets_form() {
  return {.name = "chunk_offsets",
          .directions = {Direction::fwd},
          .dtypes = {},
          .fields = {chunk_field(), cu_dtype_field()},
          .contracts = {"C7", "C8", "C9"},
          .signature = signature,
          .descriptors = {.quick = quick, .full = full}};
}

}  // namespace packproof::cases
