// Several gate runs side by side: ops by runs. Medians side by side are in speed_table.js.

function verdictOf(cases) {
  const failed = cases.filter(hasFailed).length;
  const unsure = cases.filter(({ outcome }) => outcome === "mistrusted").length;
  const passed = cases.filter(({ outcome }) => outcome === "pass").length;
  const all = formatCount(cases.length);
  if (failed > 0) return { kind: "bad", text: `✗ ${formatCount(failed)} of ${all} failed` };
  if (unsure > 0) return { kind: "unsure", text: `? ${formatCount(unsure)} of ${all} unsure` };
  if (passed === 0) return { kind: "none", text: `– ${all} not run` };
  return { kind: "good", text: passed === cases.length ? `✓ ${all}` : `✓ ${formatCount(passed)} of ${all}` };
}

function verdictCell(cases, link) {
  if (!cases) return { kind: "none", content: h("span", {}, "–", h("span", { class: "hidden" }, " no case")) };
  const { kind, text } = verdictOf(cases);
  return { kind, content: h("a", { href: hrefOf(link) }, text) };
}

function runsTable({ gates, benches }) {
  return plainTable({
    caption: "The runs of this report",
    rows: [...gates, ...benches],
    columns: [
      { label: "Run", cell: ({ name }) => name },
      { label: "What", cell: (run) => (run.verdict ? verdictChip(run.verdict) : "benchmark") },
      { label: "Machine", cell: (run) => run.device ?? new Map(run.environment).get("cpu") },
      { label: "Of", cell: (run) => run.counts_line ?? plural(run.rows.length, "row") },
      { label: "Candidate", cell: (run) => run.candidates ?? run.headline?.implementation },
      { label: "Started", fixed: true, cell: ({ started }) => formatStart(started) },
      { label: "Took", fixed: true, cell: ({ elapsed }) => elapsed },
    ],
  });
}

function runsSection(data) {
  if (data.gates.length + data.benches.length < 2) return null;
  const parts = [runsTable(data)];
  if (data.gates.length > 1) {
    const ops = [...groupBy(data.cases, ({ op }) => op)];
    const cellOf = ([op, cases], gate) =>
      verdictCell(groupBy(cases, ({ run }) => run).get(gate.name), { op, run: gate.name, sort: "outcome" });
    parts.push(h("h3", {}, "Verdicts side by side"), plainTable({
      caption: "Verdict of each op in each run; a cell leads to its cases",
      className: "matrix",
      rows: ops,
      columns: [{ label: "Op", cell: ([op]) => op },
        ...data.gates.map((gate) => ({
          label: `${gate.name} (${gate.candidates})`,
          cell: (row) => cellOf(row, gate).content,
          cellClass: (row) => cellOf(row, gate).kind,
        }))],
    }));
  }
  return section("runs", "Runs", ...parts);
}
