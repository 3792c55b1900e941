#include "harness/candidates/schedule.h"

#include <charconv>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "reports/records/record.h"

namespace packproof::harness {
namespace {

constexpr std::string_view kRandom = "random:";
constexpr std::string_view kRace = "race:";
constexpr std::uint64_t kRaceSeed = 1;

Schedule randomly(Target target, std::uint64_t seed) {
  return {.target = target, .options = {.schedule = simt::Schedule::kRandom, .seed = seed}};
}

bool parse_seed(std::string_view text, std::uint64_t& seed) {
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  return error == std::errc() && rest == text.data() + text.size();
}

}  // namespace

std::string Schedule::name() const {
  if (is_default()) return std::string(reports::kDefaultSchedule);
  return fmt::format("{}:{}", target == Target::simt_race ? "race" : "random", options.seed);
}

Schedule parse_schedule(std::string_view text) {
  if (text.empty() || text == "default") return {};
  if (text == "race") return randomly(Target::simt_race, kRaceSeed);
  std::uint64_t seed = 0;
  if (text.starts_with(kRandom) && parse_seed(text.substr(kRandom.size()), seed))
    return randomly(Target::simt, seed);
  if (text.starts_with(kRace) && parse_seed(text.substr(kRace.size()), seed))
    return randomly(Target::simt_race, seed);
  throw CaseError(fmt::format(
      "--schedule {} is not default, random:SEED, race or race:SEED, such as random:7", text));
}

}  // namespace packproof::harness
