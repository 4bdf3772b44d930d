"""Folding of names and numbers: what word n-grams can, and cannot, learn."""

import pytest

from scorer.ngrams import NAME, NUMBER, folded_words
from scorer.reading import Reader
from scorer.records import Sentence

READER = Reader()


def folded(text):
    (reading,) = READER.read([Sentence(doc_id="d", index=0, start=0, end=len(text), text=text)])
    return " ".join(folded_words(reading))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("Rain fell in Oslo.", f"rain fell in {NAME} ."),
        ("the army of Norway", f"the army of {NAME}"),
        ("Ana Ruiz met 12 men", f"{NAME} {NAME} met {NUMBER} men"),
        ("The BBC said so", f"the {NAME} said so"),
        ("On 4.2 miles, 1,500 fell", f"on {NUMBER} miles , {NUMBER} fell"),
        ("14 people died", f"{NUMBER} people died"),
        ("2nd fire", f"{NUMBER} fire"),
        ("12A Baker Street", f"{NUMBER} {NAME} {NAME}"),
    ],
)
def test_names_and_numbers_are_folded(text, words):
    assert folded(text) == words


def test_two_people_and_places_give_the_same_words():
    assert folded("Ana Ruiz left Oslo on Monday.") == folded("Kwame Mensah left Accra on Monday.")


def test_there_is_a_word_for_each_token():
    text = "“No,” Ana’s aunt said — in 2 words."
    (reading,) = READER.read([Sentence(doc_id="d", index=0, start=0, end=len(text), text=text)])
    assert len(folded_words(reading)) == len(reading.tokens.lows)
