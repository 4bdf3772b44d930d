// Sentences of all documents in one list; only those near the window are there.

const claimsView = byId("view-claims");
const list = { box: null, order: null, none: null, rows: null, nodes: new Map(), height: 0, from: -1, to: -1, name: "" };

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
    emptyRows();
  }
  drawRows();
  pointRow();
}

function rowHeight() {
  if (!list.height) {
    const probe = el("div", { class: "row" });
    list.box.append(probe);
    list.height = probe.offsetHeight || 84;
    emptyRows();
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
  // Rows that stay are left alone: they keep the focus, and scrolling makes few new ones.
  for (const [place, node] of list.nodes) {
    if (place >= from && place < to) continue;
    node.remove();
    list.nodes.delete(place);
  }
  for (let place = from; place < to; place++) {
    if (list.nodes.has(place)) continue;
    const node = row(place, height);
    list.nodes.set(place, node);
    list.box.append(node);
  }
}

function emptyRows() {
  list.from = list.to = -1;
  list.nodes.clear();
  clear(list.box);
}

function row(place, height) {
  const i = list.rows[place];
  const source = data.source[i] >= 0 ? ` · ${data.sources[data.source[i]][SOURCE_NAME]}` : "";
  const node = el("a", { class: "row", href: linkTo({ view: "claims", s: i }), "data-i": i, tabindex: state.s === i || (state.s < 0 && place === 0) ? 0 : -1 });
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
  const node = list.box.querySelector(`[data-i="${i}"]`);
  if (node) fillRow(node, i, data.source[i] >= 0 ? ` · ${data.sources[data.source[i]][SOURCE_NAME]}` : "");
}

/** Mark the chosen sentence's row; Tab leads to it, or to the first. */
function pointRow() {
  for (const [place, item] of list.nodes) {
    const node = item.firstChild;
    const on = list.rows[place] === state.s;
    node.classList.toggle("on", on);
    node.tabIndex = on || (state.s < 0 && place === 0) ? 0 : -1;
    if (on) node.setAttribute("aria-current", "true");
    else node.removeAttribute("aria-current");
  }
}

/** Bring a sentence's row into view. */
function revealRow(i, focus) {
  shown();
  const place = sequence.places[i];
  if (place < 0) return;
  const height = rowHeight();
  const top = list.box.getBoundingClientRect().top + place * height;
  const bottom = window.innerHeight - (getComputedStyle(panel).position === "fixed" ? panel.offsetHeight : 0);
  if (top < Math.max(0, bar.getBoundingClientRect().bottom) || top + height > bottom) window.scrollTo({ top: window.scrollY + top - bottom * 0.4 });
  drawRows();
  pointRow();
  if (focus) list.box.querySelector(`[data-i="${i}"]`)?.focus({ preventScroll: true });
}
