"""Text that nobody would print: whatever it is, every span and link of the record stays inside it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.labels import VERIFICATIONS
from scorer.reading import Reader, Reading
from scorer.records import Sentence

READER = Reader()
CLAIM = "Officials said the bridge may close, which the ministry denied and the BBC has verified."
HOSTILE = {
    "empty": "",
    "spaces": " \t\n\u00a0\u2028" * 50,
    "very long": f"{CLAIM[:-1]} and " * 500,
    "one endless word": "a" * 100_000,
    "unmatched opening quotes": f'“‘"«{CLAIM}' * 20,
    "unmatched closing quotes": f'{CLAIM}”’"»' * 20,
    "only quotes": "\"'“”‘’«»„`" * 300,
    "emoji": f"😀👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿 {CLAIM} 🇺🇦💥" * 10,
    "surrogates": f"\ud83d {CLAIM} \udc00\ud800",
    "right to left": f"\u202eقال المسؤولون {CLAIM} אמר\u202c\u200f",
    "commas": "," * 10_000,
    "claims between commas": "he said , " * 3_000,
    "nested brackets": f"{'([{' * 400}{CLAIM}{'}])' * 400}",
    "combining marks": "".join(f"{letter}\u0301\u0323\u20dd" for letter in CLAIM),
    "zero width": "\u200b".join(CLAIM),
    "nulls": CLAIM.replace(" ", "\x00"),
    "dashes": "—–-…" * 2_000,
    "digits": "1,000.5% " * 3_000,
    "checks without end": "could not be verified , denied it , declined to comment , " * 300,
    "hedges without end": "may perhaps possibly likely if " * 600,
    "capitals": CLAIM.upper() * 20,
}


def read(texts: list[str]) -> list[Reading]:
    return READER.read(
        [Sentence(doc_id="d", index=k, start=0, end=len(text), text=text) for k, text in enumerate(texts)]
    )


def hold(readings: list[Reading]) -> None:
    """Fail if anything in the record points outside its sentence or its document."""
    places = range(len(readings))
    for k, reading in enumerate(readings):
        text = reading.sentence.text
        spans = [(hedge.start, hedge.end) for hedge in reading.hedges]
        spans += [(check.start, check.end) for check in reading.checks]
        for found in reading.attributions:
            spans += [tuple(span) for span in (found.source, found.cue) if span is not None]
            assert found.antecedent is None or found.antecedent in places
        for start, end in spans:
            assert 0 <= start < end <= len(text)
            assert text[start:end] == text[start:end].strip()
        link = reading.check
        assert link.status in VERIFICATIONS
        assert link.index is None or link.index in places
        assert all(0 <= target < k for target in link.targets)
        for mention in link.mentions:
            assert k in readings[mention.place].check.targets
            assert mention.status in {check.status for check in readings[mention.place].checks}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_sentence_is_read(text: str) -> None:
    readings = read([text])
    hold(readings)
    assert [reading.sentence.text for reading in readings] == [text]


def test_hostile_sentences_are_read_as_one_document() -> None:
    texts = [part for text in HOSTILE.values() for part in (text, "This has not been verified.", "Moscow denied it.")]
    readings = read(texts)
    hold(readings)
    assert sum(bool(reading.check.targets) for reading in readings) > len(HOSTILE)


def test_text_of_many_checks_takes_time_in_proportion() -> None:
    def seconds(n: int) -> float:
        began = time.process_time()
        read(["Moscow denied it.", "This has not been verified.", CLAIM] * n)
        return time.process_time() - began

    seconds(50)
    short = min(seconds(200) for _ in range(3))
    assert min(seconds(1600) for _ in range(2)) < 8 * 3 * short


PARTS = [
    *CLAIM.split(),
    "“",
    "”",
    '"',
    "(",
    ")",
    "—",
    ",",
    ".",
    "😀",
    "\u202e",
    "\ud800",
    "not",
    "footage",
    "neither",
    "it",
]


@given(st.lists(st.lists(st.sampled_from(PARTS), max_size=30), max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_order_of_words_is_read(sentences: list[list[str]]) -> None:
    hold(read([" ".join(words) for words in sentences]))
