// From which padding on packing is faster: padded time / packed time, in every cell as a number.

function breakEvenClass(ratio) {
  if (ratio === null) return "none";
  if (ratio >= 2) return "win-3";
  if (ratio >= 1.25) return "win-2";
  if (ratio >= 1) return "win-1";
  return ratio >= 0.8 ? "lose-1" : "lose-2";
}

function breakEvenMap(times, bench) {
  const [{ row: { op }, series: { implementation, clock, host } }] = times;
  const shares = (name) => distinct(times.map(({ row }) => row[name])).sort((a, b) => a - b);
  const at = (padding, longest) => times.find(({ row }) => row.padding_share === padding && row.longest_share === longest)?.series.over_padded ?? null;
  const won = times.filter(({ series }) => series.over_padded >= 1).length;
  return h("figure", {},
    h("figcaption", {}, `${op}: break-even of ${implementation} with padding`,
      chartNote(host ? bench.host_note : clock, host ? "host" : null),
      chartNote(`Padded time / packed time: at 1 and above packing is no slower, in ${won} of ${times.length} cells.`)),
    plainTable({
      caption: "Down: share of padding. Across: share of segments that are as long as the longest.",
      className: "matrix map",
      rows: shares("padding_share"),
      columns: [
        { label: "Padding", cell: (padding) => formatShare(padding) },
        ...shares("longest_share").map((longest) => ({
          label: formatShare(longest),
          numeric: true,
          cell: (padding) => { const ratio = at(padding, longest); return ratio && formatRatio(ratio); },
          cellClass: (padding) => breakEvenClass(at(padding, longest)),
        })),
      ],
    }));
}

function breakEvenMaps(rows, bench) {
  const times = timedSeries(rows.filter(({ part }) => part === "break-even")).filter(({ series }) => series.over_padded !== null);
  return [...groupBy(times, ({ series }) => JSON.stringify([series.implementation, series.clock])).values()]
    .map((list) => breakEvenMap(list, bench));
}
