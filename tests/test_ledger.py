"""Who is cited: every attribution in the output, and the sources of a document."""

import csv
import json
from dataclasses import replace

import pandas as pd
import pytest

from scorer import reading as reading_module
from scorer.assess import LISTED_COLUMNS, OUTPUT_COLUMNS, judge, output_rows, score_rows
from scorer.errors import InputError
from scorer.ledger import Source, attribution_items, list_sources
from scorer.reading import Reader
from scorer.records import Attribution, Span
from scorer.scoring import DocumentAssessment, ScoredSentence, score_files, score_frame, score_text
from scorer.segment import split_document

KEYS = [
    *("source", "source_start", "source_end", "cue", "cue_start", "cue_end", "source_type", "identification"),
    *("category", "position", "antecedent", "source_id", "source_name", "chain"),
]
CHAIN = "State radio, citing two unnamed officers, reported that the dam was safe."
FLAT = "The bridge was built in 1968."


@pytest.fixture(scope="module")
def reader():
    return Reader()


def read(reader, text, *attributions):
    """Read one sentence and put these attributions in the place of its own."""
    (reading,) = reader.read(split_document(text))
    return reading._replace(attributions=attributions)


def span(text, words):
    return Span(text.index(words), text.index(words) + len(words))


def attribution(**fields):
    plain = {"source": None, "cue": None, "source_type": "official", "identification": "named"}
    return Attribution(**(plain | fields))


def chained():
    return (
        attribution(
            source=span(CHAIN, "two unnamed officers"),
            cue=span(CHAIN, "citing"),
            identification="anonymous",
            category="cite",
            position="inside",
            source_id=2,
            source_name="two unnamed officers",
            chain=1,
        ),
        attribution(
            source=span(CHAIN, "State radio"),
            cue=span(CHAIN, "reported"),
            source_type="media",
            identification="role",
            category="say",
            source_id=1,
            source_name="State radio",
            chain=0,
        ),
    )


@pytest.fixture
def numbered(monkeypatch):
    """Let every attribution with source words carry an id and a name that a spreadsheet would run."""
    resolve = reading_module.resolve_document

    def resolve_and_number(*args):
        return [
            tuple(replace(a, source_id=7, source_name="=Ana Ruiz") if a.source else a for a in found)
            for found in resolve(*args)
        ]

    monkeypatch.setattr(reading_module, "resolve_document", resolve_and_number)


def put(path, *texts):
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([("text",), *((text,) for text in texts)])
    return str(path)


def test_attributions_are_listed_with_the_primary_first_and_exact_offsets(reader):
    items = attribution_items(read(reader, CHAIN, *chained()))
    assert [list(item) for item in items] == [KEYS, KEYS]
    assert [(item["source"], item["chain"]) for item in items] == [("two unnamed officers", 1), ("State radio", 0)]
    for item in items:
        for kind in ("source", "cue"):
            assert CHAIN[item[f"{kind}_start"] : item[f"{kind}_end"]] == item[kind] != ""


def test_words_that_are_not_there_are_empty_and_their_offsets_null(reader):
    (item,) = attribution_items(read(reader, "“We left.”", attribution(position="carried", antecedent=0)))
    assert (item["source"], item["source_start"], item["source_end"]) == ("", None, None)
    assert (item["cue"], item["cue_start"], item["cue_end"]) == ("", None, None)
    assert (item["antecedent"], item["source_id"], item["source_name"], item["chain"]) == (0, None, "", None)


def test_an_antecedent_counts_from_the_start_of_a_document_that_is_read_in_parts(model):
    texts = ["Interior Minister Ana Ruiz said the dam was safe.", "She said it would hold."]
    for before in (0, 500):
        rows = score_rows(model, texts, ["a", "a"], {"a": before}, listed=True)
        assert [row[0] for row in rows] == [before, before + 1]
        assert rows[1][-1][0]["antecedent"] == before


def test_a_flat_sentence_has_empty_cells_and_an_empty_list(model):
    (judged,) = judge(model, split_document(FLAT))
    assert judged.readings[0].attributions == ()
    (row,) = output_rows(judged)
    assert dict(zip(OUTPUT_COLUMNS, row, strict=True)).items() >= {"source_id": None, "source_name": ""}.items()
    (listed,) = output_rows(judged, listed=True)
    # CSV has words for true and false, JSON has its own.
    assert listed == (*row[:-1], row[-1] == "true", [])


def test_the_columns_are_those_of_the_primary_attribution(model, reader):
    (judged,) = judge(model, split_document(CHAIN))
    (row,) = output_rows(judged._replace(readings=[read(reader, CHAIN, *chained())]), listed=True)
    cells = dict(zip(LISTED_COLUMNS, row, strict=True))
    first = cells["attributions"][0]
    names = ("source", "cue", "source_type", "identification", "source_id", "source_name")
    assert {name: cells[name] for name in names} == {name: first[name] for name in names}
    assert cells["source_id"] == 2


def test_jsonl_is_one_line_a_sentence_and_reads_back(model, tmp_path, numbered):
    # A line separator, quotes and a character outside the first plane must not break a line or move an offset.
    text = "Officials\u2028🙂 said “no”.\n\nIt rained. Reportedly, the mayor said that experts told him so."
    output = tmp_path / "out.jsonl"
    score_files(model, [put(tmp_path / "in.csv", text)], str(output), format="jsonl")
    lines = output.read_bytes().removesuffix(b"\n").split(b"\n")
    rows = [json.loads(line) for line in lines]
    assert len(rows) == len(score_text(model, text).sentences)
    assert all(list(row) == list(LISTED_COLUMNS) for row in rows)
    assert [] in [row["attributions"] for row in rows]
    assert max(len(row["attributions"]) for row in rows) > 1
    for row in rows:
        first, *_ = (*row["attributions"], {"source": "", "cue": "", "source_id": None, "source_name": ""})
        assert all(first[name] == row[name] for name in ("source", "cue", "source_id", "source_name"))
        for item in row["attributions"]:
            for kind in ("source", "cue"):
                start, end = item[f"{kind}_start"], item[f"{kind}_end"]
                assert item[kind] == ("" if start is None else row["text"][start:end])
    again = tmp_path / "again.csv"
    renamed = tmp_path / "renamed.jsonl"
    renamed.write_text(
        "".join(json.dumps({"text": row["text"], "was": row["attributions"]}) + "\n" for row in rows), encoding="utf-8"
    )
    score_files(model, [str(renamed)], str(again), unit="sentence")
    assert [json.loads(cell) for cell in pd.read_csv(again)["was"]] == [row["attributions"] for row in rows]


@pytest.mark.interpreted
def test_csv_has_the_primary_source_alone_at_the_end(model, tmp_path, numbered):
    output = tmp_path / "out.csv"
    score_files(model, [put(tmp_path / "in.csv", "Officials said so. It rained.")], str(output))
    written = pd.read_csv(output, dtype=str, keep_default_na=False)
    assert list(written.columns) == list(OUTPUT_COLUMNS)
    assert list(written.columns[-5:]) == ["reasons", "source_id", "source_name", "confidence", "needs_review"]
    assert written[["source_id", "source_name"]].to_numpy().tolist() == [["7", "=Ana Ruiz"], ["", ""]]


@pytest.mark.interpreted
def test_source_names_are_spreadsheet_safe(model, tmp_path, numbered):
    output = tmp_path / "out.csv"
    score_files(model, [put(tmp_path / "in.csv", "Officials said so.")], str(output), spreadsheet_safe=True)
    assert pd.read_csv(output)["source_name"].tolist() == ["'=Ana Ruiz"]


def test_two_processes_list_what_one_lists(model, tmp_path, monkeypatch):
    monkeypatch.setattr("scorer.parts.PART_CHARS", 100)
    path = put(tmp_path / "in.csv", *[CHAIN, FLAT, "He said that officials told him so."] * 4)
    outputs = [tmp_path / f"{jobs}.jsonl" for jobs in (1, 2)]
    for jobs, output in enumerate(outputs, 1):
        score_files(model, [path], str(output), format="jsonl", jobs=jobs)
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
    assert b'"attributions": [{"source": ' in outputs[0].read_bytes()


def test_a_column_of_the_caller_named_attributions_clashes_in_jsonl_alone(model, tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"attributions": "mine", "text": FLAT}) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"column 'attributions' of .* has the name of an output column; rename it"):
        score_files(model, [str(path)], str(tmp_path / "out.jsonl"), format="jsonl")
    score_files(model, [str(path)], str(tmp_path / "out.csv"))
    assert pd.read_csv(tmp_path / "out.csv")["attributions"].tolist() == ["mine"]


@pytest.mark.interpreted
@pytest.mark.parametrize("texts", [[], [FLAT], ["", " "], [FLAT, "Officials said so.", ""]])
@pytest.mark.parametrize("unit", ["document", "sentence"])
def test_frames_have_whole_ids_that_may_be_missing(model, numbered, texts, unit):
    frame = score_frame(model, pd.DataFrame({"text": texts}, dtype=object), unit=unit)
    assert frame["source_id"].dtype == "Int64"
    for source_id, name, text in frame[["source_id", "source_name", "text"]].itertuples(index=False):
        assert (name, source_id is pd.NA or source_id) == (("=Ana Ruiz", 7) if "said" in text else ("", True))


def test_sources_of_a_document_are_each_listed_once(reader):
    texts = ["Ana Ruiz said no.", "She said yes.", "A porter told police so.", FLAT]
    ruiz = attribution(source_id=2, source_name="Ana Ruiz", identification="role", source_type="unspecified")
    found = [
        (ruiz,),
        (replace(ruiz, identification="named", source_type="official"), replace(ruiz, identification="vague")),
        (attribution(source_id=1, source_name="A porter", source_type="witness", identification="anonymous"), ruiz),
        (attribution(identification="vague"),),
    ]
    sentences = split_document("\n\n".join(texts))
    readings = [r._replace(attributions=a) for r, a in zip(reader.read(sentences), found, strict=True)]
    expected = [
        Source(1, "A porter", "witness", "anonymous", (2,)),
        Source(2, "Ana Ruiz", "official", "named", (0, 1, 2)),
    ]
    assert list_sources(readings) == expected
    scored = [ScoredSentence(reading.sentence, reading, None) for reading in readings]
    assert DocumentAssessment("d", scored).sources == expected


@pytest.mark.parametrize("text", ["", FLAT])
def test_a_document_that_cites_nobody_has_no_sources(model, text):
    assert score_text(model, text).sources == []
