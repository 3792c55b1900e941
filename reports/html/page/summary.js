// The first screen: is it right? how wrong and where? how fast?

function answer(question, big, kind, ...children) {
  return h("div", { class: "answer" }, h("h2", {}, question), h("p", { class: `big ${kind}` }, big), ...children);
}

function outcomeBar(gates) {
  const counts = severity.map((outcome) => [outcome, gates.reduce((sum, gate) => sum + gate.counts[outcome], 0)]);
  return h("div", { class: "bar", "aria-hidden": "true" }, ...counts.reverse().filter(([, count]) => count > 0)
    .map(([outcome, count]) => h("span", { class: outcomes[outcome].kind, style: `flex-grow: ${count}` })));
}

function isItRight({ gates }) {
  const question = "Is it right?";
  if (gates.length === 0)
    return answer(question, "Not judged", "", h("p", {}, "No gate run is in this report: ", h("code", {}, "packproof gate --json FILE")));
  const order = ["FAIL", "INCOMPLETE", "INCONCLUSIVE", "NOTHING RAN", "PASS"];
  const worst = order.find((verdict) => gates.some((gate) => gate.verdict === verdict));
  const { mark, kind } = verdicts[worst];
  const words = { FAIL: "No", INCOMPLETE: "Not all of it ran", INCONCLUSIVE: "Not sure", "NOTHING RAN": "Nothing ran", PASS: "Yes" };
  const lines = gates.length === 1 ? [h("p", {}, gates[0].counts_line)] :
    [h("ul", {}, ...gates.map((gate) => h("li", {}, h("strong", {}, gate.name), ": ", gate.counts_line)))];
  return answer(question, `${mark} ${words[worst]}`, kind, outcomeBar(gates), ...lines);
}

function tally(items) {
  return [...groupBy(items, (item) => item)].map(([item, all]) => [item, all.length]).sort((a, b) => b[1] - a[1]);
}

// The first of a tally, and the rest as one, so that the counts add up to all.
function inShort(counts, most = 4) {
  if (counts.length <= most) return counts;
  const rest = counts.slice(most - 1);
  return [...counts.slice(0, most - 1), [`of ${plural(rest.length, "more kind")}`, rest.reduce((sum, [, count]) => sum + count, 0)]];
}

function howWrong({ cases, failed, gates }) {
  const question = "How wrong, and where?";
  if (gates.length === 0) return answer(question, "–", "");
  if (failed.length > 0) {
    const faults = tally(failed.map(({ failure, outcome }) =>
      failure?.mismatch?.fault || (outcome === "mismatch" ? "of no known kind" : outcomes[outcome].word)));
    const ops = tally(failed.map(({ op }) => op));
    return answer(question, plural(failed.length, "failure"), "bad",
      h("ul", {}, ...inShort(faults).map(([fault, count]) => h("li", {}, `${formatCount(count)}: ${fault}`))),
      h("p", {}, "In ", ...ops.slice(0, 3).flatMap(([op, count], i) =>
        [i ? ", " : "", h("a", { href: hrefOf({ op, sort: "outcome" }) }, op), ` (${formatCount(count)})`]),
        ops.length > 3 ? ` and ${plural(ops.length - 3, "more op")}` : ""));
  }
  const judged = cases.filter((one) => one.outcome === "pass" && Number.isFinite(marginOf(one)));
  if (judged.length === 0) return answer(question, "Nothing is off", "", h("p", {}, "Every value that was compared is exact."));
  const tightest = judged.reduce((a, b) => (marginOf(b) < marginOf(a) ? b : a));
  const { worst } = tightest;
  return answer(question, `${digits(worst.margin, 3)}× margin`, "",
    h("p", {}, `is the smallest of ${plural(judged.length, "case")}: an error of ${formatError(worst.error)} ` +
      `under a limit of ${formatError(worst.limit)}, in ${worst.tensor}, ${worst.where || worst.kind}.`),
    h("p", { class: "small" }, caseLink(tightest)));
}

function speedLine({ headline, device, host_note: hostNote }) {
  if (headline === null) return [h("p", {}, `Nothing was timed on ${device}.`)];
  const shape = `${plural(headline.rows, "row")}`;
  const share = headline.best_share > 0 ?
    h("p", {}, `At best ${formatShare(headline.best_share)} of what the machine can do: ${headline.best_row}.`) : null;
  const against = headline.over_padded > 0 ? `${speedThan(headline.over_padded)} padding: ${headline.implementation} against the padded baseline, geometric mean of ` :
    `${headline.implementation} was timed in `;
  const slower = headline.rows_slower > 0 ? ` Padded is faster in ${formatCount(headline.rows_slower)}.` : "";
  return [
    h("p", {}, `${against}${shape} on ${device}.${slower}`),
    share,
    headline.host ? h("p", { class: "host" }, hostNote) : h("p", { class: "muted small" }, headline.clock),
  ];
}

function howFast({ benches }) {
  const question = "How fast?";
  if (benches.length === 0)
    return answer(question, "Not timed", "", h("p", {}, "No benchmark run is in this report: ", h("code", {}, "packproof bench --json FILE")));
  const first = benches[0];
  const speed = ({ headline }, without) => (headline?.over_padded > 0 ? formatSpeed(headline.over_padded) : without);
  const others = benches.slice(1).map((bench) => h("li", {}, h("strong", {}, bench.name), ": ",
    `${speed(bench, "no ratio")} on ${bench.device}`,
    bench.headline?.host ? h("span", { class: "host" }, ` (${bench.host_note})`) : null));
  return answer(question, speed(first, "–"), "", ...speedLine(first), others.length ? h("ul", {}, ...others) : null);
}

function summarySection(data) {
  const runs = [...data.gates, ...data.benches];
  const verdict = data.gates.length === 1 ? verdictChip(data.gates[0].verdict) : null;
  const who = data.gates.length === 1 ? data.gates[0].candidates : "";
  const starts = distinct(runs.map(({ started }) => started)).sort();
  const when = distinct([starts[0], starts.at(-1)]).map(formatStart).join(" to ");
  const machines = distinct([...data.benches.map(({ device }) => device),
    ...data.gates.map(({ environment }) => new Map(environment).get("cpu") ?? "")].filter(Boolean));
  return h("section", { id: "summary", "data-label": "Summary", "aria-labelledby": "summary-heading" },
    h("div", { class: "title" },
      h("h1", { id: "summary-heading" }, who ? `Packed-sequence ops: ${who}` : "Packed-sequence ops"), verdict),
    h("p", { class: "muted" }, `${plural(runs.length, "run")}, ${when}; `,
      machines.join("; ")),
    h("div", { class: "answers" }, isItRight(data), howWrong(data), howFast(data)));
}
