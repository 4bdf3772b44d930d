"""Check the labelled text of this folder: ``python data/check.py [FILE...]``; exit code 1 if anything is wrong."""

from __future__ import annotations

import sys
from pathlib import Path

from scorer.errors import InputError
from scorer.labelled import LabelledSentence, check_labelled, read_labelled


def main(arguments: list[str]) -> int:
    """Print what is wrong with the labelled files, all taken together, and return the exit code."""
    paths = [Path(argument) for argument in arguments] or sorted(Path(__file__).parent.glob("*.tsv"))
    sentences: list[LabelledSentence] = []
    places: list[str] = []
    problems: list[str] = []
    for path in paths:
        try:
            found = read_labelled([path])
        except InputError as error:
            problems.append(str(error))
            continue
        sentences.extend(found)
        places.extend(f"{path.name}: row {row}" for row in range(2, len(found) + 2))
    problems.extend(check_labelled(sentences, places))
    for problem in problems:
        print(problem)
    print(f"{len(paths)} files, {len(sentences)} sentences, {len(problems)} problems", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
