"""Holds the lexicons to their own examples, and tells how much of labelled text they find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from scorer.cues import find_cues
from scorer.labelled import LabelledSentence
from scorer.lexicon import CUE_FILES, Entry, Lexicon
from scorer.reading import Reader, Reading
from scorer.records import Sentence, Span
from scorer.segment import sentence_kind
from scorer.tokens import tokenise


class CategoryCounts(NamedTuple):
    """One category of a lexicon: its entries, those with examples, and those found in the labelled text."""

    family: str
    category: str
    n_entries: int
    n_with_examples: int
    n_found: int


class Coverage(NamedTuple):
    """How many words of labelled spans the rules mark, and how many of theirs are labelled."""

    field: str
    n_labelled: int
    n_marked: int
    n_common: int


def check_examples(lexicon: Lexicon, folder: Path) -> list[str]:
    """Look for each entry in the example sentences of its row.

    Parameters
    ----------
    lexicon : Lexicon
        The compiled lexicons.
    folder : Path
        Their files, to name lines.

    Returns
    -------
    list of str
        One message for each sentence in which an entry is not found and must be, or is found and must not be; each
        begins with file and line. An entry counts as found if the rules keep it: a hedge or check that they take for
        something else is not found.
    """
    reader = Reader(lexicon)
    # Look-alikes only remove other cues: to see them, each entry gets a family of its own.
    alone = replace(lexicon, entries=tuple(entry._replace(family=entry.id) for entry in lexicon.entries))
    lines: dict[str, str] = {}
    faults = []
    for entry in lexicon.entries:
        for wanted, examples in ((True, entry.matches), (False, entry.rejects)):
            for example in examples:
                if _is_found(entry, example, reader, alone) == wanted:
                    continue
                if not lines:
                    lines.update(_places(folder))
                told = "not found in its example" if wanted else "found where it must not be"
                faults.append(f"{lines[entry.id]}: {entry.id} ({entry.pattern}) is {told}: {example}")
    return faults


def _is_found(entry: Entry, text: str, reader: Reader, alone: Lexicon) -> bool:
    if entry.family == "lookalike":
        return any(cue.entry_id == entry.id for cue in find_cues([tokenise(text)], alone)[0])
    (reading,) = reader.read([_sentence(text)])
    cues = [cue for cue in reading.cues if cue.entry_id == entry.id]
    kept: Sequence[tuple[int, int]]
    if entry.family == "hedge":
        kept = [(hedge.start, hedge.end) for hedge in reading.hedges]
    elif entry.family == "check":
        kept = [(check.start, check.end) for check in reading.checks]
    else:
        return bool(cues)
    return any(start < cue.end and cue.start < end for cue in cues for start, end in kept)


def _sentence(text: str) -> Sentence:
    return Sentence(doc_id="", index=0, start=0, end=len(text), text=text, kind=sentence_kind(text))


def _places(folder: Path) -> Iterator[tuple[str, str]]:
    for name in CUE_FILES.values():
        for number, line in enumerate((folder / name).read_text(encoding="utf-8").splitlines(), 1):
            yield line.split("\t", 1)[0], f"{folder / name}: line {number}"


def read_rows(lexicon: Lexicon, rows: Sequence[LabelledSentence]) -> list[Reading]:
    """Read labelled sentences with a lexicon, document by document."""
    return Reader(lexicon).read(
        [
            Sentence(
                doc_id=row.doc, index=row.order, start=0, end=len(row.text), text=row.text, kind=sentence_kind(row.text)
            )
            for row in rows
        ]
    )


def count_categories(lexicon: Lexicon, readings: Sequence[Reading]) -> list[CategoryCounts]:
    """Count entries by family and category, in the order of the files.

    Parameters
    ----------
    lexicon : Lexicon
        The compiled lexicons.
    readings : sequence of Reading
        Of labelled text; may be empty.

    Returns
    -------
    list of CategoryCounts
        One for each category.
    """
    seen = {cue.entry_id for reading in readings for cue in reading.cues}
    n_entries, n_examples, n_found = Counter[tuple[str, str]](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for entry in lexicon.entries:
        key = entry.family, entry.category
        n_entries[key] += 1
        n_examples[key] += bool(entry.matches or entry.rejects)
        n_found[key] += entry.id in seen
    return [CategoryCounts(*key, n, n_examples[key], n_found[key]) for key, n in n_entries.items()]


def measure_coverage(rows: Sequence[LabelledSentence], readings: Sequence[Reading]) -> list[Coverage]:
    """Compare the words that the rules mark with those that an annotator marked.

    Parameters
    ----------
    rows : sequence of LabelledSentence, shape (n_sentences,)
        Labelled text.
    readings : sequence of Reading, shape (n_sentences,)
        The same sentences, read.

    Returns
    -------
    list of Coverage
        For hedges, sources and cues, in words.
    """
    totals = {"hedges": Counter[str](), "source": Counter[str](), "cue": Counter[str]()}
    for row, reading in zip(rows, readings, strict=True):
        first = reading.attributions[0] if reading.attributions else None
        pairs: dict[str, tuple[Sequence[Span | None], Sequence[Span | None]]] = {
            "hedges": (row.hedges, [Span(h.start, h.end) for h in reading.hedges if h.underlined]),
            "source": ([row.source], [first.source if first else None]),
            "cue": ([row.cue], [first.cue if first else None]),
        }
        for field, (gold, guess) in pairs.items():
            labelled, marked = _covered(reading, gold), _covered(reading, guess)
            totals[field].update(labelled=len(labelled), marked=len(marked), common=len(labelled & marked))
    return [Coverage(name, count["labelled"], count["marked"], count["common"]) for name, count in totals.items()]


def _covered(reading: Reading, spans: Sequence[Span | None]) -> set[int]:
    """Give the tokens that lie in spans."""
    tokens = enumerate(zip(reading.tokens.starts, reading.tokens.ends, strict=True))
    return {k for k, (start, end) in tokens for span in spans if span and span.start < end and start < span.end}
