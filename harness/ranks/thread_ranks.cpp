#include "harness/ranks/thread_ranks.h"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace packproof::harness {
namespace {

// Where ranks wait for each other, and leave word of what they send.
class Meeting {
 public:
  Meeting(int world, std::chrono::milliseconds timeout)
      : world_(world), timeout_(timeout), sent_(static_cast<std::size_t>(world)) {}

  int world() const { return world_; }

  void send(int rank, const void* blocks) {
    sent_[static_cast<std::size_t>(rank)] = static_cast<const std::byte*>(blocks);
    meet();
  }

  // Waits until all ranks have come.
  void meet() {
    std::unique_lock lock(mutex_);
    if (broken_) throw CommFailure(*broken_);
    const std::uint64_t mine = round_;
    if (++present_ == world_) {
      present_ = 0;
      ++round_;
      changed_.notify_all();
      return;
    }
    if (!changed_.wait_for(lock, timeout_, [&] { return round_ != mine || broken_; }))
      break_up(fmt::format("only {} of {} ranks came to a collective within {} ms", present_,
                           world_, timeout_.count()));
    // A round that was completed counts, whatever happened since.
    if (round_ == mine) throw CommFailure(*broken_);
  }

  // A rank is gone: nobody will meet it again, in no group that it is in.
  void leave(int rank, const std::string& why) {
    const std::lock_guard lock(mutex_);
    break_up(why);
    gone_.emplace_back(rank, why);
    for (auto& [key, group] : groups_) group.member_leaves(rank, why);
  }

  // Where `members`, the ranks with this color in the `number`-th split, meet.
  Meeting& group(int number, int color, const std::vector<int>& members) {
    const std::lock_guard lock(mutex_);
    const auto [found, is_new] = groups_.try_emplace({number, color});
    Group& group = found->second;
    if (is_new) {
      group.members = members;
      group.meeting = std::make_unique<Meeting>(static_cast<int>(members.size()), timeout_);
      for (const auto& [rank, why] : gone_) group.member_leaves(rank, why);
    }
    return *group.meeting;
  }

  const std::byte* sent_by(int rank) const { return sent_[static_cast<std::size_t>(rank)]; }

 private:
  struct Group {
    std::vector<int> members;  // ranks here
    std::unique_ptr<Meeting> meeting;

    void member_leaves(int rank, const std::string& why) const {
      const auto member = std::find(members.begin(), members.end(), rank);
      if (member != members.end()) meeting->leave(static_cast<int>(member - members.begin()), why);
    }
  };

  void break_up(const std::string& why) {
    if (!broken_) broken_ = why;
    changed_.notify_all();
  }

  const int world_;
  const std::chrono::milliseconds timeout_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int present_ = 0;
  std::uint64_t round_ = 0;
  std::optional<std::string> broken_;  // why no later meeting will be whole
  std::vector<const std::byte*> sent_;
  std::vector<std::pair<int, std::string>> gone_;  // ranks, and why
  std::map<std::pair<int, int>, Group> groups_;
};

// Lets other ranks run for as long as it lives. Null: they run anyway.
class OthersTurn {
 public:
  explicit OthersTurn(std::mutex* baton) : baton_(baton) {
    if (baton_ != nullptr) baton_->unlock();
  }
  ~OthersTurn() {
    if (baton_ != nullptr) baton_->lock();
  }
  OthersTurn(const OthersTurn&) = delete;
  OthersTurn& operator=(const OthersTurn&) = delete;

 private:
  std::mutex* baton_;
};

class ThreadCommunicator : public Communicator {
 public:
  // `baton`: what the rank that runs holds, or null where all run at once.
  ThreadCommunicator(Meeting& meeting, int rank, std::mutex* baton)
      : meeting_(meeting), rank_(rank), baton_(baton) {}

  int rank() const override { return rank_; }
  int world() const override { return meeting_.world(); }

  std::unique_ptr<Communicator> split(int color) override {
    std::vector<int> colors(static_cast<std::size_t>(world()));
    all_gather(&color, colors.data(), sizeof(color));
    std::vector<int> members;
    for (int rank = 0; rank < world(); ++rank)
      if (colors[static_cast<std::size_t>(rank)] == color) members.push_back(rank);
    const auto own = std::find(members.begin(), members.end(), rank_) - members.begin();
    return std::make_unique<ThreadCommunicator>(meeting_.group(splits_++, color, members),
                                                static_cast<int>(own), baton_);
  }

 protected:
  void exchange(const void* send, void* receive, std::size_t bytes_each) override {
    fetch(send, receive, bytes_each, static_cast<std::size_t>(rank_) * bytes_each);
  }
  void gather(const void* send, void* receive, std::size_t bytes_each) override {
    fetch(send, receive, bytes_each, 0);
  }

 private:
  // From each rank the bytes at `offset` of what it sends.
  void fetch(const void* send, void* receive, std::size_t bytes, std::size_t offset) {
    const OthersTurn turn(baton_);
    meeting_.send(rank_, send);
    for (int from = 0; from < world(); ++from)
      std::memcpy(static_cast<std::byte*>(receive) + static_cast<std::size_t>(from) * bytes,
                  meeting_.sent_by(from) + offset, bytes);
    meeting_.meet();  // all have read what this rank sent
  }

  Meeting& meeting_;
  int rank_;
  std::mutex* baton_;
  int splits_ = 0;  // the same on every rank
};

std::string message_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "an exception of no known type";
  }
}

}  // namespace

void run_thread_ranks(int world, const std::function<void(Communicator&)>& rank,
                      std::chrono::milliseconds timeout, Pace pace) {
  Meeting meeting(world, timeout);
  std::mutex mutex, baton;
  std::exception_ptr first;
  const auto run = [&](int number) {
    std::unique_lock<std::mutex> turn;
    if (pace == Pace::one_at_a_time) turn = std::unique_lock(baton);
    ThreadCommunicator communicator(meeting, number, turn.mutex());
    try {
      rank(communicator);
      meeting.leave(number, fmt::format("rank {} returned while others wait for it", number));
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!first) first = std::current_exception();
      meeting.leave(number, fmt::format("rank {} failed: {}", number, message_of(first)));
    }
  };
  std::vector<std::thread> others;
  for (int number = 1; number < world; ++number) others.emplace_back(run, number);
  run(0);
  for (std::thread& other : others) other.join();
  if (first) std::rethrow_exception(first);
}

}  // namespace packproof::harness
