"""Words of a sentence with their offsets: the form in which cues, attribution and n-grams all read it.

A token is a word (hyphens inside it kept, possessive ``'s`` and other clitics apart, ``n't`` kept on), a number, a
dotted abbreviation (``U.S.``), a handle (``@desk``) or one punctuation mark. Every character that is not white space
belongs to exactly one token.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate, chain
from operator import add
from typing import Final, NamedTuple, TypeVar

from scorer.memo import Memo

# The alternatives stand in the order in which they must be tried; none of them can backtrack over more than its own
# word, so that hostile text stays linear.
_TOKEN: Final = re.compile(
    r"""
      (?:[A-Za-z]\.){2,}              # U.S., p.m.
    | \d+(?:[.,:]\d+)*\w*            # 1,500  4.2  06:41  2nd
    | \w+(?:[-‑]\w+)*(?:(?<=n)['’]t\b|['’][A-Z]\w*)?  # words, didn't, O'Brien
    | (?<=\w)['’](?:s|S|re|ll|ve|d|m)\b   # clitics
    | [@\#]\w+                       # handles and tags
    | [^\w\s]                        # one mark
    """,
    re.VERBOSE,
)
_STRAIGHT: Final = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‟": '"', "‑": "-", "`": "'", "´": "'"}
)
Row = TypeVar("Row")


class Tokens(NamedTuple):
    """The tokens of one sentence, as parallel lists.

    Attributes
    ----------
    words : list of str
        As written.
    lows : list of str
        Lower case, quotation marks and apostrophes straight: the form that lexicons match.
    starts, ends : list of int
        Half-open character offsets into the sentence.
    """

    words: list[str]
    lows: list[str]
    starts: list[int]
    ends: list[int]


def tokenise(text: str) -> Tokens:
    """Split one sentence into tokens.

    Parameters
    ----------
    text : str
        A sentence, as the caller gave it.

    Returns
    -------
    Tokens
        Parallel lists, empty for a text without visible characters.

    Examples
    --------
    >>> tokenise("She didn’t say it’s the U.S. army’s.").lows
    ['she', "didn't", 'say', 'it', "'s", 'the', 'u.s.', 'army', "'s", '.']
    """
    rows = known_rows(text, _known_pieces)
    if not rows:
        return _tokenise(text)
    words, lows, sizes, steps = zip(*rows, strict=True)
    return in_place(text, words, lows, sizes, steps) or _tokenise(text)


def known_rows(text: str, look_up: Callable[[str], Sequence[Row]]) -> list[Row]:
    """Look up what stands between the spaces of a text, and give what is known of each token.

    Parameters
    ----------
    text : str
        A sentence.
    look_up : callable
        Gives the tokens of a part without spaces (`pieces_of`), or more of each.

    Returns
    -------
    list
        One item for each token; none for an endless text, which pays better to be matched.
    """
    return [] if len(text) > _LONGEST_TEXT else list(chain.from_iterable(map(look_up, text.split(" "))))


def in_place(
    text: str, words: Sequence[str], lows: Sequence[str], sizes: Sequence[int], steps: Sequence[int]
) -> Tokens | None:
    """Give tokens their offsets; None where there is more white space than one space between two tokens."""
    starts = list(accumulate(steps, initial=0))
    if starts.pop() != len(text) + 1:
        return None
    return Tokens(list(words), list(lows), starts, list(map(add, starts, sizes)))


def _tokenise(text: str) -> Tokens:
    """Split any text with the pattern itself."""
    spans = [match.span() for match in _TOKEN.finditer(text)]
    if not spans:
        return Tokens([], [], [], [])
    words = [text[start:end] for start, end in spans]
    if text.isascii():
        lows = list(map(str.lower, words))
    else:
        plain = low_of(text)
        # A few letters change their length in lower case; offsets come from the text as given.
        same = len(plain) == len(text)
        lows = [plain[start:end] for start, end in spans] if same else list(map(low_of, words))
    starts, ends = zip(*spans, strict=True)
    return Tokens(words, lows, list(starts), list(ends))


def low_of(text: str) -> str:
    """Give a word or a text in lower case, its quotation marks and apostrophes straight."""
    return text.translate(_STRAIGHT).lower()


_LONGEST_TEXT: Final = 10_000
"""Characters beyond which a text is no sentence that somebody wrote, and pays no longer in one `zip`."""

Piece = tuple[str, str, int, int]
"""A token as written and in lower case, its length, and how far from its start the next token begins."""


def pieces_of(part: str) -> tuple[Piece, ...]:
    """Split what stands between two spaces; no token depends on anything beyond a space."""
    # A plain word, with a comma or a stop, is what most new parts are, and needs no pattern.
    size = len(part)
    if part.isascii() and size > 2:
        if part.isalpha():
            low = part.lower()
            return ((part, part if low == part else low, size, size + 1),)
        if part[-1] in ",." and part[:-1].isalpha():
            word, mark = part[:-1], part[-1]
            low = word.lower()
            return ((word, word if low == word else low, size - 1, size - 1), (mark, mark, 1, 2))
    words, lows, starts, ends = _tokenise(part)
    following = [*starts[1:], len(part) + 1]
    return tuple(
        (word, word if low == word else low, end - start, after - start)
        for word, low, start, end, after in zip(words, lows, starts, ends, following, strict=False)
    )


# A sentence brings few words that are new, and all the others cost one look-up instead of a match. Their strings are
# shared, so that their hashes are known to all who look them up later.
_known_pieces: Final = Memo(pieces_of).__getitem__


def quoted(tokens: Tokens, *, open_before: bool = False) -> tuple[list[bool], bool]:
    """Tell which tokens stand inside quotation marks.

    Parameters
    ----------
    tokens : Tokens
        One sentence.
    open_before : bool
        Whether a quotation from the sentence before is still open.

    Returns
    -------
    inside : list of bool, shape (n_tokens,)
        True for tokens between quotation marks and for the marks themselves.
    still_open : bool
        Whether a double quotation is open at the end of the sentence.

    Notes
    -----
    Double marks decide by their shape where they have one and else by turns. Single marks count as quotation marks
    only when they open at a word's left edge and a partner closes after punctuation or at the end, since most of
    them are apostrophes.
    """
    words, starts, ends = tokens.words, tokens.starts, tokens.ends
    n_tokens = len(words)
    if not open_before and _NO_QUOTES.isdisjoint(words):
        return [False] * n_tokens, False
    inside = [False] * n_tokens
    is_open = open_before
    if open_before and '"' in tokens.lows:
        # A sentence inside a running quotation may open with a mark of its own (each paragraph does): that mark
        # reopens the quotation instead of closing it.
        first = tokens.lows.index('"')
        if first == 0 and n_tokens > 1 and starts[1] == ends[0]:
            is_open = False
    single_from = -1
    for i, low in enumerate(tokens.lows):
        if low == '"':
            word = words[i]
            if word in "“„«‟" and not (word == "«" and is_open):
                is_open = True
                inside[i] = True
            elif word in "”»":
                inside[i] = True
                is_open = False
            else:
                inside[i] = True
                is_open = not is_open
        elif low == "'" and not is_open:
            touches_right = i + 1 < n_tokens and starts[i + 1] == ends[i]
            touches_left = i > 0 and ends[i - 1] == starts[i]
            if single_from < 0 and touches_right and not touches_left:
                single_from = i
            elif single_from >= 0 and touches_left and (not touches_right or i + 1 == n_tokens):
                before = tokens.lows[i - 1]
                if before in _CLOSERS or i + 1 == n_tokens or i - single_from <= _MAX_SINGLE_TOKENS:
                    for k in range(single_from, i + 1):
                        inside[k] = True
                    single_from = -1
        else:
            inside[i] = is_open
    if single_from == 0 and not is_open and words[0] == "‘":
        # A British quotation that runs on into the next sentence.
        return [True] * n_tokens, True
    return inside, is_open


def closes_first(tokens: Tokens) -> bool | None:
    """Tell whether the first double quotation mark of a sentence closes a quotation from before.

    Returns
    -------
    bool or None
        True for a mark that touches only the word on its left; None where the sentence has no double mark.
    """
    for i, low in enumerate(tokens.lows):
        if low == '"':
            touches_left = i > 0 and tokens.ends[i - 1] == tokens.starts[i]
            touches_right = i + 1 < len(tokens.lows) and tokens.starts[i + 1] == tokens.ends[i]
            if tokens.words[i] in "”»":
                return True
            return touches_left and (not touches_right or tokens.lows[i + 1] in _CLOSERS)
    return None


_NO_QUOTES: Final = frozenset("\"'“”„«»‟‘’`´")
_CLOSERS: Final = frozenset(",.?!…")
_MAX_SINGLE_TOKENS: Final = 60
"""A single-quoted stretch longer than this is taken for two stray apostrophes."""
