"""Who is cited, as plain values: the attributions of a sentence, and the sources of a document.

The output, the Python API and the terminal all take them from here, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from scorer.labels import IDENTIFICATIONS
from scorer.reading import Reading
from scorer.records import Attribution, Span

_ACCOUNTABILITY: Final = {name: rank for rank, name in enumerate(IDENTIFICATIONS[1:])}
_LAST: Final = len(IDENTIFICATIONS)


class Source(NamedTuple):
    """One source of a document, over all of its mentions.

    Attributes
    ----------
    id : int
        As in `Attribution.source_id` and in the column ``source_id``: from 1, in order of first mention.
    name : str
        The fullest words that the document has for it.
    source_type : str
        One of `scorer.labels.SOURCE_TYPES`.
    identification : str
        One of `scorer.labels.IDENTIFICATIONS`. Of several mentions the one that identifies the source best counts,
        here and for `source_type`.
    sentences : tuple of int
        Indices of the sentences that attribute something to it, in order, each once.
    """

    id: int
    name: str
    source_type: str
    identification: str
    sentences: tuple[int, ...]


def list_sources(readings: Sequence[Reading]) -> list[Source]:
    """List the sources of one document.

    Parameters
    ----------
    readings : sequence of Reading
        Its sentences, in order.

    Returns
    -------
    list of Source
        Each source that something is attributed to, in the order of their ids. Nobody stands there for "reportedly".
    """
    mentions: dict[int, list[tuple[int, Attribution]]] = {}
    for reading in readings:
        for attribution in reading.attributions:
            if attribution.source_id is not None:
                mentions.setdefault(attribution.source_id, []).append((reading.sentence.index, attribution))
    sources = []
    for source_id, found in sorted(mentions.items()):
        best = min((attribution for _, attribution in found), key=_rank)
        name = max((attribution.source_name for _, attribution in found), key=len)
        sentences = tuple(dict.fromkeys(index for index, _ in found))
        sources.append(Source(source_id, name, best.source_type, best.identification, sentences))
    return sources


def _rank(attribution: Attribution) -> int:
    """Order by how well a source is identified, the best first."""
    return _ACCOUNTABILITY.get(attribution.identification, _LAST)


def attribution_items(reading: Reading) -> list[dict[str, Any]]:
    """Give every attribution of a sentence as a value of JSON.

    Parameters
    ----------
    reading : Reading
        The sentence.

    Returns
    -------
    list of dict
        The primary one first; empty where the outlet itself speaks. Offsets are half-open, in characters of the
        sentence's text, and None where there are no words; such words are an empty str.
    """
    text = reading.sentence.text
    # A document of very many rows is read in parts; an antecedent counts from the first sentence of its part.
    begin = reading.sentence.index - reading.context.place
    return [
        {
            **_words(text, "source", found.source),
            **_words(text, "cue", found.cue),
            "source_type": found.source_type,
            "identification": found.identification,
            "category": found.category,
            "position": found.position,
            "antecedent": None if found.antecedent is None else begin + found.antecedent,
            "source_id": found.source_id,
            "source_name": found.source_name,
            "chain": found.chain,
        }
        for found in reading.attributions
    ]


def _words(text: str, name: str, span: Span | None) -> dict[str, Any]:
    if span is None:
        return {name: "", f"{name}_start": None, f"{name}_end": None}
    return {name: text[span.start : span.end], f"{name}_start": span.start, f"{name}_end": span.end}
