#include "harness/peers/peer_shape.h"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>
#include <vector>

namespace packproof::harness {
namespace {

struct NamedPeerOp {
  std::string_view name, op;
  Direction direction;
};

constexpr NamedPeerOp kPeerOps[] = {
    {"gdn_fwd", "chunk_gated_delta_rule", Direction::fwd},
    {"gdn_bwd", "chunk_gated_delta_rule", Direction::bwd},
    {"conv_fwd", "causal_conv1d", Direction::fwd},
    {"conv_bwd", "causal_conv1d", Direction::bwd},
    {"rmsnorm_gated_fwd", "rms_norm_gated", Direction::fwd},
    {"l2norm_fwd", "l2norm", Direction::fwd},
};

std::optional<std::int64_t> positive(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return number;
}

// The words of a label, each taken once; what is left at the end was not understood.
class LabelWords {
 public:
  explicit LabelWords(std::string_view label) {
    std::istringstream stream{std::string(label)};
    for (std::string word; stream >> word;) words_.push_back(word);
  }

  bool take(std::string_view word) {
    const auto found = std::find(words_.begin(), words_.end(), word);
    if (found == words_.end()) return false;
    words_.erase(found);
    return true;
  }
  // Of "T=32768" by "T=", of "204seq" by "" and "seq".
  std::optional<std::int64_t> take_number(std::string_view before, std::string_view after = "") {
    for (auto word = words_.begin(); word != words_.end(); ++word) {
      const std::string_view text = *word;
      if (text.size() < before.size() + after.size() || !text.starts_with(before) ||
          !text.ends_with(after))
        continue;
      const auto number =
          positive(text.substr(before.size(), text.size() - before.size() - after.size()));
      if (!number) continue;
      words_.erase(word);
      return number;
    }
    return std::nullopt;
  }
  // Of "16/32".
  std::optional<std::pair<std::int64_t, std::int64_t>> take_pair() {
    for (auto word = words_.begin(); word != words_.end(); ++word) {
      const std::size_t slash = word->find('/');
      if (slash == std::string::npos) continue;
      const std::string_view text = *word;
      const auto first = positive(text.substr(0, slash)), second = positive(text.substr(slash + 1));
      if (!first || !second) continue;
      words_.erase(word);
      return std::pair(*first, *second);
    }
    return std::nullopt;
  }
  bool empty() const { return words_.empty(); }

 private:
  std::vector<std::string> words_;
};

bool read_segments(LabelWords& words, PeerShape& shape) {
  shape.segments = words.take_number("", "seq");
  return shape.segments.has_value();
}

// "16/32 204seq T=32742", and behind it "padded B=204 M=457"; heads of 128 unless it says "D=64".
bool read_delta_rule(LabelWords& words, PeerShape& shape) {
  const auto heads = words.take_pair();
  if (!heads || !read_segments(words, shape)) return false;
  const std::string dim = std::to_string(words.take_number("D=").value_or(128));
  shape.fields = {{"key_heads", std::to_string(heads->first)},
                  {"value_heads", std::to_string(heads->second)},
                  {"key_dim", dim},
                  {"value_dim", dim},
                  {"l2norm", "no"},
                  {"state", shape.direction == Direction::fwd ? "final" : "none"}};
  if (!words.take("padded")) return true;
  shape.longest = words.take_number("M=");
  return shape.longest && words.take_number("B=") == shape.segments;
}

// "C=8192 W=4 silu 204seq T=32742"
bool read_conv(LabelWords& words, PeerShape& shape) {
  const auto channels = words.take_number("C="), width = words.take_number("W=");
  const bool is_silu = words.take("silu") || words.take("swish");
  if (!is_silu && !words.take("none")) return false;
  if (!channels || !width || !read_segments(words, shape)) return false;
  shape.fields = {{"channels", std::to_string(*channels)},
                  {"width", std::to_string(*width)},
                  {"activation", is_silu ? "silu" : "none"},
                  {"bias", "absent"},
                  {"state", "none"},
                  {"row_stride", "0"},
                  {"dy_row_stride", "0"}};
  return true;
}

// "T=32768 H=32 D=128"
bool read_norm(LabelWords& words, PeerShape& shape) {
  const auto heads = words.take_number("H="), dim = words.take_number("D=");
  if (!heads || !dim) return false;
  shape.fields = {{"heads", std::to_string(*heads)}, {"dim", std::to_string(*dim)}};
  return true;
}

bool read_shape(LabelWords& words, PeerShape& shape) {
  if (shape.op == "chunk_gated_delta_rule") return read_delta_rule(words, shape);
  if (shape.op == "causal_conv1d") return read_conv(words, shape);
  if (shape.op == "rms_norm_gated" || shape.op == "l2norm") return read_norm(words, shape);
  return false;
}

bool has_fields(const Case& the_case, const PeerShape& shape) {
  return std::all_of(shape.fields.begin(), shape.fields.end(), [&](const auto& field) {
    const auto& [name, value] = field;
    if (name == "activation" && the_case.is(FieldName(name), "swish")) return value == "silu";
    return the_case.is(FieldName(name), value);
  });
}

}  // namespace

std::optional<PeerOp> peer_op(std::string_view name) {
  for (const NamedPeerOp& known : kPeerOps)
    if (known.name == name) return PeerOp{std::string(known.op), known.direction};
  return std::nullopt;
}

std::optional<PeerShape> parse_peer_shape(const PeerOp& op, std::string_view label) {
  LabelWords words(label);
  PeerShape shape{.op = op.op, .direction = op.direction};
  const auto tokens = words.take_number("T=");
  if (!tokens || !read_shape(words, shape) || !words.empty()) return std::nullopt;
  shape.tokens = *tokens;
  return shape;
}

bool is_shape_of(const PeerShape& shape, const Case& the_case) {
  if (the_case.op != shape.op || the_case.direction != shape.direction) return false;
  if (the_case.dtype != DType::bf16 || the_case.raw_cu_seqlens) return false;
  if (the_case.valid_tokens() != shape.tokens || the_case.capacity != shape.tokens) return false;
  if (shape.segments && the_case.segments() != *shape.segments) return false;
  const auto longest = std::max_element(the_case.lengths.begin(), the_case.lengths.end());
  if (shape.longest && (longest == the_case.lengths.end() || *longest != *shape.longest))
    return false;
  return has_fields(the_case, shape);
}

}  // namespace packproof::harness
