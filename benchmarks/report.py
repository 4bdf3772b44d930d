"""How soon the score report is there, and how soon it answers, in a headless Chromium.

usage: python benchmarks/report.py [--sentences N ...] [--model DIR] [--repeat N] [--strict]

For a report of each size: bytes per sentence, the time to write it, and in the browser
- first paint: when the first words are seen;
- ready: when it answers to keys and clicks;
- filter, search, next, correct: from a click or key until the change is painted;
- scroll: the time between two frames while the list of sentences, and the longest story, run past: middle and worst.

Times are by the clock, the middle of --repeat rounds; each round opens the file in a new profile. The sentences are
those of data/, in new documents. With --strict the command fails if 5,000 sentences take longer than 1.5 s to the
first paint or 100 ms to filter, or if a sentence takes more than 1,536 bytes.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from browsing import NoBrowserError, chromium

from scorer.bundle import load_model
from scorer.labelled import read_labelled
from scorer.report import write_report
from scorer.scoring_files import score_files

DATA = Path(__file__).parent.parent / "data"
LIMITS = {"first paint": 1500, "filter": 100, "bytes per sentence": 1536}
LIMITED_SIZE = 5000

READY = """
new MutationObserver(() => { if (document.documentElement.dataset.ready) window.readyAt ??= performance.now(); })
  .observe(document, { attributes: true, subtree: true, attributeFilter: ["data-ready"] });
"""
TIMED = """async ([what, selector, key]) => {
  const node = selector ? document.querySelector(selector) : document.activeElement;
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  await painted();
  const start = performance.now();
  if (what === "click") node.click();
  else if (what === "choose") { node.selectedIndex = 1; node.dispatchEvent(new Event("change", { bubbles: true })); }
  else {
    if (what === "search") node.value = "minister";
    node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
  await painted();
  return performance.now() - start;
}"""
SCROLLED = """() => new Promise((done) => {
  const times = [];
  let last = performance.now();
  const frame = () => {
    const now = performance.now();
    times.push(now - last);
    last = now;
    window.scrollBy(0, 700);
    if (times.length < 60) requestAnimationFrame(frame);
    else done(times.slice(1).sort((a, b) => a - b));
  };
  requestAnimationFrame(frame);
})"""


def write_scored(folder, model, n_sentences):
    """Score as many sentences as are asked for, in documents as long as those of data/ and one of 600 sentences."""
    rows = read_labelled(sorted(DATA.glob("authored-*.tsv")))
    with (folder / "input.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["doc_id", "text"])
        for k in range(n_sentences):
            row = rows[k % len(rows)]
            writer.writerow(["long" if k < 600 else f"{row.doc}.{k // len(rows)}", row.text])
    score_files(model, [str(folder / "input.csv")], str(folder / "scored.csv"), unit="sentence")
    return folder / "scored.csv"


def visit(browser, html):
    """Open a report once in a new profile, use it, and give the milliseconds of each thing."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(READY)
    page = context.new_page()
    page.goto(html.as_uri())
    page.wait_for_selector("html[data-ready]")
    times = {"first paint": page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")}
    times["ready"] = page.evaluate("readyAt")

    def timed(what, selector=None, key=None):
        return page.evaluate(TIMED, [what, selector, key])

    page.goto(f"{html.as_uri()}#view=claims")
    chips = [timed("click", f"#filters button.chip:nth-of-type({n})") for n in (1, 2, 1, 2)]
    times["filter"] = max(*chips, timed("choose", "#filters select"))
    page.goto(f"{html.as_uri()}#view=story")
    times["filter in a story"] = timed("click", "#filters button.chip:nth-of-type(2)")
    page.goto(f"{html.as_uri()}#view=claims&label=")
    times["search"] = timed("search", "#search", "Enter")
    page.goto(f"{html.as_uri()}#view=story&s=601")
    times["next"] = timed("key", "body", "j")
    times["correct"] = timed("key", "body", "2")
    for name, place in (("scroll the list", "view=claims"), ("scroll a story", "view=story&doc=1")):
        page.goto(f"{html.as_uri()}#{place}")
        page.evaluate("window.scrollTo(0, 0)")
        frames = page.evaluate(SCROLLED)
        times[name], times[f"{name}, worst"] = frames[len(frames) // 2], frames[-1]
    context.close()
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, nargs="+", default=[5000, 50_000])
    parser.add_argument("--model", type=Path)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--strict", action="store_true")
    options = parser.parse_args()
    model = load_model(options.model)
    over = []
    try:
        with chromium() as browser, tempfile.TemporaryDirectory() as name:
            print(f"Chromium {browser.version}, middle of {options.repeat}")
            for size in options.sentences:
                scored = write_scored(Path(name), model, size)
                html = scored.with_suffix(".html")
                start = time.perf_counter()
                write_report(scored, html)
                written = 1000 * (time.perf_counter() - start)
                rounds = [visit(browser, html) for _ in range(options.repeat)]
                times = {"written": written} | {key: median(times[key] for times in rounds) for key in rounds[0]}
                figures = {"bytes per sentence": html.stat().st_size / size} | times
                print(f"\n{size:,} sentences, {html.stat().st_size / 1e6:.1f} MB")
                for key, value in figures.items():
                    limit = LIMITS.get(key) if size == LIMITED_SIZE else None
                    bound = f"  (at most {limit:,})" if limit else ""
                    print(f"  {key:24}{value:8,.0f} {'' if 'bytes' in key else 'ms'}{bound}")
                    if limit and value > limit:
                        over.append(f"{key} {value:,.0f}, at most {limit:,}")
    except NoBrowserError as error:
        sys.exit(f"nothing measured: {error}")
    if options.strict and over:
        sys.exit(f"too slow or too large: {'; '.join(over)}")


if __name__ == "__main__":
    main()
