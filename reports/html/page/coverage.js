// Ops by contracts by candidates: what was run, and how it went.

function coverageSection(data) {
  if (data.cases.length === 0) return null;
  const contracts = distinct(data.cases.map(({ contract }) => contract)).sort((a, b) =>
    (b === plainContract) - (a === plainContract) || a.localeCompare(b, "en", { numeric: true }));
  const meaning = { [plainContract]: "values, in every unit", ...data.contracts };
  const several = distinct(data.cases.map((one) => whoOf(one, data))).length > 1;
  const rows = [...groupBy(data.cases, (one) => JSON.stringify([one.op, whoOf(one, data)])).values()];
  const cellOf = (cases, contract) => {
    const [{ op, run, candidate }] = cases;
    return verdictCell(groupBy(cases, (one) => one.contract).get(contract), { op, contract, sort: "outcome",
      run: data.gates.length > 1 ? run : "", candidate: several ? candidate : "" });
  };
  return section("coverage", "Ops and contracts",
    h("p", { class: "muted small" }, "Cases that passed, by op and by the contract that the case tests. A cell leads to its cases."),
    plainTable({
      caption: several ? "Ops and candidates by contracts" : "Ops by contracts",
      className: "matrix",
      rows,
      columns: [
        { label: several ? "Op and candidate" : "Op", cell: ([one]) =>
          h("span", {}, one.op, several ? h("span", { class: "muted" }, ` · ${whoOf(one, data)}`) : null) },
        ...contracts.map((contract) => ({
          label: contract,
          hint: meaning[contract],
          cell: (cases) => cellOf(cases, contract).content,
          cellClass: (cases) => cellOf(cases, contract).kind,
        })),
        { label: "Smallest margin", hint: "limit over error, of the cases that passed", numeric: true,
          cell: (cases) => {
            const passed = cases.filter(({ outcome }) => outcome === "pass");
            return passed.length ? formatMargin(passed.reduce((least, one) => Math.min(least, marginOf(one)), Infinity)) : "–";
          } },
      ],
    }),
    h("details", { class: "small" }, h("summary", { class: "muted" }, "What the contracts say"),
      facts(contracts.map((contract) => [contract, meaning[contract] ?? ""]))));
}
