// sp_gather: from the shares of all ranks, [rows / sp, dim] each, to the tokens in packed order
// without pads, [T, dim] on every rank: what a loss may see. cu_seqlens are the tokens' boundaries,
// cu_seqlens_padded those of the row that was split (sp_layout.h). Slack of y is zero.
//
// Backward: every rank computed the same loss from its copy of y, so its copy of dy is the whole
// gradient already. Each rank takes its share of it; pads and slack get zero. Nothing is summed or
// scaled. ms-swift's GatherTensor does just this. Its GatherLoss also multiplies by the ranks, for
// an optimiser that takes the mean over them: that is left to the caller. A reduce_scatter, which
// is the gradient of an all_gather whose copies go different ways, would be sp times too large.
#include "cases/op_forms.h"

#include <string_view>

#include <fmt/format.h>

#include "cases/forms/boundary_input.h"
#include "cases/seeded_bugs.h"
#include "cases/sp/sp_layout.h"

namespace packproof::cases {
namespace {

// cu_seqlens_padded, wrong as the field `conflict` says.
std::vector<std::int64_t> padded_boundaries(const Case& c) {
  std::vector<std::int64_t> padded = sp_padded_boundaries(c);
  if (c.is("conflict", "unpadded")) return c.cu_seqlens();
  if (c.is("conflict", "segments")) padded.pop_back();
  if (c.is("conflict", "short")) {
    const std::int64_t step = c.is("layout", "zigzag") ? 2 * c.integer("sp") : 1;
    std::size_t s = 1;
    while (s + 1 < padded.size() && padded[s] < padded[s - 1] + step) ++s;
    if (s + 1 >= padded.size())
      throw CaseError("conflict=short needs a segment with tokens, and one behind it");
    padded[s] -= step;
  }
  return padded;
}

std::string refusal(const Case& c, const Signature&) {
  if (padded_boundaries(c) != sp_padded_boundaries(c)) return "conflict=" + c.word("conflict");
  const std::int64_t rows = sp_padded_rows(c), end = sp_padded_boundaries(c).back();
  if (c.is("layout", "zigzag") && rows > end)
    return fmt::format("{} padded rows, of which zigzag fills {}", rows, end);
  return sp_padding_refusal(c);
}

Signature signature(const Case& c) {
  const std::vector<std::int64_t> boundaries = padded_boundaries(c);
  const InputSpec padded = {
      .name = "cu_seqlens_padded",
      .dtype = DType::int32,
      .dims = {{Axis::boundary, static_cast<std::int64_t>(boundaries.size())}},
      .values = boundaries};
  const Dims shares = sp_share_dims(c, sp_padded_rows(c));
  const Dims tokens = {shares[0], {Axis::token, c.capacity}, {Axis::feature, c.integer("dim")}};
  if (c.direction == Direction::fwd)
    return {.inputs = {{.name = "x",
                        .dtype = c.dtype,
                        .dims = shares,
                        .slack_rows = sp_pad_flags_by_rank(c)},
                       cu_seqlens_input_of_any_dtype(c),
                       padded},
            .outputs = {{.name = "y", .dtype = c.dtype, .dims = tokens, .slack = Slack::zero}}};
  return {.inputs = {{.name = "dy", .dtype = c.dtype, .dims = tokens},
                     cu_seqlens_input_of_any_dtype(c),
                     padded},
          .outputs = {{.name = "dx", .dtype = c.dtype, .dims = shares, .role = Role::gradient}}};
}

constexpr std::string_view kQuick[] = {
    "sp=1 len=5,3",
    "sp=2 len=5,2",
    "sp=8 len=5,3 cap=9",
    "sp=4 len=2,19 cap=30 contract=C8",  // a segment over three shards, a shard of slack
    "sp=4 len=2*0 cap=8 slack=inf contract=C8",
    "sp=8 len=3",  // fewer tokens than ranks
    "sp=2 len=0,0",
    "sp=4 len=5,1 padded_cap=32 contract=C8",
    "sp=1 layout=zigzag len=5,3",
    "sp=2 layout=zigzag len=5,3",
    "sp=2 layout=zigzag len=8,4",  // no pads
    "sp=8 layout=zigzag len=1",
    "sp=8 layout=zigzag len=5,0,33,16 cap=60 contract=C8",
    "sp=4 layout=zigzag len=0,8,0,0,17,0 slack=huge contract=C8",
    "sp=2 layout=zigzag len=0,0",
    "sp=2 layout=zigzag len=20*1 dim=1",
    "sp=3 layout=zigzag len=7,18,11 dim=3 dtype=fp32",
    "sp=2 layout=zigzag len=1000,22 dim=4 dtype=fp16",
    "sp=4 layout=zigzag len=15,9 fill=specials slack=zero contract=C8",
    "sp=4 fill=specials dtype=fp32 len=9,6",
};

constexpr std::string_view kRefused[] = {
    // The padded boundaries of another pack or layout, and rows that no rank can hold.
    "sp=2 conflict=unpadded len=5,2 contract=C7 expect=refused",
    "sp=2 layout=zigzag conflict=unpadded len=5,3 contract=C7 expect=refused",
    "sp=2 conflict=short len=5,2 contract=C7 expect=refused",
    "sp=2 layout=zigzag conflict=short len=5,3 contract=C7 expect=refused",
    "sp=2 layout=zigzag conflict=segments len=5,3,0 contract=C7 expect=refused",
    "sp=2 layout=zigzag padded_cap=16 len=5,3 contract=C7 expect=refused",
    "sp=4 padded_cap=10 len=5,3 contract=C7 expect=refused",
};

// Both directions make the same checks.
constexpr std::string_view kRefusedBackward[] = {
    "cu_seqlens=0,5,3,8 cap=8 contract=C7 expect=refused",
    "sp=2 layout=zigzag conflict=unpadded len=5,3 contract=C7 expect=refused",
};

constexpr std::string_view kFull[] = {
    "sp=8 len=gsm8k@32768 cap=32768 dim=128",
    "sp=8 layout=zigzag len=code@32768 cap=32768 dim=128",
    "sp=2 layout=zigzag len=16384*3 dim=8",
};

std::vector<std::string> quick() {
  return descriptors_of("sp_gather", {kQuick, kRefused, refused_boundaries()},
                        {kQuick, kRefusedBackward});
}

std::vector<std::string> full() { return descriptors_of("sp_gather", {kFull}, {kFull}); }

}  // namespace

OpForm sp_gather_form() {
  std::vector<FieldSpec> fields = sp_layout_fields();
  fields.push_back(sp_dim_field());
  fields.push_back(sp_padded_capacity_field());
  fields.push_back(
      {.name = "conflict",
       .kind = FieldSpec::Kind::choice,
       .fallback = "none",
       .help = "cu_seqlens_padded is that of the tokens, cuts one, or lacks the last boundary",
       .choices = {"none", "unpadded", "short", "segments"}});
  fields.push_back(cu_dtype_field());
  return {
      .name = "sp_gather",
      .directions = {Direction::fwd, Direction::bwd},
      .dtypes = {DType::bf16, DType::fp16, DType::fp32},
      .fields = std::move(fields),
      .ranks = sp_ranks,
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = {.quick = quick, .full = full},
      .refusal = refusal,
      .seeded_bugs = {seeded_ms_swift_10182()},
  };
}

}  // namespace packproof::cases
