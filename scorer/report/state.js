// What is shown: kept in the address after "#", so that a link leads to it and "back" goes back.

const VIEWS = ["overview", "story", "claims", "sources", "review"];
const PLAIN = {
  view: "overview", doc: -1, s: -1, label: "", type: "", id: "", check: "", review: false, hedged: false, changed: false,
  q: "", source: -1, sort: "doubtful", dir: "", order: "text",
};
const NUMBERS = new Set(["doc", "s", "source"]);
let state = { ...PLAIN };

function readHash() {
  const next = { ...PLAIN };
  const given = new URLSearchParams(location.hash.slice(1));
  for (const [name, value] of given) {
    if (!(name in PLAIN)) continue;
    if (typeof PLAIN[name] === "boolean") next[name] = value === "1";
    else if (NUMBERS.has(name)) next[name] = Number.parseInt(value, 10) - 1;
    else next[name] = value;
  }
  const within = (name, size) => Number.isInteger(next[name]) && next[name] >= 0 && next[name] < size;
  if (!VIEWS.includes(next.view)) next.view = "overview";
  if (!within("s", N)) next.s = -1;
  if (!within("source", data.sources.length)) next.source = -1;
  if (!within("doc", DOCS.length)) next.doc = -1;
  const known = (names, value) => value.split(",").filter((name) => names.includes(name)).join(",");
  next.label = known(LABELS.strength, next.label);
  next.type = known(LABELS.source_type, next.type);
  next.id = known(LABELS.identification, next.id);
  next.check = known(LABELS.verification, next.check);
  if (next.s >= 0) next.doc = docOf[next.s];
  return next;
}

function hashOf(wanted) {
  const parts = [];
  for (const [name, plain] of Object.entries(PLAIN)) {
    const value = wanted[name];
    if (value === plain || (name === "doc" && (wanted.s >= 0 || wanted.view !== "story"))) continue;
    const written = typeof plain === "boolean" ? "1" : NUMBERS.has(name) ? String(value + 1) : value;
    parts.push(`${name}=${encodeURIComponent(written).replace(/%2C/g, ",")}`);
  }
  return `#${parts.join("&") || "view=overview"}`;
}

const linkTo = (patch) => hashOf({ ...state, ...patch });

/** Show something else; `push` leaves a step in the browser's history. */
function go(patch, { push = false } = {}) {
  const next = { ...state, ...patch };
  if (patch.s >= 0) next.doc = docOf[patch.s];
  const hash = hashOf(next);
  state = next;
  if (hash !== location.hash) {
    if (push) history.pushState(null, "", hash);
    else history.replaceState(null, "", hash);
  }
  render();
}
