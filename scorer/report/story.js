// A document as prose.

const storyView = byId("view-story");
const story = { doc: -1, shelf: "", docs: [], hits: null, from: 0, to: 0, shelfBox: null, article: null, prose: null, list: null, choice: null, jump: null };
const narrow = matchMedia("(max-width: 75rem)");
const CHUNK = 60; // sentences that are laid out together
const SHELF = 60; // documents that are listed around the one that is read; more as one scrolls
const AT_ONCE = 600; // a document of more is laid out as one scrolls

function buildStory() {
  const orders = Object.keys(SORTS);
  story.choice = el("select", { id: "story-sort", onchange: () => go({ sort: story.choice.value, dir: "" }) }, orders.map((name) => option(name, t(`sort.${name}`))));
  story.jump = el("select", { class: "jump", "aria-label": t("story.choose"), onchange: () => go({ doc: Number(story.jump.value), s: -1 }, { push: true }) });
  story.list = el("ul", {});
  story.article = el("article", { class: "story" });
  storyView.classList.add("reader");
  clear(storyView,
    story.shelfBox = el("nav", { class: "shelf", "aria-label": t("story.documents") }, el("label", { class: "unseen", for: "story-sort" }, t("sort.label")), story.choice, story.jump, story.list),
    story.article);
  story.article.addEventListener("click", (event) => {
    const link = event.target.closest("a.s");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    select(Number(link.dataset.i), { focus: false });
  });
  story.shelfBox.addEventListener("scroll", () => {
    const box = story.shelfBox;
    if (box.scrollTop + 2 * box.clientHeight > box.scrollHeight && story.to < story.docs.length) fillShelf(story.to - 1);
    if (box.scrollTop < box.clientHeight && story.from > 0) fillShelf(story.from);
  }, { passive: true });
  narrow.addEventListener("change", () => state.view === "story" && showStory());
  let timer = 0;
  let last = "";
  story.article.addEventListener("pointermove", (event) => {
    // Scrolling moves the text under a pointer that rests; that is no pointing.
    const at = `${event.clientX},${event.clientY}`;
    if (event.pointerType !== "mouse" || at === last || panel.contains(document.activeElement)) return;
    last = at;
    const link = event.target.closest("a.s");
    clearTimeout(timer);
    if (!link) return;
    const i = Number(link.dataset.i);
    timer = setTimeout(() => i !== open && (showPanel(i), markLinks(i)), state.s < 0 ? 90 : 350);
  });
  story.article.addEventListener("pointerleave", () => {
    clearTimeout(timer);
    if (open !== state.s && state.s >= 0) showPanel(state.s), markLinks(state.s);
  });
}

function showStory() {
  const found = matches();
  const filtered = filtering();
  const docs = filtered ? sortedDocs().filter((d) => found.perDoc[d]) : sortedDocs();
  if (state.doc < 0 || (filtered && state.s < 0 && docs.length && !found.perDoc[state.doc])) state.doc = docs.length ? docs[0] : sortedDocs()[0];
  const shelf = `${found.name} ${state.sort} ${state.dir}`;
  if (story.shelf !== shelf) {
    story.shelf = shelf;
    story.choice.value = state.sort;
    story.docs = docs;
    story.hits = filtered ? found.perDoc : null;
    [story.from, story.to] = [0, 0];
    clear(story.list);
    clear(story.jump);
  }
  // On a narrow window a choice stands for the list.
  if (narrow.matches && !story.jump.length) clear(story.jump, story.docs.map((d) => option(String(d), titleOf(d))));
  else if (!narrow.matches) fillShelf(story.docs.indexOf(state.doc));
  story.list.querySelector("[aria-current]")?.removeAttribute("aria-current");
  const item = story.list.querySelector(`a[data-d="${state.doc}"]`);
  item?.setAttribute("aria-current", "true");
  story.jump.value = String(state.doc);
  if (story.doc !== state.doc) {
    buildArticle(state.doc);
    if (item && story.list.offsetParent) item.scrollIntoView({ block: "nearest" });
  }
  story.article.classList.toggle("filtered", filtered);
  story.article.querySelectorAll("a.s").forEach((node) => node.classList.toggle("hit", filtered && found.flags[node.dataset.i] === 1));
  point();
}

/** Add to the shelf, which begins and ends near where the reader is, so that it reaches some way past a document. */
function fillShelf(place) {
  const { docs, list: box } = story;
  if (place < story.from || place >= story.to) {
    clear(box);
    story.from = story.to = Math.max(0, place - SHELF / 2);
  }
  const add = (d) => el("li", {}, shelfItem(d, story.hits ? story.hits[d] : 0));
  const to = Math.min(docs.length, Math.max(story.to, place + SHELF));
  box.append(...docs.slice(story.to, to).map(add));
  story.to = to;
  const from = Math.max(0, Math.min(story.from, place - SHELF / 2));
  if (from < story.from) {
    const before = story.shelfBox.scrollHeight;
    box.prepend(...docs.slice(from, story.from).map(add));
    story.shelfBox.scrollTop += story.shelfBox.scrollHeight - before;
    story.from = from;
  }
}

function shelfItem(d, hits) {
  const doc = DOCS[d];
  const claims = claimsOf(doc);
  return el("a", { href: linkTo({ view: "story", doc: d, s: -1 }), "data-d": d },
    bdi(titleOf(d), "title"), strengthBar(doc[COUNTS]),
    el("small", {}, hits ? t("story.hits", { n: hits }) : t("story.doubtful", { n: doubtfulOf(doc), of: claims })));
}

function buildArticle(d) {
  story.doc = d;
  const doc = DOCS[d];
  const order = sortedDocs();
  const place = order.indexOf(d);
  const beside = (by, text, arrow) => button(arrow, () => turn(by), { "aria-label": text, disabled: order[place + by] === undefined });
  story.prose = el("div", { class: "prose" });
  clear(story.article,
    el("div", { class: "line" }, beside(-1, t("story.previous"), "‹"), beside(1, t("story.next"), "›")),
    el("h1", {}, bdi(titleOf(d))),
    el("p", { class: "meta" }, doc[TITLE] && bdi(doc[ID]), doc[DETAILS].map(([name, value]) => el("span", {}, `${name}: `, bdi(value))),
      doc[LINK] && el("a", { href: doc[LINK], target: "_blank", rel: "noopener noreferrer" }, t("story.original"))),
    strengthBar(doc[COUNTS]), facts(doc), legendLine(), story.prose);
  const chunks = [];
  const last = doc[FIRST] + doc[LENGTH];
  for (let from = doc[FIRST]; from < last;) {
    let to = Math.min(from + CHUNK, last);
    while (to < last && to < from + 2 * CHUNK && !breaks(to)) to++;
    chunks.push([from, to]);
    from = to;
  }
  const lazy = doc[LENGTH] > AT_ONCE && "IntersectionObserver" in window;
  const watch = lazy && new IntersectionObserver((entries) => entries.forEach((entry) => entry.isIntersecting && lay(entry.target)), { rootMargin: "1500px" });
  for (const [from, to] of chunks) {
    const node = el("div", { class: lazy ? "chunk" : "", "data-from": from, "data-to": to });
    story.prose.append(node);
    if (lazy) {
      let size = 0;
      for (let i = from; i < to; i++) size += data.text[i].length + (breaks(i) ? 90 : 0);
      node.style.minHeight = `${Math.ceil(size / 70) * 2.2}rem`;
      watch.observe(node);
    } else lay(node);
  }
}

/** Tell whether a paragraph begins with a sentence: after a gap in the text, or where each row was a text of its own. */
function breaks(i) {
  return i > 0 && (data.start[i] - data.end[i - 1] > 1 || data.start[i] <= data.start[i - 1]);
}

const RIGHT_TO_LEFT = /^\P{L}*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
/** Tell which way a text runs, by its first letter. dir="auto" would not see it: each sentence has a direction of its own. */
const directionOf = (text) => (RIGHT_TO_LEFT.test(text) ? "rtl" : "ltr");

function lay(chunk) {
  if (chunk.firstChild) return;
  chunk.style.minHeight = "";
  const [from, to] = [Number(chunk.dataset.from), Number(chunk.dataset.to)];
  const found = matches();
  let paragraph = null;
  for (let i = from; i < to; i++) {
    if (!paragraph || breaks(i)) chunk.append((paragraph = el("p", { dir: directionOf(data.text[i]) })));
    else paragraph.append(" ");
    paragraph.append(sentence(i, found));
    if (checkOf.has(i)) paragraph.append(hop(checkOf.get(i), "story.hop"));
    for (const about of spokenOf.get(i) || []) paragraph.append(hop(about, "story.hopback"));
  }
  point();
}

function sentence(i, found) {
  const node = el("a", { class: "s", href: linkTo({ view: "story", s: i }), "data-i": i, id: `s${i + 1}`, dir: "auto", tabindex: i === DOCS[docOf[i]][FIRST] ? 0 : -1 });
  if (found.flags[i] && filtering()) node.classList.add("hit");
  return dress(node, i);
}

/** Put a sentence's look on its element: the tint of its label, the reviewer's if there is one, and what is marked. */
function dress(node, i) {
  const level = changes.strength(i);
  for (let l = 0; l < 6; l++) node.classList.toggle(`l${l}`, l === level);
  node.classList.toggle("changed", changes.changed(i));
  node.classList.toggle("settled", changes.confirmed(i));
  node.title = t(`strength.${LABELS.strength[level]}`);
  return clear(node, moon(level), marked(i));
}

const hop = (to, words) => el("a", { class: "hop", href: linkTo({ view: "story", s: to }), title: t(words, { n: numberInDoc(to) }), "aria-label": t(words, { n: numberInDoc(to) }) }, `⇄${numberInDoc(to)}`);

function facts(doc) {
  const claims = claimsOf(doc);
  const share = doc[ATTRIBUTED] ? doc[TOP] / doc[ATTRIBUTED] : 0;
  return el("p", { class: "facts" },
    `${t("story.words", { claims: t("count.claims", { n: claims }), parts: inWords([0, ...doc[COUNTS].slice(1)]) || "–" })} `,
    doc[SOURCES] ? t("story.sources", { n: doc[SOURCES], accountable: doc[ACCOUNTABLE] }) : t("story.sources.none"), " ",
    doc[TOP] > 1 && bdi(`${t("story.top", { n: doc[TOP], of: doc[ATTRIBUTED], share: percent(share), name: doc[TOP_NAME] })} `),
    doc[SCORE] >= 0 && el("b", {}, t("story.score", { score: Math.round(doc[SCORE] / 10) })));
}

const legendLine = () => el("p", { class: "legend-line", role: "note", "aria-label": t("story.legend") },
  [1, 2, 3, 4, 5].map((level) => strengthTag(level)),
  ["source", "cue", "hedge", "check"].map((kind) => el("span", { class: `m-${kind}` }, t(`kind.${kind}`))));

const sentenceNode = (i) => byId(`s${i + 1}`);

function markSentence(i) {
  const node = sentenceNode(i);
  if (node) dress(node, i);
  markRow(i);
}

function markLinks(i) {
  story.article.querySelectorAll(".linked").forEach((node) => node.classList.remove("linked"));
  if (i >= 0) linkedTo(i).forEach((other) => sentenceNode(other)?.classList.add("linked"));
}

/** Mark the chosen sentence. */
function point() {
  const before = story.article.querySelector("a.s.on");
  if (before && Number(before.dataset.i) !== state.s) before.classList.remove("on"), before.removeAttribute("aria-current");
  const node = state.s >= 0 ? sentenceNode(state.s) : null;
  if (node) node.classList.add("on"), node.setAttribute("aria-current", "true");
  markLinks(state.s);
}

/** Bring the chosen sentence into view, laying out its part of the document first. */
function reveal(i, focus) {
  if (!sentenceNode(i)) {
    const chunk = [...story.prose.children].find((node) => Number(node.dataset.from) <= i && i < Number(node.dataset.to));
    if (chunk) lay(chunk);
  }
  const node = sentenceNode(i);
  if (!node) return;
  const box = node.getBoundingClientRect();
  const bottom = window.innerHeight - (getComputedStyle(panel).position === "fixed" ? panel.offsetHeight : 0);
  if (box.top < Math.max(0, bar.getBoundingClientRect().bottom) + 16 || box.bottom > bottom - 24) {
    window.scrollTo({ top: window.scrollY + box.top - Math.max(120, (bottom - box.height) * 0.38) });
  }
  if (focus) node.focus({ preventScroll: true });
}

function turn(by) {
  const docs = filtering() ? sortedDocs().filter((d) => matches().perDoc[d]) : sortedDocs();
  const next = docs[docs.indexOf(state.doc) + by];
  if (next === undefined) return;
  go({ view: "story", doc: next, s: -1 }, { push: true });
  window.scrollTo({ top: 0 });
}
