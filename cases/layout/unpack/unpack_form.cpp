// unpack: packed rows [T, ...], a mask and its cu_seqlens -> a padded batch [B, L, ...] with zero
// pads, as flash-attn's pad_input does. Backward: the gradient of the packed rows.
#include "cases/op_forms.h"

#include <algorithm>
#include <iterator>

#include "cases/forms/boundary_input.h"
#include "cases/layout/padded_rows.h"

namespace packproof::cases {
namespace {

// Breaks the mask as the field `conflict` says, for the refusals of C1 and C7.
void break_mask(const Case& c, std::vector<std::int64_t>& mask) {
  if (c.is("conflict", "none")) return;
  // A place in the last row that can be broken: cu_seqlens agrees up to there.
  const bool extra = c.is("conflict", "mask");
  const auto place = std::find(mask.rbegin(), mask.rend(), extra ? 0 : 1);
  if (place == mask.rend())
    throw CaseError(extra ? "conflict=mask needs a pad to set: add a margin"
                          : "conflict=" + c.word("conflict") + " needs a token to break");
  *place = extra ? 1 : c.is("conflict", "value") ? 255 : 0;
}

Signature signature(const Case& c) {
  PaddedRows made = padded_rows(c, break_mask);
  auto& [layout, padded, packed, mask] = made;
  const InputSpec cu_seqlens = cu_seqlens_input(c);

  if (c.direction == Direction::fwd) {
    InputSpec rows = {.name = "packed", .dtype = c.dtype, .dims = packed};
    if (c.dtype == DType::int64)
      rows.values = generated_ids(c, packed_slack(c), c.integer("features"));
    return {
        .inputs = {std::move(rows), mask, cu_seqlens},
        .outputs = {{.name = "padded", .dtype = c.dtype, .dims = padded}},
    };
  }
  return {
      .inputs = {{.name = "dpadded",
                  .dtype = c.dtype,
                  .dims = padded,
                  .slack_rows = std::move(layout.is_pad)},
                 mask,
                 cu_seqlens},
      .outputs = {{.name = "dpacked",
                   .dtype = c.dtype,
                   .dims = packed,
                   .slack = Slack::zero,
                   .role = Role::gradient}},
  };
}

std::vector<std::string> quick() {
  return {
      // Where the pads lie, and rows of one token, no token, and the longest row.
      "unpack len=5,3 seed=1",
      "unpack len=5,3 padding=left seed=1",
      "unpack len=5,3 padding=middle margin=3 seed=1",
      "unpack len=0,4,0,0,3,0 padding=left seed=1",
      "unpack len=0,4,0,0,3,0 padding=middle margin=2 seed=1",
      "unpack len=3*0 cap=4 margin=5 seed=1 contract=C8",
      "unpack len=2*0 cap=3 seed=1",
      // One row, one place a row, one place.
      "unpack len=40 padding=left margin=23 seed=1",
      "unpack len=0 cap=2 margin=1 seed=1",
      "unpack len=1,0,0,1,1,0,1 features=1 padding=left seed=1",
      // Row sizes: 16-byte copies, narrower ones, and rows wider than a block.
      "unpack len=6,17 features=3 padding=left seed=4",
      "unpack len=6,17 features=100 dtype=fp16 padding=left seed=4",
      "unpack len=6,17 features=1024 padding=middle margin=2 seed=4",
      "unpack len=2,1 features=16384 dtype=fp32 padding=left seed=4",
      // Beyond one tile of the mask.
      "unpack len=4095,4096,1 features=1 padding=left seed=5",
      "unpack len=300*3,5 features=2 padding=middle margin=12 seed=5",
      // Contents: slack, special values bit for bit, ids.
      "unpack len=7,6 cap=19 padding=left seed=6 contract=C8",
      "unpack len=33,7 cap=50 fill=specials padding=left seed=6 contract=C8",
      "unpack len=33,7 fill=specials dtype=fp32 features=5 padding=middle margin=3 seed=6",
      "unpack len=12,9,30 dtype=int64 features=1 padding=left cap=60 seed=6 contract=C8",
      "unpack:bwd len=5,3 seed=1",
      "unpack:bwd len=5,3 padding=left seed=1",
      "unpack:bwd len=5,3 padding=middle margin=3 seed=1",
      "unpack:bwd len=0,4,0,0,3,0 padding=left cap=9 seed=1 contract=C8",
      "unpack:bwd len=3*0 cap=4 margin=5 seed=1 contract=C8",
      "unpack:bwd len=2*0 cap=3 seed=1",
      "unpack:bwd len=1,0,0,1,1,0,1 features=1 padding=left seed=1",
      "unpack:bwd len=6,17 features=3 padding=left margin=1 seed=4",
      "unpack:bwd len=6,17 features=100 dtype=fp32 padding=middle margin=5 seed=4",
      "unpack:bwd len=2,1 features=16384 dtype=fp16 padding=left seed=4",
      "unpack:bwd len=2,4500 features=1 padding=left seed=5",
      "unpack:bwd len=7,6 cap=19 slack=inf padding=left seed=6 contract=C8",
      "unpack:bwd len=33,7 fill=specials padding=middle margin=3 seed=6",
      // Refused before any launch.
      "unpack len=5,3 cap=9 conflict=mask seed=1 contract=C1 expect=refused",
      "unpack len=5,3 padding=left conflict=missing seed=1 contract=C1 expect=refused",
      "unpack len=0,4,0 conflict=value seed=1 contract=C7 expect=refused",
      "unpack cu_seqlens=0,5,3,8 cap=8 seed=1 contract=C7 expect=refused",
      "unpack cu_seqlens=1,5,8 cap=8 seed=1 contract=C7 expect=refused",
      "unpack cu_seqlens=0,5,9 cap=8 seed=1 contract=C7 expect=refused",
      "unpack:bwd len=5,3 conflict=mask seed=1 contract=C1 expect=refused",
      "unpack:bwd cu_seqlens=0,5,3,8 cap=8 seed=1 contract=C7 expect=refused",
  };
}

std::vector<std::string> full() {
  return {
      "unpack len=gsm8k@32768 cap=32768 padding=left features=16 seed=1",
      "unpack len=code@32768 cap=32768 padding=middle features=16 seed=1",
      "unpack:bwd len=gsm8k@32768 cap=32768 padding=left features=16 seed=1",
      "unpack:bwd len=code@32768 cap=32768 padding=right features=3 seed=1",
      "unpack len=65536*1 features=8 seed=1",
      // A mask of more tiles than one pass of the scan takes.
      "unpack len=3000,2000 features=1 padding=middle margin=600000 seed=1",
      "unpack len=32768 cap=32800 features=64 padding=left margin=100 seed=1",
  };
}

}  // namespace

OpForm unpack_form() {
  return {
      .name = "unpack",
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32, DType::int64},
      .fields = padded_rows_fields(
          {.name = "conflict",
           .kind = FieldSpec::Kind::choice,
           .fallback = "none",
           .help = "what is wrong with the mask: nothing, a one too many or one missing "
                   "for cu_seqlens, a value 255",
           .choices = {"none", "mask", "missing", "value"},
           .refused = {"mask", "missing", "value"}}),
      .contracts = {"C1", "C7", "C8", "C9"},
      .signature = signature,
      .descriptors = {.quick = quick, .full = full},
  };
}

}  // namespace packproof::cases
