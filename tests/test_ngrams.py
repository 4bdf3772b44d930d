"""Folding of names and numbers: what word n-grams can, and cannot, learn."""

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.gram_index import GramIndex
from scorer.ngrams import NAME, NUMBER, WordNgrams, folded_words
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


def columns_of(index, reading):
    rows, columns = index.find([reading])
    assert not rows.any()
    return columns.tolist()


PIECES = st.sampled_from(
    [
        "The",
        "said",
        "Ana",
        "Ruiz",
        "12",
        "men",
        "“",
        "”",
        '"',
        ",",
        ".",
        "’s",
        "according to",
        "the",
        "mayor",
        "?",
        "BBC",
    ]
)
TEXTS = st.lists(st.lists(PIECES, max_size=12).map(" ".join), min_size=1, max_size=6)


def read(texts):
    return READER.read([Sentence(doc_id="d", index=k, start=0, end=len(t), text=t) for k, t in enumerate(texts)])


@pytest.mark.parametrize("n_max", [1, 2])
@given(known=TEXTS, texts=TEXTS)
@settings(max_examples=60, deadline=None)
def test_arrays_find_the_grams_that_the_words_spell(n_max, known, texts):
    ngrams = WordNgrams(n_max=n_max, min_documents=1).fit(read(known))
    readings = read(texts)
    spelt = [sorted({ngrams.vocabulary_[g] for g in ngrams._grams(r) if g in ngrams.vocabulary_}) for r in readings]
    rows, columns = GramIndex(ngrams.vocabulary_).find(readings)
    assert [columns[rows == k].tolist() for k in range(len(readings))] == spelt


def test_what_looks_like_another_kind_of_gram_is_not_taken_for_it():
    texts = ["q: word", "“word”", "cue: said", "He said so.", "<name> Ana", "<s> <number> 1"]
    for text in texts:
        (reading,) = read([text])
        ngrams = WordNgrams(min_documents=1).fit([reading])
        assert len(columns_of(GramIndex(ngrams.vocabulary_), reading)) == len(ngrams.vocabulary_)


def test_nothing_known_and_nothing_read():
    assert [a.tolist() for a in GramIndex({}).find(read(["The mayor said so."]))] == [[], []]
    assert [a.tolist() for a in GramIndex({"said": 0}).find([])] == [[], []]


def test_pickle_holds_no_more_than_what_was_learnt():
    fitted = WordNgrams(min_documents=1).fit(READINGS := read(["The mayor said so.", "Rain fell."]))
    before = fitted.transform(READINGS)
    assert fitted._index is not None
    again = pickle.loads(pickle.dumps(fitted))
    assert "_index" not in vars(again)
    assert (again.transform(READINGS) != before).nnz == 0
