// The labels by which peers.py names what it timed: "16/32 204seq T=32742".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "cases/core/case.h"

namespace packproof::harness {

// What was timed, in our terms. Always bf16, without slack, bias or an initial state; a forward
// delta rule returns its final state, q and k are normalised before it.
struct PeerShape {
  std::string op;
  Direction direction = Direction::fwd;
  std::map<std::string, std::string> fields;  // those of the op that the label tells or implies
  std::int64_t tokens = 0;                    // in all, without pads
  std::optional<std::int64_t> segments;       // nothing: it takes each token by itself
  std::optional<std::int64_t> longest;        // padded: [segments, longest] was timed
};

// Our op and direction by the name that peers.py gives it, such as "gdn_fwd"; nothing for an op
// that we do not have.
struct PeerOp {
  std::string op;
  Direction direction = Direction::fwd;
};
std::optional<PeerOp> peer_op(std::string_view name);

// Nothing for a label that is not understood to its last word.
std::optional<PeerShape> parse_peer_shape(const PeerOp& op, std::string_view label);

// Whether a peer with this shape did the work of this case. Lengths are told by their number, their
// sum and, if padded, the longest alone.
bool is_shape_of(const PeerShape& shape, const Case& the_case);

}  // namespace packproof::harness
