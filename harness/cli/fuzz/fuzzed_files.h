// For the fuzzer of the command line: a folder with a file of every kind that a command reads.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "cases/core/embedded_files.h"
#include "cases/files/temporary_folder.h"
#include "reports/bench/bench_run.h"
#include "reports/gate/json_report.h"
#include "reports/testing/sample_bench.h"
#include "reports/testing/sample_report.h"

namespace packproof::harness {

inline std::map<std::string, std::string> sample_files() {
  reports::SampleMachine small{.ops = {"pack"}};
  std::map<std::string, std::string> files = {
      {"gate.json", reports::json_report(reports::sample_report())},
      {"bench.json", reports::bench_json(reports::sample_bench(small))},
      {"batch.txt", "# two cases\npack:fwd len=5,3 seed=1\nl2norm:bwd len=2*4 cap=64 seed=7\n"},
      {"known.txt", "*:bwd*   # does not do\npack:fwd # nor does this\n"},
      {"config.json", R"({"model_type": "llama", "num_hidden_layers": 4, "num_attention_heads": 8,
                          "layer_types": ["full_attention", "linear_attention"]})"},
      {"peers.json", R"([{"op": "l2norm_fwd", "peer": "fla", "cfg": "T=96 H=32 D=128", "ms": 2}])"},
      {"words.txt", "not a file of any kind \xff\n"},
      {"empty", ""},
  };
  small.slowness = 1.2;
  files["later.json"] = reports::bench_json(reports::sample_bench(small));
  for (const EmbeddedFile& file : embedded_files()) {
    const std::filesystem::path path(file.path);
    if (file.path.starts_with("cases/norm/l2norm/"))
      files["cases/" + path.filename().string()] = file.contents;
    if (path.filename() == "ms-swift-5690.json") files["plan.json"] = file.contents;
  }
  return files;
}

// The folder, with these files alone in it: what an input wrote is gone when the next one runs.
class FuzzedFolder {
 public:
  const std::filesystem::path& path() const { return path_; }

  void renew(const std::map<std::string, std::string>& files) const {
    for (const auto& entry : std::filesystem::directory_iterator(path_))
      std::filesystem::remove_all(entry.path());
    for (const auto& [name, text] : files) {
      std::filesystem::create_directories((path_ / name).parent_path());
      std::ofstream(path_ / name, std::ios::binary) << text;
    }
  }

 private:
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path();
};

}  // namespace packproof::harness
