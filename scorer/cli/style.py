"""How kinds of words look in the terminal, and what of a text may be sent to it."""

from __future__ import annotations

from typing import Final

from scorer.labels import STRENGTHS

SPANS: Final = {"source": "bold cyan", "cue": "blue", "hedge": "yellow underline", "check": "magenta"}
"""The styles of what was found in a sentence, by kind."""

STRENGTH_COLOURS: Final = dict(zip(STRENGTHS, ("bright_black", "red", "yellow", "cyan", "blue", "green"), strict=True))
"""The colour of each strength."""

OTHER_SOURCE: Final = "cyan"
"""The style of a source beside the primary one."""


def visible_lines(text: str) -> str:
    """Give a text of several lines with each of them as `visible` gives it."""
    return "\n".join(map(visible, text.split("\n")))


def visible(text: str) -> str:
    """Blank what a terminal would obey instead of showing, character for character."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
