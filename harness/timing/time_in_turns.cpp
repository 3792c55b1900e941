#include "harness/timing/time_in_turns.h"

#include <algorithm>
#include <cstddef>
#include <random>
#include <stdexcept>
#include <vector>

#include "harness/timing/sampler.h"

namespace packproof::harness {
namespace {

using SideSubject = OtherBuild::SideSubject;

// The other build as long as it answers.
class TheirSide {
 public:
  TheirSide(const PlannedRow& planned, const TimingOptions& options, OtherBuild& other,
            const std::string& why_not)
      : planned_(planned), device_(options.device), other_(other) {
    attempt([&] { subjects_ = other_.begin(planned.row, options, why_not); });
  }

  const std::vector<SideSubject>& subjects() const { return subjects_; }

  // 0 once it has failed.
  double sample_us(std::size_t subject) {
    double us = 0;
    if (failure_.empty()) attempt([&] { us = other_.sample_us(subject); });
    return us;
  }

  reports::BenchRow finish() {
    reports::BenchRow row = planned_.row;
    if (failure_.empty()) attempt([&] { row.series = other_.end(); });
    return failure_.empty() ? row : untimed_row(planned_, device_, failure_);
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
  BenchDevice device_;
  OtherBuild& other_;
  std::vector<SideSubject> subjects_;
  std::string failure_;
};

}  // namespace

TimedRow time_in_turns(const PlannedRow& planned, const TimingOptions& options,
                       const std::string& why_not, OtherBuild& other,
                       const std::string& their_why_not) {
  RowTimer timer(planned, options, why_not);
  TheirSide theirs(planned, options, other, their_why_not);
  std::minstd_rand random(1);
  std::vector<Subject> subjects = timer.subjects();
  const std::size_t ours = subjects.size();
  for (std::size_t k = 0; k < theirs.subjects().size(); ++k) {
    const SideSubject& subject = theirs.subjects()[k];
    const auto same = std::ranges::find(subjects, subject.name, &Subject::name);
    if (same == subjects.end()) {
      subjects.push_back({.name = subject.name,
                          .sample_us = [&theirs, k] { return theirs.sample_us(k); },
                          .samples = subject.samples});
      continue;
    }
    same->sample_us = [&theirs, &random, k, mine = std::move(same->sample_us)] {
      const bool they_begin = random() % 2 == 0;
      if (they_begin) theirs.sample_us(k);
      const double us = mine();
      if (!they_begin) theirs.sample_us(k);
      return us;
    };
  }
  std::vector<std::vector<double>> samples;
  if (!subjects.empty()) samples = take_samples(subjects);
  samples.resize(ours);
  return {.ours = timer.finish(samples), .theirs = theirs.finish()};
}

}  // namespace packproof::harness
