// A table in pages of rows that can be sorted by any column.
//
// columns: [{key, label, hint?, numeric?, fixed?, wrap?, cellClass?(row), sort?(row), cell(row)}]
//   `cell` gives a text or an element. `fixed` cells and heads without `wrap` stay on one line.
//   `sort` gives a number or a text; without it the column cannot be sorted. `hint` explains.
// detail(row): an element for the row beneath an open row.
// onChange(): the reader sorted, paged, opened or closed.
function pagedTable({ caption, columns, pageSize = 100, sort = "", detail = null, rowClass = null, onChange = () => {} }) {
  const captionId = freshId("caption");
  const body = h("tbody");
  const heads = columns.map((column) => headCell(column, () => sortBy(column)));
  const table = h("table", {}, h("caption", {}, h("span", { id: captionId }, caption)), h("thead", {}, h("tr", {}, ...heads)), body);
  const box = h("div", { class: "scroll", role: "region", tabindex: "0", "aria-labelledby": captionId }, table);
  const pager = makePager(caption, (page) => { state.page = page; render(); onChange(); box.scrollTop = 0; });
  const state = { rows: [], sort, page: 1, open: null };
  let sorted = [];

  function sortBy(column) {
    // A number that is largest first is the rarer wish: the first press sorts upwards.
    state.sort = state.sort === column.key ? `-${column.key}` : column.key;
    state.page = 1;
    arrange();
    render();
    onChange();
  }

  function arrange() {
    const descending = state.sort.startsWith("-");
    const column = columns.find(({ key, sort: by }) => by && key === state.sort.replace(/^-/, ""));
    sorted = column ? sortedRows(state.rows, column.sort, descending) : state.rows;
    columns.forEach(({ key, sort: by }, i) => {
      if (!by) return;
      heads[i].setAttribute("aria-sort", column?.key !== key ? "none" : descending ? "descending" : "ascending");
    });
  }

  function render() {
    const pages = Math.max(1, Math.ceil(sorted.length / pageSize));
    state.page = Math.min(Math.max(1, state.page), pages);
    const rows = sorted.slice((state.page - 1) * pageSize, state.page * pageSize);
    body.replaceChildren(...rows.flatMap((row) => {
      const open = row === state.open;
      const line = bodyRow(row, columns, [rowClass?.(row), open ? "open" : ""].filter(Boolean).join(" "));
      return open ? [line, h("tr", { class: "detail" }, h("td", { colspan: columns.length }, detail(row)))] : [line];
    }));
    pager.show(state.page, pages, sorted.length);
  }

  return {
    element: h("div", {}, box, pager.element),
    state,
    show(rows, changes = {}) {
      Object.assign(state, { rows, ...changes });
      arrange();
      render();
    },
    // Turns to the page that holds the row and opens it. Returns its line.
    open(row) {
      state.open = row;
      state.page = Math.floor(Math.max(0, sorted.indexOf(row)) / pageSize) + 1;
      render();
      return body.querySelector("tr.open");
    },
  };
}

// Missing numbers (null, NaN) go last, whichever way.
function sortedRows(rows, by, descending) {
  const direction = descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: by(row) }));
  const missing = (key) => key === null || key === undefined || Number.isNaN(key);
  keyed.sort((a, b) => {
    if (missing(a.key) || missing(b.key)) return missing(a.key) - missing(b.key);
    if (typeof a.key === "string") return direction * a.key.localeCompare(b.key, "en", { numeric: true });
    return direction * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
  });
  return keyed.map(({ row }) => row);
}
