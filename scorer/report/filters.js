// Which sentences match, in which order, and the bar that chooses them.

const FILTERS = ["label", "type", "id", "check", "review", "hedged", "changed", "q", "source"];
const HEDGED_FROM = data.hedged_from;
let matched = { name: null };

const filtering = () => FILTERS.some((name) => state[name] !== PLAIN[name]);

/** Give what matches: a flag per sentence, how many in each document, and how many in all. */
function matches() {
  const name = FILTERS.map((filter) => state[filter]).join("\u0000") + (state.changed ? changes.version : "");
  if (matched.name === name) return matched;
  const flags = new Uint8Array(N);
  const perDoc = new Int32Array(DOCS.length);
  const choice = (value, labels) => (value ? new Set(value.split(",").map((label) => labels.indexOf(label) + 48)) : null);
  const strengths = choice(state.label, LABELS.strength);
  const types = choice(state.type, LABELS.source_type);
  const idents = choice(state.id, LABELS.identification);
  const checks = choice(state.check, LABELS.verification);
  // Who answers is asked of claims alone: a byline has no source either, and is not the outlet's own claim.
  const claims = types || idents || state.hedged;
  const query = state.q.trim().toLowerCase();
  let total = 0;
  for (let i = 0; i < N; i++) {
    if (strengths && !strengths.has(data.strength.charCodeAt(i))) continue;
    if (claims && data.strength.charCodeAt(i) === 48) continue;
    if (types && !types.has(data.source_type.charCodeAt(i))) continue;
    if (idents && !idents.has(data.identification.charCodeAt(i))) continue;
    if (checks && !checks.has(data.verification.charCodeAt(i))) continue;
    if (state.review && data.review.charCodeAt(i) !== 49) continue;
    if (state.hedged && data.hedging[i] < HEDGED_FROM) continue;
    if (state.source >= 0 && data.source[i] !== state.source) continue;
    if (state.changed && !changes.touched(i)) continue;
    if (query && !holds(i, query)) continue;
    flags[i] = 1;
    perDoc[docOf[i]]++;
    total++;
  }
  matched = { name, flags, perDoc, total };
  return matched;
}

let sequence = { name: null };
/** Give the sentences that match in the order in which they are shown: what j and k step through. */
function shown() {
  const found = matches();
  const listed = state.view === "claims" && state.order !== "text";
  const name = [found.name, listed ? state.order : `${state.sort} ${state.dir}`].join("\u0001");
  if (sequence.name === name) return sequence.rows;
  const rows = new Int32Array(found.total);
  let at = 0;
  for (const d of sortedDocs()) {
    const from = DOCS[d][FIRST];
    for (let i = from; found.perDoc[d] && i < from + DOCS[d][LENGTH]; i++) if (found.flags[i]) rows[at++] = i;
  }
  if (listed) {
    // What is no claim has no score, and comes last.
    const by = state.order === "weakest" ? (i) => (data.score[i] < 0 ? 9999 : data.score[i]) : confidenceOf;
    const values = new Float64Array(N);
    rows.forEach((i) => (values[i] = by(i)));
    rows.sort((a, b) => values[a] - values[b] || a - b);
  }
  const places = new Int32Array(N).fill(-1);
  rows.forEach((i, place) => (places[i] = place));
  sequence = { name, rows, places };
  return rows;
}

/** Give the next sentence of those shown, or the one before. */
function step(by) {
  const rows = shown();
  if (!rows.length) return -1;
  if (state.s >= 0 && sequence.places[state.s] >= 0) return rows[Math.min(rows.length - 1, Math.max(0, sequence.places[state.s] + by))];
  if (state.view === "story") {
    const first = state.s >= 0 ? state.s : DOCS[Math.max(0, state.doc)][FIRST];
    const order = Array.from(rows);
    const place = order.findIndex((i) => docOf[i] === docOf[first] && i >= first);
    if (place >= 0) return by > 0 || place === 0 ? order[place] : order[place - 1];
  }
  return by > 0 ? rows[0] : rows[rows.length - 1];
}

const SORTS = {
  doubtful: (doc) => -doubtfulOf(doc) / Math.max(1, claimsOf(doc)),
  unverified: (doc) => -doc[COUNTS][1] / Math.max(1, claimsOf(doc)),
  sourcing: (doc) => (doc[SCORE] < 0 ? 9999 : doc[SCORE]),
  anonymous: (doc) => -doc[ANONYMOUS] / Math.max(1, claimsOf(doc)),
  hedged: (doc) => -doc[HEDGED] / Math.max(1, claimsOf(doc)),
  top: (doc) => -topShare(doc),
  sources: (doc) => doc[SOURCES],
  review: (doc) => -doc[REVIEW],
  claims: (doc) => -claimsOf(doc),
  title: null,
  order: () => 0,
};
/** Give the share of the attributed claims that hang on one source; -1 where there are too few to say. */
const topShare = (doc) => (doc[ATTRIBUTED] >= 3 ? doc[TOP] / doc[ATTRIBUTED] : -1);

let docOrder = { name: null };
/** Give the documents in the order that is asked for. */
function sortedDocs() {
  const name = `${state.sort} ${state.dir}`;
  if (docOrder.name === name) return docOrder.docs;
  const key = SORTS[state.sort] === undefined ? SORTS.doubtful : SORTS[state.sort];
  const docs = DOCS.map((_, d) => d);
  if (key) {
    const values = DOCS.map(key);
    docs.sort((a, b) => values[a] - values[b] || a - b);
  } else docs.sort((a, b) => (titleOf(a) < titleOf(b) ? -1 : titleOf(a) > titleOf(b) ? 1 : a - b));
  if (state.dir) docs.reverse();
  docOrder = { name, docs };
  return docs;
}

const bar = byId("filters");
const controls = {};

function buildFilters() {
  const totals = LABELS.strength.map(() => 0);
  for (let i = 0; i < N; i++) totals[strengthOf(i)]++;
  controls.chips = LABELS.strength.map((name, level) =>
    el("button", { type: "button", class: `chip l${level}`, "aria-pressed": "false", title: t(`meaning.${name}`), onclick: () => toggleLabel(name) },
      moon(level), t(`strength.${name}`), el("span", { class: "num" }, count(totals[level]))));
  controls.group = el("fieldset", { class: "chips" }, el("legend", { class: "unseen" }, t("filter.strength")), SHOWN_ORDER.map((level) => controls.chips[level]));
  const pick = (field, name, text) => {
    const select = el("select", { "aria-label": text, onchange: () => go({ [name]: select.value, s: -1 }) }, option("", text),
      LABELS[field].map((label) => option(label, t(`${field}.${label}`))));
    controls[name] = select;
    return select;
  };
  const flag = (name, text) => {
    const box = el("button", { type: "button", class: "chip", "aria-pressed": "false", onclick: () => go({ [name]: !state[name] }) }, text);
    controls[name] = box;
    return box;
  };
  controls.toggle = button(t("filter.label"), () => {
    const open = bar.classList.toggle("open");
    controls.toggle.setAttribute("aria-expanded", String(open));
  }, { class: "filters-toggle", "aria-expanded": "false" });
  controls.source = el("span", { class: "active" });
  controls.clear = button(t("filter.clear"), clearFilters, { class: "plain" });
  controls.count = el("span", { class: "count", role: "status" });
  clear(bar, controls.toggle, controls.group, pick("source_type", "type", t("filter.type")),
    pick("identification", "id", t("filter.ident")), pick("verification", "check", t("filter.check")),
    flag("review", t("filter.review")), flag("hedged", t("filter.hedged")), flag("changed", t("filter.changed")),
    controls.source, controls.clear, controls.count);
}

function clearFilters() {
  byId("search").value = "";
  go(Object.fromEntries(FILTERS.map((name) => [name, PLAIN[name]])));
}

function toggleLabel(name) {
  const chosen = new Set(state.label ? state.label.split(",") : []);
  if (!chosen.delete(name)) chosen.add(name);
  go({ label: LABELS.strength.filter((label) => chosen.has(label)).join(",") });
}

function showFilters() {
  bar.hidden = state.view !== "story" && state.view !== "claims";
  if (bar.hidden) {
    document.documentElement.style.setProperty("--filters", "0px");
    return;
  }
  const chosen = new Set(state.label.split(","));
  controls.chips.forEach((chip, level) => chip.setAttribute("aria-pressed", String(chosen.has(LABELS.strength[level]))));
  controls.group.classList.toggle("chosen", Boolean(state.label));
  for (const name of ["type", "id", "check"]) {
    controls[name].value = state[name];
    controls[name].classList.toggle("chosen", Boolean(state[name]));
  }
  for (const name of ["review", "hedged", "changed"]) controls[name].setAttribute("aria-pressed", String(state[name]));
  clear(controls.source, state.source >= 0 && [
    bdi(t("filter.source", { name: data.sources[state.source][SOURCE_NAME] })),
    button("×", () => go({ source: -1 }), { class: "plain", "aria-label": t("filter.remove") }),
  ]);
  controls.clear.hidden = !filtering();
  const found = matches();
  controls.count.textContent = filtering() ? t("filter.count", { n: found.total, of: N }) : t("filter.all", { n: N });
  document.documentElement.style.setProperty("--filters", `${bar.offsetHeight}px`);
}
