// Charts by Chart.js, made when they come into view, each with a table of the same numbers.

const charts = [];  // {canvas, config(), chart}
const markers = ["circle", "rect", "triangle", "rectRot", "star", "crossRot"];
const dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3], [4, 4], [1, 2]];

const pointReach = 8;  // pixels that a marker at the end of an axis may take beyond it

// The same implementation looks the same in every chart, by colour, marker and dash.
function implementationStyle(name) {
  const names = distinct(report.benches.flatMap((bench) => bench.rows.flatMap((row) => row.series.map((one) => one.implementation))));
  const index = Math.max(0, names.indexOf(name));
  return lineStyle(index);
}

function lineStyle(index) {
  const paint = colour(`series-${index % 6}`);
  const again = index + Math.floor(index / 6);  // the second with a colour has another marker
  return { borderColor: paint, backgroundColor: paint, pointStyle: markers[again % markers.length],
    borderDash: dashes[again % dashes.length], borderWidth: 2, pointRadius: 5, pointHoverRadius: 7,
    clip: pointReach };
}

const floorStyle = () => ({ borderColor: colour("muted"), backgroundColor: colour("muted"), borderDash: [3, 3],
  borderWidth: 1.5, pointRadius: 0, pointStyle: "line" });

// Draws the 95 % interval of each point that has `low` and `high`, along the axis of values, and a
// tick where it has `floor`.
const intervals = {
  id: "intervals",
  afterDatasetsDraw(chart, args, { along = "y" }) {
    const { ctx, scales } = chart;
    const across = along === "x" ? "y" : "x";
    const line = (from, to, at, reach) => {
      const points = [[from, at - reach], [from, at + reach], [from, at], [to, at], [to, at - reach], [to, at + reach]];
      const place = ([a, b]) => (along === "x" ? [a, b] : [b, a]);
      ctx.beginPath();
      points.forEach((point, i) => (i ? ctx.lineTo(...place(point)) : ctx.moveTo(...place(point))));
      ctx.stroke();
    };
    chart.data.datasets.forEach((set, i) => {
      if (!chart.isDatasetVisible(i)) return;
      chart.getDatasetMeta(i).data.forEach((element, j) => {
        const point = set.data[j];
        ctx.save();
        ctx.lineWidth = 1.5;
        if (point.low) {
          ctx.strokeStyle = set.borderColor;
          line(scales[along].getPixelForValue(point.low), scales[along].getPixelForValue(point.high), element[across], 4);
        }
        if (point.floor) {
          ctx.strokeStyle = colour("text");
          const at = scales[along].getPixelForValue(point.floor);
          line(at, at, element[across], 9);
        }
        ctx.restore();
      });
    });
  },
};

function axis(title, tick, extra = {}) {
  return { title: { display: true, text: title, color: colour("muted") }, grid: { color: colour("grid") },
    ticks: { color: colour("muted"), callback: tick, maxRotation: 0, autoSkip: true, autoSkipPadding: 14 }, ...extra };
}

// A logarithmic axis over `values` with some room, and with ticks about as far apart as they can be
// read.
function logAxis(title, format, values) {
  const min = Math.min(...values) / 1.25, max = Math.max(...values) * 1.25;
  const wanted = max / min < 12 ? [1, 1.5, 2, 3, 5, 7] : max / min < 2000 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let decade = 10 ** Math.floor(Math.log10(min)); decade <= max; decade *= 10)
    ticks.push(...wanted.map((digit) => digit * decade).filter((value) => value >= min && value <= max));
  return axis(title, (value) => format(value).replace(/(\.\d*?)0+(?= |$)/, "$1").replace(/\.(?= |$)/, ""), {
    type: "logarithmic", min, max,
    afterBuildTicks: (scale) => { scale.ticks = ticks.map((value) => ({ value })); },
  });
}

function baseOptions(scales, tooltip, along = "y") {
  return {
    animation: false, responsive: true, maintainAspectRatio: false, scales, normalized: true,
    layout: { padding: { top: pointReach, right: pointReach } },
    plugins: {
      intervals: { along },
      legend: { position: "bottom", align: "start", labels: { usePointStyle: true, color: colour("text"), boxHeight: 7, padding: 14 } },
      tooltip: { callbacks: { label: tooltip, title: () => "" } },
    },
  };
}

// `config()` gives what Chart.js wants; `table` the columns and rows of the same numbers.
function chartFigure({ title, notes = [], height, config, table }) {
  const canvas = h("canvas", { role: "img", "aria-label": `${title}. The same numbers are in the table below.` });
  const figure = h("figure", {},
    h("figcaption", {}, title, ...notes.filter(Boolean)),
    h("div", { class: "canvas", style: `height: ${height}px` }, canvas),
    lazyDetails("As a table", () => plainTable({ caption: title, ...table })));
  charts.push({ canvas, config, chart: null });
  chartObserver.observe(canvas);
  return figure;
}

const chartNote = (text, name = null) => h("span", { class: name }, text);

function makeChart(entry) {
  entry.chart?.destroy();
  const config = entry.config();
  entry.chart = new Chart(entry.canvas, { ...config, plugins: [intervals] });
}

const chartObserver = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    chartObserver.unobserve(target);
    makeChart(charts.find(({ canvas }) => canvas === target));
  }
}, { rootMargin: "300px" });

function startCharts() {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12;
  themeListeners.push(() => charts.filter(({ chart }) => chart).forEach(makeChart));
  window.addEventListener("beforeprint", () => charts.filter(({ chart, canvas }) => !chart && canvas.offsetParent).forEach(makeChart));
}
