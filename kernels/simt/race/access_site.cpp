#include "kernels/simt/race/access_site.h"

#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <limits>
#include <sstream>
#include <vector>

#include "kernels/simt/api/source_match.h"

namespace packproof::simt::detail {
namespace {

// Offsets count from here: kernels are linked into the same program.
const char* origin() {
  static const char anchor = 0;
  return &anchor;
}

constinit thread_local std::vector<SourceSite>* sites = nullptr;

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  char piece[512];
  for (size_t bytes; (bytes = fread(piece, 1, sizeof(piece), pipe)) > 0;) text.append(piece, bytes);
  pclose(pipe);
  return text;
}

// "packproof::(anonymous namespace)::f<int>(int*)" -> "f<int>".
std::string short_name(std::string function) {
  const std::string anonymous = "(anonymous namespace)::";
  for (size_t at; (at = function.find(anonymous)) != std::string::npos;) {
    function.erase(at, anonymous.size());
  }
  function = function.substr(0, function.find('('));
  // Cut within template arguments, such as a cast to an enum.
  if (function.find('>') == std::string::npos) function = function.substr(0, function.find('<'));
  const size_t qualified = function.substr(0, function.find('<')).rfind("::");
  return qualified == std::string::npos ? function : function.substr(qualified + 2);
}

// addr2line gives two lines for each frame, the innermost inlined one first: function, file:line.
// The kernel's own line is wanted, not that of an intrinsic or a system header which it inlines.
std::string innermost_kernel_line(const std::string& frames) {
  std::istringstream lines(frames);
  std::string fallback;
  for (std::string function, place; std::getline(lines, function) && std::getline(lines, place);) {
    place = place.substr(0, place.find(" (discriminator"));
    if (place.find("??") == 0 || place.find(":?") != std::string::npos) continue;
    const size_t root = place.rfind("/kernels/");
    const bool is_ours = root != std::string::npos;
    if (is_ours) place = place.substr(root + 1);
    const bool is_intrinsic =
        place.starts_with("kernels/simt/") && place.find(".h:") != std::string::npos;
    const std::string text = place + " in " + short_name(function);
    if (is_ours && !is_intrinsic) return text;
    if (fallback.empty()) fallback = text;
  }
  return fallback;
}

std::string text_of_address(const char* address) {
  Dl_info info{};
  link_map* loaded = nullptr;
  if (dladdr1(address, &info, reinterpret_cast<void**>(&loaded), RTLD_DL_LINKMAP) == 0) {
    return "an unknown place";
  }
  // The main program has no name here; its path may be relative to a folder that was left.
  const bool is_program = loaded->l_name == nullptr || loaded->l_name[0] == '\0';
  const std::string file =
      is_program ? "/proc/" + std::to_string(getpid()) + "/exe" : std::string(loaded->l_name);
  char offset[32];
  std::snprintf(offset, sizeof(offset), "0x%zx",
                reinterpret_cast<uintptr_t>(address) - static_cast<uintptr_t>(loaded->l_addr));
  const std::string frames =
      output_of("addr2line -e '" + file + "' -f -C -i " + offset + " 2>/dev/null");
  const std::string line = innermost_kernel_line(frames);
  if (!line.empty()) return line;
  return std::string(offset) + " of the program" +
         (info.dli_sname != nullptr ? std::string(" in ") + info.dli_sname : "");
}

}  // namespace

AccessSite AccessSite::of(const void* return_address) {
  const ptrdiff_t offset = static_cast<const char*>(return_address) - 1 - origin();
  constexpr ptrdiff_t kLimit = std::numeric_limits<int32_t>::max() / 2;
  if (offset > kLimit || offset < -kLimit) return {};
  return AccessSite(static_cast<int32_t>(offset) * 2);
}

AccessSite AccessSite::of(const SourceSite& site) {
  // Never freed: as a thread_local object it would be destroyed before the last access at exit.
  if (sites == nullptr) sites = new std::vector<SourceSite>;
  for (size_t i = sites->size(); i-- > 0;) {
    const SourceSite& known = (*sites)[i];
    if (is_same_line(known, site) && is_same_name(known.function, site.function)) {
      return AccessSite(static_cast<int32_t>(i * 2 + 1));
    }
  }
  sites->push_back(site);
  return AccessSite(static_cast<int32_t>(sites->size() * 2 - 1));
}

std::string AccessSite::text() const {
  if (value_ == 0) return "an unknown place";
  if (value_ % 2 == 0) return text_of_address(origin() + value_ / 2);
  const SourceSite& site = (*sites)[static_cast<size_t>(value_) / 2];
  return std::string(site.file) + ":" + std::to_string(site.line) + " in " + site.function;
}

}  // namespace packproof::simt::detail
