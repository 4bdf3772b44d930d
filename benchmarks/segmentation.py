"""Compare sentence splitters on gold boundaries: F1 of ends and of spans, and speed as a ratio to ours in the same run.

    python benchmarks/segmentation.py BOUNDARIES.jsonl

BOUNDARIES.jsonl holds one document per line: ``doc``, ``text`` and ``sentences``, a list of [start, end]. The other
splitters (blingfire, nupunkt, sentence-splitter, syntok) are no dependencies of the project; one that is not installed
is left out of the table. "by line" gives a splitter one line at a time, since most of them do not end a sentence at a
heading; "in ours" puts it in the place of our sentence rules, below the same layout rules, so that rules and splitter
can be told apart.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import scorer.segment

Span = tuple[int, int]
Splitter = Callable[[str], list[Span]]
REPEATS = 5
NAMES = ("blingfire", "nupunkt", "sentence-splitter", "syntok")


class Row(NamedTuple):
    """What one splitter reached."""

    name: str
    precision: float
    recall: float
    ends: float
    spans: float
    speed: float


def ours(text: str) -> list[Span]:
    return [(sentence.start, sentence.end) for sentence in scorer.segment.split_document(text)]


def library(name: str) -> Splitter:
    """Return a library's splitter as a function from text to spans, or raise ImportError."""
    if name == "blingfire":
        blingfire = importlib.import_module("blingfire")
        return lambda text: list(blingfire.text_to_sentences_and_offsets(text)[1])
    if name == "nupunkt":
        nupunkt = importlib.import_module("nupunkt")
        return lambda text: list(nupunkt.sent_spans(text))
    if name == "sentence-splitter":
        splitter = importlib.import_module("sentence_splitter").SentenceSplitter("en")
        return lambda text: list(located(splitter.split(text), text))
    segmenter = importlib.import_module("syntok.segmenter")
    return lambda text: [
        (sentence[0].offset, sentence[-1].offset + len(sentence[-1].value))
        for paragraph in segmenter.analyze(text)
        for sentence in paragraph
    ]


def located(parts: list[str], text: str) -> Iterator[Span]:
    """Yield where parts stand in a text, for a library that gives no offsets."""
    position = 0
    for part in parts:
        start = text.find(part, position) if part else -1
        if start >= 0:
            position = start + len(part)
            yield start, position


def by_line(split: Splitter) -> Splitter:
    def split_lines(text: str) -> list[Span]:
        spans: list[Span] = []
        offset = 0
        for line in text.split("\n"):
            spans += [(offset + start, offset + end) for start, end in split(line)] if line.strip() else []
            offset += len(line) + 1
        return spans

    return split_lines


def in_ours(split: Splitter) -> Splitter:
    """Return our splitter with another one in the place of its sentence rules."""

    def sentence_ends(line: str) -> Iterator[Span]:
        spans = trimmed(line, split(line))
        for this, following in pairwise(spans):
            yield this[1], following[0]

    def split_document(text: str) -> list[Span]:
        kept = scorer.segment._sentence_ends
        scorer.segment._sentence_ends = sentence_ends
        try:
            return ours(text)
        finally:
            scorer.segment._sentence_ends = kept

    return split_document


def trimmed(text: str, spans: list[Span]) -> list[Span]:
    """Return the spans without white space at their ends, as the gold ones are."""
    bounds = []
    for start, end in spans:
        part = text[start:end]
        bounds.append((start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())))
    return [(start, end) for start, end in bounds if start < end]


def measure(name: str, split: Splitter, documents: list[dict]) -> Row:
    hits = hits_of_spans = found = gold = 0
    for document in documents:
        spans = set(trimmed(document["text"], split(document["text"])))
        wanted = {(start, end) for start, end in document["sentences"]}
        hits += len({end for _, end in spans} & {end for _, end in wanted})
        hits_of_spans += len(spans & wanted)
        found += len(spans)
        gold += len(wanted)
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        for document in documents:
            split(document["text"])
        seconds.append(time.perf_counter() - start)
    total = found + gold
    return Row(name, hits / found, hits / gold, 2 * hits / total, 2 * hits_of_spans / total, found / min(seconds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("boundaries", type=Path, help="documents with gold sentences, one JSON object per line")
    with parser.parse_args().boundaries.open(encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]

    rows = [measure("ours", ours, documents)]
    for name in NAMES:
        try:
            split = library(name)
        except ImportError:
            print(f"{name} is not installed: left out", file=sys.stderr)
            continue
        rows.append(measure(name, split, documents))
        rows.append(measure(f"{name}, by line", by_line(split), documents))
        rows.append(measure(f"{name}, in ours", in_ours(split), documents))

    print(f"{len(documents)} documents, {sum(len(document['sentences']) for document in documents)} gold sentences\n")
    print("| splitter | precision | recall | F1 of ends | F1 of spans | speed against ours | sentences per second |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for row in sorted(rows, key=lambda row: -row.ends):
        scores = " | ".join(f"{score:.4f}" for score in row[1:5])
        print(f"| {row.name} | {scores} | {row.speed / rows[0].speed:.2f} | {round(row.speed, -3):,.0f} |")


if __name__ == "__main__":
    main()
