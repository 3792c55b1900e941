// Achieved TFLOP/s over FLOPs per byte, under what the machine can do.

function rooflinePoints(bench) {
  return bench.rows.flatMap((row) => row.series
    .filter((series) => series.tflop_s !== null && series.floor_ratio !== null && row.bytes > 0)
    .map((series) => ({ row, series, x: row.flops / row.bytes, y: series.tflop_s })));
}

function roofLine({ copy_gb_s: copy, matmul_tflop_s: matmul }, points) {
  const ridge = (matmul * 1e3) / copy;
  const xs = [...points.map(({ x }) => x), ridge];
  const low = Math.min(...xs) / 2, high = Math.max(...xs) * 2;
  return [low, ridge, high].map((x) => ({ x, y: Math.min((copy * x) / 1e3, matmul) }));
}

function rooflineFigure(bench) {
  const { copy_gb_s: copy, matmul_tflop_s: matmul } = bench.ceilings;
  const points = rooflinePoints(bench);
  if (!(copy > 0 && matmul > 0) || points.length === 0) return null;
  const host = points.every(({ series }) => series.host);
  const groups = groupBy(points, ({ series }) => series.implementation);
  const name = ({ row, series }) => `${row.title}, ${series.implementation}, ${series.clock}: ` +
    `${digits(series.tflop_s, 3)} TFLOP/s, ${formatShare(Math.max(series.copy_share ?? 0, series.matmul_share ?? 0))} of its ceiling`;
  const roof = roofLine(bench.ceilings, points);
  const config = () => ({
    type: "scatter",
    data: {
      datasets: [
        ...[...groups].map(([label, data]) => ({ label, data, ...implementationStyle(label), borderDash: [] })),
        { label: "ceilings", data: roof, showLine: true, ...floorStyle(), borderDash: [],
          borderColor: colour("text"), borderWidth: 2 },
      ],
    },
    options: baseOptions({
      x: logAxis("FLOP per byte", formatTick, roof.map(({ x }) => x)),
      y: logAxis("TFLOP/s", formatTick, [...roof, ...points].map(({ y }) => y)),
    }, ({ raw }) => (raw.series ? name(raw) : "ceiling")),
  });
  return chartFigure({
    title: "Roofline",
    notes: [chartNote("FLOPs and bytes of the definition, over valid tokens; ops without FLOPs are in the table of all times."),
      chartNote(`Ceilings: ${formatCount(copy)} GB/s copy, ${digits(matmul, 3)} TFLOP/s matmul.`),
      host ? chartNote(bench.host_note, "host") : null],
    height: 380,
    config,
    table: {
      rows: points,
      columns: [
        { label: "Row", cell: ({ row }) => row.title },
        { label: "Implementation", cell: ({ series }) => series.implementation },
        { label: "Clock", cell: ({ series }) => clockText(series, bench) },
        { label: "FLOP per byte", numeric: true, cell: ({ x }) => digits(x, 3) },
        { label: "TFLOP/s", numeric: true, cell: ({ y }) => digits(y, 3) },
        { label: "Of copy", numeric: true, cell: ({ series }) => series.copy_share && formatShare(series.copy_share) },
        { label: "Of matmul", numeric: true, cell: ({ series }) => series.matmul_share && formatShare(series.matmul_share) },
      ],
    },
  });
}
