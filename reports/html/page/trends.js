// How medians and pass counts went over earlier runs.

const mostLines = 12;  // in one chart; the table has all

function trendFigure({ title, notes, lines, points, value, format, axisTitle, log, table }) {
  const starts = distinct(lines.flatMap((line) => points(line).map(([started]) => started))).sort();
  const drawn = lines.slice(0, mostLines);
  const config = () => ({
    type: "scatter",
    data: {
      datasets: drawn.map((line, i) => ({
        label: line.label, showLine: true, ...lineStyle(i),
        data: points(line).map((point) => ({ x: starts.indexOf(point[0]), y: value(point), line, point })),
      })),
    },
    options: baseOptions({
      x: axis("", (at) => (starts[at] ?? "").slice(0, 10), { min: -0.3, max: starts.length - 0.7,
        afterBuildTicks: (scale) => { scale.ticks = starts.map((start, value) => ({ value })); } }),
      y: log ? logAxis(axisTitle, format, drawn.flatMap((line) => points(line).map(value))) : axis(axisTitle, format, { type: "linear", grace: "10%" }),
    }, ({ raw }) => `${raw.point[1]}, ${formatStart(raw.point[0])}: ${raw.line.label}: ${format(raw.y)}`),
  });
  return chartFigure({ title, notes, height: 240 + 20 * drawn.length, config, table });
}

// The implementation that comes first in the runs comes first here, with all of its rows.
function medianTrend(op, clock, all) {
  const names = distinct(all.map(({ implementation }) => implementation));
  const lines = names.flatMap((name) => all.filter(({ implementation }) => implementation === name));
  const devices = distinct(lines.map(({ device }) => device));
  const labelled = lines.map((line) => ({ ...line,
    label: [line.title.replace(`${op} `, ""), line.implementation, devices.length > 1 ? line.device : ""].filter(Boolean).join(", ") }));
  const hidden = labelled.length - mostLines;
  return trendFigure({
    title: op,
    notes: [chartNote(clock === "host" ? "host time: says nothing about a GPU" : clock, clock === "host" ? "host" : null),
      hidden > 0 ? chartNote(`The first ${mostLines} of ${labelled.length} lines; the table has all.`) : null],
    lines: labelled,
    points: (line) => line.points,
    value: ([, , median]) => median,
    format: formatTime,
    axisTitle: "median, log scale",
    log: true,
    table: {
      rows: labelled,
      columns: [
        { label: "Line", cell: ({ label }) => label },
        { label: "Machine", cell: ({ device }) => device },
        { label: "Runs", numeric: true, cell: ({ points }) => points.length },
        { label: "First", numeric: true, cell: ({ points }) => formatTime(points[0][2]) },
        { label: "Last", numeric: true, cell: ({ points }) => formatTime(points.at(-1)[2]) },
        { label: "First / last", hint: "above 1 it became faster", numeric: true, cell: ({ points }) => formatRatio(points[0][2] / points.at(-1)[2]) },
      ],
    },
  });
}

function passTrend(passes) {
  const lines = passes.flatMap((trend) => [
    { label: `${trend.candidate}: passed`, trend, at: 2 }, { label: `${trend.candidate}: all cases`, trend, at: 4 }]);
  return trendFigure({
    title: "Cases that passed",
    notes: [chartNote("By candidate, over gate runs.")],
    lines,
    points: ({ trend, at }) => trend.points.map((point) => [point[0], point[1], point[at]]),
    value: ([, , count]) => count,
    format: (count) => (Number.isInteger(count) ? formatCount(count) : ""),
    axisTitle: "cases",
    log: false,
    table: {
      rows: passes.flatMap(({ candidate, points }) => points.map((point) => ({ candidate, point }))),
      columns: [
        { label: "Run", cell: ({ point }) => point[1] },
        { label: "Started", cell: ({ point }) => formatStart(point[0]) },
        { label: "Candidate", cell: ({ candidate }) => candidate },
        { label: "Passed", numeric: true, cell: ({ point }) => formatCount(point[2]) },
        { label: "Failed", numeric: true, cell: ({ point }) => formatCount(point[3]) },
        { label: "Cases", numeric: true, cell: ({ point }) => formatCount(point[4]) },
      ],
    },
  });
}

function trendsSection({ trends: { medians, passes } }) {
  if (medians.length + passes.length === 0) return null;
  const groups = [...groupBy(medians, ({ op, clock }) => JSON.stringify([op, clock])).values()];
  return section("trends", "Trends",
    h("p", { class: "muted small" }, "Earlier runs and the runs of this report, by their start. Times of different machines are different lines."),
    h("div", { class: "charts" }, passes.length ? passTrend(passes) : null,
      ...groups.map((lines) => medianTrend(lines[0].op, lines[0].clock, lines))));
}
