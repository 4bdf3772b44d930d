"""Python's cyclic garbage collector, kept out of work that makes many small records without cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


class Sweep:
    """Searches for reference cycles now and then, where `uncollected` has switched Python's own search off.

    Parameters
    ----------
    every : int
        Calls of `step` from one search to the next.
    """

    def __init__(self, every: int) -> None:
        self._every = every
        self._steps = 0

    def step(self) -> None:
        """Count one piece of work, and search if it is time to."""
        self._steps += 1
        if self._steps % self._every == 0:
            gc.collect()


@contextmanager
def uncollected() -> Iterator[None]:
    """Switch the search for reference cycles off inside the block, and back on if it was on.

    Records of sentences, cues and word lists are many, small and without cycles: the collector would walk them all
    again and again and find nothing, which takes a fifth to a third of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
