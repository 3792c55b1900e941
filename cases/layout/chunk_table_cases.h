// Cases that the two tables per chunk, chunk_indices and chunk_offsets, share.
#pragma once

#include <span>
#include <string_view>

namespace packproof {

// Texts for descriptors_of of the quick and of the full tier: lengths around a chunk, chunks of
// one token and of more than all, empty segments, slack, segments around a scan's tile of 1024.
std::span<const std::string_view> quick_chunk_tables();
std::span<const std::string_view> full_chunk_tables();

}  // namespace packproof
