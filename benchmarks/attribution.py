"""How well attributions are found, why they go wrong, what they cost, and what an edit of the word lists changed.

    python benchmarks/attribution.py [LABELLED ...]

Without files the labelled text in data/ is measured; the files of a folder count as one. A file is JSONL with ``doc``,
``order``, ``text`` and those of ``source``, ``cue``, ``source_type``, ``identification``, ``verification`` that it
labels, or a table as ``data/README.md`` describes it. Each file gets

- figures with 95 % intervals (documents resampled), beside a regular expression with thirty report verbs and, for
  whether there is a source at all, TF-IDF with a logistic regression learnt from data/ (never from a document that it
  is measured on);
- the errors by class, with each class's share of the lost token-F1, so that the next work is seen.

At the end: sentences a second beside the regular expression in the same run, and a timer around each stage of scoring.

To see what an edit of the word lists or rules changes: ``--save before.json``, edit, ``--compare before.json``
(docs/attribution.md has the steps).

Everything is read with the rules and the word lists of this repository, and with weights learnt from data/ on the spot,
as training does; a document of data/ is read with weights learnt without it. ``--rules`` leaves the weights out, and
``--model DIR`` reads as that model does, with the word lists and weights that it carries.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

# What is measured are the code and the word lists of this repository, also where another copy of them is installed.
sys.path.insert(0, str(Path(__file__).parent.parent))

from attributing import changes as ch
from attributing.errors import Loss, cue_losses, label_errors, shares, source_losses
from attributing.figures import NAMES, figures
from attributing.readers import LearntReader
from attributing.rivals import regex_baseline, textacy_peer, tfidf_baseline
from attributing.rows import Found, Row, read_all, read_rows
from attributing.speed import OURS, Costs, measure_costs

from scorer.bundle import load_model
from scorer.errors import InputError, LexiconError
from scorer.evaluate_text import Table
from scorer.lexicon import FOLDER, Lexicon, load_lexicon
from scorer.metrics import Figure
from scorer.reading import Reader

DATA = Path(__file__).parent.parent / "data"
PEERS = {"textacy": textacy_peer}
TOP = 5
"""Details of each class of errors, and confusions, that are named."""
MOST_SHARE = 0.5
"""How much of the scoring time attribution and discourse may take."""
MARKS = ("<!-- figures -->", "<!-- end of figures -->")
"""Between which a page of the documentation has its tables."""
OURS_NAME = " + ".join(OURS)
CUT = 110


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse(arguments)
    try:
        run(options)
    except (InputError, LexiconError) as error:
        sys.exit(str(error))


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="LABELLED", help="labelled files, or folders of them; data/ by default"
    )
    reads = parser.add_mutually_exclusive_group()
    reads.add_argument("--rules", action="store_true", help="read with the rules alone, with nothing learnt")
    reads.add_argument("--model", metavar="DIR", help="read as this model does")
    parser.add_argument("--lexicons", type=Path, metavar="DIR", help="read with the word lists of another folder")
    parser.add_argument("--save", type=Path, metavar="OUT.json", help="save what is found, and stop")
    parser.add_argument("--compare", type=Path, metavar="OUT.json", help="compare with what was saved, and stop")
    parser.add_argument("--list", type=int, default=40, metavar="N", help="changed cells to list (default 40)")
    parser.add_argument(
        "--list-docs", default="", metavar="PREFIX", help="list those of documents whose id begins so; count all"
    )
    parser.add_argument("--peer", choices=PEERS, help="measure an installed library as well")
    parser.add_argument("--pipeline", default="en_core_web_sm", help="the spaCy pipeline that the peer runs over")
    parser.add_argument("--into", type=Path, metavar="PAGE.md", help="put the tables into this page as well")
    parser.add_argument("--no-speed", action="store_true", help="leave the timing out")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of timing, of which the fastest counts")
    parser.add_argument("--strict", action="store_true", help=f"fail if attribution takes more than {MOST_SHARE:.0%}%")
    options = parser.parse_args(arguments)
    if options.model and options.lexicons:
        parser.error("--lexicons: a model reads with the word lists that it carries; leave --model out")
    return options


def run(options: argparse.Namespace) -> None:
    lexicon = load_lexicon(options.lexicons or FOLDER)
    reader: Reader | LearntReader
    if options.model:
        reader = load_model(options.model).reader
    else:
        reader = Reader(lexicon) if options.rules else LearntReader(files_in(DATA), lexicon)
    files = read_files(options.files)
    outputs = {name: (rows, read_all(reader, rows)) for name, rows in files.items()}
    if options.save:
        ch.save(options.save, outputs)
        print(f"saved {sum(map(len, files.values())):,} sentences of {len(files)} file(s) in {options.save}")
        return
    if options.compare:
        for name, (rows, found) in outputs.items():
            print_changes(name, rows, ch.load(options.compare, name, rows), found, options)
        return
    train = [row for path in files_in(DATA) for row in read_rows(path)]
    peer = load_peer(options)
    kept: list[Table] = []
    for name, (rows, found) in outputs.items():
        documents = len({row.doc for row in rows})
        title = f"{name}: {len(rows):,} sentences in {documents:,} documents"
        table = figures_table(f"{title}, with 95 % intervals", rows, found, train, peer)
        print(f"== {title}\n")
        show(table._replace(title="figures"))
        errors = source_losses(rows, found, lexicon)
        show(errors_table("source words lost, by class of error (the last column adds up to 1 - F1)", *errors, TOP))
        if any(row.cue is not None for row in rows):
            show(errors_table("cue words lost, by class of error", *cue_losses(rows, found, lexicon), TOP))
        for one in label_tables(rows, found, lexicon):
            show(one)
        kept += [table, errors_table(f"{name}: source words lost, by class of error", *errors, 0)]
    if not options.no_speed:
        rows = [row for rows in files.values() for row in rows]
        costs = measure_costs(load_model(options.model), rows, options.rounds)
        times = [stages_table(costs, options.rounds), speed_table(costs)]
        for one in times:
            show(one)
        kept += times
        is_small = costs.share <= MOST_SHARE
        verdict = "within" if is_small else "MORE THAN"
        print(f"{OURS_NAME}: {costs.share:.1%} of scoring, {verdict} the {MOST_SHARE:.0%} that it may take")
    if options.into:
        write_into(options.into, kept)
    if not options.no_speed and options.strict and not is_small:
        sys.exit(1)


def show(table: Table) -> None:
    print(table.as_text() + "\n")


def files_in(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.tsv"), *folder.glob("*.jsonl")])


def read_files(paths: Sequence[Path]) -> dict[str, list[Row]]:
    """Read each file by itself, and a folder's files as one."""
    files: dict[str, list[Row]] = {}
    for path in paths or [DATA]:
        if not path.exists():
            raise InputError(f"{path}: no such file")
        name = f"{path.resolve().name}/" if path.is_dir() else path.name
        name = str(path) if name in files else name
        files[name] = [row for one in (files_in(path) if path.is_dir() else [path]) for row in read_rows(one)]
        if not files[name]:
            raise InputError(f"{path}: no labelled rows")
    return files


def load_peer(options: argparse.Namespace) -> tuple[str, Callable[[str], Found]] | None:
    if not options.peer:
        return None
    try:
        return options.peer, PEERS[options.peer](options.pipeline)
    except ImportError as error:
        print(f"{options.peer} is left out: {error}", file=sys.stderr)
        return None


def figures_table(
    title: str,
    rows: Sequence[Row],
    found: Sequence[Found],
    train: Sequence[Row],
    peer: tuple[str, Callable[[str], Found]] | None,
) -> Table:
    find = regex_baseline()
    columns = {"scorer": figures(rows, found), "regex": figures(rows, [find(row.text) for row in rows])}
    attributed = figures(rows, tfidf_baseline(train, rows))
    columns["TF-IDF + LR"] = {name: one for name, one in attributed.items() if name.startswith("attributed")}
    if peer is not None:
        columns[peer[0]] = figures(rows, [peer[1](row.text) for row in rows])
    lines = [
        (NAMES[name], *(shown(column.get(name)) for column in columns.values()))
        for name in NAMES
        if name in columns["scorer"]
    ]
    return Table(title, ("", *columns), lines)


def shown(figure: Figure | None) -> str:
    if figure is None or math.isnan(figure.value):
        return "-"
    interval = "" if math.isnan(figure.low) else f" [{figure.low:.3f}, {figure.high:.3f}]"
    return f"{figure.value:.3f}{interval}"


def errors_table(title: str, losses: Sequence[Loss], total: int, top: int) -> Table:
    lines = [
        (
            f"{indent}{line.name}",
            f"{line.n:,}",
            f"{line.words:,}",
            f"{line.share:.1%}",
            f"{line.words / max(total, 1):.3f}",
        )
        for head, details in shares(losses, max(top, 1))
        for indent, line in (("", head), *(("    ", detail) for detail in details if top))
    ]
    return Table(title, ("", "sentences", "words lost", "of all lost", "of F1"), lines)


def label_tables(rows: Sequence[Row], found: Sequence[Found], lexicon: Lexicon) -> Iterator[Table]:
    for field in ("source_type", "identification"):
        errors = label_errors(rows, found, field, lexicon)
        if not errors:
            continue
        lines = [(head.name, f"{head.n:,}", f"{head.share:.1%}") for head, _ in shares(errors, TOP)]
        yield Table(f"{field} wrong", ("", "sentences", "of all wrong"), lines)
        pairs = Counter(error.detail for error in errors if error.group.startswith(("right", "resolution")))
        lines = [(pair, f"{n:,}", f"{n / len(errors):.1%}") for pair, n in pairs.most_common(TOP)]
        if lines:
            yield Table(
                f"{field} most often confused, the source being right", ("", "sentences", "of all wrong"), lines
            )


def stages_table(costs: Costs, rounds: int) -> Table:
    stages = dict(costs.stages)
    reading = stages.pop("whole reading")
    stages["rest of reading"] = reading - sum(stages.values())
    stages["model, reasons, rows"] = costs.whole - reading
    stages["whole scoring"] = costs.whole
    lines = [
        (name, f"{seconds * 1e6 / costs.n:.1f}", f"{seconds / costs.whole:.1%}") for name, seconds in stages.items()
    ]
    title = f"time by stage, {costs.n:,} sentences in memory, fastest of {rounds} rounds"
    return Table(title, ("", "µs a sentence", "of scoring"), lines)


def speed_table(costs: Costs) -> Table:
    seconds = {
        OURS_NAME: sum(costs.stages[name] for name in OURS),
        "whole reading": costs.stages["whole reading"],
        "whole scoring": costs.whole,
        "regex": costs.regex,
    }
    lines = [(name, f"{costs.n / one:,.0f}", f"{costs.regex / one:.2f}") for name, one in seconds.items()]
    return Table("speed in the same run", ("", "sentences/s", "against regex"), lines)


def write_into(page: Path, tables: Sequence[Table]) -> None:
    """Put tables between the marks of a page, in the place of those that stand there."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not begin or not end:
        raise InputError(f"{page}: the lines {MARKS[0]} and {MARKS[1]} are not both there")
    body = "\n\n".join(table.as_markdown() for table in tables)
    page.write_text(f"{before}{begin}\n\n{body}\n\n{end}{after}", encoding="utf-8")


def print_changes(
    name: str, rows: Sequence[Row], before: Sequence[Found], after: Sequence[Found], options: argparse.Namespace
) -> None:
    found = ch.changes(rows, before, after)
    sentences = len({(change.row.doc, change.row.order) for change in found})
    print(f"== {name}: {sentences:,} of {len(rows):,} sentences changed\n")
    if not found:
        return
    verdicts = {field: Counter(change.verdict for change in found if change.field == field) for field in ch.FIELDS}
    lines = [
        (field, *(f"{counts[verdict]:,}" for verdict in ("gain", "loss", "even")), f"{counts.total():,}")
        for field, counts in verdicts.items()
        if counts
    ]
    print(Table("cells that changed", ("", "gain", "loss", "even", "all"), lines).as_text() + "\n")
    old, new = figures(rows, before), figures(rows, after)
    lines = [
        (NAMES[key], f"{old[key].value:.4f}", f"{new[key].value:.4f}", f"{new[key].value - old[key].value:+.4f}")
        for key in NAMES
        if key in old and key in new
    ]
    print(Table("figures", ("", "before", "now", "change"), lines).as_text() + "\n")
    shown_row = None
    listed = ch.losses_first(change for change in found if change.row.doc.startswith(options.list_docs))
    for change in listed[: options.list]:
        if change.row is not shown_row:
            shown_row = change.row
            print(f"{change.row.doc} {change.row.order}: {cut(change.row.text)}")
        gold = "not labelled" if change.gold is None else f"label {change.gold!r}"
        print(f"    {change.verdict or 'change'}: {change.field} {change.before!r} -> {change.after!r}; {gold}")
    if len(listed) > options.list:
        print(f"… and {len(listed) - options.list:,} further cells; --list {len(listed)} shows them")
    print()


def cut(text: str) -> str:
    return text if len(text) <= CUT else text[: CUT - 1] + "…"


if __name__ == "__main__":
    main()
