#include "harness/gpu/sm_clock.h"

#include <dlfcn.h>

#include <array>

namespace packproof::harness {
namespace {

// From nvml.h, which the CUDA toolkit has in a package of its own.
constexpr int kSuccess = 0;
constexpr unsigned kSmClock = 1;  // NVML_CLOCK_SM

template <class Function>
Function* symbol(void* library, const char* name) {
  return library ? reinterpret_cast<Function*>(::dlsym(library, name)) : nullptr;
}

}  // namespace

SmClock::SmClock(const std::string& pci_bus_id) {
  void* library = ::dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
  const auto init = symbol<int()>(library, "nvmlInit_v2");
  const auto find = symbol<int(const char*, void**)>(library, "nvmlDeviceGetHandleByPciBusId_v2");
  if (init && find && init() == kSuccess && find(pci_bus_id.c_str(), &device_) == kSuccess)
    library_ = library;
  else if (library)
    ::dlclose(library);
}

SmClock::~SmClock() {
  if (const auto shutdown = symbol<int()>(library_, "nvmlShutdown")) shutdown();
  if (library_) ::dlclose(library_);
}

double SmClock::reading(const char* function) const {
  unsigned mhz = 0;
  const auto read = symbol<int(void*, unsigned, unsigned*)>(library_, function);
  return read && read(device_, kSmClock, &mhz) == kSuccess ? mhz : 0;
}

double SmClock::mhz() const { return reading("nvmlDeviceGetClockInfo"); }
double SmClock::max_mhz() const { return reading("nvmlDeviceGetMaxClockInfo"); }

std::string SmClock::driver() const {
  std::array<char, 80> text{};
  const auto read = symbol<int(char*, unsigned)>(library_, "nvmlSystemGetDriverVersion");
  if (read) read(text.data(), static_cast<unsigned>(text.size()));
  return text.data();
}

}  // namespace packproof::harness
