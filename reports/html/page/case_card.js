// All that is known of one case.

// A link only to the web: a source is text from a case file.
function sourceLink(source) {
  return /^https:\/\/[^\s]+$/.test(source) ? h("a", { href: source, rel: "noreferrer" }, source) : source;
}

function unitsTable(tensors) {
  const rows = tensors.flatMap((tensor) => tensor.units.map((unit) => {
    const [kind, where, error, base, floor, limit, units, failed, blind] = unit;
    return { tensor, kind, where, error: Number(error), base: Number(base), floor: Number(floor),
      limit: Number(limit), units, failed, blind };
  }));
  if (rows.length === 0) return null;
  return plainTable({
    caption: "The worst unit of each kind",
    rows,
    columns: [
      { label: "Tensor", cell: ({ tensor }) => `${tensor.name} ${tensor.dtype}` },
      { label: "Judged per", cell: ({ kind }) => kind },
      { label: "Over limit", numeric: true, cell: ({ failed, units, blind }) =>
        `${formatCount(failed)} of ${formatCount(units)}${blind ? `, ${formatCount(blind)} blind` : ""}` },
      { label: "Worst at", cell: ({ where }) => where },
      { label: "Error", numeric: true, cell: ({ error }) => formatError(error) },
      { label: "Limit", numeric: true, cell: ({ limit }) => formatError(limit) },
      { label: "Plain", hint: "error of the plain low-precision baseline", numeric: true, cell: ({ base }) => formatError(base) },
      { label: "Floor", hint: "error of the reference rounded to the dtype", numeric: true, cell: ({ floor }) => formatError(floor) },
    ],
  });
}

function mismatchFacts(failure) {
  const found = failure.mismatch;
  if (!found) return [];
  return [
    ["first fault", `${found.tensor}${found.index}${found.segment === null ? "" : `, segment ${found.segment}`} (${found.check})`],
    ["got", h("code", {}, found.got)],
    ["want", h("code", {}, found.want)],
    ["error", `${formatError(Number(found.error))} against a limit of ${formatError(Number(found.limit))}`],
    ["looks like", found.fault],
    ["because", found.because],
  ].filter(([, value]) => value !== "");
}

function worstFacts({ worst, outcome }) {
  if (worst === null) return outcome === "pass" ? [["values", "exact, or nothing to compare"]] : [];
  return [["worst unit", `${worst.tensor}, ${worst.where || worst.kind}: error ${formatError(worst.error)}, ` +
    `limit ${formatError(worst.limit)}, plain ${formatError(worst.base)}, floor ${formatError(worst.floor)}`],
  ["margin", formatMargin(worst.margin)]];
}

function caseCard(one) {
  const { failure } = one;
  // What repeats it is kept for failures; for the rest it is the same line by construction.
  const repro = failure?.repro ?? `packproof repro '${one.descriptor}'`;
  const line = h("pre", { tabindex: "0", "aria-label": "The command that repeats it" }, repro);
  const list = [
    ["outcome", outcomeChip(one.outcome)],
    ["case", h("code", {}, one.descriptor)],
    ["run", one.run],
    ["candidate", one.candidate + (one.schedule ? `, schedule ${one.schedule}` : "")],
    ["contract", one.contract === plainContract ? "" : one.contract],
    ["expected", one.refusalDue ? "to be refused" : ""],
    ["known bug", one.knownBug ? "yes: it does not fail the gate" : ""],
    ["source", one.source ? sourceLink(one.source) : ""],
    ...(failure ? mismatchFacts(failure) : worstFacts(one)),
    ["detail", failure?.detail || one.detail],
  ].filter(([, value]) => value !== "");
  return h("div", { class: "case" },
    facts(list),
    ...(failure?.tensors ?? []).map(stripFigure),
    line,
    h("div", { class: "actions" },
      copyButton("Copy command", repro, () => line),
      failure?.file ? h("button", { type: "button", class: "save", onclick: () => download(failure.file.name, failure.file.text) },
        "Download case file", h("span", { class: "hidden" }, ` ${failure.file.name}`)) : null,
      copyButton("Copy link", location.href.replace(/#.*/, "") + caseHref(one), () => line)),
    failure ? unitsTable(failure.tensors) : null);
}

// The run and the candidate only where the descriptor alone would not do.
function caseHref(one) {
  const alike = report.byDescriptor.get(one.descriptor);
  return hrefOf({
    case: one.descriptor,
    run: distinct(alike.map(({ run }) => run)).length > 1 ? one.run : "",
    candidate: distinct(alike.map(({ candidate }) => candidate)).length > 1 ? one.candidate : "",
    schedule: distinct(alike.map(({ schedule }) => schedule)).length > 1 ? one.schedule : "",
  });
}

function caseLink(one) {
  return h("a", { href: caseHref(one) }, h("code", {}, one.descriptor));
}
