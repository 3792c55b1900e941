// Unpacks what reports/html/html_data.cpp wrote, and names every field of it.

const outcomes = {
  pass: { mark: "✓", kind: "good", word: "pass" },
  mismatch: { mark: "✗", kind: "bad", word: "mismatch" },
  refused: { mark: "⊘", kind: "bad", word: "refused" },
  skipped: { mark: "–", kind: "plain", word: "skipped" },
  mistrusted: { mark: "?", kind: "unsure", word: "mistrusted" },
  crashed: { mark: "!", kind: "bad", word: "crashed" },
  timed_out: { mark: "…", kind: "bad", word: "timed out" },
};
// The worst first: the order in which tables sort.
const severity = ["crashed", "timed_out", "mismatch", "refused", "mistrusted", "skipped", "pass"];

const verdicts = {
  PASS: { mark: "✓", kind: "good" },
  FAIL: { mark: "✗", kind: "bad" },
  INCOMPLETE: { mark: "?", kind: "unsure" },
  INCONCLUSIVE: { mark: "?", kind: "unsure" },
  "NOTHING RAN": { mark: "–", kind: "plain" },
};

const plainContract = "values";  // a case without a contract of its own judges values

function outcomeChip(name) {
  const { mark, kind, word } = outcomes[name];
  return h("span", { class: `chip ${kind}` }, `${mark} ${word}`);
}

function verdictChip(verdict) {
  const { mark, kind } = verdicts[verdict];
  return h("span", { class: `chip ${kind}` }, `${mark} ${verdict}`);
}

function unpackWorst(packed, words) {
  if (packed === null) return null;
  const [tensor, kind, where, error, base, floor, limit, exact] = packed;
  const unit = { tensor: words[tensor], kind: words[kind], where, error: Number(error), base: Number(base),
    floor: Number(floor), limit: Number(limit) };
  const times = unit.limit / unit.error;
  unit.margin = exact ? Infinity : Number.isNaN(times) ? 0 : times;  // NaN fits in no limit
  return unit;
}

function unpackCase(packed, index, gate) {
  const [descriptor, op, candidate, schedule, contract, source, outcome, flags, worst, detail] = packed;
  const words = gate.words;
  return {
    run: gate.name,
    descriptor,
    op: words[op],
    candidate: words[candidate],
    schedule: words[schedule],
    contract: words[contract] || plainContract,
    source: words[source],
    outcome: words[outcome],
    refusalDue: (flags & 1) !== 0,
    knownBug: (flags & 2) !== 0,
    worst: unpackWorst(worst, words),
    detail,
    failure: gate.failures[index] ?? null,  // of what did not pass, unless there were too many
  };
}

function readData() {
  const data = JSON.parse(document.getElementById("data").textContent);
  for (const gate of data.gates) gate.cases = gate.cases.map((packed, index) => unpackCase(packed, index, gate));
  const cases = data.gates.flatMap((gate) => gate.cases);
  return {
    ...data,
    cases,
    failed: cases.filter(hasFailed),
    // The failures again, by kind; of each kind the smallest case first.
    kinds: data.gates.flatMap((gate) => gate.kinds.map((kind) => ({ ...kind, run: gate.name, cases: kind.cases.map((index) => gate.cases[index]) })))
      .sort((a, b) => b.cases.length - a.cases.length),
    byDescriptor: groupBy(cases, ({ descriptor }) => descriptor),
    candidates: distinct(cases.map(({ candidate }) => candidate)),
  };
}

const hasFailed = (one) => !one.knownBug && outcomes[one.outcome].kind === "bad";

const marginOf = (one) => one.worst?.margin ?? Infinity;

// Who was on trial, as short as tells the rows of this report apart.
function whoOf(one, data) {
  const named = data.gates.length > 1;
  return [named ? one.run : null, data.candidates.length > 1 || !named ? one.candidate : null].filter(Boolean).join(" · ");
}
