"""Text of others in one line of ours, for a terminal or in Markdown: it is shown, and does nothing."""

from __future__ import annotations

import re
from typing import Final

_MARKS: Final = re.compile(r"[\\`*\[\]|~$<]|(?<!\w)_|_(?!\w)|&(?=[#\w]+;)")
_WORD_JOINER: Final = "\u2060"


def one_line(text: str, limit: int | None = None) -> str:
    r"""Put a text into one line, without anything that a terminal would obey instead of showing.

    Parameters
    ----------
    text : str
        Any text.
    limit : int, optional
        Characters of it to show; a longer one ends in an ellipsis.

    Returns
    -------
    str
        Without line ends, controls, and marks that reverse the direction of writing.

    Examples
    --------
    >>> one_line("one\n\x1b[31mtwo  three", 12)
    'one [31mtwo…'
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if limit is None or len(line) <= limit else line[:limit].rstrip() + "…"


def in_markdown(text: str, limit: int | None = None) -> str:
    r"""Escape a text for use inside a line of Markdown, as little as will do: such a file is read as it is, too.

    Parameters
    ----------
    text : str
        Any text.
    limit : int, optional
        As for `one_line`.

    Returns
    -------
    str
        In one line; it stays text in a table's cell, and HTML in it is shown. A name behind @ calls nobody, and a
        number behind # links nothing, where a pull request is shown: an invisible word joiner stands between.

    Examples
    --------
    >>> print(in_markdown("*Not* <b>\nbold</b> | 5 < 6 & &lt; a_b (c)!"))
    \*Not\* \<b> bold\</b> \| 5 \< 6 & \&lt; a_b (c)!
    """
    return re.sub(r"(?<=[@#])(?=\w)", _WORD_JOINER, _MARKS.sub(r"\\\g<0>", one_line(text, limit)))
