#include "cases/forms/covering_array.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <stdexcept>

namespace packproof {
namespace {

constexpr std::size_t kOpen = SIZE_MAX;  // a field of a row that has no value yet

using Row = std::vector<std::size_t>;  // the place of a value, for each field

// Values of some fields that have to be met: pairs of (field, value), by field.
using Meeting = std::vector<std::pair<std::size_t, std::size_t>>;

class Meetings {
 public:
  Meetings(std::span<const CoveredField> fields, std::span<const FieldTriple> triples)
      : fields_(fields), of_field_(fields.size()) {
    for (std::size_t a = 0; a < fields.size(); ++a) {
      if (fields.size() == 1) add({a}, {});
      for (std::size_t b = a + 1; b < fields.size(); ++b) add({a, b}, {});
    }
    for (FieldTriple triple : triples) {
      std::sort(triple.begin(), triple.end());
      if (triple[0] == triple[1] || triple[1] == triple[2] || triple[2] >= fields.size())
        throw std::logic_error("a triple names three different fields by their places");
      add({triple.begin(), triple.end()}, {});
    }
  }

  bool empty() const { return left_.empty(); }
  const Meeting& first() const { return *left_.begin(); }

  // How many of those that are left a row would meet by this value, all others of it being fixed.
  std::size_t gain(const Row& row, std::size_t field) const {
    return static_cast<std::size_t>(std::count_if(
        of_field_[field].begin(), of_field_[field].end(),
        [&](const Meeting& meeting) { return left_.contains(meeting) && is_in(meeting, row); }));
  }
  void strike(const Row& row) {
    std::erase_if(left_, [&](const Meeting& meeting) { return is_in(meeting, row); });
  }

 private:
  static bool is_in(const Meeting& meeting, const Row& row) {
    return std::all_of(meeting.begin(), meeting.end(),
                       [&](const auto& at) { return row[at.first] == at.second; });
  }
  // All values of fields[chosen.size()...] with those that were chosen of the fields before.
  void add(const std::vector<std::size_t>& places, Meeting chosen) {
    if (chosen.size() == places.size()) {
      left_.insert(chosen);
      for (const std::size_t place : places) of_field_[place].push_back(chosen);
      return;
    }
    const std::size_t place = places[chosen.size()];
    for (std::size_t value = 0; value < fields_[place].values.size(); ++value) {
      chosen.emplace_back(place, value);
      add(places, chosen);
      chosen.pop_back();
    }
  }

  std::span<const CoveredField> fields_;
  std::set<Meeting> left_;
  std::vector<std::vector<Meeting>> of_field_;
};

// A row that meets the first that is left, and by its other values as many more as it can. Where
// several values meet as many they take turns, so that each is seen about as often.
Row next_row(const Meetings& meetings, std::span<const CoveredField> fields, std::size_t turn) {
  Row row(fields.size(), kOpen);
  for (const auto& [field, value] : meetings.first()) row[field] = value;
  for (std::size_t field = 0; field < fields.size(); ++field) {
    if (row[field] != kOpen) continue;
    const std::size_t count = fields[field].values.size();
    std::optional<std::size_t> best;
    std::size_t most = 0;
    for (std::size_t i = 0; i < count; ++i) {
      row[field] = (turn + i) % count;
      const std::size_t gain = meetings.gain(row, field);
      if (best && gain <= most) continue;
      best = row[field];
      most = gain;
    }
    row[field] = *best;
  }
  return row;
}

}  // namespace

std::vector<std::string> covering_settings(std::span<const CoveredField> fields,
                                           std::span<const FieldTriple> triples) {
  for (const CoveredField& field : fields)
    if (field.values.empty()) throw std::logic_error(field.name + " has no values");
  Meetings meetings(fields, triples);
  std::vector<std::string> settings;
  while (!meetings.empty()) {
    const Row row = next_row(meetings, fields, settings.size());
    meetings.strike(row);
    std::string text;
    for (std::size_t i = 0; i < fields.size(); ++i)
      text += (i == 0 ? "" : " ") + fields[i].name + "=" + fields[i].values[row[i]];
    settings.push_back(std::move(text));
  }
  return settings;
}

}  // namespace packproof
