#include "kernels/simt/matrix/warpgroup_products.h"

#include <algorithm>

#include "kernels/simt/api/source_match.h"
#include "kernels/simt/block/block.h"
#include "kernels/simt/block/fatal.h"

namespace packproof::simt::detail {
namespace {

// c[16][columns] += a[16][depth] b[depth][columns]; each element adds its products in the order of
// k, rounding to single precision each time.
void multiply(uint32_t rows, uint32_t columns, uint32_t depth, const float* a, const float* b,
              float* c) {
  constexpr uint32_t kBlock = 8;
  for (uint32_t row = 0; row < rows; ++row) {
    for (uint32_t first = 0; first < columns; first += kBlock) {
      float sums[kBlock];
      float* const out = c + row * columns + first;
      std::copy_n(out, kBlock, sums);
      for (uint32_t k = 0; k < depth; ++k) {
        const float factor = a[row * depth + k];
        const float* const others = b + k * columns + first;
        for (uint32_t i = 0; i < kBlock; ++i) sums[i] += factor * others[i];
      }
      std::copy_n(sums, kBlock, out);
    }
  }
}

// What differs between two issues of what should be one instruction, or null.
const char* difference(const WarpgroupProduct& a, const WarpgroupProduct& b) {
  if (a.format != b.format) return "the element format";
  if (a.columns != b.columns) return "N";
  if (a.accumulates != b.accumulates) return "scale-d";
  if (a.a_in_registers != b.a_in_registers) return "where A is";
  if (a.a_descriptor != b.a_descriptor) return "the descriptor of A";
  if (a.b_descriptor != b.b_descriptor) return "the descriptor of B";
  if (a.a_is_mn_major != b.a_is_mn_major) return "the major-ness of A";
  if (a.b_is_mn_major != b.b_is_mn_major) return "the major-ness of B";
  return nullptr;
}

}  // namespace

void WarpgroupProducts::begin_block() {
  if (!used_) return;
  for (WarpState& warp : warps_) warp = {};
  log_.clear();
  used_ = false;
}

void WarpgroupProducts::end_block() const {
  if (!used_) return;
  for (size_t warp = 0; warp < warps_.size(); ++warp) {
    if (warps_[warp].products.empty()) continue;
    fail_block(warps_[warp].products.front().site,
               "warp %zu never waits for this wgmma: its wgmma.wait_group is missing, allows too "
               "many pending groups, or comes before the wgmma is committed",
               warp);
  }
  uint32_t lacking = 0;
  if (const auto* missed = log_.missing(lacking)) {
    fail_block(missed->site, "warp %u never issues this wgmma, which others of its warpgroup do",
               lacking);
  }
}

WarpgroupProducts::LaneArgument WarpgroupProducts::argument_for(const char* instruction,
                                                                const SourceSite& site) {
  used_ = true;
  const uint32_t warp = block_.running().warp();
  const uint32_t needed = (warp / kWarpgroupWarps + 1) * kWarpgroupWarps * kLanes;
  if (block_.thread_count() < needed) {
    fail_thread(site, "%s by a warp whose warpgroup is not whole: the block has %u threads, not %u",
                instruction, block_.thread_count(), needed);
  }
  return {this, warp, instruction, site, {}, 0};
}

void WarpgroupProducts::fence(const SourceSite& site) {
  LaneArgument argument = argument_for("wgmma.fence", site);
  block_.meet_warp(kFullMask, argument.instruction, &argument, combine_fence, site);
}

void WarpgroupProducts::combine_fence(void* const* lanes, uint32_t participants) {
  const LaneArgument& first = LaneArgument::first(lanes, participants);
  WarpState& warp = first.self->warps_[first.warp];
  warp.has_fenced = true;
  warp.returned.clear();
  warp.fragments.clear();
}

void WarpgroupProducts::issue(const WarpgroupProduct& product, const SourceSite& site) {
  LaneArgument argument = argument_for("wgmma.mma_async", site);
  argument.product = product;
  block_.meet_warp(kFullMask, argument.instruction, &argument, combine_issue, site);
}

void WarpgroupProducts::combine_issue(void* const* lanes, uint32_t participants) {
  const LaneArgument& first = LaneArgument::first(lanes, participants);
  first.self->issue_for_warp(first.self->warps_[first.warp], lanes);
}

void WarpgroupProducts::issue_for_warp(WarpState& warp, void* const* lanes) {
  const LaneArgument& first = LaneArgument::of(lanes, 0);
  const WarpgroupProduct& what = first.product;
  for (uint32_t lane = 1; lane < kLanes; ++lane) {
    if (const char* field = difference(what, LaneArgument::of(lanes, lane).product)) {
      fail_thread(first.site, "wgmma with %s that differs among the lanes of warp %u", field,
                  first.warp);
    }
  }
  const auto& others = log_.add(first.warp, what, first.site);
  const char* field = difference(what, others.step);
  if (field == nullptr && !is_same_line(first.site, others.site)) field = "its place in the code";
  if (field != nullptr) {
    fail_thread(first.site,
                "wgmma of warp %u differs in %s from the one at %s:%d, which another warp of its "
                "warpgroup has issued at this point",
                first.warp, field, others.site.file, others.site.line);
  }
  if (!warp.has_fenced) {
    fail_thread(first.site,
                "wgmma without a wgmma.fence before it: accumulators and fragments may "
                "not have been written yet");
  }
  Product product{what, nullptr, {}, {}, first.site};
  if (what.a_in_registers) {
    check_fragments(warp, lanes);
    const uint32_t depth = depth_of(what.format);
    product.operands.a.resize(size_t{kRows} * depth);
    for (uint32_t lane = 0; lane < kLanes; ++lane) {
      float values[8];
      to_floats(what.format, LaneArgument::of(lanes, lane).product.a_fragment, depth / 2, values);
      for (uint32_t i = 0; i < depth / 2; ++i) {
        const FragmentPlace place = a_fragment_place(what.format, lane, i);
        product.operands.a[place.row * depth + place.k] = values[i];
      }
    }
  } else {
    what.a_operand().check("A", first.site);
  }
  what.b_operand().check("B", first.site);
  product.accumulators = accumulators_for(warp, lanes);
  product.actor = begin_async();
  if (block_.draws_at_random() && (block_.random().next() & 1) != 0) {
    read_operands(product, first.warp);
  }
  warp.products.push_back(std::move(product));
}

void WarpgroupProducts::commit_group(const SourceSite& site) {
  LaneArgument argument = argument_for("wgmma.commit_group", site);
  block_.meet_warp(kFullMask, argument.instruction, &argument, combine_commit, site);
}

void WarpgroupProducts::combine_commit(void* const* lanes, uint32_t participants) {
  const LaneArgument& first = LaneArgument::first(lanes, participants);
  WarpState& warp = first.self->warps_[first.warp];
  warp.groups.push_back(warp.end());
}

void WarpgroupProducts::wait_group(uint32_t pending, const SourceSite& site) {
  LaneArgument argument = argument_for("wgmma.wait_group", site);
  argument.pending_groups = pending;
  block_.meet_warp(kFullMask, argument.instruction, &argument, combine_wait, site);
  acquire_from(warps_[argument.warp].completed);
}

void WarpgroupProducts::combine_wait(void* const* lanes, uint32_t participants) {
  const LaneArgument& first = LaneArgument::first(lanes, participants);
  WarpState& warp = first.self->warps_[first.warp];
  warp.completed.clear();
  if (warp.groups.size() <= first.pending_groups) return;
  const auto kept = warp.groups.end() - static_cast<ptrdiff_t>(first.pending_groups);
  complete(warp, first.warp, *(kept - 1));
  warp.groups.erase(warp.groups.begin(), kept);
}

void WarpgroupProducts::complete(WarpState& warp, uint32_t warp_index, uint64_t end) {
  const auto last = warp.products.begin() + static_cast<ptrdiff_t>(end - warp.first);
  for (auto product = warp.products.begin(); product != last; ++product) {
    if (product->operands.b.empty()) read_operands(*product, warp_index);
    Accumulators& accumulators = *product->accumulators;
    if (!product->what.accumulates) {
      std::fill(accumulators.values.begin(), accumulators.values.end(), 0.0f);
    }
    multiply(kRows, product->what.columns, depth_of(product->what.format),
             product->operands.a.data(), product->operands.b.data(), accumulators.values.data());
    complete_into(product->actor, warp.completed);
    if (--accumulators.pending == 0) give_back(warp, accumulators, product->site);
  }
  warp.products.erase(warp.products.begin(), last);
  warp.first = end;
}

}  // namespace packproof::simt::detail
