"""What attribution costs: a timer around each stage of real scoring, and the regex baseline on the same text."""

from __future__ import annotations

import functools
import importlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from attributing.rivals import regex_baseline
from attributing.rows import Row
from scorer.evaluate import sentences_of
from scorer.model import StrengthClassifier
from scorer.scoring import score_sentences

STAGES: Final = {
    "words": ("scorer.vocabulary", "Vocabulary.read"),
    "cues": ("scorer.cues", "CueFinder.find"),
    "quotations": ("scorer.reading", "quoted"),
    "attribution": ("scorer.attribution", "Attributor.find"),
    "weighing": ("scorer.vouching", "Weigher.weigh"),
    "discourse": ("scorer.reading", "resolve_document"),
    "hedges": ("scorer.reading", "read_hedges"),
    "checks": ("scorer.reading", "read_checks"),
    "checks of neighbours": ("scorer.reading", "link_checks"),
    "whole reading": ("scorer.reading", "Reader.read"),
}
"""Each stage, and the module and name under which scoring calls it. A name that is gone stops the benchmark."""

OURS: Final = ("attribution", "weighing", "discourse")
"""The stages whose share of the whole must stay small."""


class Costs(NamedTuple):
    """Seconds of each stage in the fastest of some rounds of scoring, the whole, and the regex baseline's seconds."""

    stages: dict[str, float]
    whole: float
    regex: float
    n: int

    @property
    def share(self) -> float:
        """Give the part of the whole scoring that the stages of `OURS` take, in [0, 1]."""
        return sum(self.stages[name] for name in OURS) / self.whole


def measure_costs(model: StrengthClassifier, rows: Sequence[Row], rounds: int) -> Costs:
    """Score rows as the product does, from sentences to output rows, with timers around the stages."""
    sentences = sentences_of(rows)
    find = regex_baseline()
    best: tuple[float, dict[str, float]] | None = None
    regex = float("inf")
    for _ in range(rounds):
        with _timers() as seconds:
            started = time.perf_counter()
            score_sentences(model, sentences)
            whole = time.perf_counter() - started
        if best is None or whole < best[0]:
            best = whole, dict(seconds)
        started = time.perf_counter()
        for row in rows:
            find(row.text)
        regex = min(regex, time.perf_counter() - started)
    assert best is not None
    return Costs(best[1], best[0], regex, len(rows))


@contextmanager
def _timers() -> Iterator[dict[str, float]]:
    """Put a timer around each stage, and take them off again."""
    seconds = dict.fromkeys(STAGES, 0.0)
    put_on: list[tuple[Any, str, Any]] = []
    try:
        for stage, (module, path) in STAGES.items():
            *owners, name = path.split(".")
            owner = functools.reduce(getattr, owners, importlib.import_module(module))
            plain = getattr(owner, name)
            put_on.append((owner, name, plain))
            setattr(owner, name, _timed(plain, seconds, stage))
        yield seconds
    finally:
        for owner, name, plain in put_on:
            setattr(owner, name, plain)


def _timed(function: Callable[..., Any], seconds: dict[str, float], stage: str) -> Callable[..., Any]:
    clock = time.perf_counter

    def timed(*args: Any, **kwargs: Any) -> Any:
        started = clock()
        result = function(*args, **kwargs)
        seconds[stage] += clock() - started
        return result

    return timed
