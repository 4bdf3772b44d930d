import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from scorer.errors import InputError
from scorer.labelled import COLUMNS, LabelledSentence, check_labelled, read_labelled, write_labelled
from scorer.labels import STRENGTHS
from scorer.records import Span
from scorer.scoring_files import score_files

ROOT = Path(__file__).parent.parent
SHIPPED = sorted((ROOT / "data").glob("authored-*.tsv"))

POLICE = LabelledSentence(
    doc="d1",
    order=0,
    text="The gate may be open, police said.",
    strength="weak",
    source_type="official",
    identification="role",
    source=Span(22, 28),
    cue=Span(29, 33),
    hedges=(Span(9, 12),),
    verification="none",
    register="wire",
    domain="crime",
)
FLAT = LabelledSentence(
    doc="d1",
    order=1,
    text="The gate is open.",
    strength="strong",
    source_type="none",
    identification="none",
    verification="none",
)


@pytest.fixture(scope="module")
def shipped():
    return read_labelled(SHIPPED)


def file(folder, name, content):
    path = folder / name
    path.write_text(content, encoding="utf-8", newline="")
    return path


def jsonl(folder, **fields):
    return file(folder, "labelled.jsonl", json.dumps({"text": "x", "strength": "strong", **fields}) + "\n")


def words(sentence):
    spans = (sentence.source, sentence.cue, *sentence.hedges)
    return [span and sentence.text[span.start : span.end] for span in spans]


def test_tsv_row_is_read_with_all_its_fields(tmp_path):
    labels = "weak\tofficial\trole\tpolice\t22-28\tsaid\t29-33\tmay\t9-12\tnone\twire\tcrime"
    content = "\t".join(COLUMNS) + f"\nd1\t0\t{POLICE.text}\t{labels}\n"
    assert read_labelled([file(tmp_path, "a.tsv", content)]) == [POLICE]


def test_csv_row_is_read_with_quoting_and_spans_found(tmp_path):
    content = (
        "\ufeffdoc_id,text,strength,source_type,identification,source,cue,hedges,verification,register,domain,desk\r\n"
        'd1,"The gate may be open, police said.",weak,official,role,police,said,may,none,wire,crime,"new\r\nroom"\r\n'
    )
    assert read_labelled([file(tmp_path, "a.csv", content)]) == [POLICE]


def test_jsonl_row_is_read_with_spans_found(tmp_path):
    row = {"doc": "d1", "order": 0, "text": POLICE.text, "strength": "weak", "source_type": "official"}
    row |= {"identification": "role", "source": "police", "cue": "said", "hedges": ["may"], "verification": "none"}
    row |= {"register": "wire", "domain": "crime"}
    assert read_labelled([file(tmp_path, "a.jsonl", json.dumps(row) + "\n\n")]) == [POLICE]


def test_text_and_strength_are_enough_and_each_row_is_a_document(tmp_path):
    path = file(tmp_path, "a.csv", "text,strength\nOne.,strong\n\nTwo.,weak\n")
    assert read_labelled([path]) == [
        LabelledSentence(doc=f"{path}:2", order=0, text="One.", strength="strong"),
        LabelledSentence(doc=f"{path}:4", order=0, text="Two.", strength="weak"),
    ]


def test_order_is_counted_in_each_document_where_it_is_not_given(tmp_path):
    path = file(tmp_path, "a.csv", "doc,text,strength\na,One.,strong\nb,Two.,weak\na,Three.,weak\n")
    assert [(row.doc, row.order) for row in read_labelled([path])] == [("a", 0), ("b", 0), ("a", 1)]


def test_labels_not_given_are_none_and_their_check_is_skipped(tmp_path):
    path = file(tmp_path, "a.tsv", "text\tstrength\tverification\nOne.\tverified\t\n")
    (row,) = read_labelled([path])
    assert (row.source_type, row.identification, row.verification, row.hedges) == (None, None, None, ())
    assert check_labelled([row]) == []


@pytest.mark.parametrize("name", ["scored.csv", "scored.jsonl"])
def test_of_a_scored_table_only_strength_is_a_label(tmp_path, model, name):
    given = file(tmp_path, "in.csv", "doc_id,text\n7,Western officials said the dam may fail. It held.\n")
    scored = tmp_path / name
    score_files(model, [str(given)], str(scored), format=scored.suffix[1:])
    content = scored.read_text(encoding="utf-8")
    assert "official" in content
    rows = read_labelled([scored])
    assert [(row.doc, row.order, row.text) for row in rows] == [
        ("7", 0, "Western officials said the dam may fail."),
        ("7", 1, "It held."),
    ]
    assert {(row.source_type, row.identification, row.source, row.cue, row.hedges) for row in rows} == {
        (None, None, None, None, ())
    }
    assert rows[0].strength == "weak"


def test_documents_of_one_name_in_two_files_are_two(tmp_path):
    one = file(tmp_path, "one.csv", "doc,text,strength\n1,A.,weak\n2,B.,weak\n")
    two = file(tmp_path, "two.csv", "doc,text,strength\n1,C.,weak\n1,D.,weak\n3,E.,weak\n")
    rows = read_labelled([one, two])
    assert [(row.doc, row.order) for row in rows] == [
        *(("1", 0), ("2", 0), ("1 (two.csv)", 0), ("1 (two.csv)", 1), ("3", 0))
    ]
    assert check_labelled(rows) == []


def test_tsv_quotation_marks_belong_to_the_text(tmp_path):
    path = file(tmp_path, "a.tsv", 'text\tstrength\r\n"No.\tmoderate\r\n')
    assert [row.text for row in read_labelled([path])] == ['"No.']


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "labelled.csv",
            "text,strength\nA.,weak\nB.,weakish\n",
            "labelled.csv: row 3: column 'strength': 'weakish' is not a strength; "
            "use one of not_a_claim, unverified, weak, moderate, strong, verified",
        ),
        (
            "labelled.tsv",
            "text\tstrength\tidentification\nA.\tweak\tknown\n",
            "labelled.tsv: row 2: column 'identification': 'known' is not an identification; "
            "use one of none, named, role, anonymous, vague",
        ),
        (
            "labelled.csv",
            "text,strength\nA.,\n",
            "labelled.csv: row 2: column 'strength': '' is not a strength; "
            "use one of not_a_claim, unverified, weak, moderate, strong, verified",
        ),
        ("a.csv", "body,strength\nA.,weak\n", "a.csv: column 'text' not found; columns are: body, strength"),
        ("a.csv", "", "a.csv: column 'text' not found; columns are: "),
        (
            "a.csv",
            "text,label\nA.,weak\n",
            "a.csv: column 'strength' not found; columns are: text, label; "
            "the sentences have to be in 'text' and their labels in 'strength'",
        ),
        (
            "a.csv",
            "Text,strength\n",
            "a.csv: column 'text' not found; columns are: Text, strength; rename 'Text' to 'text'",
        ),
        (
            "a.csv",
            "text;strength\nA.;weak\n",
            "a.csv: column 'text' not found; columns are: text;strength; its fields are separated by ';': save it with",
        ),
        ("a.csv", "text,strength\nA, B.,weak\n", "a.csv: row 2: 3 fields, but the header has 2; put cells with commas"),
        ("a.tsv", "text\tstrength\nA.\tB.\tweak\n", "a.tsv: row 2: 3 fields, but the header has 2; write a tab in a"),
        (
            "a.csv",
            "text,strength,text\n",
            "a.csv: column 'text' is there twice; columns are: text, strength, text; rename one",
        ),
        ("a.csv", "text,strength\nA.\n", "a.csv: row 2: 1 fields, but the header has 2"),
        ("a.csv", 'text,strength\n"A" b,weak\n', "a.csv: after row 1: not CSV: ',' expected after '\"'; mend the"),
        (
            "a.csv",
            "text,strength\n ,weak\n",
            "a.csv: row 2: column 'text': is empty; give the sentence or delete the row",
        ),
        (
            "a.csv",
            "doc,order,text,strength\na,first,A.,weak\n",
            "a.csv: row 2: column 'order': 'first' is not a position; use whole numbers from 0 in each document",
        ),
        (
            "a.csv",
            "text,strength,cue\nHe says so.,weak,said\n",
            "a.csv: row 2: column 'cue': 'said' is not in the sentence; copy the words to the letter",
        ),
        (
            "a.tsv",
            "text\tstrength\tcue\tcue_at\nHe said so.\tweak\tsaid\t3-8\n",
            "a.tsv: row 2: column 'cue_at': '3-8' is 'said ', not 'said'; correct it, or leave it empty",
        ),
        (
            "a.tsv",
            "text\tstrength\tcue\tcue_at\nHe said so.\tweak\tsaid\t3:7\n",
            "a.tsv: row 2: column 'cue_at': '3:7' is not start-end; give character offsets from 0, or leave it empty",
        ),
        ("a.tsv", "text\tstrength\tcue\tcue_at\nHe said\tweak\tsaid\t3-9\n", "a.tsv: row 2: column 'cue_at': '3-9' is"),
        ("a.jsonl", "{}\nnope\n", "a.jsonl: row 1: column 'text': is empty; give the sentence or delete the row"),
        ("a.jsonl", "nope\n", "a.jsonl: row 1: not JSON: Expecting value: line 1 column 1 (char 0); write one object"),
        ("a.jsonl", "[1]\n", "a.jsonl: row 1: not a JSON object; write one object a line"),
        (
            "a.jsonl",
            '{"text": "A.", "strength": "weak", "hedges": "may"}',
            "a.jsonl: row 1: column 'hedges': 'may' is not a list of texts; write [] where there are none",
        ),
        ("a.xlsx", "", "a.xlsx: not a labelled file by its name; use one of .tsv, .csv, .jsonl"),
    ],
)
def test_reader_names_file_row_column_value_and_remedy(tmp_path, name, content, message):
    with pytest.raises(InputError) as caught:
        read_labelled([file(tmp_path, name, content)])
    assert str(caught.value).startswith(message)


def test_reader_names_the_byte_that_is_not_utf8(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"text,strength\nCaf\xe9.,weak\n")
    with pytest.raises(InputError, match=r"^a\.csv: byte 17 is not UTF-8; save the file as UTF-8$"):
        read_labelled([tmp_path / "a.csv"])


def test_reader_names_a_missing_file(tmp_path):
    with pytest.raises(InputError, match=r"none\.csv: cannot be read: No such file or directory$"):
        read_labelled([tmp_path / "none.csv"])


@pytest.mark.parametrize(
    ("text", "source", "cue", "starts"),
    [
        ("The theory, he said, holds.", "he", "said", (12, 15)),
        ('"If he goes, he goes," he said.', "he", "said", (23, 26)),
        ("“I said no,” he said.", "he", "said", (13, 16)),
        ("Police saw what police found, police said.", "police", "said", (30, 37)),
        ("Shots were heard, residents said, and men were said to run.", "residents", "said", (18, 28)),
        ("In Orr's view, in any case, it holds.", "Orr's", "In", (3, 0)),
        ("Reportersay", "Reporter", "say", (0, 8)),
    ],
)
def test_source_and_cue_are_the_nearest_pair_outside_quotation_marks(tmp_path, text, source, cue, starts):
    (row,) = read_labelled([jsonl(tmp_path, text=text, source=source, cue=cue)])
    assert (row.source.start, row.cue.start) == starts
    assert words(row) == [source, cue]


@pytest.mark.parametrize(
    ("text", "hedges", "starts"),
    [
        ("That may be so and it may not.", ["may", "may"], [5, 22]),
        ("The African can win.", ["can"], [12]),
        ("It may, if it can, help.", ["if", "may"], [3, 8]),
        ("If so, it may; if not, not.", ["may", "if"], [10, 15]),
        ("Nobody knows.", [], []),
    ],
)
def test_hedges_are_found_from_left_to_right_and_kept_by_position(tmp_path, text, hedges, starts):
    (row,) = read_labelled([jsonl(tmp_path, text=text, hedges=hedges)])
    assert [span.start for span in row.hedges] == starts


def test_writer_gives_the_same_bytes_again(tmp_path):
    write_labelled([POLICE, FLAT], tmp_path / "a.tsv")
    assert (tmp_path / "a.tsv").read_text(encoding="utf-8") == (
        "doc\torder\ttext\tstrength\tsource_type\tidentification\tsource\tsource_at\tcue\tcue_at\thedges\thedges_at\t"
        "verification\tregister\tdomain\n"
        "d1\t0\tThe gate may be open, police said.\tweak\tofficial\trole\tpolice\t22-28\tsaid\t29-33\tmay\t9-12\t"
        "none\twire\tcrime\n"
        "d1\t1\tThe gate is open.\tstrong\tnone\tnone\t\t\t\t\t\t\tnone\t\t\n"
    )
    write_labelled(read_labelled([tmp_path / "a.tsv"]), tmp_path / "b.tsv")
    assert (tmp_path / "b.tsv").read_bytes() == (tmp_path / "a.tsv").read_bytes()


@pytest.mark.parametrize(
    "text", ["tab\there", "line\nbreak", "CR\r\nLF", "back\\slash \\t", '"quoted', "line\u2028sep|ar", "🔥 ’tis"]
)
def test_writer_and_reader_keep_any_character(tmp_path, text):
    row = LabelledSentence(doc="d", order=0, text=text, strength="weak", hedges=(Span(0, 2), Span(3, len(text))))
    write_labelled([row], tmp_path / "a.tsv")
    assert read_labelled([tmp_path / "a.tsv"]) == [row]


def test_checker_finds_nothing_in_sound_rows():
    boilerplate = replace(FLAT, text="14:52", strength="not_a_claim")
    assert check_labelled([POLICE, FLAT, replace(boilerplate, order=2), replace(boilerplate, doc="d2", order=0)]) == []
    assert check_labelled([]) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"strength": "weakish"}, "strength 'weakish' is not a strength"),
        ({"source_type": "press"}, "source_type 'press' is not a source type"),
        ({"identification": "known"}, "identification 'known' is not an identification"),
        ({"verification": "yes"}, "verification 'yes' is not a verification"),
        ({"cue": Span(29, 99)}, "cue 29-99 is not in the sentence, which has 34 characters"),
        ({"source": Span(22, 22)}, "source 22-22 is not in the sentence, which has 34 characters"),
        ({"source": Span(21, 28)}, "source ' police' does not begin and end with whole words"),
        ({"cue": Span(29, 32)}, "cue 'sai' does not begin and end with whole words"),
        ({"hedges": (Span(9, 12), Span(4, 8))}, "hedges are not in the order of their position, or one is there twice"),
        (
            {"hedges": (Span(9, 12), Span(9, 12))},
            "hedges are not in the order of their position, or one is there twice",
        ),
        ({"strength": "not_a_claim"}, "not_a_claim has no source, cue or verification"),
        ({"identification": "none"}, "source_type official does not go with identification none"),
        ({"source_type": "none", "identification": "none"}, "source_type none has no source and no cue"),
        (
            {"strength": "moderate", "identification": "anonymous"},
            "moderate rests on an accountable source, not on identification anonymous",
        ),
        ({"strength": "strong", "identification": "vague"}, "strong cannot rest on identification vague"),
        ({"strength": "verified"}, "verified has verification verified, not none"),
        ({"verification": "verified"}, "verification verified makes a sentence verified or strong, not weak"),
        ({"verification": "unverified"}, "verification unverified makes a sentence unverified, not weak"),
        ({"order": 1}, "order 1 of document 'd1' where 0 is next"),
    ],
)
def test_checker_names_each_fault(changes, fault):
    assert check_labelled([replace(POLICE, **changes)], ["a.tsv: row 2"]) == [f"a.tsv: row 2: {fault}"]


def test_checker_names_a_row_given_twice():
    assert check_labelled([POLICE, replace(FLAT, order=0)]) == ["d1 0: order 0 of document 'd1' is given twice"]


def test_checker_names_a_sentence_that_occurs_twice_as_a_claim():
    again = replace(POLICE, doc="d2")
    assert check_labelled([POLICE, again]) == ["d2 0: the same sentence as d1 0"]
    headings = [
        replace(FLAT, doc=doc, order=0, strength=strength) for doc, strength in (("a", "not_a_claim"), ("b", "weak"))
    ]
    assert check_labelled(headings) == ["b 0: the same sentence as a 0"]


def test_shipped_data_keeps_the_rules(shipped):
    assert len(SHIPPED) >= 17
    assert check_labelled(shipped) == []


def test_shipped_data_is_as_the_writer_writes_it(tmp_path):
    for path in SHIPPED:
        write_labelled(read_labelled([path]), tmp_path / path.name)
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_data_readme_counts_are_those_of_the_data(shipped):
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    counts = Counter(row.strength for row in shipped)
    assert [strength for strength in STRENGTHS if f"| `{strength}` | {counts[strength]:,} |" not in readme] == []
    assert f"{len(shipped):,} sentences in {len({row.doc for row in shipped})} documents" in readme


def test_check_script_names_file_and_row_and_fails(tmp_path):
    write_labelled([POLICE, replace(FLAT, order=5)], tmp_path / "a.tsv")
    bad = file(tmp_path, "b.tsv", "text\tstrength\nA.\tweakish\n")
    command = [sys.executable, ROOT / "data" / "check.py", tmp_path / "a.tsv", bad]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "b.tsv: row 2: column 'strength': 'weakish' is not a strength; "
        "use one of not_a_claim, unverified, weak, moderate, strong, verified",
        "a.tsv: row 3: order 5 of document 'd1' where 1 is next",
    ]
    assert done.stderr == "2 files, 2 sentences, 2 problems\n"


def test_seed_rows_are_slices_of_the_story_in_order():
    story = (ROOT / "seeds" / "story.txt").read_text(encoding="utf-8")
    expected = read_labelled([ROOT / "seeds" / "expected.tsv"])
    position = 0
    for row in expected:
        start = story.index(row.text, position)
        assert story[position:start].strip() == ""
        position = start + len(row.text)
    assert story[position:].strip() == ""
    assert len(expected) == 29


def test_seed_labels_keep_the_rules_and_show_every_strength(shipped):
    expected = read_labelled([ROOT / "seeds" / "expected.tsv"])
    assert check_labelled([*shipped, *expected]) == []
    assert {row.strength for row in expected} == set(STRENGTHS)
