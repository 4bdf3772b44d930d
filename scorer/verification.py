"""Which sentence a check speaks of: links from the check to the claim, and from the claim to its checks.

"The BBC has verified the footage" speaks of the last sentence with footage, "neither account" of two, "this" of the one
just before. A check that was made or failed also holds for the sentence that it speaks of; a denial or a refusal to
comment is linked with it and holds only where it stands (annotation guide, section 5).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from scorer.check_rules import Check, View, pointer
from scorer.lexicon import Lexicon
from scorer.records import Attribution
from scorer.tokens import Tokens

_NEAR: Final = 4  # sentences back, for the kind of thing that a noun names ("the footage", "that figure")
_FAR: Final = 12  # sentences back, for the very words of the check ("Friday's explosion claim")
_HEADLINE: Final = 2  # content words that a headline shares with the claim which the text is about
_MOST: Final = 8  # checks of one sentence that are linked
_NOUN: Final = 4  # tokens after "the", within which its noun stands
_SHORTEST: Final = 4  # letters of a content word
_BEFORE: Final = 8  # tokens before a denial in the passive, for the word for what is denied
_RELATIVE: Final = 8  # tokens before a denial, for the "which" that makes it the claim's own clause


class Mention(NamedTuple):
    """What another sentence says of a check on this one.

    Attributes
    ----------
    place : int
        Position in the document of the sentence that says it.
    status : str
        One of `scorer.labels.VERIFICATIONS`, never ``"none"``.
    """

    place: int
    status: str


@dataclass(frozen=True, slots=True)
class CheckLink:
    """The check that holds for a sentence, and its links in both directions.

    Attributes
    ----------
    status : str
        One of `scorer.labels.VERIFICATIONS`.
    own : bool
        Whether the sentence itself says it; False also where there is no check.
    index : int or None
        Position in the document of the sentence that says it; None where there is no check.
    targets : tuple of int
        Positions of the other sentences that this sentence's own checks speak of, in ascending order.
    mentions : tuple of Mention
        What other sentences say of a check on this one, in reading order: also denials and refusals to comment, which
        leave `status` alone.
    """

    status: str
    own: bool
    index: int | None
    targets: tuple[int, ...] = ()
    mentions: tuple[Mention, ...] = ()


_ANSWERS: Final = frozenset({"disputed", "no_comment"})
NO_CHECK: Final = CheckLink("none", False, None)
"""The link of a sentence that nobody speaks of checking."""
_NOTHING: Final[frozenset[str]] = frozenset()
_COMMON: Final[dict[str, frozenset[str]]] = {}


def link_checks(
    checks: Sequence[Sequence[Check]],
    batch: Sequence[Tokens],
    kinds: Sequence[str],
    attributions: Sequence[Sequence[Attribution]],
    lexicon: Lexicon,
) -> list[CheckLink]:
    """Give every sentence of a document the check that holds for it.

    Parameters
    ----------
    checks : sequence of sequence of Check
        What `scorer.check_rules.read_checks` found in each sentence of one document, in reading order.
    batch : sequence of Tokens
        The sentences' tokens.
    kinds : sequence of str
        Each sentence's kind, one of `scorer.labels.KINDS`; a check does not look beyond a heading, except to the
        document's own headline.
    attributions : sequence of sequence of Attribution
        Who is given as vouching for each sentence.
    lexicon : Lexicon
        The lexicon that found the cues.

    Returns
    -------
    list of CheckLink
        One for each sentence. Its own check wins over a neighbour's, and an earlier one over a later.
    """
    links = [CheckLink(own[0].status, True, k) if own else NO_CHECK for k, own in enumerate(checks)]
    if not any(checks):
        return links
    text = _Text(batch, kinds, attributions, checks, lexicon)
    targets: dict[int, set[int]] = {}
    claims: dict[int, set[int]] = {}  # The same without the headline.
    mentions: dict[int, dict[Mention, None]] = {}  # In order, each once; of a headline there can be very many.
    for k, own in enumerate(checks):
        for check in own[:_MOST]:
            found = text.targets(k, check, claims)
            for target in found:
                claims.setdefault(k, set()).add(target)
                if links[target].status == "none" and text.spreads(k, check):
                    links[target] = CheckLink(check.status, False, k)
            # A headline is spoken of as well, but it stands on more than this one sentence.
            for target in [*found, *text.headline(k, found)]:
                targets.setdefault(k, set()).add(target)
                mentions.setdefault(target, {})[Mention(k, check.status)] = None
    for k in {*targets, *mentions}:
        link = links[k]
        there = tuple(sorted(targets.get(k, ())))
        links[k] = CheckLink(link.status, link.own, link.index, there, tuple(mentions.get(k, ())))
    return links


def _common(lexicon: Lexicon) -> frozenset[str]:
    """Give the words that say nothing of a sentence's subject: its closed classes; made once for a lexicon."""
    if lexicon.fingerprint not in _COMMON:
        happenings = lexicon.classes.get("v_happening", _NOTHING)
        closed = (words for name, words in lexicon.classes.items() if not name.startswith("open_"))
        _COMMON[lexicon.fingerprint] = frozenset().union(*closed) - happenings
    return _COMMON[lexicon.fingerprint]


class _Text:
    """One document as the links see it."""

    def __init__(
        self,
        batch: Sequence[Tokens],
        kinds: Sequence[str],
        attributions: Sequence[Sequence[Attribution]],
        checks: Sequence[Sequence[Check]],
        lexicon: Lexicon,
    ) -> None:
        self._batch, self._kinds, self._attributions, self._checks = batch, kinds, attributions, checks
        self._classes = lexicon.classes
        self._common = _common(lexicon)
        self._contents: dict[int, frozenset[str]] = {}
        self._n_headline = next((k for k, kind in enumerate(kinds) if kind == "prose"), 0)

    def spreads(self, k: int, check: Check) -> bool:
        """Tell whether a check also holds for what it speaks of; a verdict in somebody's mouth is that one's denial."""
        if check.category == "false":
            said = (found for found in self._attributions[k] if found.source_type not in ("document", "media"))
            return all(found.cue is not None and found.cue.start <= check.start < found.cue.end for found in said)
        return check.status in ("verified", "unverified")

    def targets(self, k: int, check: Check, linked: dict[int, set[int]]) -> list[int]:
        """Give the sentences that a check speaks of, apart from its own; `linked` has those of the checks before."""
        answers = check.status in _ANSWERS and check.category != "false"
        if self._has_own_claim(k, check) if answers else not check.back:
            return []
        view, before = self._view(k), list(self._before(k))
        if not before:
            return []
        anchor = self._object(view, check) if answers else pointer(view, check.first, check.last)
        noun = self._noun(view, anchor)
        if noun >= 0:
            found = self._by_noun(k, anchor, noun, before, linked, answers=answers)
        elif answers and anchor < 0:
            found = self._by_answer(k, check, before, linked)
        else:
            found = [j for j in before[:1] if self._batch[j].lows[-1:] != ["?"]]  # nobody claimed what was asked
            if answers or "no_comment" in self._own(before[0]):
                found = self._claim_behind(before, linked)
        return found

    def _view(self, k: int) -> View:
        return View(self._batch[k].lows, self._classes)

    def _own(self, k: int) -> set[str]:
        return {check.status for check in self._checks[k]}

    def _before(self, k: int) -> Iterator[int]:
        """Go back over the sentences of the same section, nearest first."""
        for j in range(k - 1, max(-1, k - 1 - _FAR), -1):
            if self._kinds[j] == self._kinds[k]:
                yield j
            elif "heading" in (self._kinds[j], self._kinds[k]):
                return

    def _content(self, k: int, start: int = 0, stop: int | None = None) -> frozenset[str]:
        """Give the words of a sentence, or of a stretch of it, that say what it is about."""
        whole = start == 0 and stop is None
        if whole and k in self._contents:
            return self._contents[k]
        words = frozenset(
            low.removesuffix("s")
            for low in self._batch[k].lows[start:stop]
            if len(low) >= _SHORTEST and low[0].isalpha() and low not in self._common
        )
        if whole:
            self._contents[k] = words
        return words

    def _has_own_claim(self, k: int, check: Check) -> bool:
        """Tell whether an answer ("he denied it") speaks of a claim in its own sentence."""
        view = self._view(k)
        asked = check.category == "no_comment" and view.any("v_asked", 0, check.first)
        if not asked and any(view.has(i, "v_contrast") for i in range(2, check.first)):
            return True
        for i in range(max(0, check.first - _RELATIVE), min(len(view.lows), check.last + 1)):
            if view.has(i, "strong_relative") and i + 1 < check.last and not view.has(i + 1, "v_saying"):
                return check.category == "denied"
            if check.status == "disputed" and view.has(i, "v_speech") and view.has(i - 1, "indefinite"):
                return True
        return any(
            found.cue is not None and found.cue.end <= check.start and found.category != "deny"
            for found in self._attributions[k]
        )

    def _object(self, view: View, check: Check) -> int:
        """Find the word for what is denied or not commented on: after the verb, or before it in the passive."""
        anchor = pointer(view, check.first, check.last, before=_BEFORE if view.has(check.first - 1, "be") else 0)
        if self._noun(view, anchor) < 0 and anchor > check.last + 1 and not view.has(anchor - 1, "preposition"):
            return -1  # "denied that it had sent drones": the pronoun is the denier.
        return anchor

    def _noun(self, view: View, anchor: int) -> int:
        """Give the position of the noun that a pointer stands before ("those earlier figures"), or -1."""
        if anchor < 0 or not view.has(anchor, "v_definite"):
            return -1
        for i in range(anchor + 1, min(len(view.lows), anchor + 1 + _NOUN)):
            if view.has(i, "v_claim_noun"):
                return i
            ends = view.has(i, "preposition") and not view.has(i, "v_of")
            if ends or view.has(i, "v_stop") or view.has(i, "auxiliary"):
                break
        return -1

    def _fits(self, j: int, name: str, noun: str) -> bool:
        """Tell whether a sentence has what a noun of some class can stand for."""
        lows = self._batch[j].lows
        if name == "v_footage":
            return not self._classes.get(name, _NOTHING).isdisjoint(lows)
        if name == "v_figure":
            return any(low[0].isdigit() for low in lows) or not self._classes.get("number", _NOTHING).isdisjoint(lows)
        if name == "v_speech":
            # A claim may be told with its own noun only: "one theory has it".
            return bool(self._attributions[j]) or not self._classes.get("v_claim_noun", _NOTHING).isdisjoint(lows)
        return noun in lows

    def _by_noun(
        self, k: int, anchor: int, noun: int, before: list[int], linked: dict[int, set[int]], *, answers: bool
    ) -> list[int]:
        """Find the claim that a noun stands for: one of its kind near by, or one with the same words farther away."""
        view = self._view(k)
        word = view.lows[noun]
        name = next((name for name in ("v_footage", "v_figure", "v_speech") if view.has(noun, name)), "")
        words = self._content(k, max(0, anchor - 3), noun + _NOUN)
        found, best = before[0], 0
        for place, j in enumerate(before):
            if j in linked and self._own(j) & _ANSWERS:
                continue
            shared = len(words & self._content(j)) if words else 0
            fits = place < _NEAR and self._fits(j, name, word)
            told = fits and answers and name == "v_figure" and bool(self._attributions[j])
            if shared + fits + told > best:
                found, best = j, shared + fits + told
                if place == 0 and (told or not answers or name != "v_figure"):
                    break  # The sentence just before is meant unless the words say otherwise.
        joined = noun == anchor + 1 or view.has(anchor + 1, "v_of") or view.has(noun - 1, "possessive")
        several = joined and view.has(anchor, "v_several") and len({a.source for a in self._attributions[found]}) < 2
        if several:
            other = [j for j in before if found - 2 <= j < found and self._fits(j, name, word)] or before
            return sorted({found, other[0]})
        return [found]

    def _by_answer(self, k: int, check: Check, before: list[int], linked: dict[int, set[int]]) -> list[int]:
        """Find what an answer without a pointer answers to: what somebody said, or what names the same things."""
        told = self._content(k, check.last + 1, self._view(k).clause_end(check.last + 1))
        if check.status == "disputed" and told:
            # "denied that it had sent drones": the drones tell which claim is meant.
            shared = [(len(told & self._content(j)), -place, j) for place, j in enumerate(before) if j not in linked]
            most = max(shared, default=(0, 0, -1))
            if most[0] or not self._attributions[before[0]]:
                return [most[2]] if most[0] else []
        words = self._content(k, 0, check.first) | told
        for j in before[:_NEAR]:
            if j in linked:
                break
            if not self._own(j) & _ANSWERS and (self._attributions[j] or words & self._content(j)):
                return [j]
        return self._claim_behind(before, linked)

    def _claim_behind(self, before: list[int], linked: dict[int, set[int]]) -> list[int]:
        """Give the sentence before, or the claim that it speaks of where it is an answer itself."""
        for j in before[:_NEAR]:
            if j in linked:
                return sorted(linked[j])
            if "no_comment" not in self._own(j):
                return [j]
        return []

    def headline(self, k: int, found: list[int]) -> list[int]:
        """Give the headline if it makes the claim that a check in the text speaks of."""
        if self._kinds[k] != "prose" or not found:
            return []
        for j in range(self._n_headline):
            if self._kinds[j] == "heading" and any(
                len(self._content(j) & self._content(target)) >= _HEADLINE for target in found
            ):
                return [j]
        return []
