// Where the bytes of a bulk or tensor copy lie (PTX ISA, "Tensors": "Tiled mode", "Swizzling
// modes"). Host only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace packproof::simt::detail {

constexpr int kMaxTensorRank = 5;

// A tensor map on the host, in the role of CUtensorMap. Dimensions are innermost first.
struct alignas(64) HostTensorMap {
  static constexpr uint32_t kMark = 0x70616d74;

  uint32_t mark = 0;  // kMark, unless it is something else
  uint8_t rank = 0;
  uint8_t element_bytes = 0;
  uint16_t swizzle_bytes = 0;  // 32, 64 or 128; 0 for none
  unsigned char* global = nullptr;
  std::array<uint64_t, kMaxTensorRank> size{};          // elements
  std::array<uint64_t, kMaxTensorRank> stride_bytes{};  // [0] is element_bytes
  std::array<uint32_t, kMaxTensorRank> box{};           // elements, 1 to 256

  size_t box_row_bytes() const { return size_t{box[0]} * element_bytes; }
  size_t box_bytes() const {
    size_t bytes = element_bytes;
    for (int i = 0; i < rank; ++i) bytes *= box[static_cast<size_t>(i)];
    return bytes;
  }
};

// The 16-byte chunks of a row of swizzle_bytes change places by the address's bits from 7 on; the
// pattern repeats every 8 * swizzle_bytes. `address` is in the shared window.
constexpr uint32_t swizzled_address(uint32_t address, uint32_t swizzle_bytes) {
  const uint32_t chunks = swizzle_bytes == 0 ? 0 : swizzle_bytes / 16 - 1;
  return address ^ (address >> 7 & chunks) << 4;
}

// A run of bytes that a copy moves: in one row, and with a swizzle in one chunk.
struct TensorPiece {
  uint32_t box_offset;    // in the box, row by row
  unsigned char* global;  // null outside the tensor
  uint32_t bytes;
};

// A box of a tensor: what one copy moves.
class TensorBox {
 public:
  // `coordinates` of the box's first element: elements, any sign, innermost first.
  TensorBox(const HostTensorMap& map, const std::array<int32_t, kMaxTensorRank>& coordinates)
      : map_(map), coordinates_(coordinates) {}
  // A plain run of bytes.
  TensorBox(void* global, uint32_t bytes);

  size_t bytes() const { return map_.box_bytes(); }
  uint32_t swizzle_bytes() const { return map_.swizzle_bytes; }

  template <class Visit>
  void for_each_piece(Visit visit) const {
    const auto row_bytes = static_cast<uint32_t>(map_.box_row_bytes());
    const uint32_t rows = static_cast<uint32_t>(bytes()) / row_bytes;
    for (uint32_t row = 0; row < rows; ++row) {
      const Row place = place_of(row);
      for (uint32_t begin = 0; begin < row_bytes;) {
        const bool inside = begin >= place.begin && begin < place.end;
        uint32_t end = inside ? place.end : begin < place.begin ? place.begin : row_bytes;
        if (map_.swizzle_bytes != 0 && end > begin / 16 * 16 + 16) end = begin / 16 * 16 + 16;
        visit(TensorPiece{row * row_bytes + begin, inside ? place.global + begin : nullptr,
                          end - begin});
        begin = end;
      }
    }
  }

 private:
  struct Row {
    unsigned char* global;  // of the row's first byte, which may lie outside
    uint32_t begin, end;    // the bytes of the row that lie in the tensor
  };
  Row place_of(uint32_t row) const;

  HostTensorMap map_;
  std::array<int32_t, kMaxTensorRank> coordinates_;
};

}  // namespace packproof::simt::detail
