"""Whether a sentence serves the reader instead of telling news: calls to get in touch, notes on the text itself.

"Anyone with information is asked to call 101", "This interview has been edited for length": whole sentences with verbs,
which put no claim before the reader (annotation guide, section 2). Their words are classes of ``lexicons/words.tsv``,
kept apart from `scorer.word_classes.Shape` for the reason that `scorer.verbless` gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from scorer.lexicon import Lexicon


class ServiceWords(NamedTuple):
    """Words of sentences that serve the reader, in lower case.

    Attributes
    ----------
    contact : frozenset of str
        What readers are asked to do: "call", "upload".
    asked : frozenset of str
        How they are asked: "urged".
    present : frozenset of str
        What stands before that where they are asked now: "is", "are".
    anybody : frozenset of str
        Who is asked: "anyone".
    own_text : frozenset of str
        What the text calls itself: "article".
    made : frozenset of str
        What was done to it: "edited", "contributed".
    """

    contact: frozenset[str]
    asked: frozenset[str]
    present: frozenset[str]
    anybody: frozenset[str]
    own_text: frozenset[str]
    made: frozenset[str]


def service_words(lexicon: Lexicon) -> ServiceWords:
    """Take these words from a lexicon."""
    return ServiceWords(*(lexicon.classes.get(f"open_{name}", frozenset()) for name in ServiceWords._fields))


def serves_reader(lows: Sequence[str], words: ServiceWords) -> bool:
    """Tell whether a sentence asks readers to get in touch, or speaks of how its text was made.

    Parameters
    ----------
    lows : sequence of str
        Its tokens in lower case.
    words : ServiceWords
        From `service_words`.

    Returns
    -------
    bool
    """
    if not words.contact.isdisjoint(lows) and any(_asks(lows, k, words) for k in range(1, len(lows))):
        return True
    return (
        not words.own_text.isdisjoint(lows)
        and not words.made.isdisjoint(lows)
        and any(lows[k - 1] == "this" and lows[k] in words.own_text for k in range(1, len(lows)))
    )


def _asks(lows: Sequence[str], at: int, words: ServiceWords) -> bool:
    """Tell whether readers are asked to do what a word says: "please call", "are asked to call"."""
    if lows[at] not in words.contact:
        return False
    before = lows[at - 1]
    if before == "to":
        return at >= _ASKED and lows[at - 2] in words.asked and lows[at - 3] in words.present
    return before == "please" or (before == "should" and lows[0] in words.anybody)


_ASKED: Final = 3
"""Words before the verb in "are asked to call"."""
