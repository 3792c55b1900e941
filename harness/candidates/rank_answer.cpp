#include "harness/candidates/rank_answer.h"

#include <cstring>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "harness/process/harness_failure.h"
#include "harness/process/isolated_text.h"

namespace packproof::harness {
namespace {

using Ending = IsolatedJson::Ending;

// How it ended in a line, then raw bytes.
void write(const std::string& path, const IsolatedJson& ending,
           const std::vector<std::vector<std::byte>>& outputs) {
  std::ofstream file(path, std::ios::binary);
  file << line_of(ending) << '\n';
  for (const std::vector<std::byte>& output : outputs)
    file.write(reinterpret_cast<const char*>(output.data()), std::ssize(output));
  file.close();
  if (!file) throw HarnessFailure("cannot write the answer of the ranks to " + path);
}

}  // namespace

void write_returned(const std::string& path, const Returned& returned,
                    const std::vector<std::vector<std::byte>>& outputs) {
  write(path, {.ending = Ending::returned, .returned = returned}, outputs);
}

void write_refused(const std::string& path, const std::string& why) {
  write(path, {.ending = Ending::refused, .message = why}, {});
}

Returned read_answer(const std::string& path, const Call& call) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  std::getline(file, line);
  if (!is_whole(line)) throw HarnessFailure("the ranks ended well, but left no answer");
  const auto answer = typed<Returned>(ending_from(line));
  if (answer.ending == IsolatedResult::Ending::refused) throw Refusal(answer.message);
  for (const Tensor& output : call.outputs) {
    file.read(output.as<char>(), static_cast<std::streamsize>(output.bytes()));
    if (file.gcount() != static_cast<std::streamsize>(output.bytes()))
      throw HarnessFailure(
          fmt::format("the answer of the ranks ends within output '{}'", output.name));
  }
  return answer.returned;
}

}  // namespace packproof::harness
