#include "harness/cli/terminal/interrupt.h"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>

namespace packproof::harness {
namespace {

constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};

std::atomic<int> came = 0;
static_assert(std::atomic<int>::is_always_lock_free);
std::array<struct sigaction, kSignals.size()> before;

void note(int signal) { came = signal; }

}  // namespace

InterruptWatch::InterruptWatch() {
  came = 0;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    ::sigaction(kSignals[i], nullptr, &before[i]);
    if (before[i].sa_handler == SIG_IGN) continue;
    struct sigaction action {};
    action.sa_handler = note;
    action.sa_flags = static_cast<int>(SA_RESETHAND);  // without SA_RESTART: a wait ends
    ::sigaction(kSignals[i], &action, nullptr);
  }
}

InterruptWatch::~InterruptWatch() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &before[i], nullptr);
}

int InterruptWatch::signal() const { return came; }

void end_process(int code) {
  const int signal = code - kSignalBase;
  for (const int known : kSignals) {
    if (signal != known) continue;
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
  std::exit(code);
}

}  // namespace packproof::harness
