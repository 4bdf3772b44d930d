"""The look of a page: what kind of unit a line is, and which line ends break a sentence.

Its words are data, in ``lexicons/layout.tsv``; the rules here go by form alone, and by the line alone.
"""

from __future__ import annotations

import csv
import re
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from scorer.errors import LexiconError
from scorer.text import check_text, normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLUMNS: Final = ["id", "category", "pattern", "note"]


def _read_words() -> dict[str, list[str]]:
    """Return the words of ``lexicons/layout.tsv`` by category.

    They are read here and not by `scorer.lexicon`, which stands above this module: they are plain words about the look
    of a page and about full stops, without pattern syntax, strength or scope, and no cue is ever made of them.
    """
    words: dict[str, list[str]] = {}
    path = resources.files("scorer").joinpath("lexicons", "layout.tsv")
    with path.open(encoding="utf-8") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if next(rows, None) != _COLUMNS:
            raise LexiconError(f"layout.tsv, line 1: the columns must be {', '.join(_COLUMNS)}")
        for number, row in enumerate(rows, start=2):
            if len(row) != len(_COLUMNS) or not all(row[:3]):
                raise LexiconError(f"layout.tsv, line {number}: id, category and pattern must be filled")
            words.setdefault(row[1], []).append(row[2])
    return words


_WORDS: Final = _read_words()


def word_forms(*categories: str) -> frozenset[str]:
    """Return the words of some categories as they may be written: capitalised, or all in capitals if they are."""
    words = {word for category in categories for word in _WORDS[category]}
    return frozenset(words | {word.upper() if word[0].isupper() else word[0].upper() + word[1:] for word in words})


def any_of(*categories: str) -> str:
    """Return a pattern for any word of some categories, the longest first, spaces as any white space."""
    words = sorted({word for category in categories for word in _WORDS[category]}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words) + ")"


_ZONE: Final = rf"(?:{any_of('zone')}|[+-]\d{{2}}:?\d{{2}})(?!\w)"
_MONTH: Final = rf"{any_of('month', 'month_short')}\b\.?"
_DAY_WORD: Final = rf"{any_of('weekday')}\b"
_CONTACT: Final = (
    r"(?:https?://\S|www\.\S|[^\s@]+@\w[\w-]*\.\w|(?:\+|\()\d[\d ()./-]{6,}\d|\d{3}[ -]\d{3,4}[ -]\d{3,4}\b)"
)
_NAME: Final = r"[^\W\d_a-z][\w.'/-]*+(?: [\w.'/-]++){0,3}"
_DATE: Final = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b|{_MONTH}(?=,?\s+\d{{4}}\b))"
    r"(?:,?\s+\d{4}\b)?|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}"
)
_WHEN: Final = (
    rf"{_DAY_WORD}\.?|{_DATE}|\d{{1,2}}[:.]\d{{2}}(?::\d{{2}})?(?:\s?[ap]\.?m\b\.?)?|\d{{1,2}}\s?[ap]\.?m\b\.?"
    rf"|\d{{4}}(?=\s{_ZONE})|\d+\s{any_of('period')}\sago\b"
)
# Nothing but dates, times and the words of a time stamp; one of them must hold a digit or be a day of the week.
_STAMP_LINE: Final = re.compile(
    rf"(?:(?>{_WHEN}|{any_of('stamp')}\b|{_ZONE})[\s,.:|/()\u00b7\u2022\u2013\u2014-]*+)++", re.I
)
_WHEN_MARK: Final = re.compile(rf"\d|\b{_DAY_WORD}", re.I)
_PLACE_AND_DATE: Final = re.compile(rf"{_NAME}(?:, {_NAME}){{0,2}},\s(?i:{_DATE})\.?")
_CAPITALS: Final = r"[A-Z][A-Z.'/ -]*[A-Z.]"
# The head of an agency's report: a place, then a region, a date or the agency in brackets, then a dash. A place alone
# must be in capitals, and is told from a heading ("UPDATE - the latest") by the capital that begins what follows.
WIRE: Final = re.compile(
    rf"(?:{_NAME}(?:, {_NAME})?(?:,\s(?i:{_DATE})(?:\s?\([^()]{{2,40}}\))?|\s?\([A-Z][\w. /-]{{1,40}}\))"
    rf"|{_CAPITALS}(?:, {_NAME})?(?:\s?\([^()]{{2,40}}\))?)\s?(?:--|[-\u2013\u2014])(?=$|\s+[^\W\d_a-z]|\s+[\"'])"
)
_FURNITURE: Final = re.compile(
    rf"(?:{any_of('picture', 'credit', 'contact')}\s?:\s?\S|{any_of('rights')}(?!\w)|{any_of('byline_open')}\b"
    rf"|{any_of('desk')}(?!\w)|{any_of('byline')}:?\s(?-i:[A-Z\u00c0-\u00de]))",
    re.I,
)
_ROLE: Final = re.compile(
    rf"{_NAME}\s?[,|]\s?(?:[\w-]+\s){{0,3}}(?i:{any_of('role')})\b.{{0,40}}|{_CONTACT}.*|.*\s{_CONTACT}.*"
)
_STREET: Final = re.compile(rf"\d{{1,5}}[A-Za-z]?,? (?:[A-Z][\w'.-]* ){{1,4}}{any_of('street')}\b\.?(?:,.*)?", re.I)
LONGEST_STAMP: Final = 120
_LONGEST_HEADING: Final = 160
LONGEST_LABEL: Final = 90
_LEAD_IN_WORDS: Final = 4
_CREDIT_WORDS: Final = 5
STOPS: Final = ".!?\u2026"
CLOSING: Final = "\"')]}*"
_BYLINE: Final = re.compile(rf"{any_of('byline')}\s", re.I)
# Who spoke, in the line after a quotation. An en dash with a space is a bullet as well.
_SIGNATURE: Final = re.compile(r"(?:\u2014\s?|\u2013)(?=[^\W\d_a-z])")
_SINGLE_LINE_END: Final = re.compile(r"\n(?<=[^\n]\n)(?! *(?:\n|$))")
_BULLET: Final = re.compile(r"[-*\u2022\u2013\u2014\u25a0]\s|\d{1,2}[.)]\s")
_LINE_STOPS: Final = frozenset(".!?\u2026:")
_FEW_LINES: Final = 2
_SHORT_LINE: Final = 30
_WIDEST_MARGIN: Final = 100


def sentence_kind(text: str) -> str:
    """Return what kind of unit a text is, by its look alone.

    Parameters
    ----------
    text : str
        One sentence or one line.

    Returns
    -------
    str
        One of `scorer.labels.KINDS`: ``dateline`` for nothing but dates, times and places; ``address`` for bylines,
        credits, signatures, copyright, web, mail, telephone and postal addresses; ``heading`` for a line of up to 160
        characters without a final stop; else ``prose``.

    Examples
    --------
    >>> sentence_kind("Friday, July 21, 2017"), sentence_kind("By Ana Ruiz"), sentence_kind("Rain floods Torvik")
    ('dateline', 'address', 'heading')
    >>> sentence_kind("By Friday the water had gone.")
    'prose'
    """
    # Most sentences show at a glance what they are: no character that `normalise` changes can be printed and stand at
    # either end of these.
    if len(check_text(text)) > LONGEST_LABEL and text[-1] in STOPS and text[0] != " " and text.isprintable():
        return "prose"
    return view_kind(normalise(text).strip())


def view_kind(view: str) -> str:
    """Return the kind of a normalised, stripped text: see `sentence_kind`."""
    body = view.rstrip(CLOSING)
    size = len(view)
    if size > _LONGEST_HEADING or not body:
        return "prose"
    stopped = body[-1] in STOPS
    if stopped and size > LONGEST_LABEL:
        return "prose"
    # With a stop it is a sentence if it begins like a byline ("By Friday the water had gone."), or a caption if long.
    if _FURNITURE.match(view) and not (stopped and (_BYLINE.match(view) or view.count(" ") > _CREDIT_WORDS)):
        return "address"
    if size <= LONGEST_STAMP and (
        (_STAMP_LINE.fullmatch(view) and _WHEN_MARK.search(view)) or (not stopped and WIRE.fullmatch(view))
    ):
        return "dateline"
    if stopped:
        return "prose"
    if size <= LONGEST_STAMP and _PLACE_AND_DATE.fullmatch(view):
        return "dateline"
    if _ROLE.fullmatch(view) or _STREET.fullmatch(view) or _SIGNATURE.match(view):
        return "address"
    if body[-1] == ":":
        return "heading" if body.isupper() or view.count(" ") < _LEAD_IN_WORDS else "prose"
    if body[-1] in ",;-\u2013\u2014" or view[0].islower() or not any(map(str.isalpha, view)):
        return "prose"
    return "heading"


def join_soft_line_ends(view: str) -> str:
    """Return a normalised text with a space for each soft line end, of the same length.

    A line end is soft where the next line goes on with the sentence. That is taken to be so where the next line begins
    in lower case while this one is long and has no final stop; and where three or more lines are filled as a mail
    program or a terminal fills them: none had room for the first word of the next, and at least one begins in lower
    case.

    Parameters
    ----------
    view : str
        What `scorer.text.normalise` returned.

    Returns
    -------
    str
        A text in which every line end that is left ends a unit.
    """
    if not _SINGLE_LINE_END.search(view):
        return view
    pieces: list[str] = []
    block: list[str] = []
    for line in view.split("\n"):
        if not line.strip():
            pieces += _join_block(block)
            block = []
            pieces += [line, "\n"]
        else:
            block.append(line)
    pieces += _join_block(block)
    return "".join(pieces)[: len(view)]


def _join_block(block: list[str]) -> Iterator[str]:
    """Yield the lines of a block, each with the line end, hard or soft, that follows it."""
    if not block:
        return
    stripped = [line.strip() for line in block]
    filled = len(block) > _FEW_LINES and _is_filled(stripped)
    for line, this, following in zip(block, stripped, [*stripped[1:], ""], strict=True):
        goes_on = following[:1].islower() and len(this) >= _SHORT_LINE and this[-1] not in _LINE_STOPS
        yield line
        yield " " if following and (filled or (goes_on and not _FURNITURE.match(following))) else "\n"


def _is_filled(lines: list[str]) -> bool:
    """Return whether lines are filled up to a right margin, with a sentence running on over at least one line end."""
    width = max(map(len, lines))
    if not _SHORT_LINE <= width <= _WIDEST_MARGIN or not any(line[0].islower() for line in lines[1:]):
        return False
    return all(
        len(this) + 1 + len(following.split(None, 1)[0]) > width and not _BULLET.match(following)
        for this, following in pairwise(lines)
    )
