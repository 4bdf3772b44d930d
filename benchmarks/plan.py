"""What scoring very much text takes: workers, hours, memory and cost, worked out from a measured rate.

usage: python benchmarks/plan.py [--from DIR | --measure N | --rate N ...] [--price P] [--sentences N] [--update FILE]

The rate is that of one worker (one process, one core), from one of
- --from DIR: a pilot run of yours, the folder that `scorer score --engine dask` wrote;
- --measure N: a pilot run made here, of N sentences of data/ on a cluster of --jobs worker processes;
- --rate, --efficiency, --memory, --bytes-in, --bytes-out: figures that you have.

--update FILE writes the table into a page, between the marks <!-- plan: … --> and <!-- /plan -->. The first mark keeps
the figures that the table was worked out from; without any figures given, the page's own are taken.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import statistics
import tempfile
from math import ceil
from pathlib import Path
from typing import NamedTuple

MARKED = re.compile(r"<!-- plan: (.*?) -->\n(.*?)<!-- /plan -->\n", re.DOTALL)
WORKERS = (16, 64, 256, 1000)
PART_SENTENCES = 300_000  # about 64 MB of Parquet before compression
SPARE = 2.0  # memory to give a worker, as a multiple of the most that one has held
PARTS_PER_FILE = 3  # files of the pilot that --measure makes, per worker


class Measured(NamedTuple):
    """Figures of a run.

    Attributes
    ----------
    rate : float
        Sentences a second of one worker while the processor works for it; the median over the parts.
    efficiency : float
        Share of the workers' time that it did, from the first task to the last; the rest they waited: for files, for
        tasks, for other programs on their machine.
    memory : float
        The most megabytes that any worker held.
    bytes_in, bytes_out : float
        Of input and output per sentence.
    """

    rate: float
    efficiency: float
    memory: float
    bytes_in: float
    bytes_out: float


def from_run(folder):
    """Take the figures of a run from the folder that it wrote."""
    described = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    parts = [part for part in described["parts"] if part["sentences_out"]]
    sentences = described["sentences_out"]
    rate = statistics.median(part["sentences_out"] / part["cpu_seconds"] for part in parts)
    available = described["seconds"] * described["worker_threads"]
    return Measured(
        rate=rate,
        efficiency=min(1.0, sum(part["cpu_seconds"] for part in parts) / available),
        memory=max(part["peak_megabytes"] for part in parts),
        bytes_in=sum(part["input_bytes"] for part in parts) / sentences,
        bytes_out=sum((folder / part["file"]).stat().st_size for part in parts) / sentences,
    )


def measure(n_sentences, jobs):
    """Run a pilot on this machine."""
    from speed import DATA
    from speeding.material import write_tables

    from scorer.engine import score_on_dask
    from scorer.labelled import read_labelled

    rows = read_labelled(sorted(DATA.glob("authored-*.tsv")))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        n_files = jobs * PARTS_PER_FILE
        with write_tables(folder, rows, n_sentences).document.open(newline="", encoding="utf-8") as stream:
            header, *documents = csv.reader(stream)
        for number in range(n_files):
            with (folder / "in" / f"{number:05d}.csv").open("w", newline="", encoding="utf-8") as stream:
                csv.writer(stream).writerows([header, *documents[number::n_files]])
        score_on_dask([str(folder / "in")], str(folder / "out"), jobs=jobs)
        return from_run(folder / "out")


def table(measured, price, sentences):
    """Give the plan as Markdown.

    The cost is that of the core-hours that are paid for, working or not; storage and transfer come on top.
    """
    per_second = measured.rate * measured.efficiency
    core_hours = sentences / per_second / 3600
    parts = ceil(sentences / PART_SENTENCES)
    spare = ceil(measured.memory * SPARE / 100) * 100
    cost = core_hours * price
    gigabytes = [sentences * size / 1e9 for size in (measured.bytes_in, measured.bytes_out)]
    lines = [
        f"For {sentences:,.0f} sentences at {measured.rate:,.0f} sentences a second and worker, with workers at work",
        f"{measured.efficiency:.0%} of the time, and a price of {price:g} per core-hour: {core_hours:,.0f} core-hours,",
        f"{cost:,.2f} in all, **{cost / sentences * 1e6:.4f} per million sentences**.",
        f"{gigabytes[0]:,.0f} GB of text in, {gigabytes[1]:,.0f} GB of CSV out, {parts:,} parts of {PART_SENTENCES:,}",
        f"sentences, {PART_SENTENCES / per_second:,.0f} s each.",
        f"The most that a worker held was {measured.memory:,.0f} MB; give it {spare:,} MB.",
        "",
        "| workers | parts for each | hours | memory in all, GB |",
        "| ---: | ---: | ---: | ---: |",
    ]
    for workers in WORKERS:
        rounds = ceil(parts / workers)
        hours = rounds * PART_SENTENCES / per_second / 3600
        memory = workers * spare / 1000
        lines.append(f"| {workers:,} | {rounds:,} | {hours:,.1f} | {memory:,.0f} |")
    return "\n".join(lines) + "\n"


def figures_text(measured, price, sentences):
    """Write figures so that `figures_of` reads them."""
    told = {**measured._asdict(), "price": price, "sentences": sentences}
    return " ".join(f"{name}={value:.6g}" for name, value in told.items())


def figures_of(text):
    """Read figures from a mark; give what was measured, the price and the sentences."""
    told = {name: float(value) for name, value in (pair.split("=") for pair in text.split())}
    return Measured(*(told[name] for name in Measured._fields)), told["price"], told["sentences"]


def marked(page):
    """Give the figures and the table of a page."""
    found = MARKED.search(page)
    if found is None:
        raise SystemExit("the page has no <!-- plan: … --> and <!-- /plan -->")
    return found[1], found[2].strip("\n") + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--from", dest="run", type=Path, metavar="DIR", help="what a run with --engine dask wrote")
    parser.add_argument("--measure", type=int, metavar="N", help="sentences of a pilot made here")
    parser.add_argument("--jobs", type=int, default=2, help="its worker processes")
    for name in Measured._fields:
        parser.add_argument(f"--{name.replace('_', '-')}", type=float)
    parser.add_argument("--price", type=float, help="of an hour of one core, in any currency")
    parser.add_argument("--sentences", type=float)
    parser.add_argument("--update", type=Path, metavar="FILE", help="a page to write the table into")
    options = parser.parse_args()

    page = options.update or Path(__file__).parent.parent / "docs" / "scaling.md"
    text = page.read_text(encoding="utf-8")
    measured, price, sentences = figures_of(marked(text)[0])
    if options.run:
        measured = from_run(options.run)
    elif options.measure:
        measured = measure(options.measure, options.jobs)
    given = {name: value for name in Measured._fields if (value := getattr(options, name)) is not None}
    # As the mark will have them, so that the table is the same when it is worked out from the mark.
    figures = figures_text(measured._replace(**given), options.price or price, options.sentences or sentences)
    plan = table(*figures_of(figures))
    print(figures, plan, sep="\n\n")
    if options.update:
        new = f"<!-- plan: {figures} -->\n\n{plan}\n<!-- /plan -->\n"
        page.write_text(MARKED.sub(lambda _: new, text), encoding="utf-8")


if __name__ == "__main__":
    main()
