"""How kinds of words look in the terminal, and what of a text may be sent to it."""

from __future__ import annotations

from typing import Final

SPANS: Final = {"source": "bold cyan", "cue": "blue", "hedge": "yellow underline", "check": "magenta"}
"""The styles of what was found in a sentence, by kind."""

OTHER_SOURCE: Final = "cyan"
"""The style of a source beside the primary one."""


def visible(text: str) -> str:
    """Blank what a terminal would obey instead of showing, character for character."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
