#include "cases/op_forms.h"

#include <string_view>

#include "cases/forms/boundary_input.h"

namespace packproof::cases {
namespace {

// Without the op's name, which every one begins with. Grouped by what each group is after.
constexpr std::string_view kQuick[] = {
    // Plain, one row.
    "len=1",
    "len=5,3",
    "len=3*1",
    "len=0,4,0,0,3,0",
    "len=0",
    "len=0 cap=5",
    "len=0 cap=5 pads=segment",
    "len=7,6 cap=19",
    "len=7,6 cap=19 pads=segment",
    "len=7,6 cap=13 pads=segment",
    "len=5,3 start=4",
    "len=10,3 start=4294967290",  // in 32 bits: -6 to -1, then 0
    "len=5,3,4 restart=7",
    // Around a tile of 1024 tokens, and boundaries on its edges.
    "len=1023",
    "len=1024",
    "len=1025",
    "len=1024,1024",
    "len=1023,2,1023",
    "len=1,2047,1",
    "len=1025*1",
    "len=3,2045 cap=2053 pads=segment",
    "len=1022 cap=2050 contract=C8",
    // Rows: every one counts, and each opens a segment.
    "rows=2 len=2,2",
    "rows=2 len=5,3,4,4 contract=C1",
    "rows=2 len=8",
    "rows=4 len=11,9 cap=20",
    "rows=8 len=16*1",
    "rows=3 len=7 cap=9",
    "rows=3 len=4 cap=9 pads=segment",
    "rows=2 len=4,3,5 cap=16 deal=whole pads=segment contract=C1",
    "rows=2 len=4,3,5 cap=16 deal=whole side=left pads=segment start=3 contract=C1",
    "rows=3 len=700,600,500 cap=2100 deal=whole pads=segment",
    // SP pads.
    "sp=4 len=5,4 contract=C1",
    "sp=4 len=5,4 pads=segment contract=C1",
    "sp=4 len=5,3 pads=segment contract=C1",
    "sp=8 len=1 pads=segment contract=C1",
    "sp=8 rows=2 len=5,4,3,2 pads=segment contract=C1",
    "sp=8 len=3*1 tail=zeros",
    "sp=8 len=5,6 tail=arange",
    // Mrope: image tokens share a temporal position, text after an image jumps.
    "form=mrope3 len=5,3",
    "form=mrope3 len=3*1",
    "form=mrope3 len=12,9,20 images=1",
    "form=mrope3 len=12,9,20 images=1 lead=0",
    "form=mrope3 len=23,8,16 images=2 lead=2",
    "form=mrope3 len=6,5 restart=2",
    "form=mrope3 len=4,6 restart=4294967295",
    "form=mrope3 rows=2 len=9,11 images=1 lead=3",
    "form=mrope3 rows=2 len=6,8,9 cap=32 deal=whole side=left pads=segment start=2 images=1",
    "form=mrope3 sp=8 len=13,8 images=1 pads=segment contract=C1",
    "form=mrope3 len=340,1,683,1025 images=3",
    "form=mrope4 len=12,9,20 images=1",
    "form=mrope4 len=3*1",
    "form=mrope4 rows=2 len=9,12 cap=24 images=1 lead=0",
    "form=mrope4 sp=4 len=13,8 images=1 pads=segment contract=C1",
    // A supplied cu_seqlens wins.
    "supplied=present len=5,3 contract=C1",
    "supplied=present len=0,4,0,0,3,0 contract=C1",
    "supplied=present len=1,0,0,1,4 contract=C1",  // empty ones within a thread's four tokens
    "supplied=present len=5,3 cap=10 contract=C1",
    "supplied=present len=5,3 cap=12 tail=zeros contract=C1",
    "supplied=present len=5,3 cap=12 tail=arange contract=C1",
    "supplied=present len=5,3 cap=12 tail=arange pads=segment contract=C1",
    "supplied=present len=5,3 pads=segment contract=C1",
    "supplied=present sp=4 len=5,3 pads=segment contract=C1",
    "supplied=present sp=8 len=5,6 pads=segment contract=C1",
    "supplied=present rows=2 len=4,3,5 cap=16 deal=whole pads=segment contract=C1",
    "supplied=present form=mrope3 sp=8 len=12,9 images=1 tail=arange contract=C1",
    "supplied=present form=mrope4 len=12,9 cap=24 tail=zeros contract=C1",
    "supplied=present len=1000,0,1100 cap=2200 tail=zeros contract=C1",
    "supplied=present len=0 cap=4 pads=segment contract=C1",
    // Refused: pads that cannot be represented, and disagreement.
    "rows=2 len=5,4 cap=12 deal=whole contract=C1 expect=refused",
    "rows=2 sp=4 len=3,3 contract=C1 expect=refused",
    "side=left len=5 cap=8 contract=C1 expect=refused",
    "conflict=negative len=5,3 contract=C1 expect=refused",
    "supplied=present conflict=missing len=5,3 contract=C1 expect=refused",
    "supplied=present conflict=missing len=1030,3 contract=C1 expect=refused",
    "supplied=present conflict=extra len=5,3 contract=C1 expect=refused",
    "supplied=present conflict=pad len=5,3 cap=10 contract=C1 expect=refused",
    "supplied=present conflict=pad len=5,3 cap=10 pads=segment contract=C1 expect=refused",
    "supplied=present rows=2 len=5,4 cap=12 deal=whole contract=C1 expect=refused",
    "supplied=present cu_seqlens=0,5,3,8 cap=8 contract=C7 expect=refused",
    "supplied=present cu_seqlens=1,5,8 cap=8 contract=C7 expect=refused",
    "supplied=present cu_seqlens=0,5,9 cap=8 contract=C7 expect=refused",
    "supplied=present cu_dtype=int64 len=5,3 contract=C7 expect=refused",
    "supplied=present len=1,3*0 contract=C7 expect=refused",
};

constexpr std::string_view kFull[] = {
    "len=gsm8k@32768 cap=32768",
    "len=gsm8k@32768 cap=32768 pads=segment",
    "len=code@32768 cap=32768 pads=segment",
    "len=gsm8k@32768 cap=32768 supplied=present tail=zeros",
    "len=gsm8k@32768 cap=32768 form=mrope3 images=2 pads=segment",
    "len=gsm8k@32768 cap=32768 rows=8 form=mrope4 images=1",
    "len=65536*1",
    "len=65536 rows=8",
    "len=300000 cap=300001 sp=8 pads=segment",
};

constexpr std::string_view kNightly[] = {
    "len=gsm8k@1048576 cap=1048576 pads=segment",
    "len=1000000*1",
};

std::vector<std::string> quick() {
  constexpr std::string_view op = "cu_seqlens_from_position_ids";
  return descriptors_of(op, {kQuick});
}

std::vector<std::string> full() {
  constexpr std::string_view op = "cu_seqlens_from_position_ids";
  return descriptors_of(op, {kFull});
}

std::vector<std::string> nightly() {
  constexpr std::string_view op = "cu_seqlens_from_position_ids";
  return descriptors_of(op, {kNightly});
}

}  // namespace

CasesByTier cu_seqlens_from_position_ids_cases() {
  return {.quick = quick, .full = full, .nightly = nightly};
}

}  // namespace packproof::cases
