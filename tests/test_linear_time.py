"""No text makes reading or scoring take more than time in proportion to its length."""

import importlib
import pkgutil
import re
import time

import pytest

import scorer
from scorer.collector import uncollected
from scorer.scoring import score_text
from scorer.segment import split_document
from scorer.tables.output import open_writer
from scorer.text import normalise
from scorer.tokens import tokenise

MILLION = 1_000_000
LETTERS = "abcdefghij"


def name(k):
    return "".join(LETTERS[int(digit)] for digit in str(k))


REPEATED = {
    "straight quotes": '"',
    "single quotes": "'",
    "opening quotes": "“",
    "closing quotes": "”",
    "angled quotes": "«»",
    "backticks": "`",
    "quotes apart": '" ',
    "nested quotes": "“he said 'no, \"she said,\" it' ",
    "round brackets": "(",
    "square brackets": "[]",
    "angle brackets": "<>",
    "note marks": ".[x]",
    "said": "said ",
    "that": "that ",
    "that said that": "that said that ",
    "titles": "Mr. ",
    "initials": "A. ",
    "dots": ".",
    "dots apart": ". ",
    "stops and quotes": '"." ',
    "questions": "?! ",
    "commas": "a, ",
    "line ends": "\n",
    "CRLF": "\r\n",
    "spaces": " ",
    "tabs": "\t",
    "digits": "7",
    "numbers": "1,",
    "dates": "Friday, July 21, 2017 ",
    "addresses": "http://a.b/c?d=e&f ",
    "mail": "a@b.cc ",
    "capital words": "Brown ",
    "capital sources": "OFFICIALS ",
    "according to": "according to ",
    "according to somebody": "according to Brown ",
    "he said": "he said, ",
    "officials said": "officials said ",
    "said a minister": "said Brown, the minister, ",
    "may": "may ",
    "if": "if ",
    "allegedly": "allegedly ",
    "denied": "denied it ",
    "not verified": "could not be verified ",
    "combining marks": "\u0301",
    "combined letters": "e\u0301",
    "surrogates": "\ud83d",
    "direction marks": "\u202e a ",
    "emoji chains": "👩\u200d",
    "hyphens": "-",
    "hyphenated": "a-",
    "dashes": " — ",
    "not": "n't ",
    "one word": "a",
    "one capital word": "A",
    "dotted word": "a.",
    "possessives": "Brown's ",
    "place lines": "PARIS (AP) — ",
    "labels": "Brown: ",
    "nulls": "\0",
    "no case": "漢。",
}
SENTENCES = {
    "quoted sentences": lambda k: "“It may,” Brown said. ",
    "names": lambda k: f"Xa{name(k)} Yo{name(k)} said it may rain. ",
    "names in one sentence": lambda k: f"Xa{name(k)} Yo{name(k)} said, ",
    "ministers": lambda k: f"Health Minister Xa{name(k)} Yo{name(k)} said it may rain. He denied it. ",
    "groups": lambda k: f"{name(k)} officials said it. ",
    "checks of a headline": lambda k: "Moscow denied that claim of Torvik rain. " if k else "Rain floods Torvik\n\n",
    "denials": lambda k: "He denied it. ",
    "lines": lambda k: "x\n",
    "items": lambda k: "- a\n",
    "soft line ends": lambda k: "the rain fell on and on until they said so and\n",
}


def of_size(part, size):
    if isinstance(part, str):
        return (part * (size // len(part) + 1))[:size]
    pieces, length, k = [], 0, 0
    while length < size:
        pieces.append(part(k))
        length, k = length + len(pieces[-1]), k + 1
    return "".join(pieces)[:size]


def seconds(work, text):
    with uncollected():  # the collector's rounds are many in a large process, and none of ours
        began = time.process_time()
        work(text)
        return time.process_time() - began


PER_DOUBLING = 2.6
"""What twice the text may cost; 2 is exact, 4 a quadratic."""


SOON = 0.3
"""Seconds that say nothing, on a busy machine; a quadratic takes longer at these sizes."""


def scales(work, part, *, size, most):
    """Assert that four times the text takes about four times the time, the best of up to six; and not too long."""
    short, long = of_size(part, size), of_size(part, 4 * size)
    seen = []
    for _ in range(6):
        # Measured one after the other, so that a slow moment of the machine meets both; noise only ever adds.
        seen.append((seconds(work, short), seconds(work, long)))
        one, four = (min(column) for column in zip(*seen, strict=True))
        if four < SOON or (four <= PER_DOUBLING**2 * one and four < most):
            return
    pytest.fail(f"{size:,} characters take {one:.3f} s, {4 * size:,} take {four:.3f} s (at most {most} s)")


def split(text):
    normalise(text)
    tokenise(text)
    split_document(text)


@pytest.mark.parametrize("part", REPEATED.values(), ids=REPEATED)
def test_hostile_text_is_split_in_linear_time(part):
    scales(split, part, size=20_000, most=6.0)


@pytest.mark.parametrize("part", [*REPEATED.values(), *SENTENCES.values()], ids=[*REPEATED, *SENTENCES])
def test_hostile_text_is_scored_in_linear_time(model, part):
    scales(lambda text: score_text(model, text), part, size=8_000, most=8.0)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["said", "he said", "straight quotes", "square brackets", "one word", "spaces", "may"])
def test_a_million_characters_are_scored(model, name):
    text = of_size(REPEATED[name], MILLION)
    assert seconds(lambda text: score_text(model, text), text) < 90


def test_sentence_of_a_million_characters_goes_through_a_table(model, tmp_path):
    text = of_size("officials said it may rain, ", MILLION)
    path = tmp_path / "in.csv"
    with open_writer(str(path), format="csv", columns=["text"]) as writer:
        writer.write_rows([[text], ["It rained."]])
    out = tmp_path / "out.jsonl"
    began = time.process_time()
    scorer.scoring.score_files(model, [str(path)], str(out), unit="sentence", format="jsonl", errors=None)
    assert time.process_time() - began < 90
    assert out.read_text(encoding="utf-8").count("\n") == 2


def patterns():
    """Every compiled pattern that a module of ours holds, by module and name."""
    found = {}
    for module in pkgutil.walk_packages(scorer.__path__, "scorer."):
        if not module.name.endswith("__main__"):
            try:
                held = vars(importlib.import_module(module.name))
            except ModuleNotFoundError:  # an optional package is not installed
                continue
            found |= {f"{module.name}.{key}": value for key, value in held.items() if isinstance(value, re.Pattern)}
    return found


PATTERNS = patterns()


def test_patterns_are_found():
    assert len(PATTERNS) > 20
    assert {"scorer.tokens._TOKEN", "scorer.segment._CANDIDATE", "scorer.layout.WIRE"} <= set(PATTERNS)


# What the patterns of line kinds meet is cut before: a heading has up to 160 characters, a date line 120, a label 90.
BOUNDED = {
    f"scorer.layout.{key}": 160
    for key in ("_STAMP_LINE", "_PLACE_AND_DATE", "_FURNITURE", "_ROLE", "_STREET", "_BYLINE", "_BULLET", "_WHEN_MARK")
} | {
    "scorer.layout.WIRE": 120,
    "scorer.segment.WIRE": 120,
    "scorer.reasons._PART": 2000,
    "scorer.reasons._SUM": 2000,
    "scorer.segment._CREDIT_INSIDE": 90,
    "scorer.segment._SAYS": 80,
    "scorer.segment._INITIALS": 12,
}


MATCHED = {"scorer.tables.encode._FORMULA"}
"""Patterns that are held against the start of a cell alone."""


def walk(key, text):
    pattern = PATTERNS[key]
    if key not in MATCHED:
        for _ in pattern.finditer(text):
            pass
    pattern.match(text)
    pattern.fullmatch(text)


@pytest.mark.parametrize("key", [key for key in PATTERNS if isinstance(PATTERNS[key].pattern, str)])
def test_pattern_takes_linear_time(key):
    for part in REPEATED.values():
        if key in BOUNDED:
            assert seconds(lambda text: walk(key, text), of_size(part, BOUNDED[key])) < 0.2, part
        else:
            scales(lambda text: walk(key, text), part, size=5_000, most=2.0)
