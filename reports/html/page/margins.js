// How close each op came to its limits.

function tightestOf(cases) {
  const judged = cases.filter((one) => one.outcome === "pass" && Number.isFinite(marginOf(one)));
  return judged.length ? judged.reduce((a, b) => (marginOf(b) < marginOf(a) ? b : a)) : null;
}

// A bar that is full at a margin of 1, and empty at 30.
function marginBar(margin) {
  const share = Math.max(0.02, 1 - Math.log10(Math.max(1, margin)) / Math.log10(30));
  return h("span", { class: "margin" }, h("i", { style: `width: ${Math.round(90 * share)}px`, "aria-hidden": "true" }),
    formatMargin(margin));
}

function marginsSection(data) {
  const groups = groupBy(data.cases, (one) => JSON.stringify([one.op, whoOf(one, data)]));
  const rows = [...groups.values()].map(tightestOf).filter(Boolean);
  if (rows.length === 0) return null;
  const several = distinct(rows.map((one) => whoOf(one, data))).length > 1;
  const table = pagedTable({
    caption: "The smallest margin of each op, of the cases that passed",
    pageSize: 15,
    sort: "margin",
    columns: [
      { key: "op", label: "Op", fixed: true, sort: ({ op }) => op, cell: ({ op }) => op },
      several ? { key: "who", label: "Candidate", fixed: true, sort: (one) => whoOf(one, data), cell: (one) => whoOf(one, data) } : null,
      { key: "margin", label: "Margin", hint: "limit over error", numeric: true, sort: marginOf, cell: (one) => marginBar(marginOf(one)) },
      { key: "error", label: "Error", numeric: true, sort: ({ worst }) => worst.error, cell: ({ worst }) => formatError(worst.error) },
      { key: "limit", label: "Limit", numeric: true, sort: ({ worst }) => worst.limit, cell: ({ worst }) => formatError(worst.limit) },
      { key: "plain", label: "Plain", hint: "error of the plain low-precision baseline: limits are measured from it", numeric: true,
        sort: ({ worst }) => worst.base, cell: ({ worst }) => formatError(worst.base) },
      { key: "floor", label: "Floor", hint: "error of the reference rounded to the output's dtype", numeric: true,
        sort: ({ worst }) => worst.floor, cell: ({ worst }) => formatError(worst.floor) },
      { key: "unit", label: "Worst unit", fixed: true, sort: ({ worst }) => `${worst.tensor} ${worst.where}`,
        cell: ({ worst }) => `${worst.tensor}, ${worst.where || worst.kind}` },
      { key: "case", label: "Case", cellClass: () => "descriptor", sort: ({ descriptor }) => descriptor, cell: caseLink },
    ].filter(Boolean),
  });
  table.show(rows);
  return section("margins", "Margins",
    h("p", { class: "muted small" }, "A limit is measured: what a plain low-precision run of the same case does, with a stated factor. " +
      "A margin of 1 has used all of it; ops that are missing here are exact."),
    table.element);
}
