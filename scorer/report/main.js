// Putting it together.

const sections = Object.fromEntries(VIEWS.map((view) => [view, byId(`view-${view}`)]));
const SHOW = { overview: showDocuments, story: showStory, claims: showSentences, sources: showSources, review: showReview };
let last = { view: "", doc: -1 };

function render() {
  const reading = state.view === "story" || state.view === "claims";
  for (const [view, section] of Object.entries(sections)) section.hidden = view !== state.view;
  document.querySelectorAll(".views a").forEach((link) => {
    link.href = linkTo({ view: link.dataset.view, s: link.dataset.view === "story" || link.dataset.view === "claims" ? state.s : -1 });
    if (link.dataset.view === state.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
  byId("shell").classList.toggle("reading", reading);
  panel.hidden = !reading;
  showFilters();
  SHOW[state.view]();
  if (reading && (open !== state.s || last.view !== state.view || last.doc !== state.doc)) showPanel(state.s);
  showProgress();
  last = { view: state.view, doc: state.doc };
}

/** Choose a sentence, or none with -1. */
function select(i, { focus = true } = {}) {
  const before = state.s;
  go({ s: i });
  if (i < 0) {
    if (before >= 0 && focus) sentenceNode(before)?.focus({ preventScroll: true });
    return;
  }
  if (state.view === "claims") revealRow(i, focus);
  else reveal(i, focus);
}

/** Read the address and show what it says. */
function arrive() {
  if (location.hash && !location.hash.includes("=")) return; // a link within the page
  const before = state;
  state = readHash();
  byId("search").value = state.q;
  render();
  if (state.s >= 0 && (before.s !== state.s || before.view !== state.view)) {
    // The link that led here may be gone with its view; whoever goes on with the keyboard goes on from the sentence.
    const lost = document.activeElement === document.body || !document.activeElement.offsetParent;
    if (state.view === "story") reveal(state.s, lost);
    if (state.view === "claims") revealRow(state.s, lost);
  } else if (before.view !== state.view || (state.view === "story" && before.doc !== state.doc)) window.scrollTo({ top: 0 });
}

function buildTheme() {
  const themes = ["auto", "light", "dark"];
  let theme = "auto";
  try {
    theme = themes.find((name) => name === localStorage.getItem("scorer-report-theme")) || "auto";
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  const control = byId("theme");
  const apply = () => {
    if (theme === "auto") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.dataset.theme = theme;
    control.setAttribute("aria-label", t("tool.theme", { theme: t(`tool.theme.${theme}`) }));
    control.title = control.getAttribute("aria-label");
  };
  control.addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    try {
      localStorage.setItem("scorer-report-theme", theme);
    } catch {
      // As above.
    }
    apply();
  });
  apply();
}

function buildSearch() {
  const box = byId("search");
  let timer = 0;
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => go({ q: box.value, ...(state.view === "story" || state.view === "claims" ? {} : { view: "claims" }) }), 120);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    clearTimeout(timer);
    go({ q: box.value, view: state.view === "story" ? "story" : "claims" }, { push: true });
    const first = shown()[0];
    if (first !== undefined) select(first);
  });
}

buildTheme();
buildFilters();
buildStory();
buildSentences();
buildSources();
buildHelp();
buildSearch();
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("main").focus();
});
document.addEventListener("keydown", onKey);
addEventListener("hashchange", arrive);
addEventListener("popstate", arrive);
addEventListener("beforeprint", () => {
  if (state.view === "story") story.prose?.querySelectorAll(".chunk").forEach(lay);
  if (state.view === "claims") drawRows(1000);
});
arrive();
document.documentElement.dataset.ready = "true";
