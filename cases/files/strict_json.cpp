#include "cases/files/strict_json.h"

#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "cases/core/case_text.h"
#include "cases/files/json_fault.h"

namespace packproof {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxBytes = std::size_t{1} << 25;
constexpr int kMaxDepth = 8;

// Follows the parser and knows the keys of every object that is open.
class Watch {
 public:
  explicit Watch(std::string_view origin) : origin_(origin) {}

  bool operator()(int depth, Json::parse_event_t event, const Json& value) {
    if (depth > kMaxDepth)
      throw CaseError(fmt::format("{}: nested more than {} deep", origin_, kMaxDepth));
    if (event == Json::parse_event_t::object_start) {
      open_.emplace_back();
    } else if (event == Json::parse_event_t::object_end) {
      open_.pop_back();
    } else if (event == Json::parse_event_t::key) {
      const auto& key = value.get_ref<const std::string&>();
      if (!open_.back().keys.insert(key).second)
        throw CaseError(fmt::format("{}: {}: the key {} is given twice; give it once", origin_,
                                    path(), in_quotes(key)));
      open_.back().current = key;
    }
    return true;
  }

 private:
  struct OpenObject {
    std::set<std::string> keys;
    std::string current;
  };

  std::string path() const {
    std::string text;
    for (std::size_t i = 0; i + 1 < open_.size(); ++i) text += "/" + open_[i].current;
    return text.empty() ? "/" : text;
  }

  std::string_view origin_;
  std::vector<OpenObject> open_;
};

}  // namespace

Json parse_strict_json(std::string_view text, std::string_view origin) {
  if (text.size() > kMaxBytes)
    throw CaseError(fmt::format("{}: {} bytes; at most {} do", origin, text.size(), kMaxBytes));
  Watch watch(origin);
  const auto callback = [&watch](int depth, Json::parse_event_t event, Json& value) {
    return watch(depth, event, value);
  };
  try {
    return Json::parse(text, callback);
  } catch (const Json::exception& error) {
    throw CaseError(json_fault(origin, text, error));
  }
}

}  // namespace packproof
