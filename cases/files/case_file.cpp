#include "cases/files/case_file.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cases/files/strict_json.h"
#include "cases/language/case_draft.h"
#include "cases/lengths/segment_lengths.h"

namespace packproof {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kSchema = "packproof.case/1";
const std::vector<std::string> kKeys = {
    "schema", "op",   "direction", "dtype",    "fields", "len",   "cu_seqlens", "cap",  "slack",
    "fill",   "seed", "contract",  "expected", "source", "title", "why",        "saved"};

class CaseFileReader {
 public:
  CaseFileReader(const Json& document, std::string_view origin)
      : document_(document), origin_(origin) {}

  CaseFile read(const OpLookup& ops) {
    if (!document_.is_object()) fail_at(place(""), 0, "a case file is one JSON object");
    for (const auto& [key, value] : document_.items())
      if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end())
        fail_at(place(""), 0, unknown_name("field", key, kKeys));
    if (const std::string schema = needed("schema"); schema != kSchema)
      fail_at(place("/schema"), 0,
              fmt::format("schema is {}; this program reads '{}'", in_quotes(schema), kSchema));
    const OpForm& form = find_op(ops, needed("op"), place("/op"));
    const std::string direction = document_.contains("direction") ? needed("direction") : "fwd";
    CaseDraft draft(form, read_direction(form, direction, place("/direction")));
    for (const char* key : {"dtype", "slack", "fill", "contract", "expected", "source"})
      if (const Json* value = find(key))
        draft.set_common(std::string_view(key) == "expected" ? "expect" : key,
                         string_of(*value, pointer(key)), place(pointer(key)));
    for (const char* key : {"cap", "seed"})
      if (const Json* value = find(key))
        draft.set_common(key, number_text(*value, pointer(key)), place(pointer(key)));
    read_fields(draft, form);
    read_lengths(draft);
    CaseFile file{.the_case = std::move(draft).finish(place("")), .title = "", .why = ""};
    if (find("title")) file.title = needed("title");
    if (find("why")) file.why = needed("why");
    if (const Json* saved = find("saved")) file.saved = saved_from_json(*saved, origin_);
    return file;
  }

 private:
  void read_fields(CaseDraft& draft, const OpForm& form) {
    const Json* fields = find("fields");
    if (fields == nullptr) return;
    if (!fields->is_object())
      fail_at(place("/fields"), 0, "fields is not an object of field: value");
    for (const auto& [name, value] : fields->items()) {
      const std::string path = "/fields/" + name;
      if (!draft.has_field(name))
        fail_at(place("/fields"), 0,
                unknown_name("field", name, draft.field_names()) +
                    fmt::format(" (of op {})", form.name));
      draft.set_field(name, number_text(value, path), place(path));
    }
  }

  void read_lengths(CaseDraft& draft) {
    if (const Json* value = find("len")) {
      if (value->is_string())
        draft.set_common("len", value->get<std::string>(), TextPlace{place("/len").name, 1});
      else
        draft.set_lengths(integers_of(*value, "/len"), place("/len"));
    }
    if (const Json* value = find("cu_seqlens")) {
      if (value->is_string())
        draft.set_common("cu_seqlens", value->get<std::string>(), place("/cu_seqlens"));
      else
        draft.set_cu_seqlens(integers_of(*value, "/cu_seqlens"), place("/cu_seqlens"));
    }
  }

  const Json* find(const char* key) const {
    const auto found = document_.find(key);
    return found == document_.end() ? nullptr : &*found;
  }

  std::string needed(const char* key) const {
    const Json* value = find(key);
    if (value == nullptr)
      fail_at(place(""), 0, fmt::format("the field '{}' is missing; give it as a string", key));
    return string_of(*value, pointer(key));
  }

  std::string string_of(const Json& value, const std::string& path) const {
    if (!value.is_string())
      fail_at(place(path), 0, fmt::format("found {}; give a string", value.type_name()));
    return value.get<std::string>();
  }

  // A number, or text as in a descriptor. As text, which the draft then reads: one place checks.
  std::string number_text(const Json& value, const std::string& path) const {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_unsigned()) return fmt::format("{}", value.get<std::uint64_t>());
    if (value.is_number_integer()) return fmt::format("{}", value.get<std::int64_t>());
    fail_at(place(path), 0,
            fmt::format("found {}; give a whole number within 64 bits", describe(value)));
  }

  std::vector<std::int64_t> integers_of(const Json& value, const std::string& path) const {
    if (!value.is_array())
      fail_at(place(path), 0,
              fmt::format("found {}; give a list of whole numbers", describe(value)));
    std::vector<std::int64_t> numbers;
    numbers.reserve(value.size());
    for (const Json& entry : value) {
      if (!entry.is_number_integer() ||
          (entry.is_number_unsigned() && entry.get<std::uint64_t>() >> 63 != 0))
        fail_at(place(fmt::format("{}/{}", path, numbers.size())), 0,
                fmt::format("found {}; give a whole number within 64 bits", describe(entry)));
      numbers.push_back(entry.get<std::int64_t>());
    }
    return numbers;
  }

  static std::string describe(const Json& value) {
    return value.is_number() ? value.dump() : value.type_name();
  }

  static std::string pointer(std::string_view key) { return fmt::format("/{}", key); }
  TextPlace place(const std::string& path) const {
    return {path.empty() ? std::string(origin_) : fmt::format("{}: {}", origin_, path), 0};
  }

  const Json& document_;
  std::string_view origin_;
};

}  // namespace

CaseFile parse_case_file(std::string_view json, std::string_view origin, const OpLookup& ops) {
  const Json document = parse_strict_json(json, origin);
  return CaseFileReader(document, origin).read(ops);
}

std::string format_case_file(const CaseFile& file, const OpForm& form) {
  const Case& the_case = file.the_case;
  if (the_case.op != form.name)
    throw std::logic_error(
        fmt::format("case of '{}' formatted as one of '{}'", the_case.op, form.name));
  nlohmann::ordered_json out;
  out["schema"] = kSchema;
  if (!file.title.empty()) out["title"] = file.title;
  if (!file.why.empty()) out["why"] = file.why;
  if (!the_case.source.empty()) out["source"] = the_case.source;
  out["op"] = the_case.op;
  out["direction"] = name_of(the_case.direction);
  if (!form.dtypes.empty()) out["dtype"] = name_of(the_case.dtype);
  if (!form.fields.empty()) out["fields"] = nlohmann::ordered_json::object();
  for (const FieldSpec& spec : form.fields) {
    if (spec.kind == FieldSpec::Kind::integer)
      out["fields"][spec.name] = the_case.integer(FieldName(spec.name));
    else
      out["fields"][spec.name] = the_case.word(FieldName(spec.name));
  }
  if (the_case.raw_cu_seqlens)
    out["cu_seqlens"] = *the_case.raw_cu_seqlens;
  else
    out["len"] = format_lengths(the_case.lengths);
  out["cap"] = the_case.capacity;
  out["slack"] = name_of(the_case.slack);
  out["fill"] = name_of(the_case.fill);
  out["seed"] = the_case.seed;
  if (!the_case.contract.empty()) out["contract"] = the_case.contract;
  out["expected"] = name_of(the_case.expect);
  if (file.saved) out["saved"] = saved_to_json(*file.saved);
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace packproof
