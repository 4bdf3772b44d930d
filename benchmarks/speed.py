"""Sentences per second, file to file, beside what shows what the number means; all in one run, as ratios.

    python benchmarks/speed.py [--sentences N,N,...] [--jobs N,N,...] [--model DIR] [--repeat N] [--floor N]
                               [--peers PYTHON] [--into docs/speed.md]

Beside ours, over the same sentences in the same run:

- TF-IDF + logistic regression, trained on the same text: reads the table, predicts, writes label and probability;
- reading, splitting and writing alone: what no scorer could do without;
- with ``--peers``, published tools that mark hedges or negation without a parser, under the interpreter in which they
  are installed. They do a small part of the work.

Each run is a process of its own; the loading of models and the training of the baseline do not count. Contestants take
turns, and the fastest of ``--repeat`` turns counts; half a million sentences and more have one turn. With ``--floor``
the command fails if ours, in one process, is slower than so many sentences a second in either unit.
"""

from __future__ import annotations

import argparse
import pickle
import sys
import tempfile
from pathlib import Path

# What is measured is the code of this repository, unless another copy is asked for by the interpreter's own path.
sys.path.insert(0, str(Path(__file__).parent.parent))

from speeding.material import Tables, write_tables
from speeding.peers import PEERS
from speeding.runs import Run, run

from scorer import cues
from scorer.evaluate_text import Table
from scorer.labelled import read_labelled

DATA = Path(__file__).parent.parent / "data"
UNITS = ("sentence", "document")
OURS, BASELINE, PLAIN = "scorer", "tf-idf + lr", "read, split, write"
BEGIN, END = "<!-- speed{} -->", "<!-- end of speed{} -->"  # compiled rules have tables of their own
ONCE = 500_000  # so many sentences are no accident any more, and are measured in one turn
PEER_SENTENCES = 10_000  # of the peers some take a minute for these


def fit_baseline(rows, path):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(C=10, max_iter=3000, class_weight="balanced"),
    )
    pipeline.fit([row.text for row in rows], [row.strength for row in rows])
    path.write_bytes(pickle.dumps(pipeline))


def fastest(runs: list[Run]) -> Run:
    return max(runs, key=lambda one: one.rate)


def turns(repeat, tables: Tables, out: Path, unit, jobs, extras):
    """Let the contestants take turns, and keep the fastest turn of each."""
    found: dict[tuple[str, int], list[Run]] = {}
    for _ in range(repeat):
        for n_jobs in jobs:
            for name in (OURS, BASELINE, PLAIN) if n_jobs == 1 else (OURS,):
                one = run(name, getattr(tables, unit), out, unit, n_jobs, extra=extras.get(name, ""))
                found.setdefault((name, n_jobs), []).append(one)
    return {key: fastest(some) for key, some in found.items()}


def rows_of(tables: Tables, unit, jobs, found):
    """Give the table rows of one number of sentences."""
    ours, simple, plain = found[OURS, 1], found[BASELINE, 1], found[PLAIN, 1]
    for n_jobs in jobs:
        mine = found[OURS, n_jobs]
        alone = n_jobs == 1
        yield (
            f"{tables.n_sentences:,}, {unit}s",
            f"{n_jobs}",
            f"{mine.rate:,.0f}",
            "–" if alone else f"{mine.rate / ours.rate:.2f}",
            f"{mine.rate / simple.rate:.2f}" if alone else "–",
            f"{mine.rate / plain.rate:.3f}" if alone else "–",
            f"{mine.megabytes:,.0f}",
        )


def measure(options, folder: Path):
    rows = read_labelled(sorted(DATA.glob("authored-*.tsv")))
    baseline, out = folder / "baseline.pickle", folder / "out.csv"
    fit_baseline(rows, baseline)
    extras = {OURS: options.model or "", BASELINE: str(baseline)}
    lines, plain_lines, slowest, flat = [], [], float("inf"), {}
    for n_sentences in options.sentences:
        tables = write_tables(folder, rows, n_sentences)
        for unit in options.units:
            found = turns(
                options.repeat if n_sentences < ONCE else 1, tables, out, unit, sorted({1, *options.jobs}), extras
            )
            lines += rows_of(tables, unit, sorted({1, *options.jobs}), found)
            plain_lines += [
                (f"{n_sentences:,}, {unit}s", name, f"{found[name, 1].rate:,.0f}", f"{found[name, 1].megabytes:,.0f}")
                for name in (BASELINE, PLAIN)
            ]
            slowest = min(slowest, found[OURS, 1].rate)
            flat.setdefault(unit, []).append(found[OURS, 1].rate)
        tables.sentence.unlink() if n_sentences != options.sentences[0] else None
        tables.document.unlink()
    yield Table(
        f"scorer, file to file, {'compiled' if compiled() else 'interpreted'}",
        ("sentences", "processes", "sentences/s", "of one process", "of tf-idf + lr", "of read + write", "peak MB"),
        lines,
    )
    yield Table("beside it, one process", ("sentences", "", "sentences/s", "peak MB"), plain_lines)
    if len(options.sentences) > 1:
        spread = [
            (
                unit,
                f"{min(rates) / max(rates) - 1:+.0%}" if rates[0] > rates[-1] else f"{rates[-1] / rates[0] - 1:+.0%}",
            )
            for unit, rates in flat.items()
        ]
        yield Table("speed at the largest table against the smallest", ("unit", "change"), spread)
    if options.peers:
        yield peers(options, folder, rows, extras)
    if slowest < options.floor:
        sys.exit(f"{slowest:,.0f} sentences/s is below the floor of {options.floor:,.0f}")


def peers(options, folder, rows, extras):
    tables = write_tables(folder, rows, PEER_SENTENCES)
    ours = run(OURS, tables.sentence, folder / "out.csv", "sentence", extra=extras[OURS])
    lines = [(OURS, f"{ours.rate:,.0f}", "1.0", f"{ours.megabytes:,.0f}", "all columns")]
    for name, function in PEERS.items():
        try:
            one = run(name, tables.sentence, folder / "out.csv", "sentence", interpreter=options.peers)
        except RuntimeError as error:
            lines.append((name, "–", "–", "–", f"did not run: {error}"))
            continue
        what = function.__doc__.split(";")[0].rstrip(".")
        lines.append((name, f"{one.rate:,.0f}", f"{ours.rate / one.rate:.1f}", f"{one.megabytes:,.0f}", what))
    heads = ("", "sentences/s", "scorer is … times as fast", "peak MB", "what it does")
    return Table(f"peers, {PEER_SENTENCES:,} sentences, one process", heads, lines)


def compiled():
    return not cues.__file__.endswith(".py")


def numbers(text):
    return [int(part) for part in text.replace("_", "").split(",")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sentences", type=numbers, default=[20_000])
    parser.add_argument("--jobs", type=numbers, default=[1], help="numbers of processes; 1 is always measured")
    parser.add_argument("--units", type=lambda text: text.split(","), default=list(UNITS))
    parser.add_argument("--model", help="a model's folder; the shipped one by default")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--floor", type=float, default=0.0, help="fail below so many sentences a second")
    parser.add_argument("--peers", metavar="PYTHON", help="an interpreter that has medspacy, negspacy, convokit")
    parser.add_argument("--into", type=Path, help="a Markdown file whose tables are to be replaced")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        tables = []
        for table in measure(options, Path(name)):
            print(table.as_text(), end="\n\n", flush=True)
            tables.append(table.as_markdown())
    if options.into:
        begin, end = (mark.format(", compiled" if compiled() else "") for mark in (BEGIN, END))
        before, rest = options.into.read_text(encoding="utf-8").split(begin)
        after = rest.split(end)[1]
        written = "\n\n".join((begin, *tables, end))
        options.into.write_text(before + written + after, encoding="utf-8")


if __name__ == "__main__":
    main()
