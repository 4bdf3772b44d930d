// The panel of a sentence: its label and why, who says it and what else, the check, and the reviewer's form.

const panel = byId("panel");
let open = -1;

const nearby = (i) => el("a", { href: linkTo({ view: "story", s: i }) }, moon(changes.strength(i)), bdi(data.text[i].length > 160 ? `${data.text[i].slice(0, 159)}…` : data.text[i]));

/** Show a sentence; -1 shows what the panel is for. */
function showPanel(i) {
  open = i;
  panel.classList.toggle("idle", i < 0);
  if (i < 0) {
    clear(panel, el("p", { class: "hintline" }, t("panel.empty")), state.view === "story" && people(state.doc));
    return;
  }
  const doc = DOCS[docOf[i]];
  clear(panel,
    el("div", { class: "panel-head" },
      el("span", { class: "where" }, t("panel.number", { n: numberInDoc(i), of: doc[LENGTH] })),
      button("↑", () => select(step(-1)), { "aria-label": t("panel.previous"), class: "plain" }),
      button("↓", () => select(step(1)), { "aria-label": t("panel.next"), class: "plain" }),
      button("×", () => select(-1), { "aria-label": t("panel.close"), class: "plain" })),
    verdict(i),
    el("p", { class: "quote" }, marked(i)),
    state.view === "claims" && el("p", {}, el("a", { href: linkTo({ view: "story", s: i }) }, t("panel.read"))),
    probabilities(i), why(i), sourceOf(i), checkPart(i), form(i));
  panel.scrollTop = 0;
}

/** List who speaks in a document, most quoted first, with the strength of each claim. */
function people(d) {
  const doc = DOCS[d];
  const found = new Map();
  for (let i = doc[FIRST]; i < doc[FIRST] + doc[LENGTH]; i++) {
    const s = data.source[i];
    if (s >= 0) found.set(s, [...(found.get(s) || []), i]);
  }
  const listed = [...found].sort((a, b) => b[1].length - a[1].length || a[1][0] - b[1][0]);
  if (!listed.length) return null;
  return [el("h2", {}, t("panel.people")), el("ul", { class: "people" }, listed.slice(0, 60).map(([s, rows]) => {
    const [name, type, ident] = data.sources[s];
    return el("li", {}, el("a", { href: linkTo({ view: "story", doc: d, s: rows[0] }) },
      el("span", {}, el("b", {}, bdi(name)), " ", el("small", {}, kindWords(LABELS.source_type[type], LABELS.identification[ident]))),
      el("span", { class: "moons" }, rows.slice(0, 8).map((i) => moon(strengthOf(i))), el("span", { class: "num" }, ` ${count(rows.length)}`), el("span", { class: "unseen" }, ` ${inWords(tally(rows))}`))));
  }))];
}

function tally(rows) {
  const counts = [0, 0, 0, 0, 0, 0];
  rows.forEach((i) => counts[strengthOf(i)]++);
  return counts;
}

function verdict(i) {
  const mine = changes.of(i).strength;
  return el("div", { class: "verdict" },
    strengthTag(strengthOf(i)),
    mine !== undefined && el("span", { class: `tag mine l${LABELS.strength.indexOf(mine)}` }, t("panel.corrected", { label: t(`strength.${mine}`) })),
    data.score[i] >= 0 && el("span", {}, t("panel.score", { score: Math.round(data.score[i] / 10) })),
    needsReview(i) && el("span", { class: "tag ask" }, t("panel.review")),
    changes.confirmed(i) && el("span", { class: "tag mine" }, `✓ ${t("review.confirmed")}`));
}

function probabilities(i) {
  const rows = SHOWN_ORDER.map((level) => {
    const p = data.p[6 * i + level] / 1e4;
    const fillBar = el("span", { class: `l${level}` });
    fillBar.style.width = `${(100 * p).toFixed(1)}%`;
    const is = level === strengthOf(i) ? " is" : "";
    return [el("span", { class: `name${is}` }, t(`strength.${LABELS.strength[level]}`)), el("span", { class: "track", "aria-hidden": "true" }, fillBar),
      el("span", { class: `num${is}` }, percent(p))];
  });
  return [el("h2", {}, t("panel.probabilities")), el("div", { class: "probabilities" }, rows)];
}

const signed = (cents) => `${cents < 0 ? "−" : "+"}${(Math.abs(cents) / 100).toFixed(2)}`;

function why(i) {
  const reasons = data.why[i];
  const heading = el("h2", {}, t("panel.why"));
  if (typeof reasons === "string") return [heading, el("p", { class: "quote" }, reasons)];
  const most = reasons.reduce((max, amount, place) => (place % 2 ? Math.max(max, Math.abs(amount)) : max), 1);
  const rows = [];
  let sum = 0;
  for (let r = 0; r < reasons.length; r += 2) {
    const cents = reasons[r + 1];
    sum += cents;
    const fillBar = el("span", { class: cents < 0 ? "against" : "for" });
    fillBar.style.width = `${((50 * Math.abs(cents)) / most).toFixed(1)}%`;
    rows.push(el("tr", {}, el("th", { scope: "row" }, bdi(data.phrases[reasons[r]])),
      el("td", { class: "amount", "aria-hidden": "true" }, el("div", { class: "axis" }, fillBar)), el("td", { class: "num" }, signed(cents))));
  }
  rows.push(el("tr", { class: "sum" }, el("th", { scope: "row" }, t("panel.why.sum")), el("td", {}), el("td", { class: "num" }, signed(sum).replace("+", ""))));
  return [heading, el("table", { class: "why" }, el("tbody", {}, rows)), el("p", { class: "hintline" }, t("panel.why.note"))];
}

const kindWords = (type, ident) => `${t(`source_type.${type}`)}, ${t(`identification.${ident}`)}`;

function sourceOf(i) {
  const heading = el("h2", {}, t("panel.source"));
  const also = (data.also[i] || []).map(([name, type, ident]) => el("p", {}, `${t("panel.also")}: `, bdi(name), ` (${kindWords(type, ident)})`));
  const s = data.source[i];
  if (s < 0) {
    const nobody = original(i, "source_type") !== "none";
    return [heading, el("p", {}, nobody ? `${sourceWords(i) ? `“${sourceWords(i)}” ` : ""}${t("panel.source.nobody")}` : t("panel.source.none")), also];
  }
  const [name] = data.sources[s];
  const spoken = sourceWords(i);
  const others = rowsOf(s).filter((other) => other !== i);
  const here = others.filter((other) => docOf[other] === docOf[i]).concat(others.filter((other) => docOf[other] !== docOf[i])).slice(0, 6);
  return [heading,
    el("p", {}, el("strong", {}, bdi(name)), ` · ${kindWords(original(i, "source_type"), original(i, "identification"))}`),
    spoken && !spoken.toLowerCase().includes(name.toLowerCase()) && el("p", { class: "hintline" }, bdi(t("panel.source.words", { words: spoken, name }))),
    also,
    others.length ? el("h2", {}, t("panel.others")) : el("p", { class: "hintline" }, t("panel.others.none")),
    others.length > 0 && el("div", { class: "others" }, here.map(nearby)),
    others.length > here.length && el("p", {}, el("a", { href: hashOf({ ...PLAIN, view: "claims", source: s }) }, t("panel.others.all", { n: others.length + 1 })))];
}

function checkPart(i) {
  const status = original(i, "verification");
  const holder = checkOf.get(i);
  const about = spokenOf.get(i) || [];
  if (status === "none" && holder === undefined && !about.length) return null;
  return [el("h2", {}, t("panel.check")), el("p", {}, t(`verification.${status}`)),
    holder !== undefined && [el("p", { class: "hintline" }, t("panel.check.there", { n: numberInDoc(holder) })), el("div", { class: "others" }, nearby(holder))],
    about.map((other) => [el("p", { class: "hintline" }, t("panel.check.of", { n: numberInDoc(other) })), el("div", { class: "others" }, nearby(other))])];
}

function form(i) {
  const mine = changes.of(i);
  const strength = changes.strength(i);
  const select = (field) => {
    const choice = el("select", { id: `field-${field}`, class: mine[field] === undefined ? "" : "different", onchange: () => correct(i, field, choice.value) },
      LABELS[field].map((label) => option(label, t(`${field}.${label}`), label === changes.value(i, field))));
    return el("label", {}, t(`review.${field}`), choice);
  };
  const source = el("input", { type: "text", id: "field-source", value: changes.value(i, "source"), class: mine.source === undefined ? "" : "different", spellcheck: "false", onchange: () => correct(i, "source", source.value.trim()) });
  const note = el("textarea", { id: "field-note", value: changes.value(i, "note"), onchange: () => correct(i, "note", note.value.trim()) });
  return [el("h2", {}, t("review.heading")),
    el("div", { class: "fields" },
      el("fieldset", { class: "steps" }, el("legend", {}, t("review.strength")), LABELS.strength.map((name, level) =>
        el("button", { type: "button", class: `chip l${level}`, "aria-pressed": String(level === strength), onclick: () => correct(i, "strength", name) },
          el("kbd", { "aria-hidden": "true" }, String(level)), t(`strength.${name}`)))),
      select("source_type"), select("identification"), el("label", {}, t("review.source"), source), select("verification"),
      el("label", { class: "tall" }, t("review.note"), note)),
    el("div", { class: "line" },
      button(`${changes.confirmed(i) ? "✓ " : ""}${t("review.confirm")}`, () => confirmLabel(i), { "aria-pressed": String(changes.confirmed(i)) }),
      button(t("review.undo"), () => takeBack(i), { disabled: !changes.touched(i), id: "field-undo" })),
    el("div", { class: "breaches", role: "status" }, breaches(i).map((rule) => el("p", { class: "breach" }, t(rule)))),
    el("p", { class: "hintline" }, changes.keeps() ? t("review.saved") : t("review.unsaved"))];
}

/** Change a field; the words of the announcement are the reader's proof that the key was heard. */
function correct(i, field, value) {
  if (changes.value(i, field) === value) return;
  changes.set(i, field, value);
  const shownValue = field === "source" || field === "note" ? value : t(`${field}.${value}`);
  announce(t("review.changed", { field: t(`review.${field}`), value: shownValue }));
  refresh(i);
}

function confirmLabel(i) {
  changes.confirm(i, !changes.confirmed(i));
  if (changes.confirmed(i)) announce(t("review.confirmed"));
  refresh(i);
}

function takeBack(i) {
  changes.undo(i);
  announce(t("review.undo"));
  refresh(i);
}

/** Show a sentence again after a change, and leave the focus where it was. */
function refresh(i) {
  const at = document.activeElement;
  const inside = panel.contains(at);
  const place = inside ? [...panel.querySelectorAll("button, input, select, textarea, a")].indexOf(at) : -1;
  const scrolled = panel.scrollTop;
  if (open === i) {
    showPanel(i);
    panel.scrollTop = scrolled;
    if (inside) (at.id ? byId(at.id) : panel.querySelectorAll("button, input, select, textarea, a")[place])?.focus({ preventScroll: true });
  }
  markSentence(i);
  showProgress();
  if (state.changed || state.view === "review") render();
}
