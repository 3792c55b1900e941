// The parts of tables: head cells, rows, pagers, and tables that do without paging.

function headCell({ label, hint, numeric, wrap, sort }, onSort) {
  const content = sort ? h("button", { type: "button", title: hint, onclick: onSort }, label) : label;
  return h("th", { scope: "col", class: [numeric ? "n" : "", wrap ? "wrap" : ""].join(" ").trim() || null, title: sort ? null : hint,
    "aria-sort": sort ? "none" : null }, content);
}

// The first cell is the row's heading.
function bodyRow(row, columns, name) {
  return h("tr", { class: name || null }, ...columns.map(({ cell, numeric, fixed, cellClass }, i) => {
    const classes = [numeric ? "n" : "", fixed ? "fixed" : "", cellClass?.(row) ?? ""].filter(Boolean).join(" ");
    const content = cell(row);
    return h(i === 0 ? "th" : "td", { scope: i === 0 ? "row" : null, class: classes || null },
      content === null || content === undefined || content === "" ? "–" : content);
  }));
}

function makePager(caption, goTo) {
  const text = h("p", { "aria-live": "polite" });
  const current = { page: 1 };
  const button = (label, step) => h("button", { type: "button", onclick: () => goTo(current.page + step) }, label);
  const previous = button("← Previous", -1), next = button("Next →", +1);
  const element = h("nav", { class: "pager", "aria-label": `Pages: ${caption}` }, previous, next, text);
  return {
    element,
    show(page, pages, rows) {
      current.page = page;
      // Not `disabled`: a button that loses the keyboard's focus loses the reader's place.
      previous.setAttribute("aria-disabled", String(page <= 1));
      next.setAttribute("aria-disabled", String(page >= pages));
      text.textContent = `Page ${page} of ${pages}, ${plural(rows, "row")}`;
      element.hidden = pages === 1;
    },
  };
}

// A small table that is there whole. `columns` as in pagedTable.
function plainTable({ caption, columns, rows, className = null }) {
  const captionId = freshId("caption");
  return h("div", { class: "scroll", role: "region", tabindex: "0", "aria-labelledby": captionId },
    h("table", { class: className },
      h("caption", {}, h("span", { id: captionId }, caption)),
      h("thead", {}, h("tr", {}, ...columns.map((column) => headCell({ ...column, sort: null }, null)))),
      h("tbody", {}, ...rows.map((row) => bodyRow(row, columns, null)))));
}

// A paged table with filters, whose state is in the address under `prefix`.
//   fields: [{key, label, of(row) -> text, show?(text)}], each a choice of the values there are
//   textOf(row): what the search box looks in
//   forget: parameters that no longer hold once the reader filters, sorts or pages
function linkedTable({ prefix, rows, fields, textOf, noun, forget = [], ...options }) {
  const param = (key) => prefix + key;
  const table = pagedTable({ ...options, onChange: () => write() });
  const shown = fields.filter(({ of }) => distinct(rows.map(of)).length > 1);
  const selects = shown.map(({ label, of, show = (text) => text }) => {
    const values = distinct(rows.map(of)).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    return h("select", { onchange: () => change() },
      h("option", { value: "" }, "all"), ...values.map((value) => h("option", { value }, show(value))));
  });
  const search = h("input", { type: "search", oninput: () => change() });
  const count = h("p", { class: "muted small", "aria-live": "polite" });
  const clear = h("button", { type: "button", onclick: () => { apply(new URLSearchParams()); write(); } }, "Clear filters");

  function filtered() {
    const wanted = search.value.toLowerCase();
    return rows.filter((row) => shown.every(({ of }, i) => !selects[i].value || of(row) === selects[i].value) &&
      (!wanted || textOf(row).toLowerCase().includes(wanted)));
  }

  function refresh(changes) {
    const found = filtered();
    table.show(found, changes);
    count.textContent = found.length === rows.length ? plural(rows.length, noun) :
      `${formatCount(found.length)} of ${plural(rows.length, noun)}`;
    clear.hidden = !search.value && selects.every((select) => !select.value);
  }

  function change() {
    refresh({ page: 1 });
    write();
  }

  function write() {
    const { sort, page } = table.state;
    const values = { q: search.value, sort: sort === options.sort ? "" : sort, page: page > 1 ? String(page) : "" };
    shown.forEach(({ key }, i) => { values[key] = selects[i].value; });
    setParams(Object.fromEntries([...forget.map((key) => [key, ""]), ...Object.entries(values).map(([key, value]) => [param(key), value])]));
  }

  // Returns whether the address says anything of this table.
  function apply(params) {
    shown.forEach(({ key }, i) => { selects[i].value = params.get(param(key)) ?? ""; });
    selects.forEach((select) => { if (select.selectedIndex < 0) select.value = ""; });
    search.value = params.get(param("q")) ?? "";
    refresh({ sort: params.get(param("sort")) ?? options.sort ?? "", page: Number(params.get(param("page"))) || 1 });
    return ["q", "sort", "page", ...fields.map(({ key }) => key)].some((key) => params.has(param(key)));
  }

  refresh();
  const labelled = (label, control) => h("label", {}, label, control);
  return {
    element: h("div", {},
      h("form", { class: "filters", role: "search", "aria-label": options.caption, onsubmit: (event) => event.preventDefault() },
        ...shown.map(({ label }, i) => labelled(label, selects[i])), labelled("Search", search), clear),
      count, table.element),
    apply,
    table,
  };
}
