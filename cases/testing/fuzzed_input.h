// What libFuzzer's custom mutators share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace packproof {

// Replaces the input by `text`, where it fits.
inline std::size_t replace_input(std::uint8_t* data, std::size_t size, std::size_t most,
                                 std::string_view text) {
  if (text.size() > most) return size;
  std::memcpy(data, text.data(), text.size());
  return text.size();
}

}  // namespace packproof
