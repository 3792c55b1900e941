// The state of the page in its address: #op=...&outcome=...&sort=...&page=...&case=...
// A hash without "=" is the name of a section, and changes nothing here.

const linkState = { params: new URLSearchParams(), listeners: [] };

function paramsOfHash() {
  const hash = location.hash.slice(1);
  return hash.includes("=") ? new URLSearchParams(hash) : null;
}

const hrefOf = (values) => `#${new URLSearchParams(Object.entries(values).filter(([, value]) => value))}`;

// Changes some parameters in the address, without a step in the browser's history. Empty: none.
function setParams(changes) {
  for (const [key, value] of Object.entries(changes)) {
    if (value) linkState.params.set(key, value);
    else linkState.params.delete(key);
  }
  const text = linkState.params.toString();
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
}

// `listener(params, opened)` runs now and whenever a link or the reader changes the address; it
// returns the element to scroll to, or null.
function onLink(listener) {
  linkState.listeners.push(listener);
}

function followHash() {
  const params = paramsOfHash();
  if (params === null) return;
  linkState.params = params;
  let target = null;
  for (const listener of linkState.listeners) target = listener(params) ?? target;
  target?.scrollIntoView({ block: "start" });
}

function startLinks() {
  window.addEventListener("hashchange", followHash);
  followHash();
}
