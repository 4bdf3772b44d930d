"""One pass over a batch of sentences that finds every cue of every lexicon.

The lexicons are compiled into one trie over tokens (`scorer.lexicon`). Walking tokens instead of characters gives word
boundaries, inflection and gaps without a check after the match, and the tokens are needed afterwards in any case.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from scorer.lexicon import CAPITAL, END, GAP, NUMBER, Lexicon, Terminal, Trie
from scorer.records import Cue
from scorer.tokens import Tokens

_SPECIAL = frozenset({END, GAP, NUMBER, CAPITAL})
_CLAUSE_ENDS = frozenset(';:"—()')
"""A gap inside a cue does not reach over these marks."""


class CueFinder:
    """Finds the cues of one set of lexicons; what it needs of each entry is laid out once.

    Parameters
    ----------
    lexicon : Lexicon
        Compiled lexicons.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._trie = lexicon.trie
        self._names = [f"{entry.family}.{entry.category}" for entry in lexicon.entries]
        self._ids = [entry.id for entry in lexicon.entries]
        self._families = [entry.family for entry in lexicon.entries]
        self._categories = [entry.category for entry in lexicon.entries]
        self._gapped = {
            k for k, entry in enumerate(lexicon.entries) if entry.family == "report" and "<" in entry.pattern
        }

    def find(self, batch: Sequence[Tokens]) -> list[list[Cue]]:
        """Find the cues of every sentence in a batch.

        Parameters
        ----------
        batch : sequence of Tokens
            The sentences' tokens.

        Returns
        -------
        list of list of Cue
            For each sentence its cues in order of position. Within one family the longest cue at a place wins; a
            look-alike removes the cues of the families that it names, where it overlaps them.
        """
        names, ids, families = self._names, self._ids, self._families
        found: list[list[Cue]] = []
        for tokens in batch:
            matches = _walk(tokens, self._trie)
            if not matches:
                found.append([])
                continue
            kept = _resolve(matches, families, self._categories, self._gapped) if len(matches) > 1 else matches
            starts, ends = tokens.starts, tokens.ends
            found.append(
                [
                    Cue(ids[entry], names[entry], starts[first], ends[last], first, last)
                    for first, last, entry in kept
                    if families[entry] != "lookalike"
                ]
            )
        return found


def find_cues(batch: Sequence[Tokens], lexicon: Lexicon) -> list[list[Cue]]:
    """Find the cues of a single batch; for many batches keep a `CueFinder`."""
    return CueFinder(lexicon).find(batch)


def _walk(tokens: Tokens, trie: Trie) -> list[tuple[int, int, int]]:
    """Give (first token, last token, entry) of every match."""
    lows, words = tokens.lows, tokens.words
    n_tokens = len(lows)
    matches: list[tuple[int, int, int]] = []
    for i, low in enumerate(lows):
        node = trie.get(low)
        if node is None:
            continue
        if len(node) == 1 and END in node:
            # The pattern is this one word and nothing longer begins with it: by far the most frequent case.
            for entry, cased in node[END]:
                if not cased or words[i] == cased[0][1]:
                    matches.append((i, i, entry))
            continue
        if i + 1 < n_tokens and _SPECIAL.isdisjoint(node) and lows[i + 1] not in node:
            continue  # "the", "in", "to" begin many patterns, and the next word mostly rules out all of them
        stack: list[tuple[Trie, int]] = [(node, i + 1)]
        while stack:
            node, j = stack.pop()
            terminals: list[Terminal] | None = node.get(END)
            if terminals is not None:
                for entry, cased in terminals:
                    if not cased or all(words[i + at] == word for at, word in cased):
                        matches.append((i, j - 1, entry))
            if j == n_tokens:
                continue
            low_next = lows[j]
            child = node.get(low_next)
            if child is not None:
                stack.append((child, j + 1))
            if NUMBER in node and low_next[0].isdigit():
                stack.append((node[NUMBER], j + 1))
            if CAPITAL in node and words[j][0].isupper():
                stack.append((node[CAPITAL], j + 1))
            if GAP in node:
                for longest, after in node[GAP]:
                    for k in range(j, min(n_tokens, j + longest + 1)):
                        child = after.get(lows[k])
                        if child is not None:
                            stack.append((child, k + 1))
                        if lows[k] in _CLAUSE_ENDS:
                            break
    return matches


def _resolve(
    matches: list[tuple[int, int, int]], families: Sequence[str], categories: Sequence[str], gapped: Set[int]
) -> list[tuple[int, int, int]]:
    """Drop the shorter of two overlapping cues of one family, and what a look-alike cancels.

    Taken tokens are kept in sets, so that a hostile sentence of a million cues takes linear time.
    """
    cancelled: dict[str, set[int]] = {}
    for first, last, entry in matches:
        if families[entry] == "lookalike":
            for family in categories[entry].split("+"):
                cancelled.setdefault(family, set()).update(range(first, last + 1))
    # Longest first, so that each cue need only be held against those already taken; ties go to the earlier entry.
    matches.sort(key=lambda match: (match[0] - match[1], match[2]))
    taken: dict[str, set[int]] = {}
    kept: list[tuple[int, int, int]] = []
    for match in matches:
        first, last, entry = match
        family = families[entry]
        if family == "lookalike":
            continue
        if family in cancelled and not cancelled[family].isdisjoint(range(first, last + 1)):
            continue
        occupied = taken.setdefault(family, set())
        # Whatever overlaps a cue that is at least as long has its first or its last token inside it.
        if first in occupied or last in occupied:
            continue
        # Another report verb may stand in the gap of one: "put the toll, Roe said, at nine".
        occupied.update((first, last) if entry in gapped else range(first, last + 1))
        kept.append(match)
    kept.sort()
    return kept
