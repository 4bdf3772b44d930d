"""Corrections from a report: each applied or named, and the model that learns from them follows."""

import csv
import json
import random

import pytest
from typer.testing import CliRunner

from scorer.cli import app
from scorer.corrections import COLUMNS, FORMAT, read_corrections
from scorer.errors import InputError
from scorer.labelled import check_labelled, read_labelled
from scorer.labels import STRENGTHS
from scorer.review import FIELDS, LABELLED_COLUMNS, LABELS, OUTCOMES, apply_corrections
from scorer.scored_table import read_scored
from scorer.scoring_files import score_files

ARTICLES = """doc_id,register,text
quay,wire,"The harbour office said on Monday that the quay was closed. It did not say why.

A docker, who asked not to be named, said the wall may have given way. “=Nobody,” she said, “was hurt.”"
mill,web,"The mill burned for six hours. Residents said they had smelled smoke. The claim could not be verified."
fair,web,The fair opened on Friday.
"""


@pytest.fixture(scope="module")
def scored(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("review")
    (folder / "articles.csv").write_text(ARTICLES, encoding="utf-8")
    score_files(model, [str(folder / "articles.csv")], str(folder / "scored.csv"))
    return folder / "scored.csv"


@pytest.fixture(scope="module")
def table(scored):
    return read_scored(scored)


def correction(table, number, field, new, **other):
    """Give a row as the report exports it."""
    row = table.rows[number]
    cells = {"key": row.key, "doc_id": row.doc_id, "sentence": row.text("sentence"), "start": row.start, "end": row.end}
    cells |= {"text": row.text("text"), "field": field, "old": row.text(field), "new": new, "note": ""}
    return cells | {"made_from": table.sha256} | other


def export(path, rows, **other):
    """Write corrections in the form that the name asks for, as the report's script does."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS, lineterminator="\r\n")
            writer.writeheader()
            writer.writerows(rows)
    else:
        made_from = {"file": "scored.csv", "sha256": rows[0]["made_from"], "model": None}
        listed = [{name: row[name] for name in COLUMNS[:-1]} for row in rows]
        whole = {"format": FORMAT, "made_from": made_from, "corrections": listed} | other
        path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    return path


def applied(table, rows, folder, **options):
    return apply_corrections(table, read_corrections([export(folder / "c.csv", rows)]), **options)


def labels(reviewed, number, *columns):
    return tuple(reviewed.rows[number][column] for column in columns)


def told(reviewed):
    return [(refusal.kind, refusal.place, refusal.reason) for refusal in reviewed.refused]


def other_than(value):
    return next(strength for strength in STRENGTHS[1:] if strength != value)


def test_a_changed_strength_is_written_with_its_whole_document(table, tmp_path):
    was = table.rows[1].text("strength")
    reviewed = applied(table, [correction(table, 1, "strength", other_than(was), note="see the log")], tmp_path)
    assert reviewed.counts == dict.fromkeys(OUTCOMES, 0) | {"changed": 1}
    assert [row["text"] for row in reviewed.rows] == [row.text("text") for row in table.documents()["quay"]]
    assert reviewed.columns == (*LABELLED_COLUMNS, "register")
    assert labels(reviewed, 1, "strength", "was", "reviewed", "note", "source_type", "register") == (
        *(other_than(was), was, "changed", "see the log", "", "wire"),
    )
    assert labels(reviewed, 0, "strength", "reviewed", "source_type") == (table.rows[0].text("strength"), "", "")
    assert (reviewed.n_documents, reviewed.n_reviewed, reviewed.refused) == (1, 1, [])


def test_only_the_corrected_sentences_on_request(table, tmp_path):
    rows = [correction(table, 1, "strength", "weak"), correction(table, 5, "strength", table.rows[5].text("strength"))]
    reviewed = applied(table, rows, tmp_path, only_corrected=True)
    assert [row["key"] for row in reviewed.rows] == [table.rows[1].key, table.rows[5].key]
    assert reviewed.rows[1]["reviewed"] == "confirmed"
    assert reviewed.counts["confirmed"] == 1


def test_json_and_csv_say_the_same(table, tmp_path):
    rows = [correction(table, 0, "strength", "weak", note="“a”\n, ;"), correction(table, 3, "note", "=1+1")]
    one = apply_corrections(table, read_corrections([export(tmp_path / "a.csv", rows)]))
    other = apply_corrections(table, read_corrections([export(tmp_path / "a.json", rows)]))
    assert one == other
    assert one.rows[0]["note"] == "“a”\n, ;"
    assert one.rows[3]["note"] == "=1+1"
    assert one.rows[3]["reviewed"] == ""


def test_a_corrected_source_brings_the_labels_that_go_with_it(table, tmp_path):
    office = table.rows[0]
    assert (office.text("source_type"), office.text("cue")) == ("official", "said")
    rows = [correction(table, 0, "source_type", "organisation"), correction(table, 2, "source", "the wall")]
    reviewed = applied(table, rows, tmp_path)
    assert labels(reviewed, 0, "source_type", "identification", "source", "cue", "strength") == (
        *("organisation", office.text("identification"), office.text("source"), "said", office.text("strength")),
    )
    assert labels(reviewed, 2, "source", "cue", "hedges") == ("the wall", "", table.rows[2].text("hedges"))


@pytest.mark.parametrize(
    ("field", "new", "follows"),
    [
        ("source_type", "none", {"identification": "none", "source": "", "cue": ""}),
        ("strength", "not_a_claim", {"source_type": "none", "identification": "none", "source": "", "cue": ""}),
    ],
)
def test_who_takes_a_source_away_need_not_say_the_rest(table, tmp_path, field, new, follows):
    rows = [correction(table, 0, "verification", "none"), correction(table, 0, field, new)]
    if field == "source_type":
        rows.append(correction(table, 0, "strength", "strong"))
    reviewed = applied(table, rows, tmp_path)
    assert reviewed.refused == []
    assert {name: reviewed.rows[0][name] for name in follows} == follows


def test_what_the_guide_rules_out_beside_a_correction_is_left_open(table, tmp_path):
    docker = table.rows[2]
    assert docker.text("identification") == "anonymous"
    rows = [correction(table, 2, "strength", "moderate"), correction(table, 2, "source_type", "organisation")]
    reviewed = applied(table, rows, tmp_path)
    assert labels(reviewed, 2, "strength", "source_type", "identification") == ("moderate", "organisation", "")


@pytest.mark.parametrize(
    ("change", "kind", "reason"),
    [
        ({"made_from": "0" * 64}, "stale", "made from a file whose SHA-256 begins 000000000000, that of scored.csv "),
        ({"made_from": ""}, "stale", "made from an unknown file, "),
        ({"text": "The harbour is shut."}, "stale", "the sentence in scored.csv is “The harbour office said on Monday"),
        ({"key": "f" * 16, "text": "Shut."}, "stale", "the sentence in scored.csv is “The harbour office said on"),
        ({"old": "verified"}, "stale", "strength was 'verified', but is 'moderate' in scored.csv"),
        ({"key": "f" * 16, "doc_id": "x"}, "illegal", "key 'ffffffffffffffff' is no sentence of scored.csv"),
        ({"key": "", "start": "x"}, "illegal", "key '' is no sentence of scored.csv"),
        ({"new": "solid"}, "illegal", "'solid' is not a strength; use one of not_a_claim, unverified, "),
        ({"new": ""}, "illegal", "'' is not a strength; use one of "),
        ({"field": "score", "old": ""}, "illegal", "'score' is no field that a reviewer can change; these are: stren"),
        ({"field": "source_type", "old": "official", "new": "king"}, "illegal", "'king' is not a source type; use one"),
        ({"field": "source", "old": "The harbour office", "new": "a mayor"}, "illegal", "source 'a mayor' is not in"),
        (
            {"field": "identification", "old": "role", "new": "anonymous"},
            "illegal",
            "quay, sentence 0: moderate rests on an accountable source, not on identification anonymous: the "
            "annotation guide rules it out; correct the other label too",
        ),
    ],
)
def test_a_correction_that_cannot_be_applied_is_named(table, tmp_path, change, kind, reason):
    assert table.rows[0].text("strength") == "moderate"
    good = correction(table, 1, "strength", "weak")
    reviewed = applied(table, [good, correction(table, 0, "strength", "weak") | change], tmp_path)
    ((found, place, why),) = told(reviewed)
    assert (found, place) == (kind, "c.csv, row 3")
    assert why.startswith(reason)
    assert reviewed.counts == dict.fromkeys(OUTCOMES, 0) | {"changed": 1, kind: 1}
    assert labels(reviewed, 0, "strength", "reviewed") == ("moderate", "")


def test_reviewers_who_differ_are_both_named_and_those_who_agree_count_once(table, tmp_path):
    one = [correction(table, 0, "strength", "weak", note="hm"), correction(table, 1, "strength", "weak")]
    other = [correction(table, 0, "strength", "strong"), correction(table, 1, "strength", "weak", note="yes")]
    both = [export(tmp_path / "ann.csv", one), export(tmp_path / "bo.json", other)]
    reviewed = apply_corrections(table, read_corrections(both))
    assert told(reviewed) == [
        (
            *("conflicting", "ann.csv, row 2"),
            "quay, sentence 0: strength is 'weak' here, but 'strong' in bo.json, correction 1; settle it",
        ),
        (
            *("conflicting", "bo.json, correction 1"),
            "quay, sentence 0: strength is 'strong' here, but 'weak' in ann.csv, row 2; settle it",
        ),
    ]
    assert reviewed.counts == dict.fromkeys(OUTCOMES, 0) | {"changed": 1, "repeated": 1, "conflicting": 2}
    assert labels(reviewed, 0, "strength", "reviewed", "note") == ("moderate", "", "hm")
    assert labels(reviewed, 1, "strength", "note") == ("weak", "yes")


def test_two_files_of_one_name_are_told_apart(table, tmp_path):
    paths = []
    for folder, strength in (("ann", "weak"), ("bo", "strong")):
        (tmp_path / folder).mkdir()
        paths.append(export(tmp_path / folder / "c.csv", [correction(table, 0, "strength", strength)]))
    reviewed = apply_corrections(table, read_corrections([*paths, paths[0]]))
    assert [refusal.place for refusal in reviewed.refused] == [f"{path}, row 2" for path in paths]


def test_a_key_that_a_spreadsheet_rounded_is_found_by_what_it_is_made_of(table, tmp_path):
    reviewed = applied(table, [correction(table, 0, "strength", "weak", key="1.23E+15")], tmp_path)
    assert reviewed.counts["changed"] == 1


def test_the_same_text_scored_again_takes_corrections_on_request(table, tmp_path):
    rows = [
        correction(table, 0, "strength", "weak", made_from="0" * 64, old="verified"),
        correction(table, 1, "strength", "weak", made_from="0" * 64, text="It said why."),
    ]
    reviewed = applied(table, rows, tmp_path, rescored=True)
    assert reviewed.counts == dict.fromkeys(OUTCOMES, 0) | {"changed": 1, "stale": 1}


def test_whatever_comes_in_the_numbers_balance_and_what_goes_out_can_be_trained_on(table, tmp_path):
    draw = random.Random(20)
    values = [*STRENGTHS, *("none", "named", "anonymous", "official", "disputed", "", "said", "the wall", "=1")]
    for _ in range(60):
        rows = []
        for _ in range(draw.randrange(1, 30)):
            row = correction(table, draw.randrange(len(table.rows)), draw.choice(FIELDS), draw.choice(values))
            if draw.random() < 0.2:
                row[draw.choice(COLUMNS)] = draw.choice(["", "x", "7"])
            rows.append(row)
        path = export(tmp_path / "fuzz.csv", rows)
        reviewed = apply_corrections(table, read_corrections([path]), only_corrected=draw.random() < 0.5)
        assert sum(reviewed.counts.values()) == len(rows)
        assert len(reviewed.refused) == sum(reviewed.counts[kind] for kind in ("stale", "conflicting", "illegal"))
        with (tmp_path / "labelled.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, reviewed.columns)
            writer.writeheader()
            writer.writerows(reviewed.rows)
        read = read_labelled([tmp_path / "labelled.csv"])
        assert check_labelled(read, repeats=True) == []
        assert [(row.text, row.strength) for row in read] == [(row["text"], row["strength"]) for row in reviewed.rows]
        for row, labelled in zip(reviewed.rows, read, strict=True):
            assert row["reviewed"] or row["strength"] == row["was"]
            assert [getattr(labelled, name) or "" for name in LABELS if name != "source"] == [
                row[name] for name in LABELS if name != "source"
            ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("c.txt", "", "c.txt: not corrections by its name; use .csv or .json"),
        ("c.csv", "", "c.csv: column 'key' not found; give the file as the report exports it"),
        ("c.csv", "key,key,text,field,old,new,made_from\n", "c.csv: column 'key' is there twice"),
        ("c.json", "{", "c.json: not JSON: "),
        ("c.json", "[]", "c.json: no corrections in it"),
        ("c.json", '{"format": 2, "corrections": []}', "c.json: its format is 2, and this scorer reads 1; "),
        ("c.json", '{"format": 1, "corrections": []}', "c.json: made_from is no object"),
        ("c.csv", b"\xff", "c.csv: byte 0 is not UTF-8"),
    ],
)
def test_a_file_that_holds_no_corrections_is_refused(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as error:
        read_corrections([tmp_path / name])
    assert str(error.value).startswith(message)


def test_rows_that_are_not_whole_are_named_and_the_others_go_on(table, tmp_path):
    path = export(tmp_path / "c.csv", [correction(table, 0, "strength", "weak")])
    path.write_text(path.read_text(encoding="utf-8") + "a,b\n\n", encoding="utf-8")
    other = export(tmp_path / "c.json", [correction(table, 1, "strength", "weak")])
    whole = json.loads(other.read_text(encoding="utf-8"))
    whole["corrections"] += [7, {"key": "a"}]
    other.write_text(json.dumps(whole), encoding="utf-8")
    reviewed = apply_corrections(table, read_corrections([path, other]))
    assert told(reviewed) == [
        ("illegal", "c.csv, row 3", "2 fields, but the header has 11; export it again"),
        ("illegal", "c.json, correction 2", "is no object; export it again"),
        ("illegal", "c.json, correction 3", "has no text; export it again"),
    ]
    assert reviewed.counts["changed"] == 2


def test_semicolons_of_a_spreadsheet_are_read(table, tmp_path):
    path = tmp_path / "c.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerow(correction(table, 0, "strength", "weak"))
    assert apply_corrections(table, read_corrections([path])).counts["changed"] == 1


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_command_tells_refusals_and_the_balance(table, scored, tmp_path):
    rows = [correction(table, 0, "strength", "weak"), correction(table, 1, "strength", "solid")]
    path, output = export(tmp_path / "c.csv", rows), tmp_path / "labelled.csv"
    result = run("review", "apply", path, "--scored", scored, "-o", output)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == (
        "illegal: c.csv, row 3: 'solid' is not a strength; use one of not_a_claim, unverified, weak, moderate, strong, "
        "verified\n"
        "2 corrections in: 1 changed, 0 stale, 0 conflicting, 1 illegal\n"
        f"4 sentences of 1 document written to {output}, 1 of them reviewed\n"
    )
    assert read_labelled([output])[0].strength == "weak"
    shown = run("review", "apply", path, "--scored", scored, "--quiet")
    assert shown.stdout.encode() == output.read_bytes()
    assert shown.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("rows", "options", "code", "message"),
    [
        (["weak", "solid"], ["--strict"], 1, "error: 1 correction refused, and nothing written (--strict)\n"),
        (["solid"], [], 1, "error: no label to write: 1 correction in: 0 changed, 0 stale, 0 conflicting, 1 illegal\n"),
        (["weak"], ["--doc-column", "no"], 1, "error: scored.csv has no column 'no'; its columns are: "),
        (["weak"], ["-o", "labelled.xlsx"], 2, "Usage: "),
    ],
)
def test_command_that_writes_nothing_says_why(table, scored, tmp_path, monkeypatch, rows, options, code, message):
    monkeypatch.chdir(tmp_path)
    made = [correction(table, number, "strength", strength) for number, strength in enumerate(rows)]
    export(tmp_path / "c.csv", made)
    result = run("review", "apply", "c.csv", "--scored", scored, "-o", "labelled.csv", *options)
    assert result.exit_code == code
    assert message in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["c.csv"]


def test_an_input_is_never_written_over(table, scored, tmp_path):
    path = export(tmp_path / "c.csv", [correction(table, 0, "strength", "weak")])
    before = path.read_bytes()
    result = run("review", "apply", path, "--scored", scored, "-o", path)
    assert (result.exit_code, result.stderr) == (1, f"error: {path} is an input too; give another name\n")
    assert path.read_bytes() == before


def test_the_corrected_model_follows(model, bundle, trained_on, tmp_path):
    """Score, correct, apply, train, score: here the anonymous are taken for hearsay, which the guide does not do."""
    documents = {}
    for row in read_labelled([trained_on[0].with_name("authored-03.tsv")]):
        documents.setdefault(row.doc, []).append(row.text)
    names = list(documents)
    for name, part in (("ours", names[:20]), ("next", names[20:])):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            texts = [(doc, text) for doc in part for text in documents[doc]]
            csv.writer(stream).writerows([("doc_id", "text"), *texts])
        score_files(model, [str(tmp_path / f"{name}.csv")], str(tmp_path / f"{name}-scored.csv"), unit="sentence")

    def anonymous(row):
        return row.text("strength") == "weak" and row.text("identification") in ("anonymous", "vague")

    table = read_scored(tmp_path / "ours-scored.csv")
    rows = [
        correction(table, number, "strength", "unverified" if anonymous(row) else row.text("strength"))
        for number, row in enumerate(table.rows)
    ]
    corrections = export(tmp_path / "corrections.json", rows)
    result = run("review", "apply", corrections, "--scored", tmp_path / "ours-scored.csv", "-o", tmp_path / "own.csv")
    assert result.exit_code == 0, result.stderr
    bases = [part for path in trained_on for part in ("--base", path)]
    output = tmp_path / "new"
    result = run("train", tmp_path / "own.csv", *bases, "--weight", 10, "--against", bundle, "-o", output)
    assert result.exit_code == 0, result.stderr
    assert "weak → unverified" in result.stderr

    def change(name):
        """Give the corrected kind of sentence before and after, and the share of other labels that changed."""
        scores = [tmp_path / f"{name}-scored.csv", tmp_path / f"{name}-again.csv"]
        result = run("score", tmp_path / f"{name}.csv", "--unit", "sentence", "--model", output, "-o", scores[1])
        assert result.exit_code == 0, result.stderr
        pairs = list(zip(*(read_scored(path).rows for path in scores), strict=True))
        others = [old.text("strength") != new.text("strength") for old, new in pairs if not anonymous(old)]
        return [pair for pair in pairs if anonymous(pair[0])], sum(others) / len(others)

    learnt, shifted = change("ours")
    assert len(learnt) > 20
    assert sum(new.text("strength") == "unverified" for _, new in learnt) >= 3 / 4 * len(learnt)
    assert shifted <= 0.02
    unseen, shifted = change("next")
    risen = [new.value("p_unverified") - old.value("p_unverified") for old, new in unseen]
    assert len(unseen) > 10
    assert sum(risen) / len(risen) > 0.1
    assert shifted <= 0.05
