import hashlib
import json

import pytest

from scorer.assess import LISTED_COLUMNS, OUTPUT_COLUMNS
from scorer.errors import InputError
from scorer.scored_table import NEEDED, read_scored
from scorer.scoring_files import score_files
from scorer.sentence_keys import sentence_key, sentence_keys

ARTICLES = (
    "doc_id,section,text\n"
    'a,World,"Police said two men were held. “Nobody was hurt,” a witness said, “thank God.” It rained."\n'
    "b,Home,The mayor denied it. Nobody knows why.\n"
)


@pytest.fixture(scope="module")
def scored(model, tmp_path_factory):
    """Give the same articles scored to CSV and to JSON Lines."""
    folder = tmp_path_factory.mktemp("scored")
    (folder / "articles.csv").write_text(ARTICLES, encoding="utf-8")
    for form in ("csv", "jsonl"):
        score_files(model, [str(folder / "articles.csv")], str(folder / f"scored.{form}"), format=form)
    return folder


def table(folder, name, documents, **columns):
    """Write a scored table by hand: (document, number of the sentence, text) for each row."""
    rows = [
        dict.fromkeys(NEEDED, 0) | {"sentence": n, "end": len(text), "text": text, "strength": "weak"} | columns
        for _, n, text in documents
    ]
    rows = [row if doc is None else {"doc_id": doc} | row for (doc, _, _), row in zip(documents, rows, strict=True)]
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder / name


def test_a_key_is_the_hash_of_document_place_and_words():
    whole = "art-1\x1f3\x1f22\x1f“Nobody,” she said."
    assert sentence_key("art-1", 3, 22, "“Nobody,” she said.") == hashlib.sha256(whole.encode()).hexdigest()[:16]


@pytest.mark.parametrize("other", [("b", 0, 2, "Hm"), ("a", 1, 2, "Hm"), ("a", 0, 3, "Hm"), ("a", 0, 2, "Hm.")])
def test_another_sentence_has_another_key(other):
    assert sentence_key(*other) != sentence_key("a", 0, 2, "Hm")


def test_the_same_words_twice_in_a_document_have_two_keys():
    first, second, third = sentence_keys([("a", 0, 2, "Hm"), ("a", 0, 2, "Hm"), ("b", 0, 2, "Hm")])
    assert first == sentence_key("a", 0, 2, "Hm")
    assert len({first, second, third}) == 3


def test_csv_and_json_lines_give_the_same_documents_and_keys(scored):
    one, other = read_scored(scored / "scored.csv"), read_scored(scored / "scored.jsonl")
    assert [row.key for row in one.rows] == [row.key for row in other.rows]
    assert {doc: len(rows) for doc, rows in one.documents().items()} == {"a": 3, "b": 2}
    assert set(one.columns) == {"doc_id", "section", *OUTPUT_COLUMNS}
    assert set(other.columns) == {"doc_id", "section", *LISTED_COLUMNS}
    assert one.sha256 == hashlib.sha256((scored / "scored.csv").read_bytes()).hexdigest()
    for row, same in zip(one.rows, other.rows, strict=True):
        assert row.value("score") == same.value("score")
        assert row.flag("needs_review") is same.flag("needs_review")
        assert row.text("text") == same.text("text") == row.cells["text"]
        assert row.end - row.start == len(row.cells["text"])


def test_a_cell_that_is_empty_or_not_there_is_no_number_and_no_text(tmp_path):
    (row,) = read_scored(table(tmp_path, "a.jsonl", [("a", 0, "Hm.")], score=None, tags=["x"])).rows
    assert row.value("score") is None
    assert row.value("nowhere") is None
    assert row.text("score") == row.text("nowhere") == ""
    assert row.text("tags") == '["x"]'
    assert not row.flag("nowhere")


@pytest.mark.parametrize(
    ("rows", "documents"),
    [
        ([(None, 0, "A."), (None, 1, "B."), (None, 0, "C.")], ["document-1", "document-1", "document-2"]),
        ([("a", 0, "A."), ("b", 0, "B."), ("a", 1, "C.")], ["a", "b", "a"]),
        ([("a", 0, "A."), ("a", 1, "B."), ("a", 0, "A.")], ["a", "a", "a (2)"]),
        ([("", 0, "A."), ("a", 0, "B."), ("", 0, "C.")], ["document-1", "a", "document-3"]),
        ([(7, 0, "A."), (7, 1, "B.")], ["7", "7"]),
    ],
)
def test_documents_are_told_apart(tmp_path, rows, documents):
    found = read_scored(table(tmp_path, "a.jsonl", rows)).rows
    assert [row.doc_id for row in found] == documents
    assert len({row.key for row in found}) == len(rows)


def test_another_column_can_name_the_documents(scored):
    assert list(read_scored(scored / "scored.csv", doc_column="section").documents()) == ["World", "Home"]


def test_what_is_no_scored_table_is_refused(scored, tmp_path):
    with pytest.raises(InputError, match=r"articles\.csv has no column 'sentence': it is not what scorer score wrote"):
        read_scored(scored / "articles.csv")
    with pytest.raises(InputError, match="no such file"):
        read_scored(tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match="has no column 'story'; its columns are: doc_id, "):
        read_scored(scored / "scored.csv", doc_column="story")
    with pytest.raises(InputError, match=r"a\.jsonl: row 1, column 'strength': 'solid' is not a strength"):
        read_scored(table(tmp_path, "a.jsonl", [("a", 0, "Hm.")], strength="solid"))
    with pytest.raises(InputError, match=r"a\.jsonl: row 1: sentence, start and end are not whole numbers"):
        read_scored(table(tmp_path, "a.jsonl", [("a", 0, "Hm.")], start="x"))
    lines = (scored / "scored.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "cut.csv").write_text("".join(lines[:2]) + "a,b\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"cut\.csv: row 2: .*; give the file as scorer score wrote it"):
        read_scored(tmp_path / "cut.csv")
