// Whether a process that a test did not start itself still does anything.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace packproof::harness {

// One that is dead may wait for long to be reaped by init.
inline bool lives(pid_t pid) {
  std::FILE* const status = std::fopen(("/proc/" + std::to_string(pid) + "/stat").c_str(), "r");
  if (status == nullptr) return false;
  char state = 0;
  const int fields = std::fscanf(status, "%*d %*s %c", &state);
  std::fclose(status);
  return fields == 1 && state != 'Z';
}

// Waits a few seconds for its end.
inline bool ends_soon(pid_t pid) {
  for (int i = 0; i < 200; ++i) {
    if (!lives(pid)) return true;
    ::usleep(20'000);
  }
  return false;
}

}  // namespace packproof::harness
