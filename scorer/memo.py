"""A table of what was worked out once for a piece of text, within bounds, so that endless text cannot fill memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

_Value = TypeVar("_Value")

_MOST: Final = 30_000
"""Pieces kept at once, and at most as many again that have not come up since."""
_LONGEST: Final = 32
"""Characters of a piece that is kept."""


class Memo(dict[str, _Value]):
    """Looks up a value by a piece of text; one that is missing is made, and kept for the next time.

    A plain look-up costs what it costs in any dict, so that ``map(memo.__getitem__, pieces)`` runs at C speed. Once
    `most` pieces are kept, only those stay that come up again before there are as many new ones.

    Parameters
    ----------
    make : callable
        Gives the value of a piece; of nothing else.
    most : int
        How many pieces to keep.
    """

    def __init__(self, make: Callable[[str], _Value], most: int = _MOST) -> None:
        super().__init__()
        self._make = make
        self._most = most
        self._before: dict[str, _Value] = {}

    def __missing__(self, piece: str) -> _Value:
        """Make the value of a piece that is new, or move it here if it has not come up for long."""
        before = self._before
        value = before[piece] if piece in before else self._make(piece)
        if len(piece) <= _LONGEST:
            if len(self) >= self._most:
                self._before = dict(self)
                self.clear()
            self[piece] = value
        return value
