// What did not pass, by kind: of each the smallest case, with its strip, the line that repeats it and
// its case file, and the others on demand.

const failuresAtOnce = 10;

function failureCard(one, open) {
  const reason = one.failure?.reason || one.detail || "its details were left out";
  const summary = h("span", {}, outcomeChip(one.outcome), " ", h("code", {}, one.descriptor),
    h("span", { class: "reason" }, `${whoOf(one, report)}: ${reason}`));
  return lazyDetails(summary, () => caseCard(one), { class: "card", open });
}

const looksLike = ({ fault, outcome }) => fault || (outcome === "mismatch" ? "no known kind" : "");

function kindsTable(kinds, severalRuns) {
  if (kinds.length < 2) return null;
  return plainTable({
    caption: "By op, tensor and what it looks like",
    rows: kinds,
    columns: [
      severalRuns ? { label: "Run", cell: ({ run }) => run } : null,
      { label: "Op", cell: ({ op, outcome }) => h("a", { href: hrefOf({ op, outcome }) }, op) },
      { label: "Tensor", cell: ({ tensor }) => tensor },
      { label: "Outcome", cell: ({ outcome }) => outcomeChip(outcome) },
      { label: "Looks like", cell: (kind) => looksLike(kind) },
      { label: "Cases", numeric: true, cell: ({ cases }) => formatCount(cases.length) },
    ].filter(Boolean),
  });
}

// Shows the first `atOnce` of `items` and, as often as the button is pressed, as many more.
function shownByAndBy(items, make, { first, noun }) {
  const list = h("div", {});
  const more = h("button", { type: "button" });
  let shown = 0;
  const show = (count) => {
    list.append(...items.slice(shown, shown + count).map((item, i) => make(item, shown + i)));
    shown = Math.min(items.length, shown + count);
    const left = items.length - shown;
    more.textContent = `Show ${Math.min(failuresAtOnce, left)} more of ${plural(left, noun)}`;
    more.hidden = left === 0;
  };
  more.addEventListener("click", () => {
    const from = shown;
    show(failuresAtOnce);
    list.children[from]?.querySelector("summary").focus();
  });
  show(first);
  return h("div", {}, list, h("div", { class: "more" }, more));
}

function kindBlock(kind, { isFirst, severalRuns }) {
  const { op, tensor, cases } = kind;
  const count = cases.length === 1 ? "one case" : `${formatCount(cases.length)} cases, the smallest first`;
  const fault = looksLike(kind) || outcomes[kind.outcome].word;
  return h("div", { class: "kind" },
    h("h3", {}, `${[op, tensor].filter(Boolean).join(" ")}: ${fault}`,
      h("span", { class: "muted small" }, ` ${severalRuns ? `in ${kind.run}, ` : ""}${count}`)),
    shownByAndBy(cases, (one, i) => failureCard(one, isFirst && i === 0), { first: 1, noun: "case" }));
}

function failuresSection({ failed, kinds, gates }) {
  if (failed.length === 0) return null;
  const severalRuns = gates.length > 1;
  const leftOut = gates.reduce((sum, gate) => sum + gate.details_left_out, 0);
  return section("failures", "Failures",
    leftOut > 0 ? h("p", { class: "notice" }, `The details of ${formatCount(leftOut)} are not in this page, to keep it small; the run's JSON has them.`) : null,
    kindsTable(kinds, severalRuns),
    shownByAndBy(kinds, (kind, i) => kindBlock(kind, { isFirst: i === 0, severalRuns }), { first: failuresAtOnce, noun: "kind" }));
}
