// What other libraries took for the same work, measured by peers.py in processes of their own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/core/case.h"
#include "harness/peers/peer_shape.h"
#include "reports/bench/bench_run.h"
#include "reports/files/json_fields.h"

namespace packproof::harness {

// A JSON list of entries: {"op": "gdn_fwd", "peer", "cfg", "ms"} as peers.py writes them, with
// "error" instead of "ms" where it could not run; or in our terms {"op": "chunk_gated_delta_rule",
// "direction": "fwd", "peer", "ms"} with a "descriptor", or a "shape" in the words of a "cfg".
// Entries "copy" (with "bytes") and "matmul" (with "flop") are ceilings.
class PeerTimes {
 public:
  // Throws ReportError for a file that cannot be read or is no such list.
  explicit PeerTimes(const std::string& path);

  // A series a peer that did exactly the work of this case: one sample, the median, or why there is
  // none. Such entries no longer count as unmatched.
  std::vector<reports::Series> series_for(const Case& the_case);

  // What copies and matrix products reached beside the peers; nothing if neither was measured.
  std::optional<reports::Ceilings> ceilings() const { return ceilings_; }

  // Entries that no case asked for, and why if that can be told:
  // "attn_fwd torch_varlen 'H=16/4 D=256 causal 1seq T=32768': no op of ours".
  std::vector<std::string> unmatched() const;

 private:
  struct Entry {
    std::string title;
    reports::Series series;
    std::optional<PeerShape> shape;
    std::optional<Case> the_case;  // of a descriptor
    std::string why_not;           // neither: why
    bool matched = false;
  };

  static Entry read_entry(const reports::Json& value, const std::string& where);
  void add_ceiling(const reports::Json& value, const std::string& where);

  std::vector<Entry> entries_;
  std::optional<reports::Ceilings> ceilings_;
};

}  // namespace packproof::harness
