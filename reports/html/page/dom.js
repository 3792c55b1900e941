// Elements and the texts of numbers. All text goes in as text nodes: nothing of a report is markup.

// h("p", {class: "small"}, "text", child, ...): null children and attributes are left out.
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

let identifiers = 0;
const freshId = (prefix) => `${prefix}-${++identifiers}`;

// "12.3": so many significant digits, without an exponent where that is short.
function digits(value, count) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size >= 6 || size < -3) return value.toExponential(count - 1);
  return value.toFixed(Math.max(0, count - 1 - size));
}

const formatError = (value) => (value === 0 ? "0" : Number.isFinite(value) ? value.toExponential(1) : digits(value, 2));
const formatCount = (value) => value.toLocaleString("en-US");
const formatRatio = (value) => `${digits(value, 3)}×`;
// On an axis, where 0.0002 and 5,000 stand beside each other and no two ticks may read alike.
const formatTick = (value) => (value >= 1000 ? formatCount(value) : String(Number(value.toPrecision(2))));
// "2.5× as fast", or "4× slower", of the times another took / this one's.
const formatSpeed = (ratio) => (ratio >= 1 ? `${formatRatio(ratio)} as fast` : `${formatRatio(1 / ratio)} slower`);
const speedThan = (ratio) => (ratio >= 1 ? "as" : "than");
const formatShare = (value) => `${Number((value * 100).toPrecision(value >= 0.995 ? 3 : 2))} %`;
const formatMargin = (value) => (value === Infinity ? "exact" : `${digits(value, 3)}×`);

// From microseconds.
function formatTime(us) {
  if (!Number.isFinite(us)) return digits(us, 3);
  if (us >= 1e6) return `${digits(us / 1e6, 3)} s`;
  if (us >= 1e3) return `${digits(us / 1e3, 3)} ms`;
  return `${digits(us, 3)} µs`;
}

function formatRate(perSecond) {
  for (const [size, unit] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]])
    if (perSecond >= size) return `${digits(perSecond / size, 3)} ${unit}/s`;
  return `${digits(perSecond, 3)} /s`;
}

const plural = (count, word, many = `${word}s`) => `${formatCount(count)} ${count === 1 ? word : many}`;

// "2026-01-02T03:04:05Z" as "2026-01-02 03:04 UTC".
const formatStart = (text) => text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/, "$1 $2 UTC");

// Distinct values in the order in which they come.
const distinct = (values) => [...new Set(values)];

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}

// A section of the page: `name` is its anchor, `label` its place in the navigation.
function section(name, label, ...children) {
  return h("section", { id: name, "data-label": label, "aria-labelledby": `${name}-heading` },
    h("h2", { id: `${name}-heading` }, label), ...children);
}

// A <details> whose content is made when it is first opened: there may be many.
function lazyDetails(summary, make, attributes = {}) {
  const details = h("details", attributes, h("summary", {}, summary));
  const fill = () => { if (details.open && details.children.length === 1) details.append(make()); };
  details.addEventListener("toggle", fill);
  fill();
  return details;
}

function facts(pairs) {
  return h("dl", { class: "facts" }, ...pairs.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

// Saves `text` as a file, without any network.
function download(name, text, type = "application/json") {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

// Says what happened to those who do not see it.
function announce(text) {
  document.getElementById("announcements").textContent = text;
}

// A button that copies `text`; a page from a file may have no clipboard, then it is selected.
function copyButton(label, text, source) {
  const button = h("button", { type: "button" }, label);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      announce(`${label}: done`);
    } catch {
      getSelection().selectAllChildren(source());
      announce(`${label}: the text is selected; press Ctrl+C`);
    }
  });
  return button;
}
