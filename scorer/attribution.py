"""From report cues to attributions: which words attach a claim to a source, and which words name that source.

Works on one sentence at a time and knows nothing of its neighbours; `scorer.discourse` resolves pronouns, roles and
running quotations afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Final, NamedTuple

from scorer import phrases as ph
from scorer.lexicon import Lexicon
from scorer.records import Cue
from scorer.tokens import Tokens

_VERBS: Final = frozenset({"say", "announce", "confirm", "deny", "act", "accuse", "think", "show", "see", "manner"})
_INVERTING: Final = frozenset({"say", "announce", "confirm", "think", "manner"})
_SHOWING: Final = ("source.document", "source.expert", "source.media", "source.unspecified", "source.social_media")
_SPEECH: Final = frozenset({"say", "announce", "confirm", "deny", "act"})
_PERSONAL: Final = frozenset({"act", "accuse", "think", "manner"})
_CLAUSAL: Final = frozenset({"preposition", "cite"})
_PASSIVE: Final = frozenset({"say", "announce", "think", "accuse", "confirm", "deny"})
_SHARING: Final = frozenset({"say", "announce", "confirm", "think", "act", "deny"})


class Candidate(NamedTuple):
    """A cue with the source that the sentence gives it, in tokens (both ends included).

    Attributes
    ----------
    first, last : int
        Tokens of the source; -1 where no words name it.
    cue_first, cue_last : int
        Tokens of the cue, auxiliaries included.
    category : str
        Category of the report cue without its family, such as ``"say"``.
    position : str
        before, after, inside: where the attributing clause stands against its content; ``background`` when it stands
        in a relative or temporal clause and does not vouch for the main claim.
    factivity : float
        In [0, 1], from the lexicon.
    negated : bool
        Whether the cue's verb group is negated ("has not said").
    content : str
        What the cue introduces: quotation, clause, or phrase. A verb with no more than a phrase is often a deed
        ("requested support"), not speech.
    """

    first: int
    last: int
    cue_first: int
    cue_last: int
    category: str
    position: str
    factivity: float
    negated: bool
    content: str = "phrase"


class Attributor:
    """Finds the attributions of single sentences.

    Parameters
    ----------
    lexicon : Lexicon
        Compiled lexicons.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.bits = ph.word_bits(lexicon)
        self._verbs = lexicon.verbs
        self._factivity = {entry.id: entry.strength for entry in lexicon.entries}

    def find(self, tokens: Tokens, cues: Sequence[Cue], inside: Sequence[bool]) -> tuple[list[Candidate], ph.Shape]:
        """Find every attribution of one sentence.

        Parameters
        ----------
        tokens : Tokens
            The sentence.
        cues : sequence of Cue
            Its cues, of all families.
        inside : sequence of bool, shape (n_tokens,)
            Which tokens stand inside quotation marks.

        Returns
        -------
        candidates : list of Candidate
            In order of the cues.
        shape : Shape
            Class bits and capitals of the tokens.
        """
        shape = ph.shape_of(tokens, self.bits)
        reports = [cue for cue in cues if cue.category.startswith("report.")]
        found = [
            Candidate(cue.first, cue.last, cue.last + 1, cue.last + 1, "hearsay", "before", 0.0, False, "clause")
            for cue in cues
            if cue.category == "source.unspecified.vague" and self._is_talk(tokens, shape, cue, inside)
        ]
        if not reports:
            return found, shape
        nouns = {k: cue.category for cue in cues if cue.category.startswith("source.") for k in range(cue.first, cue.last + 1)}
        barriers = {
            k
            for cue in reports
            if cue.category == "report.preposition" and (cue.last > cue.first or not shape.bits[cue.first] & ph.WEAK_PREPOSITION)
            for k in range(cue.first, cue.last + 1)
        }
        finite = barriers.union(cue.first for cue in reports if self._bounds(tokens, shape, cue))
        for cue in reports:
            if inside[cue.first] and inside[cue.last]:
                continue
            category = cue.category[7:]
            if category in _VERBS:
                candidate = self._verb(tokens, shape, cue, category, inside, finite, nouns)
                if candidate is None and category in _SHARING:
                    candidate = self._shared_subject(tokens, shape, cue, category, finite, nouns, found)
            elif category in ("preposition", "cite"):
                candidate = self._preposition(tokens, shape, cue, category, finite, nouns)
            elif category == "noun":
                candidate = self._noun(tokens, shape, cue, finite)
            else:
                candidate = self._hearsay(tokens, shape, cue, category)
            if candidate is not None:
                if candidate.first >= 0:
                    candidate = _cover(candidate, cues)
                found.append(candidate._replace(content=self._content(tokens, shape, cue, candidate, inside)))
        return found, shape

    @staticmethod
    def _is_talk(tokens: Tokens, shape: ph.Shape, cue: Cue, inside: Sequence[bool]) -> bool:
        """Tell whether a noun such as "rumours" brings a claim with "that" or "of", in a main clause's place."""
        after = cue.last + 1
        if after + 1 >= len(tokens.lows) or inside[cue.first] or not shape.bits[after] & ph.HEARSAY_LINK:
            return False
        return all(shape.bits[k] & (ph.DETERMINER | ph.AUXILIARY | ph.DUMMY | ph.ADVERB) for k in range(cue.first))

    def _bounds(self, tokens: Tokens, shape: ph.Shape, cue: Cue) -> bool:
        """Tell whether a cue is a finite verb that a subject cannot reach over (a reduced relative is none)."""
        if not self._is_finite(tokens, shape, cue):
            return False
        low = tokens.lows[cue.first]
        after = cue.last + 1
        reduced = low in self._verbs[low].participle and after < len(tokens.lows) and shape.bits[after] & ph.PREPOSITION
        return not reduced or cue.first > 0 and bool(shape.bits[cue.first - 1] & (ph.AUXILIARY | ph.PRONOUN))

    def _is_finite(self, tokens: Tokens, shape: ph.Shape, cue: Cue) -> bool:
        """Tell whether a verb cue stands where a finite verb can stand (and not where a noun or adjective does)."""
        if cue.category[7:] not in _VERBS:
            return False
        low = tokens.lows[cue.first]
        forms = self._verbs.get(low)
        if forms is None or low == forms.gerund:
            return False
        if cue.first == 0:
            return low in forms.past and len(tokens.lows) > 1 and shape.capital[1]
        before = shape.bits[cue.first - 1]
        if before & ph.PREPOSITION and not before & ph.ADVERB and not before & ph.VERB_PARTICLE:
            return False
        if before & ph.DETERMINER and not before & ph.PRONOUN and not before & ph.NOMINAL:
            return False
        if tokens.lows[cue.first - 1] == "'s":
            return False
        if shape.capital[cue.first]:
            return False  # "the United States", "Rescue": part of a name
        if low in forms.past:
            return True
        return self._present_is_verb(tokens, shape, cue, plain=low == forms.base)

    def _present_is_verb(self, tokens: Tokens, shape: ph.Shape, cue: Cue, *, plain: bool) -> bool:
        """Tell "officials report a loss" from "official reports of a loss" by number and by what follows."""
        lows, bits, capital = tokens.lows, shape.bits, shape.capital
        after = cue.last + 1
        if after < len(lows):
            bit = bits[after]
            following = self._verbs.get(lows[after])
            if following is not None and lows[after] in following.past and lows[after] not in following.participle[1:]:
                if lows[after] != following.base and not capital[after]:
                    return False  # "reports said": the second verb shows that the first is a noun
            if bit & ph.AUXILIARY or bit & ph.NOUN_ONLY_NEXT or lows[after].endswith("ed") and not capital[after]:
                return False
        previous = cue.first - 1
        while previous > 0 and (bits[previous] & (ph.ADVERB | ph.NEGATIVE)) and not bits[previous] & ph.AUXILIARY:
            previous -= 1
        low = lows[previous]
        if bits[previous] & (ph.AUXILIARY | ph.WHO) or low in ",\"')":
            return True
        if ph.is_stop(low):
            return False
        plural = ph.is_plural(low, bits[previous])
        if plain:
            return plural or bool(bits[previous] & ph.NUMBER)
        return not plural or capital[previous]

    def _verb(
        self,
        tokens: Tokens,
        shape: ph.Shape,
        cue: Cue,
        category: str,
        inside: Sequence[bool],
        finite: Set[int],
        nouns: Mapping[int, str],
    ) -> Candidate | None:
        lows, bits, capital = tokens.lows, shape.bits, shape.capital
        n_tokens = len(lows)
        verb = cue.first
        low = lows[verb]
        forms = self._verbs.get(low)
        if forms is None:
            # "are adamant": the lexicon knows the verb by its other forms.
            forms = self._verbs.get("is") if bits[verb] & ph.BE else None
            if forms is None:
                return None
        start = verb
        negated = False
        has_be = False
        while start > 0:
            bit = bits[start - 1]
            previous = lows[start - 1]
            if not (bit & (ph.AUXILIARY | ph.NEGATIVE) or ph.is_adverb(previous, bit)) or bit & (ph.DETERMINER | ph.TIME) and not bit & ph.AUXILIARY:
                break
            if capital[start - 1] and start - 1 > 0:
                break
            negated = negated or bool(bit & ph.NEGATIVE)
            if bit & ph.BE:
                has_be = True
            start -= 1
        if start < verb and start > 0 and bits[start - 1] & (ph.DETERMINER | ph.POSSESSIVE) and not bits[start - 1] & ph.PRONOUN and not bits[start] & ph.AUXILIARY:
            return None  # "a heavily publicised battle"
        participle = low in forms.participle
        if participle and has_be and not bits[verb - 1] & ph.HAVE:
            return self._passive(tokens, shape, cue, category, start, finite, negated)
        if low == forms.gerund:
            if start < verb and has_be:
                pass  # "is saying": a finite progressive
            else:
                return None
        elif verb > 0 and start == verb and not self._is_finite(tokens, shape, cue) and not (low == forms.base and lows[verb - 1] == ","):
            if participle and verb + 1 < n_tokens and lows[verb + 1] == "by":
                return self._passive(tokens, shape, cue, category, start, finite, negated)
            return None
        if start > 0 and lows[start - 1] == "to" and low == forms.base:
            return None
        # The cue as a reader underlines it: auxiliaries belong to it, a leading adverb does not.
        cue_first = next((k for k in range(start, verb) if bits[k] & ph.AUXILIARY), verb)
        factivity = self._factivity[cue.entry_id]
        quote_near = self._beside_quote(tokens, inside, start, cue.last)
        if category == "manner" and not quote_near:
            return None
        before = lows[start - 1] if start else ""
        # After a bracket the subject comes first: "Transport for London (TfL) told passengers".
        if start == 0 or before != ")" and ph.is_stop(before):
            after_quote = start > 0 and any(inside[k] for k in range(max(0, start - 2), start))
            headline = low == forms.base and before == ","
            if (low != forms.base or headline) and (
                category in _INVERTING and (after_quote or not bits[verb] & ph.TRANSITIVE) or after_quote and category in _PERSONAL
            ):
                phrase = ph.phrase_after(tokens, shape, cue.last + 1, finite)
                if phrase is not None and headline and phrase[1] + 2 < n_tokens:
                    phrase = None
                if phrase is not None and self._ends_clause(tokens, shape, phrase[1] + 1) and (
                    before != "," or after_quote or self._names_somebody(shape, phrase, nouns)
                ):
                    if self._plausible(tokens, shape, phrase, cue, category, nouns):
                        position = "after" if self._near_end(tokens, phrase[1]) else "inside"
                        return Candidate(*phrase, cue_first, cue.last, category, position, factivity, negated)
        if start and bits[start - 1] & ph.ADDITIVE:
            return None  # "… and said": it shares an earlier subject
        if start and bits[start - 1] & ph.WHO:
            return Candidate(-1, -1, cue_first, cue.last, category, "background", factivity, negated)
        subject = ph.subject_before(tokens, shape, start, finite - {verb})
        if subject is None or not self._plausible(tokens, shape, subject, cue, category, nouns):
            return None
        first, last = subject
        if first - 1 in finite and bits[first - 1] & ph.PREPOSITION:
            return None  # "according to eyewitness reports": the phrase is the preposition's
        lead = lows[first - 1] if first else ""
        position = "before"
        if negated and category in _SPEECH and category != "deny":
            # "did not say": the outlet tells what the source kept to itself.
            return Candidate(first, last, cue_first, cue.last, category, "background", factivity, negated)
        if first and bits[first - 1] & (ph.BACKGROUND_LEAD | ph.WHO):
            position = "background"
        elif lead == "with":
            position = "background"
        elif self._near_end(tokens, cue.last) and first > 2:
            position = "after"
        elif first > 2 and lead == "," and cue.last + 1 < n_tokens and lows[cue.last + 1] in ",\"":
            position = "inside"
        return Candidate(first, last, cue_first, cue.last, category, position, factivity, negated)

    def _shared_subject(
        self,
        tokens: Tokens,
        shape: ph.Shape,
        cue: Cue,
        category: str,
        finite: Set[int],
        nouns: Mapping[int, str],
        found: Sequence[Candidate],
    ) -> Candidate | None:
        """Read a verb that shares an earlier subject: "… and said", "…, saying".

        Where an earlier cue of the sentence has that subject already, the later verb adds nothing and is left out.
        """
        lows, bits = tokens.lows, shape.bits
        verb = cue.first
        forms = self._verbs.get(lows[verb])
        if forms is None or verb == 0 or shape.capital[verb]:
            return None
        start = verb
        while start > 0 and bits[start - 1] & (ph.AUXILIARY | ph.ADVERB) and not bits[start - 1] & (ph.DETERMINER | ph.PRONOUN):
            start -= 1
        before = lows[start - 1] if start else ""
        gerund = lows[verb] == forms.gerund
        if gerund and before != "," or not gerund and (before != "," and not bits[start - 1] & ph.ADDITIVE or lows[verb] not in forms.past and lows[verb] != forms.third):
            return None
        if any(candidate.first >= 0 and candidate.position != "background" for candidate in found):
            return None
        subject = ph.sentence_subject(tokens, shape, finite)
        if subject is None or subject[1] >= start or not self._plausible(tokens, shape, subject, cue, category, nouns):
            return None
        if not self._namelike(tokens, shape, subject, nouns):
            return None
        return Candidate(*subject, verb, cue.last, category, "before", self._factivity[cue.entry_id], False)

    def _passive(
        self, tokens: Tokens, shape: ph.Shape, cue: Cue, category: str, start: int, finite: Set[int], negated: bool
    ) -> Candidate | None:
        """Read "was told by X", "was quoted as saying"; a passive without an agent names no source."""
        lows = tokens.lows
        agent = next((k for k in range(cue.last + 1, min(len(lows), cue.last + 4)) if lows[k] == "by"), -1)
        if agent < 0 or category not in _PASSIVE:
            return None
        phrase = ph.phrase_after(tokens, shape, agent + 1, finite)
        if phrase is None:
            return None
        first = next((k for k in range(start, cue.first) if shape.bits[k] & ph.AUXILIARY), cue.first)
        return Candidate(*phrase, first, agent, category, "after", self._factivity[cue.entry_id], negated)

    def _preposition(
        self, tokens: Tokens, shape: ph.Shape, cue: Cue, category: str, finite: Set[int], nouns: Mapping[int, str]
    ) -> Candidate | None:
        # "according to local reports": a present form right after a preposition's noun is a noun itself.
        past = {k for k in finite if k <= cue.last or tokens.lows[k] in getattr(self._verbs.get(tokens.lows[k]), "past", ())}
        phrase = ph.phrase_after(tokens, shape, cue.last + 1, past)
        if phrase is None:
            return None
        low = tokens.lows[cue.first]
        kinds = [nouns[k] for k in range(phrase[0], phrase[1] + 1) if k in nouns]
        if shape.bits[cue.first] & ph.WEAK_PREPOSITION and cue.first == cue.last:
            wanted = "source.unspecified" if low == "by" else "source.document"
            if cue.first > 1 or not any(kind.startswith(wanted) for kind in kinds):
                return None
        if category == "cite" and not kinds and not shape.capital[phrase[0]]:
            return None
        if low == "per" and not (shape.capital[phrase[0]] or kinds):
            return None
        phrase = self._role_then_name(tokens, shape, phrase, past)
        position = "before" if cue.first < 3 else "after" if self._near_end(tokens, phrase[1]) else "inside"
        return Candidate(*phrase, cue.first, cue.last, category, position, self._factivity[cue.entry_id], False)

    @staticmethod
    def _role_then_name(tokens: Tokens, shape: ph.Shape, phrase: tuple[int, int], verbs: Set[int]) -> tuple[int, int]:
        """Go on from "the mayor" to "Dee Margo" in "according to the mayor, Dee Margo, …"."""
        first, last = phrase
        comma = last + 1
        if comma + 2 >= len(tokens.lows) or tokens.lows[comma] != "," or shape.capital[last]:
            return phrase
        name = ph.phrase_after(tokens, shape, comma + 1, verbs)
        if name is None or name[1] == name[0] or not all(shape.capital[k] for k in range(name[0], name[1] + 1)):
            return phrase
        ends = name[1] + 1 >= len(tokens.lows) or tokens.lows[name[1] + 1] in ",."
        return name if ends and shape.bits[first] & (ph.DEFINITE | ph.INDEFINITE) else phrase

    def _noun(self, tokens: Tokens, shape: ph.Shape, cue: Cue, finite: Set[int]) -> Candidate | None:
        """Read "X's claim that …" and "the claim by X that …"."""
        lows = tokens.lows
        after = cue.last + 1
        factivity = self._factivity[cue.entry_id]
        if after + 1 < len(lows) and shape.bits[after] & ph.AGENT:
            phrase = ph.phrase_after(tokens, shape, after + 1, finite)
            if phrase is not None and phrase[1] + 1 < len(lows) and lows[phrase[1] + 1] == "that":
                return Candidate(*phrase, cue.first, after, "noun", "before", factivity, False)
        if after < len(lows) and lows[after] == "that" and cue.first >= 2 and lows[cue.first - 1] == "'s":
            subject = ph.subject_before(tokens, shape, cue.first - 1, finite)
            if subject is not None:
                return Candidate(*subject, cue.first, cue.last, "noun", "before", factivity, False)
        return None

    def _hearsay(self, tokens: Tokens, shape: ph.Shape, cue: Cue, category: str) -> Candidate | None:
        """Read "reportedly" and "is said to": a claim with nobody there."""
        lows, bits = tokens.lows, shape.bits
        for k in range(cue.first - 1, max(-1, cue.first - 8), -1):
            if bits[k] & (ph.WHO | ph.OPENING_MARK):
                return Candidate(-1, -1, cue.first, cue.last, category, "background", 0.0, False)
            if lows[k] in ",;:":
                break
        return Candidate(-1, -1, cue.first, cue.last, category, "before", self._factivity[cue.entry_id], False)

    def _content(
        self, tokens: Tokens, shape: ph.Shape, cue: Cue, candidate: Candidate, inside: Sequence[bool]
    ) -> str:
        """Tell what a cue introduces: a quotation, a clause, or no more than a phrase."""
        if self._beside_quote(tokens, inside, candidate.cue_first, candidate.cue_last):
            return "quotation"
        if candidate.position in ("after", "inside") or candidate.category in _CLAUSAL or self._clause_follows(tokens, shape, cue):
            return "clause"
        return "phrase"

    @staticmethod
    def _beside_quote(tokens: Tokens, inside: Sequence[bool], first: int, last: int) -> bool:
        lows = tokens.lows
        left = any(lows[k] == '"' or inside[k] for k in range(max(0, first - 8), first))
        right = any(lows[k] == '"' or inside[k] for k in range(last + 1, min(len(lows), last + 14)))
        return left or right

    @staticmethod
    def _clause_follows(tokens: Tokens, shape: ph.Shape, cue: Cue) -> bool:
        """Tell whether a content clause, with a verb of its own, follows a cue."""
        lows, bits = tokens.lows, shape.bits
        for k in range(cue.last + 1, min(len(lows), cue.last + 9)):
            if ph.is_stop(lows[k]):
                return False
            if bits[k] & ph.AUXILIARY or lows[k] == "that":
                return True
        return False

    @staticmethod
    def _near_end(tokens: Tokens, last: int) -> bool:
        return len(tokens.lows) - last <= 6

    @staticmethod
    def _ends_clause(tokens: Tokens, shape: ph.Shape, at: int) -> bool:
        """Tell whether a source that ends before this token can be the subject of an inverted verb."""
        if at >= len(tokens.lows):
            return True
        bit = shape.bits[at]
        if bit & (ph.AUXILIARY | ph.PRONOUN) and not bit & ph.RELATIVE:
            return False
        return ph.is_stop(tokens.lows[at]) or bool(bit & (ph.WHO | ph.PREPOSITION | ph.TIME | ph.ADVERB | ph.SUBORDINATOR | ph.COORDINATOR))

    @staticmethod
    def _namelike(tokens: Tokens, shape: ph.Shape, phrase: tuple[int, int], nouns: Mapping[int, str]) -> bool:
        first, last = phrase
        return any(shape.capital[k] or k in nouns for k in range(first, last + 1)) or bool(
            shape.bits[first] & ph.PERSON_PRONOUN
        )

    @staticmethod
    def _names_somebody(shape: ph.Shape, phrase: tuple[int, int], nouns: Mapping[int, str]) -> bool:
        """Tell whether a phrase after a verb is a short name or a noun for somebody, and no object of the verb."""
        first, last = phrase
        if last - first > 8:
            return False
        if shape.capital[first] or shape.capital[last] or shape.bits[first] & ph.PERSON_PRONOUN:
            return True
        head = next((k - 1 for k in range(first + 1, last + 1) if shape.bits[k] & ph.LINK), last)
        return head in nouns

    def _plausible(
        self,
        tokens: Tokens,
        shape: ph.Shape,
        phrase: tuple[int, int],
        cue: Cue,
        category: str,
        nouns: Mapping[int, str],
    ) -> bool:
        """Tell whether a noun phrase can be the source of a cue of this category."""
        first, last = phrase
        lows, bits = tokens.lows, shape.bits
        low = lows[first]
        kinds = [nouns[k] for k in range(first, last + 1) if k in nouns]
        if first == last and bits[first] & (ph.SUBORDINATOR | ph.PREPOSITION) and not bits[first] & ph.PRONOUN:
            return False
        if first == last and bits[first] & ph.DUMMY:
            return low == "it" and category in _SPEECH
        if category in ("show", "see"):
            if first == last and bits[first] & ph.PERSON_PRONOUN:
                return bool(bits[first] & ph.FIRST_PERSON) or category == "show"
            if any(kind.startswith(_SHOWING) or kind.endswith(".thing") for kind in kinds):
                return True
            # A body "finds" or "records" in a clause of its own; with a bare object it does something.
            return any(kind.endswith(".body") for kind in kinds) and self._clause_follows(tokens, shape, cue)
        person = bool(bits[first] & ph.PERSON_PRONOUN) or bool(kinds)
        capital = any(shape.capital[k] and not bits[k] & (ph.DETERMINER | ph.TIME) for k in range(max(first, 0), last + 1))
        if category in _PERSONAL:
            return person or capital or bool(bits[first] & ph.POSSESSIVE)
        return person or capital or bool(bits[first] & ph.DETERMINER) or lows[last].endswith("s")


def _cover(candidate: Candidate, cues: Sequence[Cue]) -> Candidate:
    """Widen a source to the whole of a source noun that it cuts in two ("Early reports", "videos posted on …")."""
    first, last = candidate.first, candidate.last
    for cue in cues:
        if cue.category.startswith("source.") and cue.first <= last and cue.last >= first:
            if cue.last < candidate.cue_first or cue.first > candidate.cue_last:
                first, last = min(first, cue.first), max(last, cue.last)
    return candidate if (first, last) == candidate[:2] else candidate._replace(first=first, last=last)
