// The registers and shared memory that wgmma reads and writes.
#include <algorithm>
#include <bit>
#include <cstring>

#include "kernels/simt/block/block.h"
#include "kernels/simt/block/emulated_access.h"
#include "kernels/simt/matrix/warpgroup_products.h"

namespace packproof::simt::detail {
namespace {

constexpr uint32_t kPoisonWord = 0xffffffffu;

// Calls visit(register, row, column) for each of a lane's accumulators (PTX ISA, "Matrix fragments
// for wgmma.mma_async.m64nNk16": matrix D).
template <class Visit>
void for_each_accumulator(uint32_t lane, uint32_t columns, Visit visit) {
  for (uint32_t i = 0; i < columns / 2; ++i) {
    visit(i, lane / 4 + i / 2 % 2 * 8, i / 4 * 8 + lane % 4 * 2 + i % 2);
  }
}

bool is_poison(const float* registers, uint32_t count) {
  return std::all_of(registers, registers + count, [](const float& value) {
    return std::bit_cast<uint32_t>(value) == kPoisonWord;
  });
}

}  // namespace

std::shared_ptr<WarpgroupProducts::Accumulators> WarpgroupProducts::accumulators_for(
    WarpState& warp, void* const* lanes) {
  const LaneArgument& first = LaneArgument::of(lanes, 0);
  const uint32_t columns = first.product.columns;
  auto fresh = std::make_shared<Accumulators>();
  fresh->columns = columns;
  for (uint32_t lane = 0; lane < kLanes; ++lane) {
    fresh->registers[lane] = LaneArgument::of(lanes, lane).product.accumulators;
  }
  const float* const begin = fresh->registers[0];
  for (const auto& known : warp.pending) {
    if (begin + columns / 2 <= known->registers[0] ||
        begin >= known->registers[0] + known->columns / 2) {
      continue;
    }
    if (known->registers != fresh->registers || known->columns != columns) {
      fail_thread(first.site, "wgmma on accumulators that a pending wgmma uses with another shape");
    }
    for (uint32_t lane = 0; lane < kLanes; ++lane) {
      if (is_poison(known->registers[lane], columns / 2)) continue;
      fail_thread(first.site,
                  "accumulators of lane %u of warp %u are written while a wgmma on them "
                  "is pending",
                  lane, first.warp);
    }
    ++known->pending;
    return known;
  }
  fresh->values.resize(size_t{kRows} * columns);
  for (uint32_t lane = 0; lane < kLanes; ++lane) {
    for_each_accumulator(lane, columns, [&](uint32_t i, uint32_t row, uint32_t column) {
      fresh->values[row * columns + column] = fresh->registers[lane][i];
    });
  }
  for (const auto& known : warp.returned) {
    if (!first.product.accumulates || known->registers != fresh->registers ||
        known->columns != columns) {
      continue;
    }
    if (std::memcmp(known->values.data(), fresh->values.data(), known->values.size() * 4) != 0) {
      fail_thread(first.site,
                  "accumulators of warp %u were written since the last wgmma.wait_group, "
                  "without a wgmma.fence before this wgmma",
                  first.warp);
    }
  }
  for (float* registers : fresh->registers) std::memset(registers, kPoisonByte, columns / 2 * 4);
  fresh->pending = 1;
  warp.pending.push_back(fresh);
  return fresh;
}

void WarpgroupProducts::check_fragments(WarpState& warp, void* const* lanes) {
  for (uint32_t lane = 0; lane < kLanes; ++lane) {
    const LaneArgument& own = LaneArgument::of(lanes, lane);
    Fragment fragment{own.product.a_fragment, {}};
    std::memcpy(fragment.values.data(), fragment.registers, sizeof(fragment.values));
    const auto known =
        std::find_if(warp.fragments.begin(), warp.fragments.end(),
                     [&](const Fragment& other) { return other.registers == fragment.registers; });
    if (known == warp.fragments.end()) {
      warp.fragments.push_back(fragment);
    } else if (known->values != fragment.values) {
      fail_thread(own.site,
                  "the fragment of A of lane %u of warp %u was written since the last "
                  "wgmma that reads it, without a wgmma.fence before this wgmma",
                  lane, own.warp);
    }
  }
}

void WarpgroupProducts::read_operands(Product& product, uint32_t warp) {
  const WarpgroupProduct& what = product.what;
  const uint32_t depth = depth_of(what.format);
  if (!what.a_in_registers) {
    product.operands.a.resize(size_t{kRows} * depth);
    const uint32_t first_row = warp % kWarpgroupWarps * kRows;
    read_shared(product, what.a_operand(), {first_row, kRows, depth, 1}, product.operands.a.data());
  }
  product.operands.b.resize(size_t{depth} * what.columns);
  read_shared(product, what.b_operand(), {0, what.columns, 1, what.columns},
              product.operands.b.data());
}

void WarpgroupProducts::read_shared(const Product& product, const SharedOperand& operand,
                                    const Slice& slice, float* values) {
  constexpr uint32_t kChunkBytes = 16;
  const char* const instruction = "wgmma.mma_async";
  const uint32_t per_chunk = kChunkBytes / element_bytes(operand.format);
  const uint32_t depth = depth_of(operand.format);
  const uint32_t row_step = operand.is_mn_major ? per_chunk : 1;
  const uint32_t k_step = operand.is_mn_major ? 1 : per_chunk;
  for (uint32_t row = 0; row < slice.rows; row += row_step) {
    for (uint32_t k = 0; k < depth; k += k_step) {
      const void* const chunk = shared_window_pointer(
          operand.chunk_address(slice.first_row + row, k), instruction, product.site);
      check_shared(chunk, kChunkBytes, kChunkBytes, instruction, product.site);
      note_async_read(product.actor, chunk, kChunkBytes, Proxy::kAsync, product.site);
      float elements[8];
      to_floats(operand.format, chunk, per_chunk, elements);
      for (uint32_t i = 0; i < per_chunk; ++i) {
        const uint32_t at_row = operand.is_mn_major ? row + i : row;
        const uint32_t at_k = operand.is_mn_major ? k : k + i;
        values[at_row * slice.row_stride + at_k * slice.k_stride] = elements[i];
      }
    }
  }
}

void WarpgroupProducts::give_back(WarpState& warp, const Accumulators& accumulators,
                                  const SourceSite& site) {
  for (uint32_t lane = 0; lane < kLanes; ++lane) {
    float* const registers = accumulators.registers[lane];
    if (!is_poison(registers, accumulators.columns / 2)) {
      fail_thread(site,
                  "accumulators of lane %u of the running warp are written before "
                  "wgmma.wait_group, while this wgmma on them is pending",
                  lane);
    }
    for_each_accumulator(lane, accumulators.columns,
                         [&](uint32_t i, uint32_t row, uint32_t column) {
                           registers[i] = accumulators.values[row * accumulators.columns + column];
                         });
  }
  const auto found = std::find_if(warp.pending.begin(), warp.pending.end(),
                                  [&](const auto& each) { return each.get() == &accumulators; });
  warp.returned.push_back(*found);
  warp.pending.erase(found);
}

}  // namespace packproof::simt::detail
