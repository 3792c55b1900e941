// A run with something of everything, for the tests of reports/.
#pragma once

#include <limits>
#include <string>

#include "reports/records/record.h"

namespace packproof::reports {

inline Record sample_pass() {
  Record record;
  record.descriptor = "causal_conv1d:fwd dtype=bf16 channels=64 width=4 len=5,3 seed=1";
  record.op = "causal_conv1d";
  record.direction = "fwd";
  record.candidate = "simt";
  record.schedule = kDefaultSchedule;
  record.contract = "C8";
  record.expected = "pass";
  record.outcome = Outcome::pass;
  const double infinity = std::numeric_limits<double>::infinity();
  record.tensors = {{"y",
                     "bf16",
                     "tolerance",
                     512,
                     0,
                     {{"segment", "segment 1", 0.0031, 0.0035, 0.0017, 0.0070, 2, 0},
                      {"token", "token 7", 0, 0.1, 0.05, infinity, 8, 0}},
                     {}},
                    {"state", "bf16", "bits", 384, 0, {}, {}}};
  record.repro = "packproof repro '" + record.descriptor + "'";
  record.elapsed_us = {{"inputs", 12.5}, {"candidate", 1500000.25}, {"reference", 1.0 / 3}};
  return record;
}

inline Record sample_mismatch() {
  Record record = sample_pass();
  record.descriptor = "causal_conv1d:fwd dtype=bf16 channels=64 width=4 len=5,3 seed=7";
  record.candidate = "seeded:transformers-46588";
  record.schedule = "random:3";
  record.contract = "";
  record.source = "https://github.com/huggingface/transformers/issues/46588";
  record.outcome = Outcome::mismatch;
  record.tensors[0].wrong_elements = 190;
  record.tensors[0].worst = {
      {"segment", "segment 1", 1.3, 0.0039, 0.0017, 0.0078, 2, 1},
      {"token", "token 5", std::numeric_limits<double>::quiet_NaN(), 0.1, 0.05, 0.4, 8, 3}};
  record.tensors[0].segment_errors = {0.44, 166.6};
  record.tensors[1].wrong_elements = 12;
  Mismatch mismatch;
  mismatch.tensor = "y";
  mismatch.check = "unit error";
  mismatch.segment = 1;
  mismatch.token = 5;
  mismatch.token_in_segment = 0;
  mismatch.index = "[5, 12]";
  mismatch.got = "0.4375";
  mismatch.want = "-0.12792969";
  mismatch.error = 1.3;
  mismatch.limit = 0.0078;
  mismatch.fault = "leak across a boundary";
  mismatch.because = "only the first 3 tokens of segment 1 are wrong, behind another segment";
  record.mismatch = mismatch;
  record.repro = "packproof repro '" + record.descriptor +
                 "' --candidate seeded:transformers-46588 --schedule random:3";
  return record;
}

inline Record sample_without_tensors(Outcome outcome, const std::string& name) {
  Record record;
  record.descriptor = name;
  record.op = "pack_sequences";
  record.direction = "bwd";
  record.candidate = "lib:./user.so";
  record.expected = "pass";
  record.outcome = outcome;
  record.repro = "packproof repro '" + name + "'";
  return record;
}

inline RunReport sample_report() {
  RunReport report;
  report.environment = {"0.1.0", "abc1234", "g++ 12.2.0", "Release",      "",
                        "Xeon",  "Linux 6", "2.11.0",     "12.8 <no GPU>"};
  report.command = "packproof gate --filter 'a|b' --json \"out.json\"";
  report.started = "2026-01-02T03:04:05Z";
  report.elapsed_s = 12.25;
  report.records.push_back(sample_pass());
  report.records.push_back(sample_mismatch());
  Record crashed = sample_without_tensors(Outcome::crashed, "pack_sequences:bwd len=2 seed=1");
  // A colour code, a NUL, bytes that are not UTF-8, a fence and markup: what a process may write.
  crashed.detail = std::string("\x1b[31mSIGSEGV\x1b[0m \xff\xfe\x00 ]]> </failure> & \"x\"", 41) +
                   "\n```\nsecond line | pipe\r\n\xef\xbf\xbf";
  report.records.push_back(crashed);
  report.records.push_back(
      sample_without_tensors(Outcome::timed_out, "pack_sequences:bwd len=3 seed=1"));
  Record refused = sample_without_tensors(Outcome::refused, "pack_sequences:bwd len=4 seed=1");
  refused.detail = "head_dim 96 is not supported; use 64 or 128";
  report.records.push_back(refused);
  report.records.push_back(
      sample_without_tensors(Outcome::skipped, "pack_sequences:bwd len=5 seed=1"));
  report.records.push_back(
      sample_without_tensors(Outcome::mistrusted, "pack_sequences:bwd len=6 seed=1"));
  Record known = sample_mismatch();
  known.descriptor += " fill=tiny";
  known.known_bug = true;
  known.mismatch->check = "refusal";
  known.mismatch->segment.reset();
  known.mismatch->error = -std::numeric_limits<double>::infinity();
  known.expected = "refused";
  report.records.push_back(known);
  return report;
}

}  // namespace packproof::reports
