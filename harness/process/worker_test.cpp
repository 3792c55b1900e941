#include "harness/process/worker.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "harness/process/harness_failure.h"
#include "harness/process/isolated_run.h"
#include "harness/process/other_bits.h"
#include "harness/testing/living_process.h"

namespace packproof::harness {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using Ending = Isolated<pid_t>::Ending;

constexpr milliseconds kPlenty{20000};

// As a tool does that tells only at the end what it found.
void end_badly_when_next_asked() {
  std::signal(SIGIO, [](int) { ::_exit(86); });
  for (int fd = 3; fd < 256; ++fd)
    if (::fcntl(fd, F_SETOWN, ::getpid()) == 0) ::fcntl(fd, F_SETFL, O_ASYNC);
}

// Does what it is told, and says in which process.
json obey(const json& request) {
  const auto what = request.at("do").get<std::string>();
  if (what == "refuse") throw Refusal("not today");
  if (what == "throw") throw std::runtime_error("CUDA error 700");
  if (what == "differ") throw OtherBits("y", "run 2 of 2 gave other bits at [0]");
  if (what == "fail") throw HarnessFailure("no ranks");
  if (what == "abort") std::abort();
  if (what == "exit") ::_exit(0);
  if (what == "hang")
    for (;;) ::pause();
  if (what == "deafen") {  // lives on, but hears and says nothing
    for (int fd = 3; fd < 256; ++fd) ::close(fd);
    for (;;) ::pause();
  }
  if (what == "leave a child" && ::fork() == 0)
    for (;;) ::pause();
  if (what == "leave a child") std::abort();
  if (what == "end badly") end_badly_when_next_asked();
  if (what == "whisper") std::fputs("simt: nothing to worry about\n", stderr);
  return ::getpid();
}

class Workers : public testing::Test {
 protected:
  Isolated<pid_t> ask(const char* what, milliseconds timeout = kPlenty) {
    return worker.ask<pid_t>({{"do", what}}, timeout);
  }

  Worker worker{obey};
};

TEST_F(Workers, DoOneThingAfterAnotherInOneProcess) {
  const Isolated<pid_t> first = ask("work");
  EXPECT_EQ(first.ending, Ending::returned);
  EXPECT_GT(first.elapsed_us, 0);
  EXPECT_NE(first.returned, ::getpid());
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ask("work").returned, first.returned);
}

TEST_F(Workers, GoOnBehindARefusal) {
  const pid_t before = ask("work").returned;
  const Isolated<pid_t> refused = ask("refuse");
  EXPECT_EQ(refused.ending, Ending::refused);
  EXPECT_EQ(refused.message, "not today");
  EXPECT_EQ(ask("work").returned, before);
}

TEST_F(Workers, ChargeAnEndToWhatEndedThem) {
  struct Case {
    const char* what;
    Ending ending;
    const char* message;
  };
  for (const Case& one : {Case{"abort", Ending::crashed, "SIGABRT (Aborted)"},
                          Case{"exit", Ending::crashed, "exit code 0"},
                          Case{"throw", Ending::crashed, "threw: CUDA error 700"},
                          Case{"differ", Ending::other_bits, "run 2 of 2 gave other bits at [0]"},
                          Case{"leave a child", Ending::crashed, "SIGABRT (Aborted)"}}) {
    SCOPED_TRACE(one.what);
    const Isolated<pid_t> before = ask("work");
    const Isolated<pid_t> ended = ask(one.what);
    const Isolated<pid_t> after = ask("work");
    EXPECT_EQ(ended.ending, one.ending);
    EXPECT_EQ(ended.message, one.message);
    EXPECT_EQ(after.ending, Ending::returned);
    EXPECT_NE(after.returned, before.returned);
  }
}

TEST_F(Workers, AreStoppedAtTheirTime) {
  for (const char* what : {"hang", "deafen"}) {
    SCOPED_TRACE(what);
    const pid_t before = ask("work").returned;
    const Isolated<pid_t> hung = ask(what, milliseconds(200));
    EXPECT_EQ(hung.ending, Ending::timed_out);
    EXPECT_EQ(hung.message, "stopped at the time limit");
    EXPECT_TRUE(ends_soon(before));
    EXPECT_NE(ask("work").returned, before);
  }
}

TEST_F(Workers, PassOnWhatTheHarnessCannotDo) {
  EXPECT_THROW(ask("fail"), HarnessFailure);
  EXPECT_EQ(ask("work").ending, Ending::returned);
}

// What earlier work wrote is not the reason of a later end.
TEST_F(Workers, TellOnlyWhatWasWrittenMeanwhile) {
  EXPECT_EQ(ask("whisper").ending, Ending::returned);
  EXPECT_EQ(ask("abort").message, "SIGABRT (Aborted)");
}

TEST_F(Workers, AreRenewedWhenTheyEndBetween) {
  const pid_t idle = ask("work").returned;
  ::kill(idle, SIGKILL);
  EXPECT_TRUE(ends_soon(idle));
  const Isolated<pid_t> after = ask("work");
  EXPECT_EQ(after.ending, Ending::returned);
  EXPECT_NE(after.returned, idle);
}

// As the processes that judge cases do, one at a time.
TEST_F(Workers, AreAskedFromForkedProcesses) {
  const auto ask_there = [&] {
    return run_isolated([&] { return ask("work").returned; }, kPlenty).returned;
  };
  const pid_t worker_pid = ask_there();
  EXPECT_EQ(ask_there(), worker_pid);
  EXPECT_EQ(ask("work").returned, worker_pid);
}

TEST_F(Workers, SayHowTheyEnded) {
  EXPECT_EQ(worker.end(), "") << "it was never asked anything";
  Worker used(obey);
  used.ask<pid_t>({{"do", "work"}}, kPlenty);
  EXPECT_EQ(used.end(), "");
  Worker with_findings(obey);
  EXPECT_EQ(with_findings.ask<pid_t>({{"do", "end badly"}}, kPlenty).ending, Ending::returned);
  EXPECT_EQ(with_findings.end(), "exit code 86");
}

TEST(Worker, IsGoneWithItsObject) {
  pid_t pid = 0;
  {
    Worker worker(obey);
    pid = worker.ask<pid_t>({{"do", "work"}}, kPlenty).returned;
  }
  EXPECT_TRUE(ends_soon(pid));
}

}  // namespace
}  // namespace packproof::harness
