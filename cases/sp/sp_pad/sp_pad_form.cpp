// sp_pad: pads a packed row so that it can be shared out over sequence-parallel ranks: behind the
// last token to a multiple of sp (layout=contiguous), or each segment to a multiple of 2 sp
// (layout=zigzag). sp_layout.h says what lies where.
//
// Inputs: hidden rows x [T, dim], input_ids, position_ids and labels [T], weights [T], cu_seqlens.
// Outputs: the same over `padded_cap` rows, and cu_seqlens_padded. A pad is pad_id, position -1,
// label -100, weight 0 and a row of zeros; so is slack of the padded row, which begins at
// cu_seqlens_padded[-1] and is there only when more rows were asked for than needed. Slack of the
// inputs is never read.
//
// Backward: dx [T, dim] of the tokens; what reached pads and slack is dropped. Slack of dx is zero.
//
// sp_split by cu_seqlens_padded, then sp_gather by both gives the tokens back as they were.
#include "cases/op_forms.h"

#include <string_view>

#include "cases/core/padded_layout.h"
#include "cases/forms/boundary_input.h"
#include "cases/seeded_bugs.h"
#include "cases/sp/sp_layout.h"

namespace packproof::cases {
namespace {

// 0, 1, 2, ... in each segment. Slack counts on, as if it were more of the last one.
std::vector<std::int64_t> position_ids_of(const Case& c) {
  std::vector<std::int64_t> ids;
  ids.reserve(static_cast<std::size_t>(c.capacity));
  if (!c.raw_cu_seqlens)
    for (const std::int64_t length : c.lengths)
      for (std::int64_t i = 0; i < length; ++i) ids.push_back(i);
  while (static_cast<std::int64_t>(ids.size()) < c.capacity)
    ids.push_back(ids.empty() ? 0 : ids.back() + 1);
  return ids;
}

Signature signature(const Case& c) {
  const Dim features{Axis::feature, c.integer("dim")};
  const Dims tokens = {{Axis::token, c.capacity}};
  const Dims rows = {{Axis::position, sp_padded_rows(c)}};
  if (c.direction == Direction::bwd)
    return {.inputs = {{.name = "dx_padded",
                        .dtype = c.dtype,
                        .dims = {rows[0], features},
                        .slack_rows = sp_pad_flags(c)},
                       cu_seqlens_input_of_any_dtype(c)},
            .outputs = {{.name = "dx",
                         .dtype = c.dtype,
                         .dims = {tokens[0], features},
                         .slack = Slack::zero,
                         .role = Role::gradient}}};

  const std::vector<std::int64_t> input_ids = generated_ids(c, packed_slack(c), 1);
  std::vector<std::int64_t> labels = input_ids;
  for (std::int64_t& label : labels) ++label;  // not the same: they must not be exchanged
  const auto ids = [&](const char* name, std::vector<std::int64_t> values) {
    return InputSpec{
        .name = name, .dtype = DType::int64, .dims = tokens, .values = std::move(values)};
  };
  const auto padded = [&](const char* name, DType dtype, const Dims& dims) {
    return OutputSpec{.name = name, .dtype = dtype, .dims = dims};
  };
  const auto boundaries = static_cast<std::int64_t>(sp_padded_boundaries(c).size());
  return {.inputs = {{.name = "x", .dtype = c.dtype, .dims = {tokens[0], features}},
                     ids("input_ids", input_ids),
                     ids("position_ids", position_ids_of(c)),
                     ids("labels", labels),
                     {.name = "weights", .dtype = DType::fp32, .dims = tokens},
                     cu_seqlens_input_of_any_dtype(c)},
          .outputs = {padded("x_padded", c.dtype, {rows[0], features}),
                      padded("input_ids_padded", DType::int64, rows),
                      padded("position_ids_padded", DType::int64, rows),
                      padded("labels_padded", DType::int64, rows),
                      padded("weights_padded", DType::fp32, rows),
                      padded("cu_seqlens_padded", DType::int32, {{Axis::boundary, boundaries}})}};
}

constexpr std::string_view kQuick[] = {
    "sp=1 len=5,3",
    "sp=2 len=5,2",
    "sp=2 len=5,3",  // no pads
    "sp=8 len=5,3,1 contract=C1",
    "sp=8 len=3",  // fewer tokens than ranks
    "sp=4 len=2,3 cap=14 contract=C8",
    "sp=4 len=3,0 cap=9 slack=inf contract=C8",
    "sp=4 len=2*0 cap=6 slack=huge contract=C8",
    "sp=4 len=0,0",
    "sp=4 len=5,1 padded_cap=32 pad_id=151643",
    "sp=1 layout=zigzag len=5,3",
    "sp=2 layout=zigzag len=5,3,4 pad_id=7 contract=C1",
    "sp=2 layout=zigzag len=8,4",  // no pads
    "sp=8 layout=zigzag len=1,17,15",
    "sp=4 layout=zigzag len=0,8,0,0,17,0 cap=27 contract=C8",
    "sp=4 layout=zigzag len=9,2 cap=13 padded_cap=40 slack=zero contract=C8",
    "sp=2 layout=zigzag len=3*0 cap=5 slack=inf contract=C8",
    // More segments than a block has threads, and more rows.
    "sp=2 layout=zigzag len=600*1 dim=1",
    "sp=2 layout=zigzag len=255*2,5,0,9 dim=2",
    "sp=3 len=500*1,11 dim=3 dtype=fp32",
    "sp=3 layout=zigzag len=7,18,11 dim=3 dtype=fp32",
    "sp=4 layout=zigzag len=15,9 fill=specials cap=26 contract=C8",
    "sp=2 len=9,6 fill=specials dtype=fp16 dim=4096",
};

constexpr std::string_view kRefused[] = {
    "sp=2 padded_cap=6 len=5,3 contract=C7 expect=refused",
    "sp=4 padded_cap=10 len=5,3 contract=C7 expect=refused",
    "sp=2 layout=zigzag padded_cap=8 len=5,3 contract=C7 expect=refused",
};

// Both directions make the same checks.
constexpr std::string_view kRefusedBackward[] = {
    "cu_seqlens=0,5,3,8 cap=8 contract=C7 expect=refused",
    "sp=2 layout=zigzag padded_cap=8 len=5,3 contract=C7 expect=refused",
};

constexpr std::string_view kFull[] = {
    "sp=8 len=gsm8k@32768 cap=32768 dim=128",
    "sp=8 layout=zigzag len=code@32768 cap=32768 dim=128",
    "sp=2 layout=zigzag len=65536*1 dim=8",
};

std::vector<std::string> quick() {
  return descriptors_of("sp_pad", {kQuick, kRefused, refused_boundaries()},
                        {kQuick, kRefusedBackward});
}

std::vector<std::string> full() { return descriptors_of("sp_pad", {kFull}, {kFull}); }

}  // namespace

OpForm sp_pad_form() {
  std::vector<FieldSpec> fields = sp_layout_fields();
  fields.push_back(sp_dim_field());
  fields.push_back(sp_padded_capacity_field());
  fields.push_back({.name = "pad_id",
                    .fallback = "0",
                    .help = "the input id of a pad",
                    .max = std::int64_t{1} << 31});
  fields.push_back(cu_dtype_field());
  return {
      .name = "sp_pad",
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields = std::move(fields),
      .contracts = {"C1", "C7", "C8", "C9"},
      .signature = signature,
      .descriptors = {.quick = quick, .full = full},
      .refusal = [](const Case& c, const Signature&) { return sp_padding_refusal(c); },
      .seeded_bugs = {seeded_veomni_845()},
  };
}

}  // namespace packproof::cases
