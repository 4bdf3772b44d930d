// Sentences of all documents in one list; only those near the window are there.

const claimsView = byId("view-claims");
const list = { box: null, order: null, rows: null, height: 0, from: -1, to: -1, name: "" };

function buildSentences() {
  list.order = el("select", { id: "order", onchange: () => go({ order: list.order.value }) },
    ["text", "weakest", "doubt"].map((name) => option(name, t(`claims.order.${name}`))));
  list.box = el("div", { class: "rows", role: "list", "aria-label": t("claims.label") });
  list.none = el("p", { class: "note", hidden: true }, t("filter.none"));
  clear(claimsView, el("h1", { class: "unseen" }, t("nav.claims")), el("div", { class: "line" }, el("label", { for: "order" }, t("claims.order")), list.order), list.none, list.box);
  list.box.addEventListener("click", (event) => {
    const row = event.target.closest("a.row");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    select(Number(row.dataset.i), { focus: false });
  });
  let due = false;
  const later = () => {
    if (due || state.view !== "claims") return;
    due = true;
    requestAnimationFrame(() => ((due = false), drawRows()));
  };
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", () => ((list.height = 0), later()), { passive: true });
}

function showSentences() {
  list.order.value = state.order;
  list.rows = shown();
  list.none.hidden = list.rows.length > 0;
  const name = sequence.name;
  if (list.name !== name) {
    list.name = name;
    list.from = list.to = -1;
    clear(list.box);
  }
  drawRows();
}

function rowHeight() {
  if (!list.height) {
    const probe = el("div", { class: "row" });
    list.box.append(probe);
    list.height = probe.offsetHeight || 84;
    probe.remove();
    list.from = list.to = -1;
  }
  return list.height;
}

function drawRows(all = 0) {
  const height = rowHeight();
  const n = list.rows.length;
  list.box.style.height = `${n * height}px`;
  const above = -list.box.getBoundingClientRect().top;
  let from = Math.max(0, Math.floor(above / height) - 8);
  let to = Math.min(n, Math.ceil((above + window.innerHeight) / height) + 8);
  if (all) [from, to] = [0, Math.min(n, all)];
  if (from === list.from && to === list.to) return;
  [list.from, list.to] = [from, to];
  const focused = list.box.contains(document.activeElement) ? Number(document.activeElement.dataset.i) : -1;
  const nodes = [];
  for (let place = from; place < to; place++) nodes.push(row(place, height));
  clear(list.box, nodes);
  if (focused >= 0) list.box.querySelector(`[data-i="${focused}"]`)?.focus({ preventScroll: true });
}

function row(place, height) {
  const i = list.rows[place];
  const source = data.source[i] >= 0 ? ` · ${data.sources[data.source[i]][SOURCE_NAME]}` : "";
  const node = el("a", { class: `row${state.s === i ? " on" : ""}`, href: linkTo({ view: "claims", s: i }), "data-i": i, tabindex: state.s === i || (state.s < 0 && place === list.from) ? 0 : -1 });
  node.style.transform = `translateY(${place * height}px)`;
  const item = el("div", { role: "listitem", "aria-setsize": list.rows.length, "aria-posinset": place + 1 }, node);
  fillRow(node, i, source);
  return item;
}

function fillRow(node, i, source) {
  node.classList.toggle("changed", changes.changed(i));
  clear(node, strengthTag(changes.strength(i)), el("span", { class: "row-text", dir: "auto" }, marked(i)), el("small", {}, bdi(titleOf(docOf[i])), bdi(source)));
}

function markRow(i) {
  const node = list.box && list.box.querySelector(`[data-i="${i}"]`);
  if (node) fillRow(node, i, data.source[i] >= 0 ? ` · ${data.sources[data.source[i]][SOURCE_NAME]}` : "");
}

/** Bring a sentence's row into view. */
function revealRow(i, focus) {
  shown();
  const place = sequence.places[i];
  if (place < 0) return;
  const height = rowHeight();
  const top = list.box.getBoundingClientRect().top + place * height;
  const bottom = window.innerHeight - (getComputedStyle(panel).position === "fixed" ? panel.offsetHeight : 0);
  if (top < bar.getBoundingClientRect().bottom || top + height > bottom) window.scrollTo({ top: window.scrollY + top - bottom * 0.4 });
  list.from = list.to = -1;
  drawRows();
  if (focus) list.box.querySelector(`[data-i="${i}"]`)?.focus({ preventScroll: true });
}
