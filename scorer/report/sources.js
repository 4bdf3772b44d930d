// The ledger: every source that a claim hangs on.

const sourcesView = byId("view-sources");
const ledger = { q: "", type: "", ident: "", sort: "claims", shown: ROWS, table: null, counts: null };
const LEDGER = {
  name: (s) => data.sources[s][SOURCE_NAME].toLowerCase(),
  type: (s) => data.sources[s][SOURCE_TYPE],
  ident: (s) => data.sources[s][SOURCE_IDENT],
  claims: (s) => -rowsOf(s).length,
  footing: (s) => -rowsOf(s).filter((i) => strengthOf(i) <= 2).length / rowsOf(s).length,
  documents: (s) => -data.sources[s][SOURCE_DOCS],
};
const WIDE = new Set(["type", "ident", "documents"]); // a telephone has no room for these columns; a line under the name says it there

function buildSources() {
  const find = el("input", { type: "search", id: "ledger-find", oninput: () => ((ledger.q = find.value.trim().toLowerCase()), drawLedger()) });
  const pick = (name, field, text) => {
    const select = el("select", { "aria-label": text, onchange: () => ((ledger[name] = select.value), drawLedger()) }, option("", text), LABELS[field].slice(1).map((label) => option(label, t(`${field}.${label}`))));
    return select;
  };
  ledger.count = el("span", { role: "status", class: "hintline" });
  ledger.table = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("sources.caption") });
  clear(sourcesView, el("h1", { class: "lead" }, t("nav.sources")), el("p", { class: "note" }, t("sources.note")),
    el("div", { class: "line" }, el("label", { for: "ledger-find" }, t("sources.find")), find, pick("type", "source_type", t("sources.type")), pick("ident", "identification", t("sources.ident")), ledger.count),
    ledger.table);
}

function showSources() {
  if (!ledger.counts) {
    ledger.counts = data.sources.map((_, s) => tally(rowsOf(s)));
    drawLedger();
  }
}

function drawLedger() {
  const chosen = data.sources.map((_, s) => s).filter((s) => {
    const [name, type, ident] = data.sources[s];
    return (!ledger.q || name.toLowerCase().includes(ledger.q)) && (!ledger.type || LABELS.source_type[type] === ledger.type) && (!ledger.ident || LABELS.identification[ident] === ledger.ident);
  });
  const values = new Map(chosen.map((s) => [s, LEDGER[ledger.sort](s)]));
  chosen.sort((a, b) => (values.get(a) < values.get(b) ? -1 : values.get(a) > values.get(b) ? 1 : a - b));
  ledger.count.textContent = t("count.sources", { n: chosen.length });
  const focused = ledger.table.contains(document.activeElement) ? document.activeElement.dataset.sort : null;
  const head = Object.keys(LEDGER).map((column) => {
    const numbers = column === "claims" || column === "documents";
    const falling = numbers || column === "footing";
    return el("th", { scope: "col", class: [numbers ? "num" : "", WIDE.has(column) ? "wide" : ""].join(" ").trim(), "aria-sort": ledger.sort === column ? (falling ? "descending" : "ascending") : null },
      el("button", { type: "button", "data-sort": column, onclick: () => ((ledger.sort = column), drawLedger()) }, t(`sources.${column}`)));
  });
  const more = chosen.length - ledger.shown;
  clear(ledger.table, chosen.length === 0 && el("p", { class: "note" }, t("sources.none")),
    chosen.length > 0 && el("table", { class: "ledger" }, el("caption", { class: "unseen" }, t("sources.caption")), el("thead", {}, el("tr", {}, head)), el("tbody", {}, chosen.slice(0, ledger.shown).map(ledgerRow))),
    more > 0 && button(t("table.more", { n: Math.min(more, 500) }), () => ((ledger.shown += 500), drawLedger()), { class: "more" }));
  if (focused) ledger.table.querySelector(`[data-sort="${focused}"]`)?.focus();
}

function ledgerRow(s) {
  const [name, type, ident, docs] = data.sources[s];
  const label = LABELS.identification[ident];
  return el("tr", {},
    el("th", { scope: "row" }, el("a", { class: "title", href: hashOf({ ...PLAIN, view: "claims", source: s }) }, bdi(name)),
      el("small", { class: "narrow" }, `${t(`source_type.${LABELS.source_type[type]}`)} · `, el("span", { class: label === "anonymous" ? "high" : "" }, t(`identification.${label}`)))),
    el("td", { class: "wide" }, t(`source_type.${LABELS.source_type[type]}`)),
    el("td", { class: label === "anonymous" ? "wide high" : "wide" }, t(`identification.${label}`)),
    el("td", { class: "num" }, count(rowsOf(s).length)), el("td", { class: "bar-cell" }, strengthBar(ledger.counts[s])), el("td", { class: "num wide" }, count(docs)));
}
