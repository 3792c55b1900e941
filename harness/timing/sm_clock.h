// The clock of a GPU's multiprocessors, by the driver's management library (NVML).
#pragma once

#include <string>

namespace packproof::harness {

class SmClock {
 public:
  // Of the first device. Loads the library; without it every reading is 0.
  SmClock();
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
