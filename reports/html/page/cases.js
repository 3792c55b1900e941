// The table of all cases.

const caseColumns = (data) => [
  { key: "case", label: "Case", cellClass: () => "descriptor", sort: ({ descriptor }) => descriptor, cell: caseLink },
  { key: "outcome", label: "Outcome", fixed: true, sort: (one) => severity.indexOf(one.outcome),
    cell: (one) => h("span", {}, outcomeChip(one.outcome), one.knownBug ? " known bug" : "") },
  { key: "margin", label: "Margin", hint: "limit over error of the worst unit; below 1 it failed", numeric: true,
    sort: marginOf, cell: (one) => (one.worst === null ? (one.outcome === "pass" ? "exact" : "–") : formatMargin(one.worst.margin)) },
  { key: "error", label: "Error", hint: "distance from the float64 reference over its own size", numeric: true,
    sort: ({ worst }) => worst?.error, cell: ({ worst }) => worst && formatError(worst.error) },
  { key: "limit", label: "Limit", numeric: true, sort: ({ worst }) => worst?.limit, cell: ({ worst }) => worst && formatError(worst.limit) },
  { key: "unit", label: "Worst unit", fixed: true, sort: ({ worst }) => (worst ? `${worst.tensor} ${worst.where}` : null),
    cell: ({ worst }) => worst && `${worst.tensor}, ${worst.where || worst.kind}` },
  { key: "contract", label: "Contract", sort: ({ contract }) => contract, cell: ({ contract }) => contract },
  { key: "who", label: data.gates.length > 1 ? "Run" : "Candidate", fixed: true,
    sort: (one) => whoOf(one, data), cell: (one) => whoOf(one, data) },
];

function findCase(params, data) {
  return data.byDescriptor.get(params.get("case"))?.find((one) => ["run", "candidate", "schedule"].every((key) => !params.has(key) || one[key] === params.get(key)));
}

function casesSection(data) {
  if (data.cases.length === 0) return null;
  const list = linkedTable({
    prefix: "",
    caption: "Cases",
    noun: "case",
    rows: data.cases,
    columns: caseColumns(data),
    sort: "outcome",
    detail: caseCard,
    forget: ["case"],
    fields: [
      { key: "op", label: "Op", of: ({ op }) => op },
      { key: "outcome", label: "Outcome", of: ({ outcome }) => outcome, show: (name) => outcomes[name].word },
      { key: "contract", label: "Contract", of: ({ contract }) => contract },
      { key: "run", label: "Run", of: ({ run }) => run },
      { key: "candidate", label: "Candidate", of: ({ candidate }) => candidate },
      { key: "schedule", label: "Schedule", of: ({ schedule }) => schedule },
    ],
    textOf: (one) => `${one.descriptor} ${one.source} ${one.detail}`,
  });
  const missing = h("p", { class: "notice", role: "status", hidden: true });
  const element = section("cases", "Cases", missing, list.element);
  onLink((params) => {
    const spoken = list.apply(params);
    const wanted = params.get("case");
    const one = wanted === null ? null : findCase(params, data);
    missing.hidden = wanted === null || one !== undefined;
    missing.textContent = `This report has no case '${wanted}'.`;
    if (!one) {
      list.table.state.open = null;
      list.table.show(list.table.state.rows);
      return spoken || wanted !== null ? element : null;
    }
    if (!list.table.state.rows.includes(one)) list.apply(new URLSearchParams());
    const line = list.table.open(one);
    line.querySelector("a").focus({ preventScroll: true });
    return line;
  });
  return element;
}
