"""Everything that the rules find in sentences: the one record that features, reasons and report all read.

`Reader.read` is the hot path: tokens, cues, hedges, checks and attributions of a whole batch, each found once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain, groupby
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

from scorer import word_classes as wc
from scorer.attribution import Attributor
from scorer.candidates import Candidate, Noun
from scorer.check_rules import Check, by_rank, read_checks
from scorer.collector import uncollected
from scorer.cues import CueFinder
from scorer.discourse import Read, resolve_document
from scorer.hedging import Hedge, read_hedges
from scorer.lexicon import Lexicon, load_lexicon
from scorer.records import Attribution, Cue, Sentence
from scorer.service import serves_reader, service_words
from scorer.source_typing import SourceTyping
from scorer.speaker_labels import find_labels, hands_on, labelled
from scorer.stretches import LONGEST, cut, join_attributions, join_links
from scorer.tokens import Tokens, closes_first, quoted
from scorer.verbless import finite_forms, is_verbless
from scorer.verification import CheckLink, link_checks
from scorer.vocabulary import Vocabulary, Words
from scorer.vouching import Vouching, Weigher

_LONGEST_QUOTATION: Final = 8
"""Sentences within which a quotation must be closed; one that nothing closes lost its mark and is taken for ended."""


class Context(NamedTuple):
    """Where a sentence stands in its document: its place from 0, and how many there are."""

    place: int
    n_sentences: int


class Reading(NamedTuple):
    """One sentence with all that the rules found in it and beside it.

    Attributes
    ----------
    sentence : Sentence
        The sentence itself.
    tokens : Tokens
        Its words.
    shape : Shape
        Word classes and capitals of the tokens.
    inside : list of bool, shape (n_tokens,)
        Which tokens stand in quotation marks.
    cues : list of Cue
        Every lexicon entry found.
    hedges : list of Hedge
        The epistemic hedges among them.
    checks : list of Check
        What the sentence itself says of a check.
    check : CheckLink
        The check that holds for the sentence, its own or a neighbour's, and its links to other sentences.
    attributions : tuple of Attribution
        The primary one first; empty where the outlet itself speaks.
    context : Context
        Its place in the document.
    candidates : sequence of Candidate
        Every report cue with the source that the sentence gives it, in order; the attributions are what came of them.
    nouns : sequence of Noun
        The source nouns, in order.
    verbless : bool
        Whether it has no finite verb.
    serves : bool
        Whether it asks readers to get in touch, or speaks of how the text was made.
    """

    sentence: Sentence
    tokens: Tokens
    shape: wc.Shape
    inside: list[bool]
    cues: list[Cue]
    hedges: list[Hedge]
    checks: list[Check]
    check: CheckLink
    attributions: tuple[Attribution, ...]
    context: Context
    candidates: Sequence[Candidate]
    nouns: Sequence[Noun]
    verbless: bool
    serves: bool


class Reader:
    """Reads sentences with one set of lexicons.

    Parameters
    ----------
    lexicon : Lexicon or None
        The shipped lexicons by default.
    vouching : Vouching or None
        Weights that decide which report cue vouches for a sentence's main claim; the rules alone by default.
    typing : SourceTyping or None
        Weights that decide of what kind a source is; the rules alone by default.
    """

    def __init__(
        self, lexicon: Lexicon | None = None, vouching: Vouching | None = None, typing: SourceTyping | None = None
    ) -> None:
        self.lexicon = lexicon or load_lexicon()
        self._weigher = None if vouching is None else Weigher(vouching)
        self._typing = typing
        self._cue_finder = CueFinder(self.lexicon)
        self._attributor = Attributor(self.lexicon)
        self._vocabulary = Vocabulary(self._cue_finder.starts, self._attributor.bits)
        self._finite = finite_forms(self.lexicon)
        self._service = service_words(self.lexicon)
        self._no_speakers = self.lexicon.classes.get("no_speaker", frozenset())
        self._source_kinds: dict[str, tuple[str, str, bool]] = {}
        for entry in self.lexicon.entries:
            if entry.family == "source":
                source_type, _, kind = entry.category.partition(".")
                self._source_kinds[entry.id] = (source_type, kind, entry.pattern != entry.pattern.lower())

    def read(self, sentences: Sequence[Sentence]) -> list[Reading]:
        """Read sentences; neighbours with the same ``doc_id`` are one document.

        Parameters
        ----------
        sentences : sequence of Sentence
            In reading order, document after document.

        Returns
        -------
        list of Reading
            One for each sentence, in order.
        """
        with uncollected():
            batch = [self._vocabulary.read(sentence.text) for sentence in sentences]
            if any(len(words.tokens.lows) > LONGEST for words in batch):
                stretches = [cut(words.tokens) for words in batch]
                owners = [k for k, parts in enumerate(stretches) for _ in parts]
                cuts = list(map(self._vocabulary.of, chain.from_iterable(stretches)))
                parts = self._read([sentences[k] for k in owners], cuts)
                return _joined(parts, owners, [words.tokens for words in batch])
            return self._read(sentences, batch)

    def _read(self, sentences: Sequence[Sentence], batch: Sequence[Words]) -> list[Reading]:
        all_cues = self._cue_finder.find([words.tokens for words in batch], [words.starts for words in batch])
        readings: list[Reading] = []
        at = 0
        for _, group in groupby(sentences, key=attrgetter("doc_id")):
            document = list(group)
            stop = at + len(document)
            readings.extend(self._document(document, batch[at:stop], all_cues[at:stop]))
            at = stop
        return readings

    def _document(
        self, sentences: Sequence[Sentence], words: Sequence[Words], all_cues: Sequence[list[Cue]]
    ) -> list[Reading]:
        lexicon = self.lexicon
        batch = [word.tokens for word in words]
        reads: list[Read] = []
        all_hedges: list[list[Hedge]] = []
        all_checks: list[list[Check]] = []
        is_open = False
        kinds = self._source_kinds
        for k, ((tokens, _, shape), cues) in enumerate(zip(words, all_cues, strict=True)):
            inside, is_open = quoted(tokens, open_before=is_open)
            is_open = is_open and _goes_on(batch, k + 1)
            nouns = [Noun(cue.first, cue.last, *kinds[cue.entry_id]) for cue in cues if cue.entry_id in kinds]
            candidates, _ = self._attributor.find(tokens, cues, nouns, inside, shape)
            nouns = [noun for noun in nouns if not _is_name(noun, tokens, shape)]
            hedges = read_hedges(tokens, cues, inside, lexicon)
            if candidates:
                candidates = _with_background(candidates, tokens, hedges)
                if self._weigher is not None:
                    candidates = self._weigher.weigh(tokens, shape, candidates, nouns)
            reads.append(Read(tokens, shape, inside, candidates, nouns))
            all_hedges.append(hedges)
            all_checks.append(read_checks(tokens, cues, inside, lexicon))
        labels = find_labels(batch, [read.shape for read in reads], [read.nouns for read in reads], self._no_speakers)
        for k, label in labels.items():
            if not hands_on(reads[k].candidates, reads[k].shape):
                reads[k] = reads[k]._replace(candidates=[labelled(label)])
        attributions = resolve_document(reads, self._typing)
        links = link_checks(all_checks, batch, [sentence.kind for sentence in sentences], attributions, lexicon)
        n_sentences = len(sentences)
        return [
            Reading(
                sentence,
                read.tokens,
                read.shape,
                read.inside,
                all_cues[k],
                all_hedges[k],
                all_checks[k],
                links[k],
                attributions[k],
                Context(k, n_sentences),
                read.candidates,
                read.nouns,
                is_verbless(read.tokens.lows, read.shape, self._finite),
                serves_reader(read.tokens.lows, self._service),
            )
            for k, (sentence, read) in enumerate(zip(sentences, reads, strict=True))
        ]


def _joined(parts: Sequence[Reading], owners: Sequence[int], batch: Sequence[Tokens]) -> list[Reading]:
    """Make one reading of those of each sentence's stretches; ``owners`` tells the sentence of each stretch."""
    readings: list[Reading] = []
    at = 0
    while at < len(parts):
        n_stretches = parts[at].context.n_sentences  # of the document, whose stretches stand together
        base = owners[at]
        places = [owner - base for owner in owners[at : at + n_stretches]]
        last = places[-1]
        for own, group in groupby(zip(places, parts[at : at + n_stretches], strict=True), key=itemgetter(0)):
            stretches = [part for _, part in group]
            readings.append(_one(stretches, places, batch[base + own], Context(own, last + 1)))
        at += n_stretches
    return readings


def _one(parts: Sequence[Reading], places: Sequence[int], tokens: Tokens, context: Context) -> Reading:
    """Make one reading of a sentence's stretches; tokens are counted from the sentence's first one again."""
    own = context.place
    offsets = list(accumulate((len(part.tokens.lows) for part in parts[:-1]), initial=0))
    pairs = list(zip(parts, offsets, strict=True))
    checks = by_rank(
        [one._replace(first=one.first + by, last=one.last + by) for part, by in pairs for one in part.checks]
    )
    holding = by_rank([part.checks[0] for part in parts if part.checks])[:1]
    holds = next((k for k, part in enumerate(parts) if holding and part.checks[:1] == holding), -1)
    if holds < 0:
        holds = next((k for k, part in enumerate(parts) if part.check.status != "none"), 0)
    return Reading(
        parts[0].sentence,
        tokens,
        wc.Shape(
            [bits for part in parts for bits in part.shape.bits], [one for part in parts for one in part.shape.capital]
        ),
        [one for part in parts for one in part.inside],
        [one._replace(first=one.first + by, last=one.last + by) for part, by in pairs for one in part.cues],
        [hedge for part in parts for hedge in part.hedges],
        checks,
        join_links([part.check for part in parts], places, own, holds),
        join_attributions([part.attributions for part in parts], places, own),
        context,
        [
            one._replace(
                first=one.first + by if one.first >= 0 else one.first,
                last=one.last + by if one.first >= 0 else one.last,
                cue_first=one.cue_first + by,
                cue_last=one.cue_last + by,
            )
            for part, by in pairs
            for one in part.candidates
        ],
        [one._replace(first=one.first + by, last=one.last + by) for part, by in pairs for one in part.nouns],
        all(part.verbless for part in parts),
        any(part.serves for part in parts),
    )


def _with_background(candidates: Sequence[Candidate], tokens: Tokens, hedges: Sequence[Hedge]) -> list[Candidate]:
    """Put hearsay beside the main claim ("…, reportedly by the Taliban") in the background, where its hedge stands."""
    aside = {hedge.start for hedge in hedges if hedge.category == "hearsay" and not hedge.on_main}
    return [
        candidate._replace(position="background")
        if candidate.first < 0 and not aside.isdisjoint(tokens.starts[candidate.cue_first : candidate.cue_last + 1])
        else candidate
        for candidate in candidates
    ]


def _goes_on(batch: Sequence[Tokens], following: int) -> bool:
    """Tell whether an open quotation goes on into the following sentences, by finding the mark that closes it."""
    for tokens in batch[following : following + _LONGEST_QUOTATION]:
        closes = closes_first(tokens)
        if closes is not None:
            return closes or tokens.lows[0] == '"'
    return False


def _is_name(noun: Noun, tokens: Tokens, shape: wc.Shape) -> bool:
    """Tell whether a word for a document is somebody's name here: "Bill Roe", "Denis Law", not "the bill"."""
    first, after = noun.first, noun.last + 1
    capital = shape.capital
    if noun.source_type != "document" or noun.last != first or not tokens.words[first][0].isupper():
        return False
    if after < len(capital) and tokens.words[after][0].isupper():
        return True
    before = first - 1
    is_second = before >= 0 and capital[before] and not shape.bits[before] and (before == 0 or not capital[before - 1])
    return is_second and bool(shape.bits[first] & wc.SURNAME_NOUN)
