"""A name for every sentence of a scored table, by which a reviewer's correction finds it again.

A key is made of what a correction is about, the document, the place and the words, and of nothing else. So it is the
same when the text is scored again by another model, and another one as soon as the sentence is not the one that was
read.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

KEY_CHARS: Final = 16
"""Hexadecimal digits of a key: 64 bits, so that two of a million sentences meet once in 37 million tables."""

_DIVIDER: Final = "\x1f"


def sentence_key(doc_id: str, start: int, end: int, text: str, occurrence: int = 1) -> str:
    """Make the key of a sentence.

    Parameters
    ----------
    doc_id : str
        Its document.
    start, end : int
        Its place in the document, as the scored table gives it.
    text : str
        Its words.
    occurrence : int
        Which one it is of those that agree in all of these, from 1. There are several where a row was one sentence
        already (``--unit sentence``), so that each begins at 0, and a document says the same twice.

    Returns
    -------
    str
        The first 16 hexadecimal digits of the SHA-256 of the four, divided by U+001F, in UTF-8; from the second
        occurrence on its number is the fifth.

    Examples
    --------
    >>> sentence_key("art-001", 0, 19, "Nobody was injured.")
    '5800ae8f81f5ca9b'
    """
    parts = [doc_id, str(start), str(end), text]
    if occurrence > 1:
        parts.append(str(occurrence))
    return sha256(_DIVIDER.join(parts).encode(errors="surrogatepass")).hexdigest()[:KEY_CHARS]


def sentence_keys(sentences: Iterable[tuple[str, int, int, str]]) -> list[str]:
    """Make the keys of all sentences of a table, no two alike.

    Parameters
    ----------
    sentences : iterable of (str, int, int, str)
        Document, start, end and text of each, in the order of the table.

    Returns
    -------
    list of str
        A key each.
    """
    seen: dict[tuple[str, int, int, str], int] = {}
    keys = []
    for sentence in sentences:
        seen[sentence] = occurrence = seen.get(sentence, 0) + 1
        keys.append(sentence_key(*sentence, occurrence))
    return keys
