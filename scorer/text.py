"""Checked input, and a view of a text in which every character stands for one thing.

The caller's text is never modified. `normalise` returns another text of the *same length*, character for character, in
which odd spaces, quote marks and line ends are plain ones: whatever is found in it at ``[start:end]`` stands at
``[start:end]`` in the caller's text too, so that no map of offsets is needed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from scorer.errors import InputError

SPACE: Final = " "
"""What every space, invisible and control character becomes."""

LINE_END: Final = "\n"
"""What every line separator becomes."""

# Code points, not words: these tables say what a character is, and change only when Unicode does.
_LINE_ENDS: Final = "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_DOUBLE_QUOTES: Final = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u275d\u275e\u301d\u301e\u301f\uff02\x93\x94"
_SINGLE_QUOTES: Final = "'`\u00b4\u2018\u2019\u201a\u201b\u2039\u203a\u275b\u275c\u02bc\uff07\x91\x92"
# Bytes of Windows-1252 that were read as Latin-1: quote marks above, dashes here.
_DASHES: Final = {"\x96": "\u2013", "\x97": "\u2014"}
# Shown as nothing, or as a blank cell, although Unicode calls them letters or marks.
_BLANKS: Final = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
# The only invisible characters beyond the first plane that occur in running text (in the flags of some nations).
_TAGS: Final = range(0xE0001, 0xE0080)
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zs"})
_KEPT: Final = frozenset({SPACE, LINE_END})


def _table() -> dict[str, str]:
    """Return what each character that is not plain becomes; characters that stay are left out."""
    table = {chr(point): SPACE for point in range(0x10000) if unicodedata.category(chr(point)) in _INVISIBLE}
    table |= dict.fromkeys(map(chr, _TAGS), SPACE)
    table |= dict.fromkeys(_BLANKS, SPACE)
    table |= dict.fromkeys(_DOUBLE_QUOTES, '"') | dict.fromkeys(_SINGLE_QUOTES[1:], "'") | _DASHES
    table |= dict.fromkeys(_LINE_ENDS, LINE_END)
    return {odd: plain for odd, plain in table.items() if odd not in _KEPT}


_PLAIN: Final = _table()
_TRANSLATION: Final = str.maketrans(_PLAIN)
# The tags as one range: `re` looks up a set of the first plane at once, but tries what is beyond it one by one.
_ODD: Final = re.compile(
    f"[{re.escape(''.join(odd for odd in _PLAIN if odd < chr(_TAGS.start)))}{chr(_TAGS.start)}-{chr(_TAGS.stop - 1)}]"
)
_PAIR: Final = re.compile(r"(?:(?<=[\s(\[])|^)''|''")
# Up to this many sorts of odd characters, one `str.replace` each is several times faster than `str.translate`, which
# takes about 50 ns per character of a text that is not pure ASCII.
_FEW: Final = 12


def check_text(text: object) -> str:
    """Return the text unchanged, or say why it is none.

    Parameters
    ----------
    text : object
        Anything that a caller passed as a text.

    Returns
    -------
    str
        The same object.

    Raises
    ------
    InputError
        If it is not a ``str``: bytes, a missing value (None, NaN) or a number.

    Examples
    --------
    >>> check_text("Rain fell.")
    'Rain fell.'
    >>> check_text(b"Rain fell.")
    Traceback (most recent call last):
    ...
    scorer.errors.InputError: a text must be str, not bytes; decode it first, for example with .decode("utf-8")
    """
    if isinstance(text, str):
        return text
    if isinstance(text, bytes | bytearray):
        remedy = 'decode it first, for example with .decode("utf-8")'
    elif text is None or text != text:  # NaN is the one value that differs from itself: an empty cell of a frame
        remedy = "the value is missing; drop the row or fill it with an empty string"
    else:
        remedy = "convert it with str(), or pass one text at a time"
    raise InputError(f"a text must be str, not {type(text).__name__}; {remedy}")


def normalise(text: str) -> str:
    r"""Return a view of a text with plain spaces, straight quote marks and ``\n`` line ends, of the same length.

    - No-break, thin and other spaces, tabs, byte order marks, zero-width, soft-hyphen, direction and control
      characters (NUL too) and lone surrogates become a space.
    - ``\r\n`` becomes a space and ``\n``; ``\r``, ``\v``, ``\f``, NEL and the Unicode separators become ``\n``.
    - Curly, low, angled, full-width and mis-decoded quote marks become ``"`` or ``'``; two single marks in a row
      (``''``, two backticks, two angles) become ``"`` and a space, the space on the outer side.
    - Dashes, ellipses, letters and combining marks stay. Nothing is composed or decomposed, since either would move
      offsets: "é" in one character and in two stay different texts.

    It is idempotent, takes time linear in the length, and accepts every ``str``.

    Parameters
    ----------
    text : str
        Any text, of any length.

    Returns
    -------
    str
        A text with ``len(normalise(text)) == len(text)``.

    Examples
    --------
    >>> normalise("\u201cNo\u201d,\u00a0she said\u2026\r\n")
    '"No", she said… \n'
    """
    if "\r" in text:
        text = text.replace("\r\n", " \n")
    if text.isascii():
        view = text.translate(_TRANSLATION)
    else:
        odd = set(_ODD.findall(text))
        if len(odd) > _FEW:
            view = text.translate(_TRANSLATION)
        else:
            view = text
            for character in odd:
                view = view.replace(character, _PLAIN[character])
    if "''" in view:
        view = _PAIR.sub(_double, view)
    return view


def widen(text: str, view: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch of a view, widened by the halves of doubled quote marks that the view shows as spaces.

    Parameters
    ----------
    text, view : str
        A text, and what `normalise` made of it.
    start, end : int
        A half-open stretch without white space at its ends.

    Returns
    -------
    (int, int)
        The stretch to cut out of the text, up to one character longer at either end.

    Examples
    --------
    >>> widen("''No'' ", normalise("''No'' "), 1, 5)
    (0, 6)
    """
    # A single mark that became a space can only be such a half.
    if start and view[start - 1] == SPACE and text[start - 1] in _SINGLE_QUOTES:
        start -= 1
    if end < len(view) and view[end] == SPACE and text[end] in _SINGLE_QUOTES:
        end += 1
    return start, end


def _double(match: re.Match[str]) -> str:
    """Return a double quote mark for two single ones, its filling space on the side that faces outwards."""
    view, start = match.string, match.start()
    opens = start == 0 or view[start - 1].isspace() or view[start - 1] in "(["
    return ' "' if opens else '" '
