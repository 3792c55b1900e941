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

const timeNotes = ([{ series }], bench) => [chartNote(series.host ? bench.host_note : series.clock, series.host ? "host" : null)];

const timesAndFloors = (times) => times.flatMap((one) => [one.series.median, floorOf(one) ?? one.series.median]);

const timeTip = ({ raw }) => (raw.series ?
  `${raw.series.implementation}: ${formatTime(raw.series.median)}` +
  (raw.series.low === null ? "" : ` (${formatTime(raw.series.low)} – ${formatTime(raw.series.high)})`) +
  (raw.floor ? `, floor ${formatTime(raw.floor)}` : "") : `floor: ${formatTime(raw.y)}`);

function layersFigure(op, times, bench) {
  const rows = distinct(times.map(({ row }) => row));
  const label = (row) => [row.model || row.op, `${row.lengths}: ${formatCount(row.tokens)} in ${formatCount(row.segments)}`];
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
      x: logAxis("time, log scale", formatTime, timesAndFloors(times)),
      y: axis("", (value) => labels[value] ?? "", { min: -0.6, max: rows.length - 0.4, reverse: true, grid: { color: colour("grid") },
        ticks: { stepSize: 1, autoSkip: false, color: colour("text"), callback: (value) => labels[value] ?? "" } }),
    }, timeTip, "x"),
  });
  return chartFigure({
    title: `${op}: layers of real models`,
    notes: timeNotes(times, bench),
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
      y: logAxis("time, log scale", formatTime, timesAndFloors(times)),
    }, timeTip),
  });
  return chartFigure({
    title: by === "tokens" ? `${op}: scaling with tokens` : `${op}: scaling with segments, ${formatCount(times[0].row.tokens)} tokens in all`,
    notes: timeNotes(times, bench),
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

// The figures of one op: a figure for each part and clock.
function opFigures(op, rows, bench) {
  const figures = {
    shapes: (times) => layersFigure(op, times, bench),
    tokens: (times) => scalingFigure(op, times, bench, "tokens"),
    segments: (times) => scalingFigure(op, times, bench, "segments"),
  };
  const drawn = Object.entries(figures).flatMap(([part, figure]) =>
    [...groupBy(timedSeries(rows.filter((row) => row.part === part)), ({ series }) => series.clock).values()].map(figure));
  return [...drawn, ...breakEvenMaps(rows, bench)];
}

// "cuda: 1.42× as fast as padding", "simt: 10.6× slower than padding on the host": geometric mean over the rows of real models, or all, under the first clock.
function opSpeed(rows) {
  const layers = rows.some(({ part }) => part === "shapes") ? rows.filter(({ part }) => part === "shapes") : rows;
  const first = timedSeries(layers).find(({ series }) => series.over_padded !== null)?.series;
  if (!first) return "";
  const ratios = timedSeries(layers).map(({ series }) => series)
    .filter(({ implementation, clock, over_padded: ratio }) => ratio > 0 && implementation === first.implementation && clock === first.clock)
    .map(({ over_padded: ratio }) => Math.log(ratio));
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length);
  return `${first.implementation}: ${formatSpeed(mean)} ${speedThan(mean)} padding${first.host ? " on the host" : ""}`;
}

const opensAtOnce = 3;  // more ops than that start closed

function benchCharts(bench) {
  const ops = [...groupBy(bench.rows, ({ op }) => op)];
  return [
    rooflineFigure(bench),
    ...ops.map(([op, rows], i) => lazyDetails(
      h("span", {}, h("strong", {}, op), h("span", { class: "reason" }, opSpeed(rows))),
      () => h("div", { class: "charts" }, ...opFigures(op, rows, bench)),
      { class: "card op", open: i === 0 || ops.length <= opensAtOnce })),
  ];
}

function speedSection({ benches }) {
  if (benches.length === 0) return null;
  const several = benches.length > 1;
  const clocks = benches.flatMap(({ rows }) => timedSeries(rows).map(({ series }) => series));
  const onHost = clocks.filter(({ host }) => host).length;
  return section("speed", "Speed",
    h("p", { class: "muted small" }, "Medians with their 95 % intervals, each clock apart; rates count valid tokens only. " +
      "A layer is named by its model, its lengths, and its tokens in so many segments. " +
      "The floor is the shortest time that the measured ceilings allow: a tick │ or a dashed line."),
    onHost ? h("p", { class: "notice" },
      `${onHost === clocks.length ? "All" : "Some"} of these are host times: they say nothing about a GPU.`) : null,
    mediansSideBySide(benches),
    ...benches.flatMap((bench) => [several ? h("h3", {}, `${bench.name}: ${bench.device}`) : null, ...benchCharts(bench)]),
    speedTable(benches));
}
