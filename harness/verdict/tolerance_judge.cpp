// Arithmetic: every unit's error against its limit, and every element against its bound.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/evidence/limits.h"
#include "harness/evidence/output_judge.h"
#include "harness/evidence/unit_verdict.h"
#include "harness/memory/poison.h"
#include "harness/verdict/blind_units.h"
#include "harness/verdict/cell_sums.h"
#include "harness/verdict/failure_log.h"
#include "harness/verdict/further_shares.h"
#include "harness/verdict/odd_tokens.h"
#include "harness/verdict/range_check.h"
#include "harness/verdict/special_spread.h"

namespace packproof::verdict {
namespace {

constexpr double kLargestLoad = 1e6;  // as which reports show an infinite one of a segment

class ToleranceJudge {
 public:
  ToleranceJudge(const OutputEvidence& evidence, const OutputLayout& layout)
      : evidence_(evidence),
        layout_(layout),
        units_(layout, evidence.boundary_window),
        log_(layout),
        spread_(evidence, layout),
        further_(evidence, units_, layout),
        odd_tokens_(evidence, layout, further_),
        cells_(static_cast<std::size_t>(layout.cell_count())),
        segment_loads_(static_cast<std::size_t>(layout.segment_count()), 0) {}

  OutputJudgement judge() {
    distrust(evidence_.unsound);
    judge_elements();
    if (!reference_is_sound_)
      log_.keep_only_what_needs_no_reference();
    else if (static_cast<int>(evidence_.plain.size()) >= kPlainRuns)
      judge_units();
    else
      doubt(fmt::format("{} has {} plain runs of the {} that its limits need", evidence_.spec->name,
                        evidence_.plain.size(), kPlainRuns));
    result_.mismatch = log_.most_telling(evidence_);
    if (result_.mismatch && layout_.rows() != OutputLayout::Rows::first_axis)
      result_.report.segment_errors = segment_loads_;
    return std::move(result_);
  }

 private:
  struct FailedUnit {
    UnitKind kind;
    std::int64_t unit, segment;
    UnitVerdict verdict;
  };

  void doubt(std::string why) {
    if (result_.doubt.empty()) result_.doubt = std::move(why);
  }

  void distrust(std::string why) {
    if (why.empty()) return;
    reference_is_sound_ = false;
    doubt(std::move(why));
  }

  void judge_elements() {
    const std::int64_t run = layout_.run_length();
    for (std::int64_t start = 0; start < layout_.element_total(); start += run) {
      if (layout_.is_slack_row(layout_.row_of(start))) {
        for (std::int64_t e = start; e < start + run; ++e) check_slack(evidence_, e, log_);
        continue;
      }
      UnitSums& sums = cells_[static_cast<std::size_t>(layout_.cell_of(start))];
      for (std::int64_t e = start; e < start + run; ++e) judge_element(e, sums);
    }
  }

  void judge_element(std::int64_t e, UnitSums& sums) {
    const JudgedPair& pair = evidence_.candidate;
    const ElementView view = view_element(pair, e);
    if (evidence_.the_case->fill != Fill::specials) check_reference(view.want, e);
    // Before NaN is compared with NaN: the poison is one.
    if (memory::is_poison(pair.got, e)) return fail(Check::unwritten, e, sums);
    if (spread_.reaches(e)) {
      if (!spread_.allows(e)) fail(Check::nan, e, sums);
      return;
    }
    const bool has_bound = evidence_.spec->bound != ElementBound::none;
    const bool in_place = view.must_match_in_place(), is_finite = std::isfinite(view.got);
    const bool allowed = view.is_allowed(has_bound);
    const bool shown = allowed || is_shown(e);
    if (in_place || !is_finite) {
      if (!allowed && shown) fail(Check::nan, e, sums);
      return;
    }
    add_element(view, sums);
    if (allowed || !shown) return;
    const double error = std::abs(view.got - view.want);
    log_.add(Check::elementwise, e, error, view.bound);
    ++result_.report.wrong_elements;
    load_segment(layout_.segment_of_row(layout_.row_of(e)), error / view.bound);
  }

  void load_segment(std::int64_t segment, double load) {
    if (segment < 0) return;
    double& shown = segment_loads_[static_cast<std::size_t>(segment)];
    shown = std::max(shown, std::min(load, kLargestLoad));
  }

  // What plain arithmetic has wrong too, of the same inputs, shows no fault of the candidate.
  bool is_shown(std::int64_t e) {
    std::string why = wrong_in_plain_run(evidence_, layout_, e);
    const bool shown = why.empty();
    if (!shown) doubt(std::move(why));
    return shown;
  }

  void check_reference(double want, std::int64_t e) {
    const std::vector<double>& m = evidence_.candidate.want->magnitude;
    if (std::isfinite(want) && (m.empty() || std::isfinite(m[static_cast<std::size_t>(e)]))) return;
    distrust(fmt::format("the reference of {} or its magnitude is not finite at {}",
                         evidence_.spec->name, layout_.place_of(e).index));
  }

  void fail(Check check, std::int64_t e, UnitSums& sums) {
    log_.add(check, e);
    ++result_.report.wrong_elements;
    ++sums.elements;
    sums.error = INFINITY;
  }

  void judge_units() {
    const auto shares = plain_shares(units_, layout_, evidence_.plain);
    for (std::size_t k = 0; k < shares.size(); ++k) judge_kind(k, shares[k]);
    log_.spread_units(units_);
    if (first_failed_) show_failed_unit(*first_failed_);
  }

  void judge_kind(std::size_t k, const std::vector<PlainShares>& shares) {
    const UnitKind kind = units_.kinds()[k];
    const std::vector<UnitSums> sums = units_.sum_up(kind, cells_);
    const auto verdict_by = [&](std::size_t unit, const PlainShares& plain) {
      const double factor = unit_factor(kind, evidence_.spec->role, sums[unit]);
      return judge_unit(sums[unit], plain, factor, evidence_.spec->dtype);
    };
    std::vector<UnitVerdict> verdicts(sums.size());
    for (std::size_t i = 0; i < sums.size(); ++i) verdicts[i] = verdict_by(i, shares[i]);
    odd_tokens_.settle({kind, k, sums, shares}, verdicts);
    reports::UnitReport report;
    report.kind = units_.name_of(kind);
    BlindUnits blind;
    std::vector<FailedUnit> failed;
    double worst = -1;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      if (sums[i].elements == 0) continue;
      const auto unit = static_cast<std::int64_t>(i);
      const UnitVerdict& verdict = verdicts[i];
      ++report.units;
      if (verdict.fails) {
        failed.push_back({kind, unit, units_.segment_of(kind, unit), verdict});
      } else if (verdict.limit >= kWidestLimit &&
                 !is_lost(sums[i], verdict, evidence_.spec->dtype)) {
        blind.push_back({i, verdict.limit});
      }
      const double load = verdict.load();
      load_segment(units_.segment_of(kind, unit), load);
      if (load <= worst) continue;
      worst = load;
      report.where = units_.where(kind, unit);
      report.error = verdict.error;
      report.base = verdict.base;
      report.floor = verdict.floor;
      report.limit = verdict.limit;
    }
    report.failed = std::ssize(failed);
    for (const FailedUnit& unit : failed) {
      log_.add_unit(kind, unit.unit, unit.verdict.load());
      keep_first_failed(unit);
    }
    if (evidence_.further && !can_spare(kind, blind, report.units))
      std::erase_if(blind, [&](const BlindUnit& b) {
        return verdict_by(b.unit, further_.settle(k, b.unit, shares[b.unit])).limit < kWidestLimit;
      });
    report.blind = std::ssize(blind);
    if (!can_spare(kind, blind, report.units))
      doubt(evidence_.spec->name + ": " + doubt_about(units_, kind, blind, report.units));
    if (report.units > 0) result_.report.worst.push_back(report);
  }

  // Kinds come from coarse to fine: in the earliest segment the last kind tells most.
  void keep_first_failed(const FailedUnit& failed) {
    const auto order = [](std::int64_t segment) { return static_cast<std::uint64_t>(segment); };
    if (first_failed_ && order(first_failed_->segment) < order(failed.segment)) return;
    if (first_failed_ && first_failed_->segment == failed.segment &&
        first_failed_->kind == failed.kind)
      return;
    first_failed_ = failed;
  }

  // Names the unit's first element beyond its bound or, as none need be, its most wrong one.
  void show_failed_unit(const FailedUnit& failed) {
    std::int64_t shown = -1;
    double largest = -1;
    for (std::int64_t start = 0; start < layout_.element_total(); start += layout_.run_length()) {
      if (units_.unit_of_cell(failed.kind, layout_.cell_of(start)) != failed.unit) continue;
      for (std::int64_t e = start; e < start + layout_.run_length(); ++e) {
        const ElementView view = view_element(evidence_.candidate, e);
        const double error = std::abs(view.got - view.want);
        if (view.must_match_in_place() || !std::isfinite(error) || error <= largest) continue;
        shown = e;
        largest = error;
        if (error > view.bound) {
          log_.add(Check::unit_error, e, failed.verdict.error, failed.verdict.limit);
          return;
        }
      }
    }
    if (shown >= 0) log_.add(Check::unit_error, shown, failed.verdict.error, failed.verdict.limit);
  }

  const OutputEvidence& evidence_;
  const OutputLayout& layout_;
  UnitMap units_;
  FailureLog log_;
  SpecialSpread spread_;
  FurtherShares further_;
  OddTokens odd_tokens_;
  std::vector<UnitSums> cells_;
  std::vector<double> segment_loads_;
  std::optional<FailedUnit> first_failed_;
  bool reference_is_sound_ = true;
  OutputJudgement result_;
};

}  // namespace

OutputJudgement judge_tolerance(const OutputEvidence& evidence, const OutputLayout& layout) {
  return ToleranceJudge(evidence, layout).judge();
}

}  // namespace packproof::verdict
