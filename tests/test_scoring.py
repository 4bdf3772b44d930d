"""Scoring: text, frame and files agree, rows balance, and reasons add up."""

import csv
import json
import re
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorer import reasons
from scorer.assess import LISTED_COLUMNS, OUTPUT_COLUMNS, rounded, score_rows, score_sentences
from scorer.errors import InputError, ScorerError
from scorer.evidence import feature_evidence
from scorer.labels import STRENGTHS
from scorer.scoring import score_files, score_frame, score_text
from scorer.segment import split_document

STORY = """Harbour at Velm closed

VELM, May 4 (Meridian) -

Western officials told the Herald that they believed the pier could be lost. The port authority confirmed the closure.

“We saw “two” boats,” Ana Ruiz, 41, said. “They left.” These claims have not been independently verified."""
NOTE = "Police said two men were held; a third may have fled. It rained."
ROWS = [("a", STORY), ("b", NOTE), ("b", "Nobody was hurt.")]
EDGES = [
    "",
    " ",
    "#",
    "Fire",
    "a" * 10_000,
    "no stop at all",
    "🙂 said 🙂",
    "One.\r\nTwo.",
    "“Curly”, she said, ‘yes’.",
]
COLUMN = {name: k for k, name in enumerate(OUTPUT_COLUMNS)}


def cell(row, name):
    return row[COLUMN[name]]


def put(path, rows, header=("doc_id", "text")):
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([header, *rows])
    return str(path)


def table(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture
def articles(tmp_path):
    return put(tmp_path / "in.csv", ROWS)


def test_columns_are_those_of_the_contract():
    assert ",".join(OUTPUT_COLUMNS) == (
        "sentence,start,end,text,strength,score,p_not_a_claim,p_unverified,p_weak,p_moderate,p_strong,p_verified,"
        "source_type,identification,source,cue,hedges,verification,hedging,reasons,source_id,source_name,"
        "confidence,needs_review"
    )
    assert (*OUTPUT_COLUMNS, "attributions") == LISTED_COLUMNS


def test_score_text_gives_exact_offsets_and_full_records(model):
    result = score_text(model, STORY, "s1")
    assert result.doc_id == "s1"
    assert len(result.sentences) == 7
    for index, (sentence, reading, assessment) in enumerate(result.sentences):
        assert sentence.index == index
        assert STORY[sentence.start : sentence.end] == sentence.text == reading.sentence.text
        assert sum(assessment.probabilities) == pytest.approx(1.0)
        assert assessment.strength == STRENGTHS[int(np.argmax(assessment.probabilities))]
        assert (assessment.score is None) == (assessment.strength == "not_a_claim")


def test_score_text_of_a_blank_text_has_no_sentences(model):
    assert score_text(model, " \n").sentences == []


@pytest.mark.parametrize("text", [None, b"bytes", 3, float("nan")])
def test_score_text_refuses_what_is_no_text(model, text):
    with pytest.raises(InputError, match="a text must be str"):
        score_text(model, text)


def test_reasons_add_up_to_the_logit(model):
    for sentence, reading, assessment in score_text(model, STORY).sentences:
        logits, _ = model.logits([reading])
        assert sum(amount for _, amount in assessment.reasons) == pytest.approx(logits[0].max()), sentence.text


def test_printed_reasons_add_up_to_the_printed_logit(model):
    for row in score_sentences(model, split_document(STORY)):
        told, _, total = cell(row, "reasons").rpartition(" = ")
        amounts = [re.search(r" ([+−]\d+\.\d\d)$", part)[1] for part in told.split("; ")]
        cents = [round(100 * float(amount.replace("−", "-"))) for amount in amounts]
        assert sum(cents) == round(100 * float(total.replace("−", "-")))
        assert [abs(c) for c in cents[:-1]] == sorted((abs(c) for c in cents[:-1]), reverse=True)
        assert 0 not in cents[:-1]
        assert re.match("base ", told.split("; ")[-1])


def test_single_features_add_up_to_their_group(model):
    for _, reading, assessment in score_text(model, STORY).sentences:
        evidence = feature_evidence(model, reading, assessment.strength)
        for (_, amount), found in zip(assessment.reasons[:-1], evidence.values(), strict=True):
            assert sum(item.contribution for item in found) == pytest.approx(amount, abs=1e-9)


def test_reasons_name_what_was_found(model):
    row = score_sentences(model, split_document("Western officials said the pier could be lost."))[0]
    assert "hedge “could” " in cell(row, "reasons")
    assert "source “Western officials” (" in cell(row, "reasons")


def test_cells_are_exact_and_in_range(model):
    for row in score_sentences(model, split_document(STORY)):
        text = cell(row, "text")
        assert STORY[cell(row, "start") : cell(row, "end")] == text
        assert cell(row, "source") in text
        assert cell(row, "cue") in text
        assert all(hedge in text for hedge in cell(row, "hedges").split("|"))
        assert 0.0 <= cell(row, "hedging") <= 1.0
        probabilities = row[COLUMN["p_not_a_claim"] : COLUMN["p_verified"] + 1]
        assert sum(probabilities) == pytest.approx(1.0, abs=5e-4)
        assert STRENGTHS[int(np.argmax(probabilities))] == cell(row, "strength")
        score = cell(row, "score")
        assert score is None if cell(row, "strength") == "not_a_claim" else 0.0 <= score <= 100.0


def test_rounding_keeps_the_label_on_top():
    out = rounded(np.array([[0.30001, 0.30002, 0.39997], [0.499962, 0.499958, 0.00008]]), np.array([2, 0]))
    np.testing.assert_array_equal(out, [[0.3, 0.3, 0.4], [0.5001, 0.5, 0.0001]])
    out = rounded(np.array([[0.499958, 0.499962, 0.00008]]), np.array([1]))
    np.testing.assert_array_equal(out, [[0.5, 0.5001, 0.0001]])


def test_cents_add_up_and_keep_nothing_at_nothing():
    cents = reasons.in_cents(np.array([[0.004, 0.004, 0.0, 0.004, -1.006]]))
    assert cents.sum() == round(100 * (0.012 - 1.006))
    assert cents[0, 2] == 0
    assert [reasons.signed(n) for n in (0, 132, -40, 400_001)] == ["+0.00", "+1.32", "−0.40", "+4000.01"]


def test_sentences_are_scored_alike_alone_and_in_any_batch(model):
    documents = [split_document(text, str(k)) for k, (_, text) in enumerate(ROWS)]
    together = score_sentences(model, [sentence for document in documents for sentence in document])
    assert together == [row for document in documents for row in score_sentences(model, document)]


@pytest.mark.parametrize("text", EDGES)
def test_edge_texts_are_scored_in_both_units(model, text):
    (row,) = score_rows(model, [text], ["a"], {})
    assert row[:4] == (0, 0, len(text), text)
    assert all(text[s.start : s.end] == s.text for s, _, _ in score_text(model, text).sentences)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*STORY.split("\n\n"), NOTE, *EDGES[3:]]), min_size=1, max_size=6), st.data())
def test_rows_of_a_document_are_read_together_wherever_they_stand(model, texts, data):
    documents = data.draw(st.lists(st.sampled_from("ab"), min_size=len(texts), max_size=len(texts)))
    rows = score_rows(model, texts, documents, {})
    assert [cell(row, "text") for row in rows] == texts
    for name in set(documents):
        chosen = [k for k, document in enumerate(documents) if document == name]
        assert [rows[k] for k in chosen] == score_rows(model, [texts[k] for k in chosen], ["x"] * len(chosen), {})


def test_frame_text_and_files_agree(model, articles, tmp_path):
    output = str(tmp_path / "out.csv")
    summary = score_files(model, [articles], output)
    assert summary[:3] == (3, 10, 0)
    written = table(output)
    frame = score_frame(model, pd.DataFrame(ROWS, columns=["doc_id", "text"]))
    assert list(written.columns) == list(frame.columns) == ["doc_id", *OUTPUT_COLUMNS]
    assert frame.index.tolist() == [0] * 7 + [1] * 2 + [2]
    scored = [item for doc, text in ROWS for item in score_text(model, text, doc).sentences]
    for (_, theirs), (_, ours), (sentence, _, assessment) in zip(
        written.iterrows(), frame.iterrows(), scored, strict=True
    ):
        assert theirs["doc_id"] == ours["doc_id"] == sentence.doc_id
        assert theirs["text"] == ours["text"] == sentence.text
        assert theirs["reasons"] == ours["reasons"]
        assert theirs["strength"] == ours["strength"] == assessment.strength
        assert float(theirs["p_weak"]) == ours["p_weak"] == round(assessment.probabilities[2], 4)
        if assessment.score is None:
            assert theirs["score"] == ""
            assert np.isnan(ours["score"])
        else:
            assert float(theirs["score"]) == ours["score"] == round(assessment.score, 1)


def test_documents_of_one_name_are_not_read_as_one(model, articles, tmp_path):
    output = str(tmp_path / "out.csv")
    score_files(model, [articles], output)
    assert table(output)["sentence"].tolist() == [*"0123456", *"01", "0"]


def test_sentence_unit_gives_one_row_per_row_in_order(model, tmp_path):
    rows = [("a", s) if k % 2 else ("b", s) for k, s in enumerate(STORY.split("\n\n"))]
    output = str(tmp_path / "out.csv")
    summary = score_files(model, [put(tmp_path / "in.csv", rows)], output, unit="sentence")
    assert summary[:3] == (4, 4, 0)
    written = table(output)
    assert list(zip(written["doc_id"], written["text"], strict=True)) == rows
    assert written["sentence"].tolist() == ["0", "0", "1", "1"]
    assert written["end"].tolist() == [str(len(text)) for _, text in rows]
    frame = score_frame(model, pd.DataFrame(rows, columns=["doc_id", "text"]), unit="sentence")
    assert frame["reasons"].tolist() == written["reasons"].tolist()


def test_a_document_that_is_divided_is_counted_on(model, tmp_path, monkeypatch):
    monkeypatch.setattr("scorer.tables.chunks.TOGETHER_ROWS", 4)
    path = put(tmp_path / "in.csv", [("a", "It rained.")] * 4500 + [("b", "It rained.")] * 2)
    output = str(tmp_path / "out.csv")
    score_files(model, [path], output, unit="sentence")
    assert table(output)["sentence"].astype(int).tolist() == [*range(4500), 0, 1]


def test_two_processes_give_what_one_gives(model, tmp_path, monkeypatch):
    monkeypatch.setattr("scorer.parts.PART_CHARS", 400)
    path = put(tmp_path / "in.csv", ROWS * 4)
    outputs = [tmp_path / f"{jobs}.csv" for jobs in (1, 2)]
    counts = [score_files(model, [path], str(output), jobs=jobs)[:3] for jobs, output in enumerate(outputs, 1)]
    assert counts[0] == counts[1] == (12, 40, 0)
    assert outputs[0].read_bytes() == outputs[1].read_bytes()


def test_bad_rows_are_set_aside_and_counted(model, tmp_path):
    path = tmp_path / "in.csv"
    path.write_bytes(b'doc_id,text\na,It rained.\nb,\nc,one,two\nd,caf\xe9\ne,"He left."\n')
    rejects, states = [], []
    summary = score_files(
        model,
        [str(path)],
        str(tmp_path / "out.csv"),
        errors=str(tmp_path / "bad.csv"),
        on_reject=rejects.append,
        progress=states.append,
    )
    assert summary[:3] == (5, 2, 3)
    assert states[-1][:3] == (5, 2, 3)
    errors = table(tmp_path / "bad.csv")
    assert errors["row"].tolist() == [str(reject.row) for reject in rejects] == ["2", "3", "4"]
    assert errors["reason"].tolist()[:2] == ["empty text", "3 fields where the header has 2"]


def test_a_document_without_sentences_is_set_aside(model, tmp_path):
    path = put(tmp_path / "in.csv", [("a", "\u0600"), ("b", "It rained.")])
    summary = score_files(model, [path], str(tmp_path / "out.csv"), errors=str(tmp_path / "bad.csv"))
    assert summary[:3] == (2, 1, 1)
    assert table(tmp_path / "bad.csv")["reason"].tolist() == ["no visible character"]


def test_rows_set_aside_in_scoring_are_told_with_their_file(model, tmp_path):
    first = put(tmp_path / "a.csv", [("a", "It rained.")])
    second = put(tmp_path / "b.csv", [("b", "It rained."), ("c", "\u0600")])
    rejects = []
    score_files(model, [first, second], str(tmp_path / "out.csv"), on_reject=rejects.append)
    assert [reject[:4] for reject in rejects] == [(second, 2, "text", "no visible character")]
    folder = tmp_path / "texts"
    folder.mkdir()
    for name in ("x", "y"):
        (folder / f"{name}.txt").write_text("\u0600" if name == "y" else "It rained.", encoding="utf-8")
    score_files(model, [str(folder)], str(tmp_path / "out.csv"), on_reject=rejects.append)
    assert rejects[1][:2] == (str(folder / "y.txt"), 1)


def test_jsonl_keeps_values_and_has_null_for_no_score(model, tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"id": 7, "tags": ["x"], "text": "By Ana Ruiz"}) + "\n", encoding="utf-8")
    output = tmp_path / "out.jsonl"
    score_files(model, [str(path)], str(output), format="jsonl", unit="sentence")
    (row,) = map(json.loads, output.read_text(encoding="utf-8").splitlines())
    assert list(row) == ["id", "tags", *LISTED_COLUMNS]
    assert (row["id"], row["tags"]) == (7, ["x"])
    assert row["score"] is None if row["strength"] == "not_a_claim" else isinstance(row["score"], float)
    assert isinstance(row["p_weak"], float)


def test_a_clash_of_columns_is_refused(model, tmp_path):
    path = put(tmp_path / "in.csv", [("x", "It rained.")], ("score", "text"))
    with pytest.raises(InputError, match=r"column 'score' of .*in\.csv has the name of an output column; rename it"):
        score_files(model, [path], str(tmp_path / "out.csv"))
    assert not (tmp_path / "out.csv").exists()
    with pytest.raises(InputError, match="column 'score' of the frame has the name of an output column; rename it"):
        score_frame(model, pd.DataFrame({"score": [1], "text": ["It rained."]}))


def test_the_output_may_not_be_an_input(model, articles, tmp_path):
    with pytest.raises(InputError, match=r"in\.csv is an input too; give another name"):
        score_files(model, [articles], articles)
    out = str(tmp_path / "out.csv")
    with pytest.raises(InputError, match=r"out\.csv is the output too; give another name"):
        score_files(model, [articles], out, errors=out)


def test_programmers_mistakes_are_value_errors(model, articles):
    with pytest.raises(ValueError, match="unit must be 'document' or 'sentence', not 'row'"):
        score_files(model, [articles], unit="row")
    with pytest.raises(ValueError, match="jobs must be at least 1, not 0"):
        score_files(model, [articles], jobs=0)
    with pytest.raises(ValueError, match="unit must be 'document' or 'sentence', not 'row'"):
        score_frame(model, pd.DataFrame({"text": []}), unit="row")


def test_frame_says_what_is_wrong_with_it(model):
    with pytest.raises(InputError, match="column 'text' not found; the frame's columns are: body"):
        score_frame(model, pd.DataFrame({"body": ["x"]}))
    with pytest.raises(
        InputError, match=r"row 1 of the frame \(from 0\), column 'text': a text must be str, not float"
    ):
        score_frame(model, pd.DataFrame({"text": ["It rained.", None]}).astype(object).fillna(np.nan))
    with pytest.raises(InputError, match="two columns named 'text'"):
        score_frame(model, pd.DataFrame([["a", "b"]], columns=["text", "text"]))


def test_frame_keeps_index_columns_and_kinds(model):
    frame = pd.DataFrame({"body": ["It rained. It poured.", ""], "n": [1, 2]}, index=["p", "q"])
    scored = score_frame(model, frame, text="body")
    assert scored.index.tolist() == ["p", "p"]
    assert scored["n"].tolist() == [1, 1]
    assert scored["score"].dtype == "float64"
    assert score_frame(model, frame, text="body", unit="sentence").index.tolist() == ["p", "q"]
    empty = score_frame(model, frame.iloc[:0], text="body")
    assert empty.empty
    assert empty["start"].dtype == "int64"
    assert list(frame.columns) == ["body", "n"]


def test_rows_without_a_document_are_documents_of_their_own(model):
    frame = pd.DataFrame({"doc_id": ["a", None, "", "a", np.nan], "text": ["It rained."] * 5})
    assert score_frame(model, frame, unit="sentence")["sentence"].tolist() == [0, 0, 0, 1, 0]


def test_a_worker_that_dies_is_told_in_one_line(model, articles, tmp_path, monkeypatch):
    class DeadPool:
        def __init__(self, *args, **options):
            pass

        def submit(self, *args):
            future = Future()
            future.set_exception(BrokenProcessPool("killed"))
            return future

        def shutdown(self, *, wait, kill_workers):
            assert kill_workers

    monkeypatch.setattr("scorer.jobs.get_reusable_executor", DeadPool)
    with pytest.raises(ScorerError, match="a worker process ended unexpectedly, perhaps for want of memory; try"):
        score_files(model, [articles], str(tmp_path / "out.csv"), jobs=2)
    assert not (tmp_path / "out.csv").exists()
