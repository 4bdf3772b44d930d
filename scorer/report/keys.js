// The keyboard. Every key has a button or a link that does the same.

let leader = false;
const GO = { o: "overview", s: "story", l: "claims", t: "sources", r: "review" };
let single = true;
try {
  single = localStorage.getItem("scorer-report-keys") !== "off";
} catch {
  // Without storage the choice lasts as long as the page.
}

const HELP = [
  ["j ↓ →", "j"], ["k ↑ ←", "k"], ["[ ]", "bracket"], ["/", "slash"], ["0 – 5", "digits"], ["c", "c"], ["e", "e"], ["n", "n"], ["u", "u"],
  ["r", "r"], ["x", "x"], ["g", "g"], ["Esc", "escape"], ["?", "question"],
];

function buildHelp() {
  const box = byId("help");
  const keep = el("input", { type: "checkbox", id: "single", checked: single, onchange: () => {
    single = keep.checked;
    try {
      localStorage.setItem("scorer-report-keys", single ? "on" : "off");
    } catch {
      // As above.
    }
  } });
  clear(box, el("h2", { id: "help-title" }, t("help.title")),
    el("dl", {}, HELP.map(([keys, name]) => [el("dt", {}, keys.split(" ").map((key, place) => [place ? " " : "", key === "–" ? key : el("kbd", {}, key)])), el("dd", {}, t(`help.${name}`))])),
    el("p", { class: "check-line" }, keep, el("label", { for: "single" }, t("help.single"))),
    el("p", { class: "hintline" }, t("page.footing")),
    button(t("help.close"), () => box.close()));
  byId("help-open").addEventListener("click", () => box.showModal());
}

function focusField(id) {
  if (state.s < 0) return;
  if (open !== state.s) showPanel(state.s);
  byId(id)?.focus();
  byId(id)?.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  const at = event.target;
  const typing = at.matches("input:not([type=checkbox]):not([type=file]), textarea, select");
  if (event.key === "Escape") {
    if (typing || panel.contains(at)) {
      at.blur();
      if (state.s >= 0) (state.view === "story" ? reveal : revealRow)(state.s, true);
    } else if (state.s >= 0) select(-1);
    return;
  }
  if (typing || !single) return;
  const reading = state.view === "story" || state.view === "claims";
  const within = panel.contains(at) || at.closest(".shelf, .scroll");
  const key = event.key;
  if (leader) {
    leader = false;
    if (GO[key]) {
      event.preventDefault();
      go({ view: GO[key], s: GO[key] === "story" || GO[key] === "claims" ? state.s : -1 }, { push: true });
    }
    return;
  }
  const arrows = reading && !within;
  const i = state.s;
  const acts = {
    j: () => advance(1), k: () => advance(-1),
    ArrowDown: arrows && (() => advance(1)), ArrowRight: arrows && (() => advance(1)), ArrowUp: arrows && (() => advance(-1)), ArrowLeft: arrows && (() => advance(-1)),
    "]": () => turn(1), "[": () => turn(-1),
    "/": () => byId("search").focus(), "?": () => byId("help").showModal(),
    g: () => (leader = true), r: nextToReview, x: () => corrections().length && exportAs("csv"),
  };
  if (reading && i >= 0) {
    LABELS.strength.forEach((name, level) => (acts[level] = () => correct(i, "strength", name)));
    Object.assign(acts, { c: () => confirmLabel(i), n: () => focusField("field-note"), e: () => focusField("field-source_type"), u: () => takeBack(i) });
  }
  const act = acts[key];
  if (!act) return;
  event.preventDefault();
  act();
}

/** Go to the next sentence shown; from a page without sentences, into the stories first. */
function advance(by) {
  if (state.view !== "story" && state.view !== "claims") go({ view: "story" }, { push: true });
  const next = step(by);
  if (next >= 0) select(next);
}
