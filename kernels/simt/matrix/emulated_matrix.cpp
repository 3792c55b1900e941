#include "kernels/simt/matrix/emulated_matrix.h"

#include "kernels/simt/api/runtime_calls.h"
#include "kernels/simt/api/thread_coordinates.h"
#include "kernels/simt/block/emulated_access.h"
#include "kernels/simt/block/memory_events.h"

namespace packproof::simt::detail {
namespace {

constexpr int kRows = 8;  // of an 8x8 matrix; 16 bytes each
constexpr size_t kRowBytes = 16;

struct MatrixArgument {
  const MatrixAccess* access;
  uint16_t* row;
  uint32_t* fragment;
  const SourceSite* site;
};

// PTX ISA, "ldmatrix" and "stmatrix", the figures of fragments: in each matrix, lane l holds
// elements (l / 4, 2 (l % 4)) and the next of the row; transposed, (2 (l % 4), l / 4) and the next
// of the column. Calls move(element in memory, fragment, bit at which it lies in that).
template <class Move>
void for_each_element(void* const* lanes, const MatrixAccess& access, Move move) {
  for (int matrix = 0; matrix < access.matrices; ++matrix) {
    uint16_t* rows[kRows];
    for (int row = 0; row < kRows; ++row) {
      rows[row] = static_cast<const MatrixArgument*>(lanes[kRows * matrix + row])->row;
    }
    for (int lane = 0; lane < warpSize; ++lane) {
      uint32_t& fragment = static_cast<const MatrixArgument*>(lanes[lane])->fragment[matrix];
      const int across = lane / 4;
      const int along = lane % 4 * 2;
      for (int i = 0; i < 2; ++i) {
        uint16_t& element = access.transposed ? rows[along + i][across] : rows[across][along + i];
        move(element, fragment, 16 * i);
      }
    }
  }
}

const MatrixAccess& checked_access(void* const* lanes, uint32_t participants) {
  const auto& any = *static_cast<const MatrixArgument*>(lanes[__builtin_ctz(participants)]);
  require_all_lanes(participants, any.access->instruction, *any.site);
  return *any.access;
}

void combine_load(void* const* lanes, uint32_t participants) {
  for_each_element(lanes, checked_access(lanes, participants),
                   [](const uint16_t& element, uint32_t& fragment, int bit) {
                     const uint32_t others = bit == 0 ? 0 : fragment;
                     fragment = others | static_cast<uint32_t>(element) << bit;
                   });
}

void combine_store(void* const* lanes, uint32_t participants) {
  for_each_element(lanes, checked_access(lanes, participants),
                   [](uint16_t& element, const uint32_t& fragment, int bit) {
                     element = static_cast<uint16_t>(fragment >> bit);
                   });
}

// Whether the running lane's address counts; then it has been checked.
bool has_row(const MatrixAccess& access, const void* row, const SourceSite& site) {
  if (static_cast<int>(current_lane) >= kRows * access.matrices) return false;
  check_shared(row, kRowBytes, kRowBytes, access.instruction, site);
  return true;
}

}  // namespace

void require_all_lanes(uint32_t participants, const char* instruction, const SourceSite& site) {
  if (participants == kFullMask) return;
  fail_thread(site, "%s needs all 32 lanes of a warp; lanes 0x%08x have exited or do not exist",
              instruction, ~participants);
}

void load_matrices(const MatrixAccess& access, const void* row, uint32_t* fragment,
                   const SourceSite& site) {
  if (has_row(access, row, site)) note_read(row, kRowBytes, site);
  // Loads share the argument with stores; they only read through it.
  MatrixArgument argument{&access, static_cast<uint16_t*>(const_cast<void*>(row)), fragment, &site};
  meet_warp(kFullMask, access.instruction, &argument, combine_load, site);
}

void store_matrices(const MatrixAccess& access, void* row, const uint32_t* fragment,
                    const SourceSite& site) {
  if (has_row(access, row, site)) note_write(row, kRowBytes, site);
  MatrixArgument argument{&access, static_cast<uint16_t*>(row), const_cast<uint32_t*>(fragment),
                          &site};
  meet_warp(kFullMask, access.instruction, &argument, combine_store, site);
}

}  // namespace packproof::simt::detail
