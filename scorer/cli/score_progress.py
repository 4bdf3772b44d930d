"""What ``scorer score`` shows while it works."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scorer.scoring_files import Progress

_TEXTUAL: Final = frozenset({".csv", ".tsv", ".jsonl", ".ndjson", ".txt", ".json", ""})


def count_of(n: int, what: str) -> str:
    """Give a number with what it counts, as in "1,234 rows"."""
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def _total_bytes(inputs: Sequence[str]) -> int | None:
    """Give the size of the inputs, or None where it says nothing of how far a run is."""
    total = 0
    for name in inputs:
        path = Path(name)
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            if name == "-" or not file.is_file() or file.suffix.lower() not in _TEXTUAL:
                return None
            total += file.stat().st_size
    return total


@contextmanager
def shown_progress(inputs: Sequence[str], *, hidden: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Show progress with rate and time left on standard error, where that is a terminal.

    Parameters
    ----------
    inputs : sequence of str
        What is read; the time left is told where their sizes say it.
    hidden : bool
        Whether to show nothing.

    Yields
    ------
    callable or None
        What `scorer.scoring_files.score_files` calls.
    """
    if hidden or not sys.stderr.isatty():
        yield None
        return
    from rich import progress as rich
    from rich.console import Console

    known = _total_bytes(inputs)
    columns: list[rich.ProgressColumn] = [rich.SpinnerColumn(), rich.TextColumn("{task.description}")]
    if known:
        columns += [rich.BarColumn(), rich.TaskProgressColumn(), rich.TimeRemainingColumn(compact=True)]
    with rich.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("loading the model", total=known)

        def show(state: Progress) -> None:
            told = f"{count_of(state.sentences_out, 'sentence')}"
            rate = (state.sentences_out - state.sentences_before) / max(bar.tasks[0].elapsed or 0.0, 1e-9)
            aside = f", {state.rows_set_aside:,} set aside" if state.rows_set_aside else ""
            done = min(state.bytes_in, known - 1) if known else None
            bar.update(task, description=f"{told}{aside}, {rate:,.0f}/s", completed=done)

        yield show
