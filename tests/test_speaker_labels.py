"""Speakers' labels in transcripts, and the headings before a colon that are none."""

import pytest

from scorer.reading import Reader
from scorer.records import Sentence

READER = Reader()
INTERVIEW = [
    "HOST: With me is Ivo Marr, who kept the dam for ten years.",
    "HOST: When did you hear of it?",
    "MARR: We had no warning at all.",
    "MARR: The gates were shut at nine.",
]
CALL = [
    "Ann Roe, Chief Executive: Good morning, and welcome to all.",
    "Piet Loos, Ballast Research: How much of it was snow?",
    "Ann Roe: Two points of it.",
]


def sources(texts: list[str]) -> list[str]:
    sentences = [Sentence(doc_id="d", index=k, start=0, end=len(text), text=text) for k, text in enumerate(texts)]
    out = []
    for text, reading in zip(texts, READER.read(sentences), strict=True):
        first = reading.attributions[0] if reading.attributions else None
        out.append(text[slice(*first.source)] if first is not None and first.source is not None else "")
    return out


def test_surname_in_capitals_speaks_and_host_does_not() -> None:
    assert sources(INTERVIEW) == ["", "", "MARR", "MARR"]


def test_full_names_that_take_turns_speak_with_their_roles() -> None:
    assert sources(CALL) == ["Ann Roe, Chief Executive", "Piet Loos, Ballast Research", "Ann Roe"]


def test_label_has_no_cue_and_is_named() -> None:
    sentences = [Sentence(doc_id="d", index=k, start=0, end=len(t), text=t) for k, t in enumerate(INTERVIEW)]
    first = READER.read(sentences)[3].attributions[0]
    assert (first.cue, first.identification, first.category) == (None, "named", "")


def test_speaker_hands_a_claim_on() -> None:
    assert sources([*INTERVIEW, "MARR: The police say the gates were shut."])[-1] == "The police"
    assert sources([*INTERVIEW, "MARR: I say the gates were shut."])[-1] == "MARR"


@pytest.mark.parametrize(
    "texts",
    [
        ["LIVE: The dam has burst.", "Two villages are under water.", "UPDATE: A third is cut off."],
        ["GOAL: The hosts lead.", "GOAL: The guests level.", "SUMMARY: A draw."],
        ["Photo: Ann Roe.", "Photo: Ann Roe.", "Photo: Ann Roe."],
        ["Lamb Cup: Halden won by a length.", "The river was high."],
        ["Dark Waters: How a port went dry.", "Night Train: Who was on it."],
    ],
)
def test_headings_are_no_speakers(texts: list[str]) -> None:
    assert sources(texts) == [""] * len(texts)
