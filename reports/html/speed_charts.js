// Times of model layers, and how times grow with tokens and with segments.

// The series of one op, direction and clock in one part of a run, as [{row, series}].
function timedSeries(rows) {
  return rows.flatMap((row) => row.series.filter(({ median }) => median !== null).map((series) => ({ row, series })));
}

const floorOf = ({ row, series }) => (series.floor_ratio !== null && row.floor > 0 ? row.floor : null);

function timeTable(times, bench) {
  return {
    rows: times,
    columns: [
      { label: "Row", cell: ({ row }) => row.title },
      { label: "Valid tokens", numeric: true, cell: ({ row }) => formatCount(row.tokens) },
      { label: "Segments", numeric: true, cell: ({ row }) => formatCount(row.segments) },
      { label: "Implementation", cell: ({ series }) => series.implementation },
      { label: "Clock", cell: ({ series }) => clockText(series, bench) },
      { label: "Median", numeric: true, cell: ({ series }) => formatTime(series.median) },
      { label: "95 % interval", numeric: true, cell: ({ series }) => (series.low === null ? null : `${formatTime(series.low)} – ${formatTime(series.high)}`) },
      { label: "Floor", numeric: true, cell: (one) => floorOf(one) && formatTime(floorOf(one)) },
    ],
  };
}

const timeNotes = (times, bench, text) => [
  chartNote(times[0].series.host ? bench.host_note : times[0].series.clock, times[0].series.host ? "host" : null),
  chartNote(text),
];

const timeTip = ({ raw }) => (raw.series ?
  `${raw.series.implementation}: ${formatTime(raw.series.median)}` +
  (raw.series.low === null ? "" : ` (${formatTime(raw.series.low)} – ${formatTime(raw.series.high)})`) +
  (raw.floor ? `, floor ${formatTime(raw.floor)}` : "") : `floor: ${formatTime(raw.y)}`);

function layersFigure(op, times, bench) {
  const rows = distinct(times.map(({ row }) => row));
  const label = (row) => [`${row.model} ${row.lengths}`.trim() || row.title, `${formatCount(row.tokens)} tokens in ${formatCount(row.segments)}`];
  const labels = rows.map(label);
  const groups = groupBy(times, ({ series }) => series.implementation);
  const config = () => ({
    type: "scatter",
    data: {
      datasets: [...groups].map(([name, list]) => ({
        label: name,
        ...implementationStyle(name),
        borderDash: [],
        data: list.map((one) => ({ x: one.series.median, y: rows.indexOf(one.row), low: one.series.low, high: one.series.high,
          floor: floorOf(one), series: one.series })),
      })),
    },
    options: baseOptions({
      x: axis("time, log scale", logTick(formatTime), { type: "logarithmic" }),
      y: axis("", (value) => labels[value] ?? "", { min: -0.6, max: rows.length - 0.4, reverse: true, grid: { color: colour("grid") },
        ticks: { stepSize: 1, autoSkip: false, color: colour("text"), callback: (value) => labels[value] ?? "" } }),
    }, timeTip, "x"),
  });
  return chartFigure({
    title: op,
    notes: timeNotes(times, bench, "Medians with their 95 % intervals. Tick │: the floor, the shortest time that the ceilings allow."),
    height: 110 + 46 * rows.length,
    config,
    table: timeTable(times, bench),
  });
}

// `by` is "tokens" or "segments".
function scalingFigure(op, times, bench, by) {
  const groups = groupBy(times, ({ series }) => series.implementation);
  const sorted = (list) => [...list].sort((a, b) => a.row[by] - b.row[by]);
  const floors = [...new Map(sorted(times).filter(floorOf).map((one) => [one.row[by], floorOf(one)]))];
  const config = () => ({
    type: "scatter",
    data: {
      datasets: [
        ...[...groups].map(([label, list]) => ({
          label, showLine: true, ...implementationStyle(label),
          data: sorted(list).map(({ row, series }) => ({ x: row[by], y: series.median, low: series.low, high: series.high, series })),
        })),
        ...(floors.length ? [{ label: "floor", showLine: true, data: floors.map(([x, y]) => ({ x, y })), ...floorStyle() }] : []),
      ],
    },
    options: baseOptions({
      x: axis(`${by === "tokens" ? "valid tokens" : "segments"}, log scale`, null, { type: "logarithmic", ...countTicks(times.map(({ row }) => row[by])) }),
      y: axis("time, log scale", logTick(formatTime), { type: "logarithmic" }),
    }, timeTip),
  });
  const same = by === "tokens" ? "" : `${formatCount(times[0].row.tokens)} tokens in all. `;
  return chartFigure({
    title: op,
    notes: timeNotes(times, bench, `${same}Medians with their 95 % intervals.`),
    height: 300,
    config,
    table: timeTable(sorted(times), bench),
  });
}

// A tick at each count that was timed, as 4,096 or 4k.
function countTicks(counts) {
  const values = distinct(counts).sort((a, b) => a - b);
  const text = (value) => (value >= 1024 && value % 1024 === 0 ? `${formatCount(value / 1024)}Ki` : formatCount(value));
  return {
    min: values[0] / 1.15,
    max: values[values.length - 1] * 1.15,
    afterBuildTicks: (scale) => { scale.ticks = values.map((value) => ({ value })); },
    ticks: { color: colour("muted"), maxRotation: 0, autoSkip: true, autoSkipPadding: 8, callback: text },
  };
}

// One figure for each op and clock of a part.
function partFigures(bench, part, figure) {
  const times = timedSeries(bench.rows.filter((row) => row.part === part));
  return [...groupBy(times, ({ row, series }) => JSON.stringify([row.op, series.clock])).values()]
    .map((list) => figure(list[0].row.op, list, bench));
}

function benchCharts(bench) {
  const parts = [
    ["Layers of real models", partFigures(bench, "shapes", layersFigure)],
    ["Scaling with tokens", partFigures(bench, "tokens", (op, times) => scalingFigure(op, times, bench, "tokens"))],
    ["Scaling with segments", partFigures(bench, "segments", (op, times) => scalingFigure(op, times, bench, "segments"))],
    ["Break-even with padding", breakEvenMaps(bench)],
  ];
  const roofline = rooflineFigure(bench);
  return [
    roofline,
    ...parts.filter(([, figures]) => figures.length > 0).flatMap(([title, figures]) =>
      [h("h3", {}, title), h("div", { class: "charts" }, ...figures)]),
  ].filter(Boolean);
}

function speedSection({ benches }) {
  if (benches.length === 0) return null;
  const several = benches.length > 1;
  return section("speed", "Speed",
    ...benches.some(({ rows }) => rows.some((row) => row.series.some(({ host }) => host))) ?
      [h("p", { class: "notice" }, "Some of these times are host times: they say nothing about a GPU.")] : [],
    mediansSideBySide(benches),
    ...benches.flatMap((bench) => [several ? h("h3", {}, `${bench.name}: ${bench.device}`) : null, ...benchCharts(bench)].filter(Boolean)),
    speedTable(benches));
}
