// The error of each segment against its limit, as bars on a logarithmic scale.

const stripDecades = 3;  // above and below the limit

// From 0 (a thousandth of the limit or less) to 1 (a thousand limits or more, or NaN).
function stripHeight(ratio) {
  if (Number.isNaN(ratio)) return 1;
  if (ratio <= 0) return 0.02;
  return Math.min(1, Math.max(0.02, (Math.log10(ratio) + stripDecades) / (2 * stripDecades)));
}

const stripKind = (ratio) => (!(ratio <= 1) ? "over" : ratio > 0.5 ? "near" : "within");

// "segment 3", "segments 1 to 66 and 70", "segments 0, 2, 4 and 63 more".
function segmentRanges(segments) {
  const ranges = [];
  for (const segment of segments) {
    const last = ranges.at(-1);
    if (last && last[1] === segment - 1) last[1] = segment;
    else ranges.push([segment, segment]);
  }
  const texts = ranges.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  const few = texts.length > 6 ? [...texts.slice(0, 6), `${texts.length - 6} more`] : texts;
  const list = few.length > 1 ? `${few.slice(0, -1).join(", ")} and ${few.at(-1)}` : few[0];
  return `segment${segments.length > 1 ? "s" : ""} ${list}`;
}

function stripFigure(tensor) {
  const { bars: packed, per_bar: perBar, segments } = tensor.strip;
  const bars = packed.map(Number);
  if (bars.length === 0) return null;
  const nameOf = (bar) => (perBar === 1 ? `segment ${bar}` :
    `segments ${bar * perBar} to ${Math.min((bar + 1) * perBar, segments) - 1}`);
  const over = bars.flatMap((ratio, bar) => (ratio <= 1 ? [] : [bar]));
  const few = perBar === 1 ? segmentRanges(over) : `${over.length} of ${plural(bars.length, "bar")}`;
  const said = over.length === 0 ? "every segment is within its limit" : `over the limit: ${few}`;
  const picture = svg("svg", { viewBox: `0 0 ${bars.length} 100`, preserveAspectRatio: "none", role: "img",
    "aria-label": `Error over limit of ${plural(segments, "segment")} of ${tensor.name}; ${said}` },
    ...bars.map((ratio, bar) => {
      const height = 100 * stripHeight(ratio);
      return svg("rect", { class: stripKind(ratio), x: bar + 0.08, width: 0.84, y: 100 - height, height },
        svg("title", {}, `${nameOf(bar)}: error is ${digits(ratio, 3)} of its limit`));
    }),
    svg("line", { class: "under", x1: 0, x2: bars.length, y1: 50, y2: 50 }),
    svg("line", { x1: 0, x2: bars.length, y1: 50, y2: 50 }));
  const table = () => plainTable({
    caption: "Error over limit by segment",
    columns: [
      { label: "Segment", cell: (bar) => nameOf(bar) },
      { label: "Error / limit", numeric: true, cell: (bar) => digits(bars[bar], 3) },
      { label: "Verdict", cell: (bar) => ({ over: "✗ over", near: "✓ near", within: "✓ within" })[stripKind(bars[bar])] },
    ],
    rows: bars.map((ratio, bar) => bar),
  });
  return h("figure", { class: "strip" },
    h("figcaption", {}, `${tensor.name}: error by segment`,
      h("span", {}, perBar === 1 ? said : `each bar the worst of ${perBar} segments; ${said}`)),
    picture,
    h("div", { class: "scale", "aria-hidden": "true" },
      h("span", {}, "segment 0"), h("span", {}, "┄ limit, log scale"),
      h("span", {}, `segment ${segments - 1}`)),
    lazyDetails("As a table", table));
}
