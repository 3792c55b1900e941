#include "harness/process/isolated_text.h"

#include "harness/process/crash_message.h"
#include "harness/process/harness_failure.h"

namespace packproof::harness {

using nlohmann::json;
using Ending = IsolatedJson::Ending;

// Not in a namespace without a name, where nlohmann/json would not find it.
NLOHMANN_JSON_SERIALIZE_ENUM(Ending, {{Ending::crashed, "crashed"},
                                      {Ending::returned, "returned"},
                                      {Ending::refused, "refused"},
                                      {Ending::timed_out, "timed_out"},
                                      {Ending::other_bits, "other_bits"}})

namespace {

// Messages may quote anything that a program wrote.
std::string text_of(const json& line) {
  return line.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string line_of(const IsolatedJson& ending) {
  return text_of({{"ending", ending.ending},
                  {"returned", ending.returned},
                  {"message", ending.message},
                  {"tensor", ending.tensor},
                  {"elapsed_us", ending.elapsed_us}});
}

std::string done_as_line(const std::function<json()>& work) {
  try {
    return line_of(done(work));
  } catch (const HarnessFailure& failure) {
    return text_of({{"harness", failure.what()}});
  }
}

IsolatedJson ending_of(const ChildResult& child) {
  if (child.timed_out)
    return {.ending = Ending::timed_out,
            .message = crash_message("stopped at the time limit", child.output)};
  return {.ending = Ending::crashed,
          .message = crash_message(describe_status(child.status), child.output)};
}

bool is_whole(std::string_view line) { return json::accept(line) && line.starts_with('{'); }

IsolatedJson ending_from(std::string_view line) {
  json said = json::parse(line);
  if (said.contains("harness")) throw HarnessFailure(said["harness"].get<std::string>());
  return {.ending = said.at("ending").get<Ending>(),
          .returned = std::move(said.at("returned")),
          .message = said.at("message"),
          .tensor = said.at("tensor"),
          .elapsed_us = said.at("elapsed_us")};
}

}  // namespace packproof::harness
