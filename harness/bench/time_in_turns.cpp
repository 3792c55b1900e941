#include "harness/bench/time_in_turns.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

#include "harness/timing/sampler.h"
#include "harness/timing/turn.h"

namespace packproof::harness {
namespace {

using SideSubject = OtherBuild::SideSubject;

// The other build as long as it answers.
class TheirSide {
 public:
  TheirSide(const PlannedRow& planned, const TimingOptions& options, OtherBuild& other,
            const std::string& why_not)
      : planned_(planned), candidate_(options.candidate), other_(other) {
    attempt([&] { subjects_ = other_.begin(planned.row, options, why_not); });
    samples_.resize(subjects_.size());
  }

  const std::vector<SideSubject>& subjects() const { return subjects_; }

  // Infinite once it has failed.
  double burst_us(std::size_t subject) {
    double us = std::numeric_limits<double>::infinity();
    if (failure_.empty()) attempt([&] { us = other_.sample_us(subject); });
    return us;
  }

  void keep(std::size_t subject, double sample_us) { samples_[subject].push_back(sample_us); }

  reports::BenchRow finish() {
    reports::BenchRow row = planned_.row;
    if (failure_.empty()) attempt([&] { row.series = other_.end(samples_); });
    return failure_.empty() ? row : untimed_row(planned_, candidate_, failure_);
  }

 private:
  template <class Work>
  void attempt(const Work& work) {
    try {
      work();
    } catch (const std::runtime_error& error) {
      failure_ = error.what();
    }
  }

  const PlannedRow& planned_;
  const Candidate& candidate_;
  OtherBuild& other_;
  std::vector<SideSubject> subjects_;
  std::vector<std::vector<double>> samples_;
  std::string failure_;
};

// One turn: our sample, with theirs kept.
double take_turn(const std::function<double()>& our_burst_us, TheirSide& theirs,
                 std::size_t subject, int rounds, std::minstd_rand& random) {
  std::vector<Round> taken(static_cast<std::size_t>(rounds));
  for (Round& round : taken) {
    const bool they_begin = random() % 2 == 0;
    if (they_begin) round.their_us = theirs.burst_us(subject);
    round.our_us = our_burst_us();
    if (!they_begin) round.their_us = theirs.burst_us(subject);
  }
  const Round typical = typical_round(std::move(taken));
  theirs.keep(subject, typical.their_us);
  return typical.our_us;
}

}  // namespace

TimedRow time_in_turns(const PlannedRow& planned, const TimingOptions& options,
                       const std::string& why_not, OtherBuild& other,
                       const std::string& their_why_not) {
  TimingOptions in_turns = options;
  in_turns.in_turns = true;
  RowTimer timer(planned, in_turns, why_not);
  TheirSide theirs(planned, options, other, their_why_not);
  std::minstd_rand random(1);
  std::vector<Subject> subjects = timer.subjects();
  const std::size_t ours = subjects.size();
  for (std::size_t k = 0; k < theirs.subjects().size(); ++k) {
    const SideSubject& subject = theirs.subjects()[k];
    const auto same = std::ranges::find(subjects, subject.name, &Subject::name);
    if (same == subjects.end())
      subjects.push_back({.name = subject.name,
                          .sample_us =
                              [&theirs, k] {
                                const double us = theirs.burst_us(k);
                                theirs.keep(k, us);
                                return us;
                              },
                          .samples = subject.samples});
    else
      same->sample_us = [&theirs, &random, k, rounds = same->rounds,
                         burst_us = std::move(same->sample_us)] {
        return take_turn(burst_us, theirs, k, rounds, random);
      };
  }
  std::vector<std::vector<double>> samples;
  if (!subjects.empty()) samples = take_samples(subjects);
  samples.resize(ours);
  return {.ours = timer.finish(samples), .theirs = theirs.finish()};
}

}  // namespace packproof::harness
