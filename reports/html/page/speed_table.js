// Every series of every benchmark row, and medians of several runs side by side.

const clockText = (series, bench) => (series.host ? h("span", { class: "host" }, bench.host_note) : series.clock);

function stateCell({ state, median }) {
  if (state === "timed") return formatTime(median);
  return h("span", { class: `chip ${state === "refused" ? "unsure" : "plain"}` }, state === "refused" ? "⊘ refused" : "– not timed");
}

function withShare(rate, share, unit) {
  if (rate === null) return null;
  return `${digits(rate, 3)} ${unit}${share === null ? "" : ` (${formatShare(share)})`}`;
}

function noteOf({ detail, dropped, sm_mhz: clock, samples }) {
  return [samples ? detail : "", samples ? plural(samples, "sample") : "", dropped ? `${formatCount(dropped)} dropped: throttled` : "",
    clock ? `SM ${clock[0] === clock[1] ? clock[0] : `${clock[0]} to ${clock[1]}`} MHz` : ""].filter(Boolean).join("; ");
}

const speedColumns = [
  { key: "row", label: "Row", cellClass: () => "row-title", sort: ({ row }) => row.title,
    cell: ({ row }) => h("span", { title: row.descriptor }, row.title) },
  { key: "implementation", label: "Implementation", fixed: true, sort: ({ series }) => series.implementation, cell: ({ series }) => series.implementation },
  { key: "clock", label: "Clock", cellClass: ({ series }) => (series.host ? "" : "fixed"), sort: ({ series }) => series.clock, cell: ({ series, bench }) => clockText(series, bench) },
  { key: "median", label: "Median", numeric: true, sort: ({ series }) => series.median, cell: ({ series }) => stateCell(series) },
  { key: "interval", label: "95 % of the median", hint: "by order statistics; at least six samples", numeric: true,
    cell: ({ series }) => {
      if (series.state !== "timed") return h("span", { class: "why" }, series.detail);
      return series.low === null ? null : `${formatTime(series.low)} – ${formatTime(series.high)}`;
    } },
  { key: "padded", label: "Over padded", hint: "padded time / this time, same clock; above 1 this is faster", numeric: true,
    sort: ({ series }) => series.over_padded, cell: ({ series }) => series.over_padded && formatRatio(series.over_padded) },
  { key: "peer", label: "Over best peer", hint: "time of the fastest other packed implementation / this time", numeric: true,
    sort: ({ series }) => series.over_peer, cell: ({ series }) => series.over_peer && `${formatRatio(series.over_peer)} ${series.peer}` },
  { key: "floor", label: "Over floor", hint: "median / the shortest time that the ceilings allow", numeric: true,
    sort: ({ series }) => series.floor_ratio,
    cell: ({ series, row }) => series.floor_ratio && `${formatRatio(series.floor_ratio)} of ${formatTime(row.floor)}` },
  { key: "bandwidth", label: "GB/s (of copy)", numeric: true, sort: ({ series }) => series.gb_s,
    cell: ({ series }) => withShare(series.gb_s, series.copy_share, "GB/s") },
  { key: "flops", label: "TFLOP/s (of matmul)", numeric: true, sort: ({ series }) => series.tflop_s,
    cell: ({ series }) => withShare(series.tflop_s, series.matmul_share, "TFLOP/s") },
  { key: "tokens", label: "Valid tokens/s", numeric: true, sort: ({ series }) => series.tokens_s,
    cell: ({ series }) => series.tokens_s && formatRate(series.tokens_s) },
  { key: "shape", label: "Valid tokens", numeric: true, sort: ({ row }) => row.tokens,
    cell: ({ row }) => `${formatCount(row.tokens)} in ${formatCount(row.segments)}` },
  { key: "padding", label: "Padded work", hint: "FLOPs (without any, tokens) over padded tokens / over valid ones", numeric: true,
    sort: ({ row }) => paddedWork(row), cell: ({ row }) => formatRatio(paddedWork(row)) },
  { key: "note", label: "Notes", fixed: true, cell: ({ series }) => noteOf(series) },
];

const paddedWork = (row) => (row.flops > 0 ? row.padded_flops / row.flops : row.padded_tokens / row.tokens);

function speedTable(benches) {
  const rows = benches.flatMap((bench) => bench.rows.flatMap((row) => row.series.map((series) => ({ bench, row, series }))));
  const run = { key: "run", label: "Run", fixed: true, sort: ({ bench }) => bench.name, cell: ({ bench }) => bench.name };
  const list = linkedTable({
    prefix: "speed.",
    caption: "Times",
    noun: "time",
    rows,
    columns: benches.length > 1 ? [speedColumns[0], run, ...speedColumns.slice(1)] : speedColumns,
    fields: [
      { key: "op", label: "Op", of: ({ row }) => row.op },
      { key: "part", label: "Part", of: ({ row }) => row.part },
      { key: "implementation", label: "Implementation", of: ({ series }) => series.implementation },
      { key: "clock", label: "Clock", of: ({ series }) => series.clock },
      { key: "state", label: "State", of: ({ series }) => series.state },
      { key: "run", label: "Run", of: ({ bench }) => bench.name },
    ],
    textOf: ({ row, series }) => `${row.title} ${row.descriptor} ${series.detail}`,
  });
  const element = h("div", { id: "times" }, h("h3", {}, "All times"), list.element);
  onLink((params) => (list.apply(params) ? element : null));
  return element;
}

// Medians of the same row, implementation and clock, a column a run.
function mediansSideBySide(benches) {
  if (benches.length < 2) return null;
  const all = benches.flatMap((bench) => bench.rows.flatMap((row) => row.series
    .filter(({ median }) => median !== null).map((series) => ({ bench, row, series }))));
  const groups = [...groupBy(all, ({ row, series }) => JSON.stringify([row.part, row.descriptor, series.implementation, series.clock])).values()];
  const of = (group, bench) => group.find((one) => one.bench === bench)?.series.median ?? null;
  const table = pagedTable({
    caption: "Medians side by side; in brackets the time of the first run / of this one",
    pageSize: 25,
    columns: [
      { key: "row", label: "Row", cellClass: () => "row-title", sort: ([{ row }]) => row.title, cell: ([{ row }]) => `${row.title}, ${formatCount(row.tokens)} tokens` },
      { key: "implementation", label: "Implementation", fixed: true, sort: ([{ series }]) => series.implementation, cell: ([{ series }]) => series.implementation },
      { key: "clock", label: "Clock", cellClass: ([{ series }]) => (series.host ? "" : "fixed"), sort: ([{ series }]) => series.clock, cell: ([{ series, bench }]) => clockText(series, bench) },
      ...benches.map((bench, i) => ({
        key: `run${i}`, label: `${bench.name}: ${bench.device}`, numeric: true, wrap: true, sort: (group) => of(group, bench),
        cell: (group) => {
          const first = of(group, benches[0]), here = of(group, bench);
          return here && (i && first ? `${formatTime(here)} (${formatRatio(first / here)})` : formatTime(here));
        },
      })),
    ],
  });
  table.show(groups);
  return h("div", {}, h("h3", {}, "Medians side by side"), table.element);
}
