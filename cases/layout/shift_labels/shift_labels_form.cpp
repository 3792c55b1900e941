// shift_labels: the label that each token is to predict, that of the next token of its segment.
// -100, which a loss ignores, at each segment's end, in slack, and on both sides of a pad.
#include "cases/op_forms.h"

#include <algorithm>
#include <string_view>

#include "cases/core/padded_layout.h"
#include "cases/forms/boundary_input.h"

namespace packproof::cases {
namespace {

constexpr std::int64_t kIgnored = -100;

// The first `prompt` tokens of each segment are not to be learned; pads keep labels, as a collator
// that forgot them would leave them: position_ids alone must do.
std::vector<std::int64_t> labels_of(const Case& c) {
  std::vector<std::int64_t> labels = generated_ids(c, packed_slack(c), 1);
  if (c.raw_cu_seqlens) return labels;
  std::int64_t start = 0;
  for (const std::int64_t length : c.lengths) {
    std::fill_n(labels.begin() + start, std::min(c.integer("prompt"), length), kIgnored);
    start += length;
  }
  return labels;
}

// 0, 1, 2, ... in each segment, -1 in its last or first `pads` tokens; slack counts on, as if it
// were more tokens.
std::vector<std::int64_t> position_ids_of(const Case& c) {
  std::vector<std::int64_t> ids;
  ids.reserve(static_cast<std::size_t>(c.capacity));
  if (!c.raw_cu_seqlens)
    for (const std::int64_t length : c.lengths)
      for (std::int64_t i = 0; i < length; ++i) {
        const std::int64_t from_side = c.is("side", "left") ? i : length - 1 - i;
        ids.push_back(from_side < c.integer("pads") ? -1 : i);
      }
  while (static_cast<std::int64_t>(ids.size()) < c.capacity)
    ids.push_back(static_cast<std::int64_t>(ids.size()));
  return ids;
}

Signature signature(const Case& c) {
  if (c.is("positions", "absent") && c.integer("pads") > 0)
    throw CaseError("pads= are what position_ids say: they need positions=present");
  const Dims tokens = {{Axis::token, c.capacity}};
  Signature s{
      .inputs = {{.name = "labels", .dtype = DType::int64, .dims = tokens, .values = labels_of(c)},
                 cu_seqlens_input_of_any_dtype(c)},
      // -100 in slack is part of the op's definition, so slack is judged like any other element.
      .outputs = {{.name = "shifted", .dtype = DType::int64, .dims = tokens}}};
  if (c.is("positions", "present"))
    s.inputs.push_back({.name = "position_ids",
                        .dtype = DType::int64,
                        .dims = tokens,
                        .values = position_ids_of(c)});
  return s;
}

constexpr std::string_view kQuick[] = {
    "len=5,3",
    "len=1",
    "len=2",
    "len=9*1",
    "len=0,4,0,0,3,0",
    "len=2*0",
    "len=0 cap=5 contract=C8",
    "len=7,6 cap=19 contract=C8",
    "len=3,0 cap=8 slack=zero contract=C8",
    "len=3,4 cap=8 positions=present contract=C8",
    // Labels that are ignored are moved like any other: the last of a prompt learns.
    "len=6,2,5 prompt=2",
    "len=6,2,5 prompt=9",
    // Pads behind the tokens of each segment, which may hold nothing else.
    "len=5,3 positions=present",
    "len=8,4,4 pads=1 positions=present",
    "len=8,4,0,1,2 pads=2 prompt=1 positions=present cap=17 contract=C8",
    "len=3,8,2 pads=3 positions=present",
    "len=3,8,2 pads=2 side=left positions=present",
    // A thread's two tokens, and a block's 512, with boundaries on and beside their edges.
    "len=1,2,3,2,1",
    "len=511,2,512 cap=1026",
    "len=512,0,513 pads=1 positions=present",
    "len=600*1,3",
};

constexpr std::string_view kFull[] = {
    "len=gsm8k@32768 cap=32768",
    "len=code@32768 cap=32768 prompt=7",
    "len=65536*1 cap=65537",
};

std::vector<std::string> quick() {
  return descriptors_of("shift_labels", {kQuick, refused_boundaries()});
}

std::vector<std::string> full() { return descriptors_of("shift_labels", {kFull}); }

}  // namespace

OpForm shift_labels_form() {
  return {
      .name = "shift_labels",
      .directions = {Direction::fwd},
      .dtypes = {},
      .fields = {{.name = "prompt",
                  .fallback = "0",
                  .help = "leading tokens of each segment whose label is -100",
                  .max = 4096},
                 {.name = "positions",
                  .kind = FieldSpec::Kind::choice,
                  .fallback = "absent",
                  .help = "whether position_ids are given, -1 on a pad",
                  .choices = {"absent", "present"}},
                 {.name = "pads",
                  .fallback = "0",
                  .help = "tokens of each segment that are pads, by position_ids alone",
                  .max = 4096},
                 {.name = "side",
                  .kind = FieldSpec::Kind::choice,
                  .fallback = "right",
                  .help = "where the pads of a segment stand",
                  .choices = {"right", "left"}},
                 cu_dtype_field()},
      .reach = Reach::window,
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = {.quick = quick, .full = full},
  };
}

}  // namespace packproof::cases
