#include "cases/chunk_indices/chunk_indices_form.h"

#include <string_view>

namespace packproof::cases {
namespace {

Signature signature(const Case& c) {
  // The number of chunks depends on the data; the table has room for any cu_seqlens of this many
  // tokens and segments. Rows beyond the last chunk hold -1 by definition, and are judged like any.
  const std::int64_t capacity = c.capacity / c.integer("chunk") + c.segments();
  return {.inputs = {{.name = "cu_seqlens",
                      .dtype = *dtype_named(c.word("cu_dtype")),
                      .dims = {{Axis::boundary, c.segments() + 1}},
                      .values = c.cu_seqlens()}},
          .outputs = {{.name = "chunk_indices",
                       .dtype = DType::int32,
                       .dims = {{Axis::entry, capacity}, {Axis::feature, 2}}},
                      {.name = "num_chunks", .dtype = DType::int32, .dims = {{Axis::entry, 1}}}}};
}

// Without the op's name, which every one begins with. Lengths around a chunk, around a thread's two
// rows and a block's 512; segments around a scan's tile of 1024.
constexpr std::string_view kQuick[] = {
    "len=1",
    "len=64",
    "len=65",
    "len=63,64,65,128,1",
    "len=0,70,0,0,3,0",
    "len=2*0",
    "len=0 cap=5",
    "len=100,30 cap=400 contract=C8",
    "chunk=1 len=5,0,3",
    "chunk=3 len=3*7,1",
    "chunk=16 len=15,17,16,0,33 cap=90 contract=C8",
    "chunk=128 len=127,1,129,512",
    "chunk=65536 len=5,3",
    "chunk=1 len=513",
    "chunk=2 len=1023*3",
    "chunk=8 len=1024*9 cap=10000",
    "chunk=64 len=1024*1,0,65,1023*0,2",
    "cu_seqlens=0,5,3,8 cap=8 contract=C7 expect=refused",
    "cu_seqlens=1,5,8 cap=8 contract=C7 expect=refused",
    "cu_seqlens=0,5,9 cap=8 contract=C7 expect=refused",
    "len=5,3 cu_dtype=int64 contract=C7 expect=refused",
};

constexpr std::string_view kFull[] = {
    "len=gsm8k@32768 cap=32768",
    "len=code@32768 cap=32768",
    "chunk=16 len=code@32768 cap=32768",
    "chunk=1 len=65536",
    "len=65536*1",
    "len=300000*1",
};

std::vector<std::string> descriptors(Tier tier) {
  std::vector<std::string> made;
  const auto add = [&](const auto& texts) {
    for (std::string_view text : texts)
      made.push_back("chunk_indices " + std::string(text) + " seed=1");
  };
  switch (tier) {
    case Tier::quick:
      add(kQuick);
      break;
    case Tier::full:
      add(kFull);
      break;
    case Tier::nightly:
      break;
  }
  return made;
}

}  // namespace

OpForm chunk_indices_form() {
  return {
      .name = "chunk_indices",
      .directions = {Direction::fwd},
      .dtypes = {},
      .fields =
          {{.name = "chunk", .fallback = "64", .help = "tokens a chunk", .min = 1, .max = 65536},
           {.name = "cu_dtype",
            .kind = FieldSpec::Kind::choice,
            .fallback = "int32",
            .help = "dtype of cu_seqlens; int64 is refused",
            .choices = {"int32", "int64"}}},
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = descriptors};
}

}  // namespace packproof::cases
