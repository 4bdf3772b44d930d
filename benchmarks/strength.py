"""What carries the result of the strength classifier, and what would change it: ablation, models, transfer, priors.

    python benchmarks/strength.py DATA [TEST_FILE ...] [--only PART ...] [--into docs/strength.md] [--json FILE]

DATA is the labelled text that is learnt from (a folder such as data/, or a file); it is judged in folds of whole
documents. Each TEST_FILE is judged by what is learnt from all of DATA. The parts:

- ``ablation``: without each kind of feature, each alone, without weights and what else is set; and baselines;
- ``models``: others than the logistic regression, over the same features and folds;
- ``transfer``: registers and domains that are left out of training;
- ``prior``: the same model for other mixes of strengths, and the mix estimated from unlabelled text;
- ``curves``: less training text, and only of one kind.

Seeds are fixed; the same files give the same tables. Differences are paired: the same documents are drawn for both
models, 1,000 times; a star marks those whose 95 % interval does not hold 0.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

# What is measured is the code of this repository, also where another copy of it is installed.
sys.path.insert(0, str(Path(__file__).parent.parent))

from strengthening.ablation import SHIPPED_TRIAL, ablation
from strengthening.curves import curves
from strengthening.material import Material, read_material
from strengthening.mixes import mixes
from strengthening.rivals import rivals
from strengthening.transfer import transfer
from strengthening.trials import Laid, Outcome, lay_out, run

from scorer.errors import InputError
from scorer.evaluate_text import Table
from scorer.lexicon import load_lexicon

Experiment = Callable[[Material, Laid, Outcome, int], list[Table]]

EXPERIMENTS: Mapping[str, Experiment] = {
    "ablation": ablation,
    "models": rivals,
    "transfer": transfer,
    "prior": mixes,
    "curves": curves,
}
JOBS = 3


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse(arguments)
    try:
        tables = measure(options)
        if options.into:
            write_into(options.into, tables)
    except InputError as error:
        sys.exit(str(error))
    if options.json:
        plain = {name: [one._asdict() for one in found] for name, found in tables.items()}
        options.json.write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DATA", help="labelled text to learn from: a folder or a file")
    parser.add_argument("tests", nargs="*", type=Path, metavar="TEST_FILE", help="labelled files to measure on too")
    parser.add_argument("--only", nargs="+", choices=EXPERIMENTS, default=list(EXPERIMENTS), help="run these parts")
    parser.add_argument("--into", type=Path, metavar="PAGE.md", help="put the tables into this page as well")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the tables as JSON as well")
    parser.add_argument("--jobs", type=int, default=JOBS, help=f"processes to run side by side (default {JOBS})")
    return parser.parse_args(arguments)


def measure(options: argparse.Namespace) -> dict[str, list[Table]]:
    """Run the parts that are asked for, and print their tables."""
    began = time.perf_counter()
    material = read_material(options.data, options.tests, load_lexicon())
    laid = lay_out(material)
    (shipped,) = run(material, laid, [SHIPPED_TRIAL], options.jobs)
    tables: dict[str, list[Table]] = {}
    for name in options.only:
        tables[name] = EXPERIMENTS[name](material, laid, shipped, options.jobs)
        for one in tables[name]:
            print(one.as_text() + "\n", flush=True)
        print(f"({name}: {time.perf_counter() - began:.0f} s from the start)", file=sys.stderr, flush=True)
    return tables


def write_into(page: Path, tables: Mapping[str, Sequence[Table]]) -> None:
    """Put the tables of each part between its two marks, in the place of those that stand there."""
    text = page.read_text(encoding="utf-8")
    for name, found in tables.items():
        marks = (f"<!-- {name} -->", f"<!-- end of {name} -->")
        before, begin, rest = text.partition(marks[0])
        _, end, after = rest.partition(marks[1])
        if not begin or not end:
            raise InputError(f"{page}: the lines {marks[0]} and {marks[1]} are not both there")
        body = "\n\n".join(table.as_markdown() for table in found)
        text = f"{before}{begin}\n\n{body}\n\n{end}{after}"
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
