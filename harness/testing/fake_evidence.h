// Builds evidence for the comparator's tests: a case, references, plain runs and a candidate that
// is right until a test spoils it.
#pragma once

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "harness/memory/element_bits.h"
#include "harness/verdict/judge.h"

namespace packproof::verdict {

class FakeEvidence {
 public:
  Case the_case;
  Signature signature;
  ReferenceResult reference;
  Evidence evidence;

  explicit FakeEvidence(std::vector<std::int64_t> lengths, std::int64_t capacity = 0) {
    the_case.op = "fake";
    the_case.lengths = std::move(lengths);
    the_case.capacity = std::max(capacity, the_case.valid_tokens());
  }
  FakeEvidence(const FakeEvidence&) = delete;
  FakeEvidence& operator=(const FakeEvidence&) = delete;

  // Values in [-2, 2) by a simple generator; the magnitude is that of a sum of 4 such terms.
  FakeEvidence& add(OutputSpec spec) {
    signature.outputs.push_back(spec);
    reference.push_back(random_reference(spec, 1));
    return *this;
  }

  static ReferenceTensor random_reference(const OutputSpec& spec, std::uint64_t seed) {
    ReferenceTensor tensor{spec.name, {}, {}, {}};
    std::uint64_t state = seed * 0x9E3779B97F4A7C15;
    const auto uniform = [&state] {
      state = state * 6364136223846793005 + 1442695040888963407;
      return static_cast<double>(state >> 11) * 0x1p-51 - 2;
    };
    for (std::int64_t i = 0; i < element_count(spec.dims); ++i) {
      double sum = 0, magnitude = 0;
      for (int term = 0; term < 4; ++term) {
        const double value = uniform();
        sum += value;
        magnitude += std::abs(value);
      }
      if (!is_floating(spec.dtype)) sum = std::floor(sum * 100);
      tensor.value.push_back(sum);
      if (spec.judged == Judged::tolerance) tensor.magnitude.push_back(magnitude);
    }
    return tensor;
  }

  // Stores a correctly rounded candidate and plain runs; call after editing `reference`.
  // `plain_noise`: relative error of plain runs in units of their dtype's roundoff.
  // `edit`, if given, changes the references of plain runs first.
  FakeEvidence& build(double plain_noise = 0,
                      const std::function<void(ReferenceTensor&)>& edit = nullptr) {
    evidence = {.the_case = &the_case, .signature = &signature, .reference = &reference};
    for (std::size_t i = 0; i < signature.outputs.size(); ++i)
      evidence.outputs.push_back(stored(signature.outputs[i], reference[i], 0));
    for (std::uint64_t seed = 2; seed < 7; ++seed)
      evidence.plain.push_back(plain_run(seed, plain_noise, edit));
    return *this;
  }

  Tensor& out(std::size_t i = 0) { return evidence.outputs[i]; }
  void set(std::int64_t element, double value, std::size_t output = 0) {
    store(out(output), element, value);
  }
  // A plain run hits its reference at one element of the first output.
  void make_plain_exact(std::size_t run, std::int64_t element) {
    store(evidence.plain[run].outputs[0], element,
          plain_references_[run][0].value[static_cast<std::size_t>(element)]);
  }
  // A plain run becomes one of the candidate's own inputs, and right.
  void give_plain_these_inputs(std::size_t run) {
    PlainRun& plain = evidence.plain[run];
    plain.reference = &reference;
    for (std::size_t i = 0; i < signature.outputs.size(); ++i)
      plain.outputs[i] = stored(signature.outputs[i], reference[i], 0);
  }
  // Fifteen further plain runs, as those of build().
  void give_further(double plain_noise = 0,
                    const std::function<void(ReferenceTensor&)>& edit = nullptr) {
    further_.clear();
    for (std::uint64_t seed = 20; seed < 35; ++seed)
      further_.push_back(plain_run(seed, plain_noise, edit));
    evidence.further = [this](std::size_t i) { return further_.at(i); };
  }
  double get(std::int64_t element, std::size_t output = 0) { return load(out(output), element); }
  Verdict judge() const { return verdict::judge(evidence); }

 private:
  PlainRun plain_run(std::uint64_t seed, double noise,
                     const std::function<void(ReferenceTensor&)>& edit) {
    ReferenceResult& other = plain_references_.emplace_back();
    PlainRun run{{}, &other};
    for (std::size_t i = 0; i < signature.outputs.size(); ++i) {
      other.push_back(the_case.fill == Fill::normal ? random_reference(signature.outputs[i], seed)
                                                    : reference[i]);
      if (edit) edit(other.back());
      run.outputs.push_back(stored(signature.outputs[i], other[i], noise));
    }
    return run;
  }

  Tensor stored(const OutputSpec& spec, const ReferenceTensor& want, double noise) {
    std::vector<std::uint64_t>& memory = memory_.emplace_back();
    memory.resize(static_cast<std::size_t>(element_count(spec.dims)) + 1, 0);
    const Tensor tensor{spec.name, spec.dtype, spec.dims, memory.data()};
    for (std::int64_t i = 0; i < tensor.count(); ++i) {
      const auto e = static_cast<std::size_t>(i);
      const double size = noise == 0 || want.magnitude.empty() ? 0 : want.magnitude[e];
      const double sign = static_cast<double>(i * 7 % 3) - 1;
      if (!want.bits.empty())
        memory::set_bits(tensor, i, want.bits[e]);
      else
        store(tensor, i, want.value[e] + sign * noise * unit_roundoff(spec.dtype) * size);
    }
    return tensor;
  }

  std::deque<std::vector<std::uint64_t>> memory_;
  std::deque<ReferenceResult> plain_references_;
  std::vector<PlainRun> further_;
};

// [tokens, channels], judged by tolerance.
inline OutputSpec activation(std::int64_t tokens, std::int64_t channels, DType dtype = DType::bf16,
                             Slack slack = Slack::none) {
  return {"y",   dtype,      {{Axis::token, tokens}, {Axis::feature, channels}}, Judged::tolerance,
          slack, Role::value};
}

// [tokens, heads, dim], judged by tolerance.
inline OutputSpec headed(std::int64_t tokens, std::int64_t heads, std::int64_t dim) {
  return {"o",
          DType::bf16,
          {{Axis::token, tokens}, {Axis::head, heads}, {Axis::feature, dim}},
          Judged::tolerance,
          Slack::none,
          Role::value};
}

// [segments, channels, taps] fp32.
inline OutputSpec state(std::int64_t segments, std::int64_t channels, std::int64_t taps) {
  return {"final_state",
          DType::fp32,
          {{Axis::segment, segments}, {Axis::feature, channels}, {Axis::tap, taps}},
          Judged::tolerance,
          Slack::none,
          Role::state};
}

inline OutputSpec moved(std::int64_t tokens, std::int64_t channels, DType dtype,
                        Slack slack = Slack::none) {
  return {"packed",     dtype, {{Axis::token, tokens}, {Axis::feature, channels}},
          Judged::bits, slack, Role::value};
}

}  // namespace packproof::verdict
