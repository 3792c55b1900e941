// last_token_pool: the last token of each segment, [T, dim] -> [S, dim], as reward and embedding
// models pool a packed row. An empty segment has none: its row is zero and its flag 0.
#include "cases/op_forms.h"

#include <string_view>

#include "cases/forms/boundary_input.h"

namespace packproof::cases {
namespace {

Signature signature(const Case& c) {
  const Dim features{Axis::feature, c.integer("dim")};
  const Dims tokens = {{Axis::token, c.capacity}, features};
  const Dims segments = {{Axis::segment, c.segments()}, features};
  if (c.direction == Direction::fwd)
    return {.inputs = {{.name = "x", .dtype = c.dtype, .dims = tokens},
                       cu_seqlens_input_of_any_dtype(c)},
            .outputs = {{.name = "y", .dtype = c.dtype, .dims = segments},
                        {.name = "flag",  // 1 where the segment has a token, else 0
                         .dtype = DType::int32,
                         .dims = {{Axis::segment, c.segments()}}}}};
  return {.inputs = {{.name = "dy", .dtype = c.dtype, .dims = segments},
                     cu_seqlens_input_of_any_dtype(c)},
          .outputs = {{.name = "dx",
                       .dtype = c.dtype,
                       .dims = tokens,
                       .slack = Slack::zero,
                       .role = Role::gradient}}};
}

constexpr std::string_view kQuick[] = {
    "len=5,3",
    "len=1",
    "len=9*1",
    "len=1,2,3,0,4",
    // Empty segments: first, in a row, last, behind them slack, and nothing else.
    "len=0,4,0,0,3,0",
    "len=4,0 cap=9 contract=C8",
    "len=3*0 cap=4 slack=huge contract=C8",
    "len=2*0",
    "len=7,6 cap=19 contract=C8",
    "len=7,6 cap=14 slack=inf dtype=fp16 contract=C8",
    // Rows of one element to rows wider than a block, in pieces of 2, 4, 8 and 16 bytes.
    "len=6,17 dim=1",
    "len=6,17 dim=3 dtype=fp32",
    "len=6,17 dim=100 dtype=fp16",
    "len=2,1 dim=4096 cap=4",
    // More segments, and more tokens, than a block has threads.
    "len=300*1,2,300*1 dim=1 cap=605",
    "len=255,1,256,2 dim=2",
    "len=33,7 fill=specials",
    "len=33,7 fill=specials dtype=fp32 dim=5",
};

// Both directions make the same checks.
constexpr std::string_view kRefusedBackward[] = {
    "cu_seqlens=0,5,3,8 cap=8 contract=C7 expect=refused",
};

constexpr std::string_view kFull[] = {
    "len=gsm8k@32768 cap=32768 dim=128",
    "len=code@32768 cap=32768 dim=1024",
    "len=65536*1 dim=8",
};

std::vector<std::string> quick() {
  return descriptors_of("last_token_pool", {kQuick, refused_boundaries()},
                        {kQuick, kRefusedBackward});
}

std::vector<std::string> full() { return descriptors_of("last_token_pool", {kFull}, {kFull}); }

}  // namespace

OpForm last_token_pool_form() {
  return {
      .name = "last_token_pool",
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields =
          {{.name = "dim", .fallback = "64", .help = "elements a row", .min = 1, .max = 16384},
           cu_dtype_field()},
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = {.quick = quick, .full = full},
  };
}

}  // namespace packproof::cases
