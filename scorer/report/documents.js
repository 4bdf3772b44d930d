// The table of documents on the overview.

const ROWS = 100;
const documents = { shown: ROWS, name: "" };
const TABLE = [
  ["title", "title"], ["footing", null], ["doubtful", "doubtful"], ["unverified", "unverified"], ["anonymous", "anonymous"], ["hedged", "hedged"],
  ["sources", "sources"], ["top", "top"], ["sourcing", "sourcing"], ["review", "review"], ["claims", "claims"],
];
const ASCENDING = new Set(["title", "sources", "sourcing"]);

function showDocuments() {
  const name = `${state.sort} ${state.dir} ${documents.shown}`;
  if (documents.name === name) return;
  documents.name = name;
  const box = byId("documents-table");
  const focused = box.contains(document.activeElement) ? document.activeElement.dataset.sort : null;
  const head = TABLE.map(([column, sort]) => {
    if (!sort) return el("th", { scope: "col" }, el("span", { class: "unsorted" }, t(`column.${column}`)));
    const on = state.sort === sort;
    const direction = ASCENDING.has(sort) === !state.dir ? "ascending" : "descending";
    return el("th", { scope: "col", class: column === "title" ? "" : "num", "aria-sort": on ? direction : null },
      el("button", { type: "button", "data-sort": sort, onclick: () => go({ sort, dir: on && !state.dir ? "back" : "" }) }, t(`column.${column}`)));
  });
  const docs = sortedDocs();
  const more = docs.length - documents.shown;
  clear(box, el("table", {}, el("caption", { class: "unseen" }, t("table.caption")), el("thead", {}, el("tr", {}, head)),
    el("tbody", {}, docs.slice(0, documents.shown).map(documentRow))),
  more > 0 && button(t("table.more", { n: Math.min(more, 500) }), () => ((documents.shown += 500), showDocuments()), { class: "more" }));
  if (focused) box.querySelector(`[data-sort="${focused}"]`)?.focus();
}

function documentRow(d) {
  const doc = DOCS[d];
  const claims = claimsOf(doc) || 1;
  const share = (n, high) => el("td", { class: `num${n / claims >= high ? " high" : ""}` }, percent(n / claims));
  const top = topShare(doc);
  return el("tr", {},
    el("th", { scope: "row" }, el("a", { href: hashOf({ ...PLAIN, view: "story", doc: d, sort: state.sort, dir: state.dir }), class: "title" }, bdi(titleOf(d)))),
    el("td", { class: "bar-cell" }, strengthBar(doc[COUNTS])),
    share(doubtfulOf(doc), 0.5), share(doc[COUNTS][1], 0.25), share(doc[ANONYMOUS], 0.34), share(doc[HEDGED], 0.5),
    el("td", { class: "num" }, count(doc[SOURCES])),
    el("td", { class: `num${top >= 0.75 ? " high" : ""}`, title: doc[TOP_NAME] }, top < 0 ? "–" : percent(top)),
    el("td", { class: "num" }, doc[SCORE] < 0 ? "–" : String(Math.round(doc[SCORE] / 10))),
    el("td", { class: "num" }, count(doc[REVIEW])), el("td", { class: "num" }, count(claimsOf(doc))));
}
