// The review as a whole: how far it is, what was changed, and the way out.

const reviewView = byId("view-review");
let toReview = null;

const needing = () => (toReview = toReview || Array.from({ length: N }, (_, i) => i).filter(needsReview));

function showProgress() {
  const n = changes.touchedRows().length;
  const badge = byId("badge");
  badge.hidden = n === 0;
  badge.textContent = count(n);
}

/** Choose the next sentence that needs review and is not settled. */
function nextToReview() {
  const rows = needing();
  const next = rows.find((i) => i > state.s && !changes.touched(i));
  const found = next === undefined ? rows.find((i) => !changes.touched(i)) : next;
  if (found !== undefined) {
    if (state.view !== "story" && state.view !== "claims") go({ ...PLAIN, view: "story" }, { push: true });
    select(found);
  }
}

function showReview() {
  const rows = needing();
  const done = rows.filter(changes.touched).length;
  const meter = el("span", {});
  meter.style.width = `${rows.length ? (100 * done) / rows.length : 100}%`;
  const changed = changes.rows();
  const none = !changed.length && !changes.confirmedRows().length;
  let sure = false;
  const forget = button(t("review.clear"), () => {
    if (!sure) {
      sure = true;
      forget.textContent = t("review.clear.sure");
      return;
    }
    changes.forget();
    toReview = null;
    story.doc = -1;
    render();
  }, { disabled: none });
  const file = el("input", { type: "file", accept: ".json", id: "load", class: "unseen", tabindex: -1, onchange: () => load(file) });
  const status = el("p", { class: "hintline", role: "status", id: "review-status" });
  clear(reviewView,
    el("h1", { class: "lead" }, t("nav.review")),
    el("p", { class: "note" }, t("review.intro")),
    el("p", {}, rows.length ? t("review.progress", { done, of: rows.length }) : t("review.progress.none"), " ", t("review.summary", { changes: changed.length, confirmed: changes.confirmedRows().length }), " ",
      rows.length > 0 && el("a", { href: hashOf({ ...PLAIN, view: "claims", review: true, order: "doubt" }) }, t("review.list"))),
    el("div", { class: "meter", role: "progressbar", "aria-label": t("review.heading"), "aria-valuemin": 0, "aria-valuemax": Math.max(1, rows.length), "aria-valuenow": rows.length ? done : 1 }, meter),
    el("div", { class: "line" },
      button(t("review.export.csv"), () => exportAs("csv"), { id: "export-csv", class: "main", disabled: none }),
      button(t("review.export.json"), () => exportAs("json"), { id: "export-json", disabled: none }),
      button(t("review.next"), nextToReview, { disabled: done === rows.length }),
      button(t("review.load"), () => file.click()), el("label", { class: "unseen", for: "load" }, t("review.load")), file, forget),
    status,
    none ? null : el("p", { class: "note" }, t("review.then"), " ", el("code", { id: "review-command" }, `scorer review apply ${shellWord(exportName("csv"))} --scored ${shellWord(data.file)} -o labelled.csv`)),
    changes.keeps() ? null : el("p", { class: "notice" }, t("review.unsaved")),
    el("h2", {}, t("review.table")),
    none ? el("p", { class: "note" }, t("review.empty")) : changesTable());
}

function changesTable() {
  const head = ["sentence", "field", "old", "new", "note"].map((column) => el("th", { scope: "col" }, t(`review.column.${column}`)));
  const shownAs = (field, value) => (field === "source" || field === "note" ? value || "–" : t(`${field}.${value}`));
  const rows = changes.touchedRows().flatMap((i) => {
    const mine = changes.of(i);
    const fields = FIELDS.filter((field) => mine[field] !== undefined || (field === "strength" && changes.confirmed(i)));
    return (fields.length ? fields : ["note"]).map((field, place) =>
      el("tr", {},
        el("th", { scope: "row" }, place === 0 && el("a", { class: "title", href: hashOf({ ...PLAIN, view: "story", s: i }) }, bdi(data.text[i].length > 140 ? `${data.text[i].slice(0, 139)}…` : data.text[i]))),
        el("td", {}, t(`review.${field}`)), el("td", { class: mine[field] === undefined ? "" : "was" }, field === "note" ? "" : bdi(shownAs(field, original(i, field)))),
        el("td", {}, field === "note" ? "" : mine[field] === undefined ? `✓ ${t("review.confirmed")}` : bdi(shownAs(field, mine[field]))), el("td", { class: "remark" }, place === 0 && mine.note ? bdi(mine.note) : ""),
        el("td", {}, place === 0 && button(t("review.undo"), () => (changes.undo(i), refresh(i), render())))));
  });
  return el("div", { class: "scroll" }, el("table", { class: "plain-head stacked" }, el("caption", { class: "unseen" }, t("review.table")), el("thead", {}, el("tr", {}, head, el("td", {}))), el("tbody", {}, rows)));
}

async function load(file) {
  let told;
  try {
    const { n, skipped } = loadExport(await file.files[0].text());
    told = t("review.loaded", { n, skipped });
  } catch {
    told = t("review.loaded.bad");
  }
  story.doc = -1;
  render();
  byId("review-status").textContent = told;
}
