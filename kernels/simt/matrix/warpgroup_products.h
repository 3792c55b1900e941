// wgmma of a block's warpgroups (PTX ISA, "Asynchronous Warpgroup Level Matrix Instructions").
// Runtime only.
//
// Each warp computes its 16 of the 64 rows, at its own wait; the four must have issued the same.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "kernels/simt/api/runtime_calls.h"
#include "kernels/simt/api/source_site.h"
#include "kernels/simt/block/block_limits.h"
#include "kernels/simt/block/memory_events.h"
#include "kernels/simt/matrix/emulated_warpgroup.h"
#include "kernels/simt/matrix/matrix_operand.h"
#include "kernels/simt/matrix/warpgroup_log.h"

namespace packproof::simt::detail {

class Block;

class WarpgroupProducts {
 public:
  explicit WarpgroupProducts(Block& block) : block_(block) {}

  void begin_block();
  // Ends the process when a product was never waited for, or the warps of a warpgroup differ.
  void end_block() const;

  // For the running thread: each meets the other lanes of its warp.
  void fence(const SourceSite& site);
  void issue(const WarpgroupProduct& product, const SourceSite& site);
  void commit_group(const SourceSite& site);
  void wait_group(uint32_t pending, const SourceSite& site);

 private:
  static constexpr uint32_t kRows = 16;  // of a warp

  // The accumulator registers of a warp's lanes, from the issue to the wait: then they are poison,
  // and their values are here.
  struct Accumulators {
    std::array<float*, kLanes> registers;
    uint32_t columns;
    uint32_t pending = 0;       // products
    std::vector<float> values;  // [16][columns]
  };
  struct Operands {
    std::vector<float> a;  // [16][depth]
    std::vector<float> b;  // [depth][columns]
  };
  struct Product {
    WarpgroupProduct what;
    std::shared_ptr<Accumulators> accumulators;
    Operands operands;  // of shared memory: read at the issue or, if empty, at the wait
    AsyncActor actor;
    SourceSite site;
  };
  // A fragment of A in registers, as it was last used since the fence.
  struct Fragment {
    const uint32_t* registers;
    std::array<uint32_t, 4> values;
  };
  struct WarpState {
    bool has_fenced = false;
    std::vector<Product> products;  // those from number `first` on
    uint64_t first = 0;
    std::vector<uint64_t> groups;  // the numbers at which committed groups end
    std::vector<std::shared_ptr<Accumulators>> pending;
    std::vector<std::shared_ptr<Accumulators>> returned;  // since the last fence
    std::vector<Fragment> fragments;                      // since the last fence, lane by lane
    OrderToken completed;
    uint64_t end() const { return first + products.size(); }
  };
  // Rows of an operand, and where element (row, k) of them goes.
  struct Slice {
    uint32_t first_row, rows;
    uint32_t row_stride, k_stride;
  };

  struct LaneArgument {
    WarpgroupProducts* self;
    uint32_t warp;
    const char* instruction;
    SourceSite site;
    WarpgroupProduct product;
    uint32_t pending_groups;

    // The argument of lane 0; all 32 lanes must be there.
    static const LaneArgument& first(void* const* lanes, uint32_t participants) {
      const auto& any = *static_cast<const LaneArgument*>(lanes[__builtin_ctz(participants)]);
      if (participants != kFullMask) {
        fail_thread(any.site, "%s needs all 32 lanes of a warp; lanes 0x%08x have exited",
                    any.instruction, ~participants);
      }
      return any;
    }
    static const LaneArgument& of(void* const* lanes, uint32_t lane) {
      return *static_cast<const LaneArgument*>(lanes[lane]);
    }
  };

  static void combine_fence(void* const* lanes, uint32_t participants);
  static void combine_issue(void* const* lanes, uint32_t participants);
  static void combine_commit(void* const* lanes, uint32_t participants);
  static void combine_wait(void* const* lanes, uint32_t participants);

  LaneArgument argument_for(const char* instruction, const SourceSite& site);
  void issue_for_warp(WarpState& warp, void* const* lanes);
  static std::shared_ptr<Accumulators> accumulators_for(WarpState& warp, void* const* lanes);
  static void check_fragments(WarpState& warp, void* const* lanes);
  static void read_operands(Product& product, uint32_t warp);
  static void read_shared(const Product& product, const SharedOperand& operand, const Slice& slice,
                          float* values);
  static void complete(WarpState& warp, uint32_t warp_index, uint64_t end);
  static void give_back(WarpState& warp, const Accumulators& accumulators, const SourceSite& site);

  Block& block_;
  bool used_ = false;
  std::array<WarpState, kMaxBlockWarps> warps_;
  WarpgroupLog<WarpgroupProduct> log_;
};

}  // namespace packproof::simt::detail
