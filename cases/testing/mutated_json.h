// For the fuzzers of what reads JSON: a document with one value changed, so that most of what they
// try is JSON, and much of that nearly right.
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "cases/core/philox.h"

namespace packproof {

// Any of `values`, which are not none.
template <class Values>
inline decltype(auto) any_of(PhiloxSequence& random, Values&& values) {
  return values[random.below(static_cast<std::uint32_t>(std::size(values)))];
}

class JsonMutator {
 public:
  // `other`: a document that values may be taken from.
  JsonMutator(PhiloxSequence& random, std::string_view other)
      : random_(random), other_(parsed(other)) {}

  // `other` itself where `text` is not JSON.
  std::string operator()(std::string_view text) {
    Json document = parsed(text);
    if (document.is_discarded()) document = other_;
    if (document.is_discarded()) return std::string(text);
    change(any_of(random_, values_in(document)));
    return document.dump(random_.below(2) == 0 ? -1 : 2, ' ', false,
                         Json::error_handler_t::replace);
  }

 private:
  using Json = nlohmann::ordered_json;  // fields stay where they were

  static Json parsed(std::string_view text) { return Json::parse(text, nullptr, false); }

  // The document, and everything in it.
  static std::vector<Json*> values_in(Json& document) {
    std::vector<Json*> values = {&document};
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i]->is_structured())
        for (Json& inner : *values[i]) values.push_back(&inner);
    return values;
  }

  Json hostile() {
    static const std::array<Json, 20> kValues = {nullptr,
                                                 true,
                                                 0,
                                                 -1,
                                                 1,
                                                 1.5,
                                                 -0.0,
                                                 1e308,
                                                 5e-324,
                                                 INT64_MAX,
                                                 INT64_MIN,
                                                 UINT64_MAX,
                                                 "",
                                                 "x",
                                                 "NaN",
                                                 "-Infinity",
                                                 std::string("\0\x1b[31m\n", 7),
                                                 std::string(300, '('),
                                                 Json::array(),
                                                 Json::object()};
    return any_of(random_, kValues);
  }

  Json taken() { return other_.is_discarded() ? hostile() : *any_of(random_, values_in(other_)); }

  void change(Json* value) {
    switch (random_.below(4)) {
      case 0:
        *value = hostile();
        return;
      case 1:
        *value = taken();
        return;
      default:
        change_kind(*value);
    }
  }

  void change_kind(Json& value) {
    if (value.is_object())
      change_object(value);
    else if (value.is_array())
      change_array(value);
    else if (value.is_number_integer())
      value = any_of(random_, std::array{-value.get<double>(), 1e9 * value.get<double>()});
    else if (value.is_string())
      value = value.get<std::string>() + value.get<std::string>();
    else
      value = hostile();
  }

  void change_object(Json& object) {
    if (object.empty() || random_.below(3) == 0) {
      object[random_.below(2) == 0 ? "unknown" : ""] = taken();
      return;
    }
    const auto member = std::next(object.begin(), random_.below(narrow(object.size())));
    const Json value = *member;
    object.erase(member);
    if (random_.below(2) == 0) object["renamed"] = value;
  }

  void change_array(Json& array) {
    if (array.empty() || random_.below(3) == 0) {
      array.push_back(taken());
      return;
    }
    const std::uint32_t at = random_.below(narrow(array.size()));
    if (random_.below(2) == 0)
      array.erase(at);
    else
      array.push_back(Json(array[at]));
  }

  static std::uint32_t narrow(std::size_t size) { return static_cast<std::uint32_t>(size); }

  PhiloxSequence& random_;
  Json other_;
};

}  // namespace packproof
