"""One pass over a batch of sentences that finds every cue of every lexicon.

The lexicons are compiled into one trie over tokens (`scorer.lexicon`). Walking tokens instead of characters gives word
boundaries, inflection and gaps without a check after the match, and the tokens are needed afterwards in any case.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

from scorer.lexicon import CAPITAL, END, GAP, NUMBER, Lexicon, Terminal, Trie
from scorer.records import Cue
from scorer.tokens import Tokens

_SPECIAL: Final = frozenset({END, GAP, NUMBER, CAPITAL})
_CLAUSE_ENDS: Final = frozenset(';:"—()')
"""A gap inside a cue does not reach over these marks."""

Match = tuple[int, int, int]
"""First token, last token, entry."""

# Makes a cue of a tuple of its fields, in a third of the time that `Cue` takes.
_cue = partial(tuple.__new__, Cue)


class Start(NamedTuple):
    """What a word that begins a pattern says of the tokens after it: it spares most of them the walk.

    Attributes
    ----------
    alone : tuple of Terminal
        The patterns that are this one word.
    following : set of str
        The words one of which must stand among the next `reach` tokens if a longer pattern is to match.
    reach : int
        How far the gaps of longer patterns go; 0 where there are no longer patterns.
    shaped : bool
        Whether a number or a capital may follow instead.
    node : dict
        Where the walk through the trie begins.
    """

    alone: tuple[Terminal, ...]
    following: frozenset[str]
    reach: int
    shaped: bool
    node: Trie


Starts = Sequence[Start | None]
"""What each token of a sentence begins; None for a word that begins no pattern."""


def _start_of(node: Trie) -> Start:
    following = node.keys() - _SPECIAL
    reach, shaped = 1, NUMBER in node or CAPITAL in node
    for longest, after in node.get(GAP, ()):
        reach = max(reach, longest + 1)
        following |= after.keys()
    has_longer = bool(following) or shaped
    return Start(tuple(node.get(END, ())), frozenset(following), reach if has_longer else 0, shaped, node)


class CueFinder:
    """Finds the cues of one set of lexicons; what it needs of each entry is laid out once.

    Parameters
    ----------
    lexicon : Lexicon
        Compiled lexicons.

    Attributes
    ----------
    starts : dict of str to Start
        Every word that begins a pattern.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.starts = {word: _start_of(node) for word, node in lexicon.trie.items()}
        self._names = [f"{entry.family}.{entry.category}" for entry in lexicon.entries]
        self._ids = [entry.id for entry in lexicon.entries]
        self._families = [entry.family for entry in lexicon.entries]
        self._cancelled = {
            k: frozenset(entry.category.split("+"))
            for k, entry in enumerate(lexicon.entries)
            if entry.family == "lookalike"
        }
        self._gapped = {
            k for k, entry in enumerate(lexicon.entries) if entry.family == "report" and "<" in entry.pattern
        }

    def find(self, batch: Sequence[Tokens], starts: Sequence[Starts] | None = None) -> list[list[Cue]]:
        """Find the cues of every sentence in a batch.

        Parameters
        ----------
        batch : sequence of Tokens
            The sentences' tokens.
        starts : sequence of sequence of (Start or None), optional
            For each sentence what `starts` has for each token in lower case, if it was looked up already.

        Returns
        -------
        list of list of Cue
            For each sentence its cues in order of position. Within one family the longest cue at a place wins; a
            look-alike removes the cues of the families that it names, where it overlaps them.
        """
        names, ids, lookalikes = self._names, self._ids, self._cancelled
        found: list[list[Cue]] = []
        for k, tokens in enumerate(batch):
            matches = self.matches(tokens, None if starts is None else starts[k])
            if len(matches) > 1:
                matches = self._settled(matches)
            begins, ends = tokens.starts, tokens.ends
            found.append(
                [
                    _cue((ids[entry], names[entry], begins[first], ends[last], first, last))
                    for first, last, entry in matches
                    if entry not in lookalikes
                ]
            )
        return found

    def matches(self, tokens: Tokens, starts: Starts | None = None) -> list[Match]:
        """Find every match of every pattern in one sentence, those that others rule out too.

        Parameters
        ----------
        tokens : Tokens
            The sentence's tokens.
        starts : sequence of (Start or None), optional
            What `starts` has for each, if it was looked up already.

        Returns
        -------
        list of (int, int, int)
            First token, last token and entry of each, in order of the first token.
        """
        words, lows = tokens.words, tokens.lows
        following_lows = [*lows[1:], ""]
        matches: list[Match] = []
        for i, start in enumerate(map(self.starts.get, lows) if starts is None else starts):
            if start is None:
                continue
            alone, following, reach, shaped, node = start
            if reach and (
                (following_lows[i] in following)
                or (reach > 1 and not following.isdisjoint(lows[i + 2 : i + 1 + reach]))
                or (shaped and i + 1 < len(lows) and (lows[i + 1][0].isdigit() or words[i + 1][0].isupper()))
            ):
                _walk(node, i, i + 1, words, lows, matches)
            else:
                for entry, cased in alone:
                    if not cased or words[i] == cased[0][1]:
                        matches.append((i, i, entry))
        return matches

    def _settled(self, matches: list[Match]) -> list[Match]:
        """Settle which of those matches that overlap are kept, group by group; most stand alone."""
        kept: list[Match] = []
        group: list[Match] = []
        furthest = -1
        for match in matches:
            if match[0] > furthest:
                kept += group if len(group) < 2 else self._resolved(group)
                group = [match]
                furthest = match[1]
            else:
                group.append(match)
                if match[1] > furthest:
                    furthest = match[1]
        kept += group if len(group) < 2 else self._resolved(group)
        return kept

    def _resolved(self, matches: list[Match]) -> list[Match]:
        """Drop the shorter of two overlapping cues of one family, and what a look-alike cancels.

        Taken tokens are kept in sets, so that a hostile sentence of a million cues takes linear time.
        """
        families, gapped = self._families, self._gapped
        found = {families[match[2]] for match in matches}
        if len(found) == len(matches) and "lookalike" not in found:
            return sorted(matches)
        cancelled: dict[str, set[int]] = {}
        if "lookalike" in found:
            for first, last, entry in matches:
                for family in self._cancelled.get(entry, ()):
                    cancelled.setdefault(family, set()).update(range(first, last + 1))
        # Longest first, so that each cue need only be held against those already taken; ties go to the earlier entry.
        matches.sort(key=_longest_first)
        taken: dict[str, set[int]] = {}
        kept: list[Match] = []
        for match in matches:
            first, last, entry = match
            family = families[entry]
            if family == "lookalike":
                continue
            if family in cancelled and not cancelled[family].isdisjoint(range(first, last + 1)):
                continue
            occupied = taken.get(family)
            if occupied is None:
                occupied = taken[family] = set()
            # Whatever overlaps a cue that is at least as long has its first or its last token inside it.
            elif first in occupied or last in occupied:
                continue
            # Another report verb may stand in the gap of one: "put the toll, Roe said, at nine".
            occupied.update((first, last) if entry in gapped else range(first, last + 1))
            kept.append(match)
        kept.sort()
        return kept


def find_cues(batch: Sequence[Tokens], lexicon: Lexicon) -> list[list[Cue]]:
    """Find the cues of a single batch; for many batches keep a `CueFinder`."""
    return CueFinder(lexicon).find(batch)


def _longest_first(match: Match) -> tuple[int, int]:
    return match[0] - match[1], match[2]


def _walk(node: Trie, i: int, j: int, words: Sequence[str], lows: Sequence[str], matches: list[Match]) -> None:
    """Add every match that begins at token ``i`` and goes on at token ``j`` from a node of the trie.

    It calls itself only where a pattern can go on in more than one way, and so no deeper than a pattern is long.
    """
    n_tokens = len(lows)
    while True:
        if END in node:
            terminals: list[Terminal] = node[END]
            for entry, cased in terminals:
                if not cased or all([words[i + at] == word for at, word in cased]):
                    matches.append((i, j - 1, entry))
            if len(node) == 1:
                return
        if j == n_tokens:
            return
        low = lows[j]
        if GAP in node:
            for longest, after in node[GAP]:
                stretch = lows[j : j + longest + 1]
                if after.keys().isdisjoint(stretch):
                    continue
                for k, low_after in enumerate(stretch, j + 1):
                    if low_after in after:
                        _walk(after[low_after], i, k, words, lows, matches)
                    if low_after in _CLAUSE_ENDS:
                        break
        if NUMBER in node and low[0].isdigit():
            _walk(node[NUMBER], i, j + 1, words, lows, matches)
        if CAPITAL in node and words[j][0].isupper():
            _walk(node[CAPITAL], i, j + 1, words, lows, matches)
        if low not in node:
            return
        node, j = node[low], j + 1
