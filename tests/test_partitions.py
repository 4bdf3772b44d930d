"""One partition scored: the rows of `score_frame` and of files, nothing lost, one schema, picklable, loaded once."""

import csv
import inspect
import io
import pickle
import subprocess
import sys
from functools import partial

import numpy as np
import pandas as pd
import pytest

from scorer import partitions, scoring
from scorer.errors import InputError, ModelError
from scorer.partitions import PARTITION_COLUMNS, PARTITION_DDL, score_partition
from scorer.scoring import OUTPUT_COLUMNS, score_files, score_frame
from scorer.tables import read_chunks

STORIES = [
    "The minister said the dam would hold. He did not say who had checked it.",
    "Rebels claimed they had taken the town. The claim could not be verified.",
    "Nine people were hurt. “It may rain,” a witness said.",
    "BRUSSELS, May 5",
]
BAD = ["", "  \u200b", None]


@pytest.fixture
def articles():
    return pd.DataFrame(
        {"desk": range(7), "text": [STORIES[0], BAD[0], STORIES[1], BAD[2], STORIES[2], BAD[1], STORIES[3]]},
        index=list("abcddef"),
    )


def sound(frame):
    return frame[frame["set_aside"].isna()].drop(columns="set_aside")


def table(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def same(ours, theirs):
    """Compare cell by cell, whatever the types of the columns."""
    assert list(ours.columns) == list(theirs.columns)
    assert list(ours.index) == list(theirs.index)
    for name in ours.columns:
        for mine, other in zip(ours[name].tolist(), theirs[name].tolist(), strict=True):
            assert (name != "attributions" and pd.isna(mine) and pd.isna(other)) or mine == other, name


@pytest.mark.parametrize("unit", ["document", "sentence"])
def test_rows_are_those_of_score_frame(model, bundle, articles, unit):
    whole = articles[articles["text"].isin(STORIES)].assign(doc_id=["a", "b", "a", "b"])
    scored = score_partition(whole, model=bundle, unit=unit)
    assert len(sound(scored)) == len(scored)
    same(sound(scored), score_frame(model, whole, unit=unit))


@pytest.mark.parametrize("unit", ["document", "sentence"])
def test_rows_are_those_of_score_files_and_as_many_are_set_aside(model, bundle, articles, unit, tmp_path):
    articles["doc_id"] = list("xyxyxyx")
    articles.to_csv(tmp_path / "in.csv", index=False)
    summary = score_files(
        model, [str(tmp_path / "in.csv")], str(tmp_path / "out.csv"), unit=unit, errors=str(tmp_path / "errors.csv")
    )
    scored = score_partition(articles, model=bundle, unit=unit)
    rows = table(tmp_path / "out.csv")
    assert len(rows) == summary.sentences_out == len(sound(scored))
    for row, (_, ours) in zip(rows, sound(scored).iterrows(), strict=True):
        for name, cell in row.items():
            mine = ours[name]
            told = "" if pd.isna(mine) else str(mine).lower() if name == "needs_review" else str(mine)
            assert told == cell, name
    reasons = [row["reason"] for row in table(tmp_path / "errors.csv")]
    assert scored["set_aside"].dropna().tolist() == reasons == ["empty text"] * summary.rows_set_aside
    assert summary.rows_set_aside == len(BAD)


def test_no_row_is_lost_and_order_and_index_are_the_callers(bundle, articles):
    scored = score_partition(articles, model=bundle)
    assert scored["desk"].drop_duplicates().tolist() == list(range(7))
    assert scored.index.tolist() == [*"aa", "b", *"cc", "d", *"dd", "e", "f"]
    assert scored.loc["b", "sentence"] is pd.NA
    assert pd.isna(scored.loc["b", "strength"])


@pytest.mark.parametrize(
    ("cell", "reason", "shown"),
    [
        (None, "empty text", ""),
        (np.nan, "empty text", ""),
        (pd.NA, "empty text", ""),
        (7, "a text must be a string, not int", "7"),
        (["Police said so."], "a text must be a string, not list", '["Police said so."]'),
        ("broken \ud800 here", "half a character: a surrogate without its partner", "broken ? here"),
    ],
)
def test_what_is_no_text_is_set_aside_with_the_reason(bundle, cell, reason, shown):
    frame = pd.DataFrame({"text": pd.Series([STORIES[0], cell], dtype=object)})
    scored = score_partition(frame, model=bundle)
    assert scored["set_aside"].tolist()[2:] == [reason]
    assert scored["text"].tolist()[2:] == [shown]
    assert len(scored) == 3


def test_too_long_a_text_is_set_aside(bundle, monkeypatch):
    monkeypatch.setattr(partitions, "MAX_TEXT_CHARS", 20)
    scored = score_partition(pd.DataFrame({"text": [STORIES[0], "Nobody was hurt."]}), model=bundle)
    assert scored["set_aside"].tolist()[:1] == [f"{len(STORIES[0])} characters, where at most 20 are read"]
    assert scored["text"].tolist()[1] == "Nobody was hurt."


def test_limit_of_a_text_is_that_of_files():
    assert inspect.signature(read_chunks).parameters["max_text_chars"].default == partitions.MAX_TEXT_CHARS


@pytest.mark.parametrize("listed", [False, True])
@pytest.mark.parametrize("unit", ["document", "sentence"])
def test_schema_is_the_same_without_rows_and_with_bad_rows_only(bundle, articles, unit, listed):
    work = partial(score_partition, model=bundle, unit=unit, listed=listed)
    full = work(articles)
    none, bad = work(articles.iloc[:0]), work(articles[~articles["text"].isin(STORIES)])
    assert len(none) == 0
    assert len(bad) == len(BAD)
    assert full.dtypes.to_dict() == none.dtypes.to_dict() == bad.dtypes.to_dict()
    assert [name for name in full.columns if name not in ("desk", "attributions")] == list(PARTITION_COLUMNS)


def test_listed_rows_have_every_attribution(model, bundle):
    frame = pd.DataFrame({"text": STORIES[:1]})
    (first, _) = score_partition(frame, model=bundle, listed=True)["attributions"]
    assert first[0]["source"] == "The minister"
    same(sound(score_partition(frame, model=bundle, listed=True)), score_frame(model, frame, listed=True))


def test_a_document_that_goes_on_is_numbered_on(bundle):
    frame = pd.DataFrame({"doc_id": ["a", "a", "b"], "text": STORIES[:3]})
    scored = score_partition(frame, model=bundle, unit="sentence", before={"a": 40})
    assert scored["sentence"].tolist() == [40, 41, 0]


def test_function_is_found_beside_score_frame_and_survives_pickling(bundle, articles):
    assert scoring.score_partition is score_partition
    work = partial(score_partition, model=str(bundle), text="text", unit="document", doc_id="doc_id")
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(work))(articles), work(articles))
    with pytest.raises(AttributeError, match="no attribute 'score_partitions'"):
        _ = scoring.score_partitions


def test_a_fresh_process_needs_nothing_but_the_pickle(bundle):
    work = pickle.dumps(partial(score_partition, pd.DataFrame({"text": STORIES[:1]}), model=str(bundle)))
    code = "import pickle, sys; print(len(pickle.loads(sys.stdin.buffer.read())()))"
    done = subprocess.run([sys.executable, "-c", code], input=work, capture_output=True, check=True)
    assert done.stdout.split() == [b"2"]


def test_model_is_loaded_once_and_anew_when_it_is_another(bundle, articles, monkeypatch, tmp_path):
    loads = []
    monkeypatch.setattr(partitions, "load_model", lambda folder: loads.append(folder) or real(folder))
    real = sys.modules["scorer.bundle"].load_model
    partitions._loaded.cache_clear()
    for _ in range(3):
        score_partition(articles, model=bundle)
    assert loads == [bundle]
    model_file = bundle / "model.joblib"
    stat = model_file.stat()
    monkeypatch.setattr(partitions, "file_stamp", lambda folder: (stat.st_mtime_ns + 1, stat.st_size))
    score_partition(articles, model=bundle)
    assert loads == [bundle, bundle]


def test_mix_and_threshold_are_those_of_the_model(model, bundle, articles):
    shares = (0.1, 0.3, 0.2, 0.2, 0.1, 0.1)
    scored = score_partition(articles, model=bundle, prior=shares, review_below=0.99)
    theirs = articles[articles["text"].isin(STORIES)]
    same(sound(scored), score_frame(model.with_prior(shares).with_review_below(0.99), theirs))
    assert scored["needs_review"].sum() > score_partition(articles, model=bundle)["needs_review"].sum()


@pytest.mark.parametrize("column", ["set_aside", "strength"])
def test_clash_of_columns_is_refused(bundle, articles, column):
    with pytest.raises(InputError, match=f"column '{column}' of the frame has the name of an output column; rename it"):
        score_partition(articles.assign(**{column: 1}), model=bundle)


def test_faults_of_the_call_are_told(bundle, articles, tmp_path):
    with pytest.raises(InputError, match="column 'body' not found; the frame's columns are: desk, text"):
        score_partition(articles, model=bundle, text="body")
    with pytest.raises(ValueError, match="unit must be"):
        score_partition(articles, model=bundle, unit="page")
    with pytest.raises(ModelError, match=r"model\.joblib: cannot be read"):
        score_partition(articles, model=tmp_path)


def test_ddl_names_every_column_with_its_type(bundle, articles):
    scored = score_partition(articles, model=bundle)
    told = dict(part.replace("`", "").split() for part in PARTITION_DDL.split(", "))
    assert list(told) == [*OUTPUT_COLUMNS, "set_aside"]
    kinds = {"Int64": "BIGINT", "float64": "DOUBLE", "boolean": "BOOLEAN"}
    assert told == {name: kinds.get(str(scored[name].dtype), "STRING") for name in told}
