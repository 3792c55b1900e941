// chunk_indices: a table of (segment, chunk within the segment), one row a chunk, as kernels that
// give each block one chunk want it.
#include "cases/op_forms.h"

#include <string_view>

#include "cases/forms/boundary_input.h"
#include "cases/layout/chunk_table_cases.h"

namespace packproof::cases {
namespace {

Signature signature(const Case& c) {
  // The number of chunks depends on the data; the table has room for any cu_seqlens of this many
  // tokens and segments. Rows beyond the last chunk hold -1 by definition, and are judged like any.
  const std::int64_t capacity = c.capacity / c.integer("chunk") + c.segments();
  return {.inputs = {cu_seqlens_input_of_any_dtype(c)},
          .outputs = {{.name = "chunk_indices",
                       .dtype = DType::int32,
                       .dims = {{Axis::entry, capacity}, {Axis::feature, 2}}},
                      {.name = "num_chunks", .dtype = DType::int32, .dims = {{Axis::entry, 1}}}}};
}

// Around a block's 512 rows of the table; segments beyond one tile of the scan.
constexpr std::string_view kQuick[] = {
    "chunk=1 len=513",
    "chunk=8 len=1024*9 cap=10000",
};

std::vector<std::string> quick() {
  return descriptors_of("chunk_indices", {quick_chunk_tables(), kQuick, refused_boundaries()});
}

std::vector<std::string> full() { return descriptors_of("chunk_indices", {full_chunk_tables()}); }

}  // namespace

OpForm chunk_indices_form() {
  return {.name = "chunk_indices",
          .directions = {Direction::fwd},
          .dtypes = {},
          .fields = {chunk_field(), cu_dtype_field()},
          .contracts = {"C7", "C8", "C9"},
          .signature = signature,
          .descriptors = {.quick = quick, .full = full}};
}

}  // namespace packproof::cases
