// sp_split: each rank's share of a padded row, [T, dim] -> [T / sp, dim] a rank; sp_layout.h has
// the two layouts. All ranks hold the same row, which is one tensor here. Rows move as bits, slack
// (contiguous) too.
//
// Backward: every rank needs the gradient of the whole row, as it holds all of it, so the shares
// are gathered: dx [sp, T, dim], the same on every rank.
#include "cases/op_forms.h"

#include <string_view>

#include <fmt/format.h>

#include "cases/forms/boundary_input.h"
#include "cases/sp/sp_layout.h"

namespace packproof::cases {
namespace {

Signature signature(const Case& c) {
  InputSpec padded = cu_seqlens_input_of_any_dtype(c);
  padded.name = "cu_seqlens_padded";
  const Dims row = {{Axis::token, c.capacity}, {Axis::feature, c.integer("dim")}};
  const Dims shares = sp_share_dims(c, c.capacity);
  if (c.direction == Direction::fwd)
    return {.inputs = {{.name = "x", .dtype = c.dtype, .dims = row}, padded},
            .outputs = {{.name = "y", .dtype = c.dtype, .dims = shares}}};
  return {.inputs = {{.name = "dy", .dtype = c.dtype, .dims = shares}, padded},
          .outputs = {{.name = "dx",
                       .dtype = c.dtype,
                       .dims = {{Axis::rank, c.integer("sp")}, row[0], row[1]},
                       .role = Role::gradient}}};
}

std::string refusal(const Case& c, const Signature&) {
  const std::int64_t world = c.integer("sp");
  if (c.capacity % world != 0) return fmt::format("{} rows over sp={}", c.capacity, world);
  if (c.is("layout", "contiguous")) return {};
  for (const std::int64_t length : c.lengths)
    if (length % (2 * world) != 0)
      return fmt::format("a zigzag segment of {} rows over sp={}", length, world);
  return c.capacity == c.valid_tokens() ? "" : "rows behind the last zigzag segment";
}

constexpr std::string_view kQuick[] = {
    "sp=1 len=5,3",
    "sp=2 len=5,3",
    "sp=8 len=5,3",
    "sp=4 len=2,19 cap=28 contract=C8",  // a segment over three shards, a shard of slack
    "sp=4 len=2*0 cap=8 slack=inf contract=C8",
    "sp=2 len=0,0",
    "sp=4 len=16,0,16,1,31 dim=128 dtype=fp16",
    "sp=1 layout=zigzag len=2,4",
    "sp=2 layout=zigzag len=4,8",
    "sp=2 layout=zigzag len=8",
    "sp=4 layout=zigzag len=8,0,24,8",
    "sp=8 layout=zigzag len=16,32,16",
    "sp=4 layout=zigzag len=0,8,0,0,16,0",
    "sp=2 layout=zigzag len=0,0",
    "sp=2 layout=zigzag len=20*4 dim=1",
    "sp=3 layout=zigzag len=6,18,12 dim=3 dtype=fp32",
    "sp=2 layout=zigzag len=1000,24 dim=4",
    "sp=4 layout=zigzag len=16,8 fill=specials",
    "sp=4 fill=specials dtype=fp32 len=9,7",
    "sp=2 layout=zigzag len=4,12 dim=2048",
};

constexpr std::string_view kRefused[] = {
    // What cannot be shared out is refused, not dropped.
    "sp=4 len=5,2 contract=C7 expect=refused",
    "sp=2 layout=zigzag len=4,6 contract=C7 expect=refused",
    "sp=2 layout=zigzag len=6,6 contract=C7 expect=refused",
    "sp=2 layout=zigzag len=4,8 cap=16 contract=C7 expect=refused",
};

// Both directions make the same checks.
constexpr std::string_view kRefusedBackward[] = {
    "cu_seqlens=0,5,3,8 cap=8 contract=C7 expect=refused",
    "sp=2 layout=zigzag len=4,6 contract=C7 expect=refused",
};

constexpr std::string_view kFull[] = {
    "sp=8 len=gsm8k@32768 cap=32768 dim=128",
    "sp=8 layout=zigzag len=512*16,16384 dim=128",
    "sp=2 layout=zigzag len=16384*4 dim=8",
};

std::vector<std::string> quick() {
  return descriptors_of("sp_split", {kQuick, kRefused, refused_boundaries()},
                        {kQuick, kRefusedBackward});
}

std::vector<std::string> full() { return descriptors_of("sp_split", {kFull}, {kFull}); }

}  // namespace

OpForm sp_split_form() {
  std::vector<FieldSpec> fields = sp_layout_fields();
  fields.push_back(sp_dim_field());
  fields.push_back(cu_dtype_field());
  return {
      .name = "sp_split",
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields = std::move(fields),
      .ranks = sp_ranks,
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = {.quick = quick, .full = full},
      .refusal = refusal,
  };
}

}  // namespace packproof::cases
