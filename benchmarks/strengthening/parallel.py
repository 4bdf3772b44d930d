"""Tasks side by side, each on one thread, so that sums are made in one order and processes don't hinder each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits


def side_by_side(jobs: int, function: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Call a function with each tuple of arguments, in as many processes; answers are in the tasks' order."""
    return list(Parallel(n_jobs=jobs)(delayed(_on_one_thread)(function, task) for task in tasks))


def _on_one_thread(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    with threadpool_limits(1):
        return function(*arguments)
