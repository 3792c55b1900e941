// The clock of a GPU's multiprocessors, by the driver's management library (NVML).
#pragma once

#include <string>

namespace packproof::harness {

class SmClock {
 public:
  // Of the device at `pci_bus_id`, as the CUDA runtime names it: the library counts all devices of
  // a machine, whatever CUDA_VISIBLE_DEVICES is. Loads the library; without it every reading is 0.
  explicit SmClock(const std::string& pci_bus_id);
  ~SmClock();
  SmClock(const SmClock&) = delete;
  SmClock& operator=(const SmClock&) = delete;

  double mhz() const;          // now
  double max_mhz() const;      // the most that the device may reach
  std::string driver() const;  // "580.159.04", or empty

 private:
  double reading(const char* function) const;

  void* library_ = nullptr;
  void* device_ = nullptr;
};

}  // namespace packproof::harness
