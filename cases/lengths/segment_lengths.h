// The `len=` shorthand: how segment lengths are written in descriptors and case files.
//
//   lengths := item (("," | "+") item)*
//   item    := N                 one segment of N tokens; 0 is an empty segment
//            | COUNT*N           COUNT segments of N tokens
//            | WORKLOAD@TOKENS   real lengths in order, until the next would not fit in TOKENS
//            | uniform(COUNT,MIN,MAX,SEED)   each length even between MIN and MAX, both included
//            | longtail(TOTAL,SEED)          many short, a few long, TOTAL tokens in all
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/core/case_text.h"

namespace packproof {

// cu_seqlens is int32.
inline constexpr std::int64_t kMaxTokens = 2147483647;
inline constexpr std::int64_t kMaxSegments = 1'000'000;

// At least one length. Throws CaseError with the place of the first fault: an item that is not in
// the grammar, more than kMaxTokens tokens or kMaxSegments segments in all.
std::vector<std::int64_t> parse_lengths(std::string_view text, const TextPlace& place = {});

// The canonical form, such that parse_lengths gives `lengths` back: a whole pack of a workload by
// its name ("gsm8k@32768"; of the token limits that give it, the roundest in binary), else runs
// ("32*128,8192"). `lengths` must not be empty.
std::string format_lengths(std::span<const std::int64_t> lengths);

// Throws CaseError unless there are 1 to kMaxSegments lengths, none negative, with at most
// kMaxTokens tokens in all.
void check_lengths(std::span<const std::int64_t> lengths, const TextPlace& place);

}  // namespace packproof
