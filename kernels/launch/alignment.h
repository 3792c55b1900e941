// Whether memory lies where accesses of several elements may go.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace packproof {

// Whether all places are multiples of `bytes`; null pointers are.
inline bool all_aligned(std::initializer_list<const void*> places, std::size_t bytes) {
  return std::all_of(places.begin(), places.end(), [bytes](const void* place) {
    return reinterpret_cast<std::uintptr_t>(place) % bytes == 0;
  });
}

}  // namespace packproof
