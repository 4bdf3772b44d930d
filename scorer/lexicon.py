"""Read, check and compile the cue lexicons: tab-separated files of words, with no rules in them.

Columns of a cue lexicon: ``id, category, pattern, strength, scope, source, matches, rejects, note``.
``docs/lexicons.md`` describes them and the pattern language for people who add a word.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from scorer.errors import LexiconError
from scorer.inflect import VerbForms, verb_forms, with_s
from scorer.labels import CHECK_CATEGORIES, CUE_CATEGORIES, HEDGE_CATEGORIES, SOURCE_TYPES
from scorer.tokens import tokenise

FOLDER: Final = Path(__file__).parent / "lexicons"
CUE_FILES: Final = {
    "hedge": "hedges.tsv",
    "approximator": "approximators.tsv",
    "report": "reports.tsv",
    "source": "sources.tsv",
    "check": "checks.tsv",
    "lookalike": "lookalikes.tsv",
}
"""Family of cue and the file that holds it."""

COLUMNS: Final = ("id", "category", "pattern", "strength", "scope", "source", "matches", "rejects", "note")
SCOPES: Final = frozenset({"forward", "backward", "sentence", "clause", "object", "pseudo"})
_CATEGORIES: Final = {"hedge": HEDGE_CATEGORIES, "report": CUE_CATEGORIES, "check": CHECK_CATEGORIES}
END: Final = "\x00end"
GAP: Final = "\x00gap"
NUMBER: Final = "#num"
CAPITAL: Final = "#cap"
Trie = dict[str, Any]
"""Token to next node; under `END` the terminals that end here, under `GAP` (longest gap, node) pairs."""


class Entry(NamedTuple):
    """One row of a cue lexicon.

    Attributes
    ----------
    id : str
        Stable name, such as ``"hm003"``; never reused.
    family, category : str
        The file's family and the row's category; a `Cue` carries them as ``"family.category"``.
    pattern : str
        Words in the pattern language of ``docs/lexicons.md``.
    strength : float
        In [0, 1]. Of a hedge: how much doubt it puts on its claim. Of a report cue: how far it commits the text to
        the claim (its factivity). Of a source noun: how accountable such a source is by itself.
    scope : str
        Where the claim stands that the cue speaks of: forward, backward, sentence, or clause where the cue reports
        with a clause or a quotation only ("agreed that", but "agreed a price"), or object where the source is the
        verb's object ("quoted two officials"); ``pseudo`` cancels other cues.
    source : str
        Key into ``lexicons/SOURCES.md``: where the word comes from.
    matches, rejects : tuple of str
        Example sentences in which the entry must, or must not, be found.
    note : str
        Free text.
    """

    id: str
    family: str
    category: str
    pattern: str
    strength: float
    scope: str
    source: str
    matches: tuple[str, ...]
    rejects: tuple[str, ...]
    note: str


class Terminal(NamedTuple):
    """The end of a compiled pattern: its entry and the words that must stand in this very case."""

    entry: int
    cased: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All cue lexicons and word classes, compiled for matching.

    Attributes
    ----------
    entries : tuple of Entry
        In file order.
    trie : dict
        The compiled patterns, shared by all families, so that one pass finds every cue.
    classes : mapping of str to frozenset of str
        Word classes by name (``words.tsv``), lower case.
    verbs : mapping of str to VerbForms
        Every verb that a pattern inflects, by each of its forms.
    fingerprint : str
        SHA-256 of the files' bytes; a model bundle keeps it.
    """

    entries: tuple[Entry, ...]
    trie: Trie
    classes: Mapping[str, frozenset[str]]
    verbs: Mapping[str, VerbForms]
    fingerprint: str


@cache
def load_lexicon(folder: Path = FOLDER) -> Lexicon:
    """Read and compile the lexicons of a folder.

    Parameters
    ----------
    folder : Path
        Holds the files of `CUE_FILES`, ``words.tsv`` and ``inflections.tsv``; the shipped ones by default.

    Returns
    -------
    Lexicon
        The same object for the same folder.

    Raises
    ------
    LexiconError
        If a file is missing or a row breaks the format; the message names file and line.
    """
    digest = hashlib.sha256()
    irregular: dict[str, tuple[str, ...]] = {}
    plurals: dict[str, str] = {}
    for cells, place in _rows(folder / "inflections.tsv", ("base", "kind", "third", "past", "participle", "gerund")):
        if cells[1] == "noun":
            plurals[cells[0]] = cells[2]
        elif cells[1] == "verb":
            irregular[cells[0]] = tuple(cells[2:6])
        else:
            raise LexiconError(f"{place}: column 'kind': {cells[1]!r} is neither 'verb' nor 'noun'")
    classes: dict[str, set[str]] = {}
    for cells, _ in _rows(folder / "words.tsv", ("word", "class", "note")):
        for name in cells[1].split():
            classes.setdefault(name, set()).add(cells[0])
    compiler = _Compiler(irregular, plurals)
    entries: list[Entry] = []
    seen: dict[str, str] = {}
    for family, name in CUE_FILES.items():
        for cells, place in _rows(folder / name, COLUMNS):
            entry = _entry(family, cells, place)
            if entry.id in seen:
                raise LexiconError(f"{place}: id {entry.id!r} stands at {seen[entry.id]} already; ids are never reused")
            seen[entry.id] = place
            compiler.add(entry, len(entries), place)
            entries.append(entry)
    for path in sorted(folder.glob("*.tsv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return Lexicon(
        tuple(entries),
        compiler.trie,
        {name: frozenset(words) for name, words in classes.items()},
        compiler.verbs,
        digest.hexdigest(),
    )


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[list[str], str]]:
    """Yield the cells of each row, and "file: line n" to name it in an error."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise LexiconError(f"{path}: cannot be read ({error.strerror}); every lexicon folder needs it") from error
    if not lines or tuple(lines[0].split("\t")) != tuple(columns):
        raise LexiconError(f"{path}: line 1: the columns must be: {', '.join(columns)}")
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) > len(columns):
            raise LexiconError(f"{path}: line {number}: {len(cells)} cells where there are {len(columns)} columns")
        yield cells + [""] * (len(columns) - len(cells)), f"{path}: line {number}"


def _entry(family: str, cells: Sequence[str], place: str) -> Entry:
    identity, category, pattern, strength, scope, source, matches, rejects, note = cells
    for column, cell in zip(COLUMNS[:6], cells, strict=False):
        if not cell:
            raise LexiconError(f"{place}: column {column!r} is empty")
    try:
        value = float(strength)
    except ValueError:
        raise LexiconError(f"{place}: column 'strength': {strength!r} is not a number in [0, 1]") from None
    if not 0.0 <= value <= 1.0:
        raise LexiconError(f"{place}: column 'strength': {strength} is not in [0, 1]")
    legal = _CATEGORIES.get(family)
    if legal is not None and category not in legal:
        raise LexiconError(f"{place}: column 'category': {category!r} is none of {', '.join(legal)}")
    if family == "source" and not (category.split(".", 1)[0] in SOURCE_TYPES[1:] and "." in category):
        raise LexiconError(f"{place}: column 'category': {category!r} is not a source type, a dot and a kind of noun")
    if scope not in SCOPES:
        raise LexiconError(f"{place}: column 'scope': {scope!r} is none of {', '.join(sorted(SCOPES))}")
    examples = [tuple(part.strip() for part in cell.split("||") if part.strip()) for cell in (matches, rejects)]
    return Entry(identity, family, category, pattern, value, scope, source, examples[0], examples[1], note)


class _Compiler:
    """Expands patterns into token sequences and puts them into one trie."""

    def __init__(self, irregular: Mapping[str, tuple[str, ...]], plurals: Mapping[str, str]) -> None:
        self.trie: Trie = {}
        self.verbs: dict[str, VerbForms] = {}
        self._irregular = irregular
        self._plurals = plurals

    def add(self, entry: Entry, index: int, place: str) -> None:
        alternatives = [self._element(element, place) for element in entry.pattern.split()]
        n_sequences = 1
        for options in alternatives:
            n_sequences *= len(options)
        if n_sequences > 5000:
            raise LexiconError(f"{place}: pattern {entry.pattern!r} stands for {n_sequences} word sequences; split it")
        for sequence in itertools.product(*alternatives):
            self._insert(tuple(itertools.chain.from_iterable(sequence)), index, entry.pattern, place)

    def _insert(self, tokens: tuple[str, ...], index: int, pattern: str, place: str) -> None:
        if not tokens or tokens[0] in (NUMBER, CAPITAL) or tokens[0].startswith(GAP) or tokens[-1].startswith(GAP):
            raise LexiconError(f"{place}: pattern {pattern!r} must begin and end with a word")
        node = self.trie
        cased: list[tuple[int, str]] = []
        has_gap = False
        for position, token in enumerate(tokens):
            if token.startswith(GAP):
                if tokens[position + 1] in (NUMBER, CAPITAL):
                    raise LexiconError(f"{place}: pattern {pattern!r}: after a gap must stand a word")
                has_gap = True
                longest = int(token[len(GAP) :])
                gaps: list[tuple[int, Trie]] = node.setdefault(GAP, [])
                for known, child in gaps:
                    if known == longest:
                        node = child
                        break
                else:
                    gaps.append((longest, {}))
                    node = gaps[-1][1]
                continue
            if token not in (NUMBER, CAPITAL) and token != token.lower():
                cased.append((position, token))
                token = token.lower()
            node = node.setdefault(token, {})
        if cased and has_gap:
            raise LexiconError(f"{place}: pattern {pattern!r} has both a gap and a capital; use one of them")
        terminal = Terminal(index, tuple(cased))
        terminals = node.setdefault(END, [])
        if terminal not in terminals:
            terminals.append(terminal)

    def _element(self, element: str, place: str) -> list[tuple[str, ...]]:
        """Give the token sequences that one element of a pattern stands for."""
        if element.startswith("<") and element.endswith(">"):
            if not element[1:-1].isdigit():
                raise LexiconError(f"{place}: gap {element!r} must hold the longest number of words, as in <3>")
            return [(GAP + element[1:-1],)]
        if element in (NUMBER, CAPITAL):
            return [(element,)]
        optional = element.endswith("?") and len(element) > 1
        options: list[tuple[str, ...]] = [()] if optional else []
        for part in element.removesuffix("?").split("|"):
            word, _, mark = part.partition("~")
            try:
                forms = self._forms(word, mark)
            except KeyError:
                raise LexiconError(f"{place}: {part!r}: after ~ stands one of v f g p t n") from None
            for form in forms:
                # A clitic is a token only after a word, so that it must be kept whole here.
                words = [form] if form.startswith("'") else tokenise(form).words
                if words and tuple(words) not in options:
                    options.append(tuple(words))
        return options

    def _forms(self, word: str, mark: str) -> tuple[str, ...]:
        if not mark:
            return (word,)
        if mark == "n":
            return (word, self._plurals.get(word, with_s(word)))
        forms = verb_forms(word, self._irregular)
        for form in (forms.base, forms.third, *forms.past, *forms.participle, forms.gerund):
            self.verbs.setdefault(form, forms)
        finite = (forms.base, forms.third, *forms.past)
        return {
            "v": (*finite, *forms.participle, forms.gerund),
            "f": finite,
            "g": (forms.gerund,),
            "p": forms.participle,
            "t": (forms.third, *forms.past),
        }[mark]
