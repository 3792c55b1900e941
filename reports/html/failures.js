// What did not pass, each with its strip, the line that repeats it and its case file.

const failuresAtOnce = 10;

function failureCard(one, open) {
  const reason = one.failure?.reason || one.detail || "its details were left out";
  const summary = h("span", {}, outcomeChip(one.outcome), " ", h("code", {}, one.descriptor),
    h("span", { class: "reason" }, `${whoOf(one, report)}: ${reason}`));
  return lazyDetails(summary, () => caseCard(one), { class: "card", open });
}

function faultsTable(failed) {
  const rows = [...groupBy(failed, (one) => JSON.stringify([one.op, one.outcome, one.failure?.mismatch?.fault ?? ""])).values()]
    .sort((a, b) => b.length - a.length);
  if (rows.length < 2) return null;
  return plainTable({
    caption: "By op and by what it looks like",
    rows,
    columns: [
      { label: "Op", cell: ([one]) => h("a", { href: hrefOf({ op: one.op, outcome: one.outcome }) }, one.op) },
      { label: "Outcome", cell: ([one]) => outcomeChip(one.outcome) },
      { label: "Looks like", cell: ([one]) => one.failure?.mismatch?.fault || (one.outcome === "mismatch" ? h("span", { class: "muted" }, "no known kind") : null) },
      { label: "Cases", numeric: true, cell: (cases) => formatCount(cases.length) },
    ],
  });
}

function failuresSection({ failed, gates }) {
  if (failed.length === 0) return null;
  const list = h("div", {});
  const more = h("button", { type: "button" });
  let shown = 0;
  const show = () => {
    const next = failed.slice(shown, shown + failuresAtOnce);
    list.append(...next.map((one, i) => failureCard(one, shown + i === 0)));
    shown += next.length;
    more.textContent = `Show ${Math.min(failuresAtOnce, failed.length - shown)} more of ${formatCount(failed.length - shown)}`;
    more.hidden = shown === failed.length;
  };
  more.addEventListener("click", () => {
    const first = shown;
    show();
    list.children[first]?.querySelector("summary").focus();
  });
  show();
  const leftOut = gates.reduce((sum, gate) => sum + gate.details_left_out, 0);
  return section("failures", "Failures",
    leftOut > 0 ? h("p", { class: "notice" }, `The details of ${formatCount(leftOut)} are not in this page, to keep it small; the run's JSON has them.`) : null,
    faultsTable(failed), list, h("div", {}, more));
}
