#include "harness/candidates/rank_answer.h"

#include <cstring>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/process/harness_failure.h"

namespace packproof::harness {
namespace {

// One line of JSON, then raw bytes.
void write(const std::string& path, const nlohmann::json& head,
           const std::vector<std::vector<std::byte>>& outputs) {
  std::ofstream file(path, std::ios::binary);
  file << head.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  for (const std::vector<std::byte>& output : outputs)
    file.write(reinterpret_cast<const char*>(output.data()), std::ssize(output));
  file.close();
  if (!file) throw HarnessFailure("cannot write the answer of the ranks to " + path);
}

}  // namespace

void write_returned(const std::string& path, const Returned& returned,
                    const std::vector<std::vector<std::byte>>& outputs) {
  write(path, {{"returned", returned}}, outputs);
}

void write_refused(const std::string& path, const std::string& why) {
  write(path, {{"refused", why}}, {});
}

Returned read_answer(const std::string& path, const Call& call) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  std::getline(file, line);
  const auto head = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (head.is_object() && head.contains("refused"))
    throw Refusal(head["refused"].get<std::string>());
  if (!head.is_object() || !head.contains("returned"))
    throw HarnessFailure("the ranks ended well, but left no answer");
  for (const Tensor& output : call.outputs) {
    file.read(output.as<char>(), static_cast<std::streamsize>(output.bytes()));
    if (file.gcount() != static_cast<std::streamsize>(output.bytes()))
      throw HarnessFailure(
          fmt::format("the answer of the ranks ends within output '{}'", output.name));
  }
  return head["returned"].get<Returned>();
}

}  // namespace packproof::harness
