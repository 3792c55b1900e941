// Ops by contracts by candidates: what was run, and how it went.

const contractMeaning = {
  [plainContract]: "values, in every unit",
  C1: "a supplied cu_seqlens wins; pads are never part of the last segment",
  C2: "one return type on every path",
  C3: "the activation asked for is honoured; an unknown one is refused by name",
  C4: "a fallback that cannot do packed input refuses it",
  C5: "padding_free is explicit and needs a varlen backend",
  C6: "returned logits are the caller's own",
  C7: "cu_seqlens is checked; a bad one is refused with index and value",
  C8: "slack rows are as declared, whatever they held",
  C9: "inputs are not modified unless declared in place",
  C10: "the same bits run to run",
  C11: "backends are tried in a stated order, with the same result",
};

function coverageSection(data) {
  if (data.cases.length === 0) return null;
  const contracts = distinct(data.cases.map(({ contract }) => contract)).sort((a, b) =>
    (b === plainContract) - (a === plainContract) || a.localeCompare(b, "en", { numeric: true }));
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
          hint: contractMeaning[contract],
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
      facts(contracts.map((contract) => [contract, contractMeaning[contract] ?? ""]))));
}
