// cu_seqlens_from_position_ids: the boundaries of packed segments, as varlen kernels want them,
// from the position_ids that a collator hands over.
#include "cases/op_forms.h"

#include <algorithm>

#include <fmt/format.h>

#include "cases/language/cu_seqlens_fault.h"
#include "cases/layout/cu_seqlens_from_position_ids/due_refusal_of_positions.h"
#include "cases/layout/cu_seqlens_from_position_ids/packed_rows.h"
#include "cases/seeded_bugs.h"

namespace packproof::cases {
namespace {

constexpr std::int64_t kLargestPosition = std::int64_t{1} << 40;  // positions are int64

std::vector<FieldSpec> fields() {
  using Kind = FieldSpec::Kind;
  return {
      {.name = "form",
       .kind = Kind::choice,
       .fallback = "plain",
       .help = "position_ids as [rows, T], [3, rows, T], or [4, rows, T] with text positions first",
       .choices = {"plain", "mrope3", "mrope4"}},
      {.name = "rows",
       .fallback = "1",
       .help = "rows of the batch, cap / rows tokens each",
       .min = 1,
       .max = 8},
      {.name = "deal",
       .kind = Kind::choice,
       .fallback = "cut",
       .help = "a segment that overruns its row is cut, or starts the next row whole",
       .choices = {"cut", "whole"}},
      {.name = "side",
       .kind = Kind::choice,
       .fallback = "right",
       .help = "where the pads of a row stand",
       .choices = {"right", "left"}},
      {.name = "sp",
       .fallback = "1",
       .help = "world: each row is padded to a multiple of it",
       .min = 1,
       .max = 64},
      {.name = "start",
       .fallback = "0",
       .help = "first position of a segment that begins a row",
       .min = 0,
       .max = kLargestPosition},
      {.name = "restart",
       .fallback = "0",
       .help = "first position of every other segment",
       .min = 0,
       .max = kLargestPosition},
      {.name = "images",
       .fallback = "0",
       .help = "2x3 images in each segment that has room (mrope)",
       .min = 0,
       .max = 3},
      {.name = "lead",
       .fallback = "1",
       .help = "text tokens before the first image",
       .min = 0,
       .max = 8},
      {.name = "pads",
       .kind = Kind::choice,
       .fallback = "none",
       .help = "a run of pads owns no segment, or one of its own",
       .choices = {"none", "segment"}},
      {.name = "supplied",
       .kind = Kind::choice,
       .fallback = "absent",
       .help = "a cu_seq_lens_q beside position_ids, which wins",
       .choices = {"absent", "present"}},
      {.name = "tail",
       .kind = Kind::choice,
       .fallback = "pads",
       .help = "position_ids beyond the last token: -1, 0,0,0, or counting on",
       .choices = {"pads", "zeros", "arange"}},
      {.name = "conflict",
       .kind = Kind::choice,
       .fallback = "none",
       .help =
           "cu_seq_lens_q lacks a boundary, has one too many, claims a pad; a position below -1",
       .choices = {"none", "missing", "extra", "pad", "negative"}},
      {.name = "cu_dtype",
       .kind = Kind::choice,
       .fallback = "int32",
       .help = "dtype of cu_seq_lens_q; int64 is refused",
       .choices = {"int32", "int64"},
       .refused = {"int64"}},
  };
}

[[noreturn]] void contradiction(const Case& c, std::string_view why) {
  throw CaseError(fmt::format("conflict={}: {}", c.word("conflict"), why));
}

void break_boundaries(const Case& c, const PackedRows& layout,
                      std::vector<std::int64_t>& boundaries) {
  if (c.is("conflict", "missing")) {
    const auto inner = std::find_if(
        boundaries.begin(), boundaries.end(),
        [&](std::int64_t boundary) { return boundary > 0 && boundary < boundaries.back(); });
    if (inner == boundaries.end()) contradiction(c, "needs two segments that are not empty");
    const std::int64_t dropped = *inner;
    std::erase(boundaries, dropped);
  } else if (c.is("conflict", "extra")) {
    const auto first = std::find_if(boundaries.begin(), boundaries.end(),
                                    [](std::int64_t boundary) { return boundary > 0; });
    if (first == boundaries.end() || *first < 2)
      contradiction(c, "needs a first segment of two tokens");
    boundaries.insert(first, *first - 1);
  } else if (c.is("conflict", "pad")) {
    if (boundaries.back() == layout.tokens()) contradiction(c, "needs pads at the end");
    boundaries.back() = layout.tokens();
  }
}

Signature signature(const Case& c) {
  const bool supplied = c.is("supplied", "present");
  if (!supplied && (c.raw_cu_seqlens || !c.is("cu_dtype", "int32")))
    throw CaseError("cu_seqlens= and cu_dtype= describe cu_seq_lens_q: they need supplied=present");
  if (!supplied && !c.is("conflict", "none") && !c.is("conflict", "negative"))
    contradiction(c, "needs supplied=present");
  if (c.is("form", "plain") && c.integer("images") > 0)
    throw CaseError("images= needs form=mrope3 or form=mrope4: plain positions cannot show them");

  const PackedRows layout = deal_rows(c);
  const std::int64_t tokens = layout.tokens();
  std::vector<std::int64_t> ids = position_ids_of(layout, c);
  if (c.is("conflict", "negative")) {
    if (c.valid_tokens() == 0) contradiction(c, "needs a token");
    const std::int64_t last = supplied_boundaries(layout).back() - 1;
    for (std::int64_t k = 0; k < components_of(c); ++k)
      ids[static_cast<std::size_t>(k * tokens + last)] = -2;
  }

  Dims dims = {{Axis::batch, layout.rows}, {Axis::position, layout.row_tokens}};
  if (components_of(c) > 1) dims.insert(dims.begin(), {Axis::entry, components_of(c)});
  Signature signature{
      .inputs = {{.name = "position_ids", .dtype = DType::int64, .dims = dims, .values = ids}},
      // Entry i is where segment i begins; entry num_segments is the end. Boundaries belong to no
      // single segment, so all of this is judged by entry.
      .outputs = {
          {.name = "cu_seqlens", .dtype = DType::int32, .dims = {{Axis::boundary, tokens + 1}}},
          {.name = "num_segments", .dtype = DType::int32, .dims = {{Axis::entry, 1}}},
          {.name = "max_seqlen", .dtype = DType::int32, .dims = {{Axis::entry, 1}}},
          {.name = "valid_tokens", .dtype = DType::int32, .dims = {{Axis::entry, 1}}}}};
  if (supplied) {
    std::vector<std::int64_t> boundaries =
        c.raw_cu_seqlens ? *c.raw_cu_seqlens : supplied_boundaries(layout);
    break_boundaries(c, layout, boundaries);
    if (c.raw_cu_seqlens && !find_fault(boundaries, tokens))
      throw CaseError(
          fmt::format("this cu_seqlens is valid for the {} tokens that sp= makes of the "
                      "rows: break it for those",
                      tokens));
    signature.inputs.push_back(
        {.name = "cu_seq_lens_q",
         .dtype = *dtype_named(c.word("cu_dtype")),
         .dims = {{Axis::boundary, static_cast<std::int64_t>(boundaries.size())}},
         .values = boundaries});
  }
  return signature;
}

}  // namespace

OpForm cu_seqlens_from_position_ids_form() {
  return {.name = "cu_seqlens_from_position_ids",
          .directions = {Direction::fwd},
          .dtypes = {},
          .fields = fields(),
          .contracts = {"C1", "C7", "C8", "C9"},
          .signature = signature,
          .descriptors = cu_seqlens_from_position_ids_cases(),
          .refusal = due_refusal_of_positions,
          .seeded_bugs = {seeded_twinkle_186_a(), seeded_torchtitan_3892(), seeded_areal_1103(),
                          seeded_ms_swift_9904()}};
}

}  // namespace packproof::cases
