// What this program was built from and how; filled in by scripts/cmake/BuildInfo.cmake.
#pragma once

#include <string>

namespace packproof::harness {

struct BuildInfo {
  std::string version;     // "0.1.0"
  std::string commit;      // short hash, "+changes" when the tree was not clean; empty without git
  std::string compiler;    // "GNU 12.2.0"
  std::string build_type;  // CMake's
  std::string sanitizers;  // "address,undefined", or empty
  std::string cuda;        // nvcc's version, or empty when kernels were built for the host alone
};

BuildInfo build_info();

}  // namespace packproof::harness
