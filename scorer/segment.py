"""Documents to sentences: exact slices of the caller's text, in order, each with its kind.

Lines come first (`scorer.layout` says which line ends count), then date lines of agencies and credits inside a line,
then the sentences of running text. Why the splitter is our own: ``docs/segmentation.md``, measured by
``benchmarks/segmentation.py``.

- A full stop, question or exclamation mark or ellipsis ends a sentence where white space follows, and something that
  can begin one. Closing quotes, brackets and note marks belong to the sentence before. Quotations of several sentences
  are split inside.
- Abbreviations come in sorts, told apart in ``lexicons/layout.tsv``: some never end a sentence (Mr.), some not before a
  number (No.), some only before a word that starts sentences and is rare in names (Inc., U.S.).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scorer.layout import (
    CLOSING,
    LONGEST_LABEL,
    LONGEST_STAMP,
    STOPS,
    WIRE,
    any_of,
    join_soft_line_ends,
    sentence_kind,
    view_kind,
    word_forms,
)
from scorer.records import Sentence
from scorer.text import check_text, normalise, widen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["sentence_kind", "split_document", "split_documents"]

_NEVER_FINAL: Final = word_forms("title")
_BEFORE_NUMBER: Final = word_forms("number")
_SELDOM_FINAL: Final = word_forms("suffix", "month_short")
_MERIDIEM: Final = word_forms("meridiem")
_STARTERS: Final = word_forms("starter")
_CLOCK_WORDS: Final = word_forms("weekday", "month", "month_short", "zone")
_SPEECH: Final = word_forms("speech")

# Possessive quantifiers throughout: nothing here is ever tried twice, so that hostile text takes linear time as well.
_CLOSERS: Final = r"""["')\]}*]*+(?:\[[\w ]{1,12}+\]| ?\[(?:\.{3,4}|\u2026)\]|[\u00b9\u00b2\u00b3\u2070-\u2079])*+"""
# What may be the end of a sentence: a run of stops, what closes with it, white space, and something that is not the
# lower-case start of a word (a brand such as iPhone may begin one). Or two sentences run together, with no space.
# The set stands first, and the look behind after it, so that `re` can skip to the next stop.
_RUN: Final = rf"(?<![{STOPS}][{STOPS}])[{STOPS}]*+(?P<close>){_CLOSERS}(?P<gap>)\s++"
_CANDIDATE: Final = re.compile(
    rf"[{STOPS}](?:{_RUN}(?=[^a-z\s]|[a-z]{{1,5}}[A-Z])|(?<=[a-z][a-z].){_CLOSERS}(?=[A-Z][a-z]++[ ,']))"
)
_CANDIDATE_UNCASED: Final = re.compile(rf"[{STOPS}]{_RUN}(?=\S)")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}")
_ENUMERATOR: Final = re.compile(r"\d{1,3}|[A-Za-z]|[ivxIVX]{2,4}")
_NEXT_WORD: Final = re.compile(r"""["'(\[]*+([^\s,;:)"\]]*+)""")
_SAYS: Final = re.compile(r"((?:[A-Z][\w.'-]*+\s++){1,4})([a-z]++)")
# A word longer than this is no abbreviation; it also bounds the look back from a stop.
_LONGEST_ABBREVIATION: Final = 12
_LONGEST_ADDRESS: Final = 60
_LONGEST_CLAUSE: Final = 80
_OPENERS: Final = "\"'([{*"
_NO_START: Final = frozenset("-\u2013\u2014,;:.!?\u2026)]}%&/=+|")
_CREDIT_INSIDE: Final = re.compile(rf"\s(?={any_of('picture')}\s?:\s?[^\s.!?][^.!?]{{0,80}}+[.!?]?$)")
_LINE: Final = re.compile(r"\S[^\n]*")


def _is_end(line: str, start: int, match: re.Match[str]) -> bool:
    """Return whether a candidate ends the sentence that begins at ``start`` of the line."""
    at, after = match.start(), match.end()
    closes = match.start("close")
    if closes < 0:  # two words run together, unless it is a web or mail address, which has no end inside
        low = max(start, at - _LONGEST_ADDRESS)
        chunk = line[max(line.rfind(" ", low, at) + 1, low) : after]
        return not any(mark in chunk for mark in "/@\\") and not chunk.startswith("www.")
    first = line[after]
    if first in _NO_START or (first.islower() and not first.isascii()):
        return False
    if first in "([" and line[after + 1 : after + 2].islower():
        return False
    if closes - at > 1 or line[at] != ".":
        # "Why?" Ana Ruiz asked: the question is part of the sentence that reports it.
        quoted = match.start("gap") > closes and first.isupper()
        said = _SAYS.match(line, after, after + _LONGEST_CLAUSE) if quoted else None
        return said is None or said[2] not in _SPEECH or said[1].split()[0] in _STARTERS
    low = max(start, at - _LONGEST_ABBREVIATION)
    word = line[max(line.rfind(" ", low, at) + 1, low) : at].lstrip(_OPENERS)
    if at - len(word) == start and _ENUMERATOR.fullmatch(word):
        return False  # "2." at the head of a list item
    if word in _NEVER_FINAL:
        return False
    if word in _BEFORE_NUMBER and any(map(str.isdigit, _word_at(line, after))):
        return False
    if word in _MERIDIEM:
        return _word_at(line, after) not in _CLOCK_WORDS
    if word in _SELDOM_FINAL or (len(word) == 1 and word.isupper()) or _INITIALS.fullmatch(word):
        # A word that starts sentences, and is no initial itself: "Samuel L. A. Reed".
        return _word_at(line, after) in _STARTERS
    return True


def _word_at(line: str, start: int) -> str:
    """Return the word that begins at ``start``, without marks before it, with a full stop that follows it."""
    match = _NEXT_WORD.match(line, start)
    return match[1] if match else ""


def _sentence_ends(line: str) -> Iterator[tuple[int, int]]:
    """Yield the end of each sentence of a line but the last, and the start of the next."""
    start = 0
    # Text written without any capitals would be one sentence otherwise.
    pattern = _CANDIDATE_UNCASED if line.islower() else _CANDIDATE
    for match in pattern.finditer(line):
        if _is_end(line, start, match):
            start = match.end()
            yield (match.start("gap") if match.start("gap") > 0 else start), start


def split_document(text: str, doc_id: str = "") -> list[Sentence]:
    r"""Split a document into sentences, headings, date lines and address lines.

    Parameters
    ----------
    text : str
        The document, of any length; every ``str`` is accepted.
    doc_id : str
        What the sentences shall give as their document.

    Returns
    -------
    list of Sentence
        In order, ``text[s.start:s.end] == s.text``; what stands between two of them is white space or invisible. None
        of them is empty or blank.

    Examples
    --------
    >>> for unit in split_document("Rain floods Torvik\n\nMr. Dahl said no. He left."):
    ...     print(unit.kind, unit.start, unit.end, unit.text)
    heading 0 18 Rain floods Torvik
    prose 20 37 Mr. Dahl said no.
    prose 38 46 He left.
    """
    view = normalise(check_text(text))
    sentences: list[Sentence] = []
    last = 0
    for index, (start, end, kind) in enumerate(_units(view)):
        start, end = widen(text, view, start, end)
        start = max(start, last)  # two quotations back to back: the mark between them belongs to the first
        sentences.append(Sentence(doc_id=doc_id, index=index, start=start, end=end, text=text[start:end], kind=kind))
        last = end
    return sentences


def split_documents(texts: Sequence[str], doc_ids: Sequence[str]) -> list[list[Sentence]]:
    """Split many documents; see `split_document`.

    Parameters
    ----------
    texts, doc_ids : sequence of str, of one length
        The documents and their names.

    Returns
    -------
    list of list of Sentence
        One list per document, in the order of the documents.

    Raises
    ------
    ValueError
        If there are not as many names as documents.
    """
    return [split_document(text, doc_id) for text, doc_id in zip(texts, doc_ids, strict=True)]


def _units(view: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and kind of each unit of a normalised text."""
    for match in _LINE.finditer(join_soft_line_ends(view)):
        offset, line = match.start(), match[0].rstrip()
        head = WIRE.match(line[:LONGEST_STAMP]) if line[0].isupper() else None
        body = 0
        # With no date in it, it may be a title with a dash, which hardly ever ends in a stop.
        dated = head and any(map(str.isdigit, head[0]))
        if head and head.end() < len(line) and (dated or line.rstrip(CLOSING)[-1:] in STOPS):
            yield offset, offset + head.end(), "dateline"
            body = len(line) - len(line[head.end() :].lstrip())
        parts = list(_parts(line, body))
        for start, end in parts:
            kind = view_kind(line[start:end])
            # Only a line of its own can be a heading: elsewhere a missing stop is just a missing stop.
            yield offset + start, offset + end, "prose" if kind == "heading" and (body or len(parts) > 1) else kind


def _parts(line: str, body: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of the sentences of a line, from ``body`` on."""
    tail = _CREDIT_INSIDE.search(line, max(body, len(line) - LONGEST_LABEL)) if ":" in line else None
    start, last = body, tail.start() if tail else len(line)
    for end, following in _sentence_ends(line[body:last]):
        yield start, body + end
        start = body + following
    if start < last:
        yield start, start + len(line[start:last].rstrip())
    if tail:
        yield tail.end(), len(line)
