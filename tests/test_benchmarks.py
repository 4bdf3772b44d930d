"""The benchmark of attributions counts right: figures and classes of errors against examples worked out by hand."""

import json
import re
import shutil
from pathlib import Path

import attribution
import pytest
from attributing import changes, rivals, speed
from attributing.errors import Share, cue_losses, label_errors, shares, source_losses
from attributing.figures import figures
from attributing.readers import LearntReader
from attributing.rivals import first_quotation, regex_baseline, tfidf_baseline
from attributing.rows import Found, Row, read_rows

import scorer.reading
from scorer.errors import InputError
from scorer.evaluate import by_document, document_codes, sentences_of
from scorer.labelled import read_labelled
from scorer.lexicon import FOLDER, load_lexicon
from scorer.model import N_FOLDS
from scorer.records import Sentence
from scorer.vouching_training import cross_read

LEXICON = load_lexicon()
# One document; the words in the comments are those of the source: shared, labelled, found.
BLOCK = [
    (("Officials said the pier was shut.", "Officials", "said", "official", "anonymous"),
     Found("Officials", "said", "official", "anonymous")),  # 1, 1, 1
    (("The mayor of Halden warned of floods.", "The mayor of Halden", "warned", "official", "role"),
     Found("The mayor", "warned", "official", "named")),  # 2, 4, 2
    (("The pier was shut.", "", "", "none", "none"), Found("", "", "none", "none")),
    (("Two crates fell.", "", "", "none", "none"),
     Found("Two crates", "fell", "organisation", "role", category="say", content="phrase")),  # 0, 0, 2
    (("Roe mused that it would rain.", "Roe", "mused", "individual", "named"),
     Found("", "", "none", "none")),  # 0, 1, 0
]  # fmt: skip
N = 5
"""Copies of the document, so that each label has the rows that a macro-F1 asks for."""
ROWS = [
    Row(f"d{copy}", order, text, source, cue, kind, who, None)
    for copy in range(N)
    for order, ((text, source, cue, kind, who), _) in enumerate(BLOCK)
]
FOUND = [found for _ in range(N) for _, found in BLOCK]


def test_figures_are_those_worked_out_by_hand():
    values = {name: figure.value for name, figure in figures(ROWS, FOUND).items()}
    assert values == pytest.approx(
        {
            "attributed_f1": 4 / 6,  # 2 right, 1 false alarm, 1 missed
            "attributed_mcc": 1 / 6,  # (2·1 - 1·1) / √(3·3·2·2)
            "source_token_f1": 2 * 3 / (6 + 5),
            "source_exact_f1": 2 * 1 / (3 + 3),
            "cue_token_f1": 2 * 2 / (3 + 3),
            "source_type_macro_f1": (1 + 0.5 + 0) / 3,  # official, none, individual
            "identification_macro_f1": (1 + 0.5 + 0 + 0) / 4,  # anonymous, none, role, named
        }
    )


def test_intervals_hold_the_figure_and_copies_of_one_document_have_none_to_spread():
    for figure in figures(ROWS, FOUND).values():
        assert figure.low == pytest.approx(figure.value)
        assert figure.high == pytest.approx(figure.value)
    uneven = figures(ROWS[:7], FOUND[:7])["source_token_f1"]
    assert uneven.low < uneven.value < uneven.high


def test_classes_of_errors_add_up_to_the_whole_loss():
    losses, total = source_losses(ROWS, FOUND, LEXICON)
    assert total == N * 11
    assert 1 - sum(loss.words for loss in losses) / total == pytest.approx(6 / 11)
    assert [(head.name, head.n, head.words) for head, _ in shares(losses, top=5)] == [
        ("false alarm", N, 2 * N),
        ("span too short", N, 2 * N),
        ("missed", N, N),
    ]
    assert {loss.detail for loss in losses} == {"say, phrase", "on the right", "verb, not in the word lists"}


@pytest.mark.parametrize(
    ("gold", "found", "group", "detail"),
    [
        ("Ann Roe", Found("the clerk", links=("Ann Roe",)), "wrong source", "another link of the sentence was right"),
        ("Ann Roe", Found("the clerk", links=("the dog",)), "wrong source", "no link of the sentence was right"),
        ("Ann Roe", Found("minister Ann Roe"), "span too long", "on the left"),
        ("Ann Roe", Found("Ann Roe of Halden"), "span too long", "on the right"),
        ("Ann Roe", Found("with Ann Roe there"), "span too long", "on both sides"),
        ("minister Ann Roe", Found("Ann Roe"), "span too short", "on the left"),
        ("the young minister Ann Roe", Found("young minister Ann Roe there"), "span shifted", ""),
        ("", Found("Ann Roe", category="act", content="clause"), "false alarm", "act, clause"),
        ("Ann Roe", Found(), "missed", "verb, not in the word lists"),
        ("Ann Roe", Found(cues=((8, 13, "say"),)), "missed", "verb, in the word lists"),
        ("Ann Roe", Found(cues=((8, 13, "cite"),)), "missed", "preposition, in the word lists"),
        ("Ann Roe", Found(cues=((0, 3, "say"),)), "missed", "verb, not in the word lists"),
    ],
)
def test_error_has_its_class(gold, found, group, detail):
    row = Row("d", 0, "Ann Roe mused that it would rain.", gold, "mused" if gold else "", None, None, None)
    (loss,), _ = source_losses([row], [found], LEXICON)
    assert loss.group == group
    assert loss.detail.startswith(detail)


@pytest.mark.parametrize(
    ("gold", "found", "group", "detail", "n_words"),
    [
        ("said", Found(cue="has said"), "too long", "by “has”", 1),
        ("has said that", Found(cue="said"), "too short", "by “has that”", 2),
        ("has said", Found(cue="said that"), "differs in part", "“that” for “has”", 2),
        ("said", Found(cue="it is felt", category="hearsay", content="clause"), "another cue", "hearsay, clause", 4),
        ("", Found(cue="said", category="say", content="phrase"), "false alarm", "say, phrase", 1),
        ("said", Found(), "missed", "verb, not in the word lists", 1),
    ],
)  # fmt: skip
def test_error_of_a_cue_has_its_class(gold, found, group, detail, n_words):
    row = Row("d", 0, "Roe has said that it would rain.", None, gold, None, None, None)
    losses, total = cue_losses([row, row._replace(cue=None)], [found, found], LEXICON)
    assert losses == [(group, detail, n_words)]
    assert total == len(gold.split()) + len(found.cue.split())


@pytest.mark.parametrize(
    ("text", "cue", "detail"),
    [
        ("Roe's hunch was that it would rain.", "hunch", "noun, not in the word lists"),
        ("From Roe, it would rain.", "From", "preposition, not in the word lists"),
        ("Roe, it would rain.", "", "no cue (carried over from a neighbour)"),
        ("Roe mused.", None, "cue not labelled"),
    ],
)
def test_missed_source_tells_what_its_cue_is(text, cue, detail):
    (loss,), _ = source_losses([Row("d", 0, text, "Roe", cue, None, None, None)], [Found()], LEXICON)
    assert loss == ("missed", detail, 1)


@pytest.mark.parametrize(
    ("gold", "found", "group"),
    [
        (("", "none"), Found("Roe", source_type="official"), "false alarm"),
        (("Roe", "official"), Found("", source_type="none"), "missed"),
        (("Roe", "official"), Found("", source_type="unspecified"), "no source in words on one side"),
        (("Roe", "official"), Found("the dog", source_type="witness"), "wrong source"),
        (("She", "official"), Found("She", source_type="individual"), "resolution: a pronoun or definite role"),
        (("The boss", "official"), Found("The boss", source_type="expert"), "resolution: a pronoun or definite role"),
        (("The Lantern", "media"), Found("The Lantern", source_type="expert"), "right source"),
        (("Roe", "official"), Found("Roe", source_type="witness"), "right source"),
    ],
)
def test_error_of_a_label_has_its_class(gold, found, group):
    row = Row("d", 0, "", *gold[:1], None, gold[1], None, None)
    (error,) = label_errors([row], [found], "source_type", LEXICON)
    assert error.group == group
    assert error.detail == f"{gold[1]} taken for {found.source_type}"


def test_details_beyond_the_top_are_folded_into_one():
    losses = source_losses(ROWS[:5], FOUND[:5], LEXICON)[0]
    several = [loss._replace(group="one") for loss in losses]
    ((head, lines),) = shares(several, top=2)
    assert head == Share("one", 3, 5, 1.0)
    assert [(line.name, line.n, line.words) for line in lines] == [("on the right", 1, 2), ("2 further kinds", 2, 3)]


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


TINY = [
    {"doc": "t", "order": 1, "text": "It rained for nine days.", "source": "", "cue": ""},
    {"doc": "t", "order": 0, "text": "Officials said the pier was shut.", "source": "Officials", "cue": "said"},
    {"doc": "u", "order": 0, "text": "Ann Roe told reporters the pier was shut.", "source": "Ann Roe", "cue": "told"},
    {"doc": "u", "order": 1, "text": "The pier was shut on Monday, the harbour office of the town said.",
     "source": "the harbour office", "cue": "said"},
]  # fmt: skip


def test_command_prints_figures_and_errors_of_a_file(tmp_path, capsys):
    attribution.main([str(write(tmp_path / "tiny.jsonl", TINY)), "--rules", "--no-speed"])
    printed = capsys.readouterr().out
    assert "== tiny.jsonl: 4 sentences in 2 documents" in printed
    lines = {line[:36].strip(): line[36:].split() for line in printed.splitlines()}
    assert lines["has a source: F1"][0] == "1.000"
    assert lines["source words: F1"][0] == f"{12 / 15:.3f}"  # 6 of 6 words found, with 3 too many
    assert lines["source, to the letter: F1"][0] == f"{4 / 6:.3f}"
    assert lines["cue words: F1"][0] == "1.000"
    assert not any(name.startswith(("source_type", "verification")) for name in lines)
    assert "span too long" in printed
    assert "missed" not in printed


def test_documents_that_weights_are_learnt_from_are_read_with_others(trained_on):
    rows = by_document(read_labelled(trained_on))
    reader = LearntReader(trained_on, LEXICON)
    held_out = cross_read(rows, [f"{code:06d}" for code in document_codes(rows)], LEXICON, N_FOLDS)[2]
    new = Sentence(doc_id="new", index=0, start=0, end=12, text="Roe said so.")
    found = reader.read([*sentences_of(rows), new])
    assert [reading.attributions for reading in found[:-1]] == [reading.attributions for reading in held_out]
    assert [reading.sentence for reading in found] == [*sentences_of(rows), new]
    seen = reader._reader.read(sentences_of(rows))
    assert [reading.attributions for reading in seen] != [reading.attributions for reading in held_out]


def test_command_reads_with_learnt_weights_unless_told_otherwise(tmp_path, capsys, monkeypatch, trained_on):
    monkeypatch.setattr(attribution, "files_in", lambda folder: trained_on)
    tiny = str(write(tmp_path / "tiny.jsonl", TINY))
    saved = tmp_path / "saved.json"
    attribution.main([tiny, "--save", str(saved)])
    assert [one["source"] for one in json.loads(saved.read_text())["tiny.jsonl"]][:2] == ["Officials", ""]
    with pytest.raises(SystemExit):
        attribution.main([tiny, "--model", "somewhere", "--lexicons", "elsewhere"])
    assert "leave --model out" in capsys.readouterr().err


def test_rows_are_read_documents_together_and_in_order(tmp_path):
    rows = read_rows(write(tmp_path / "tiny.jsonl", [TINY[0], TINY[2], TINY[1]]))
    assert [(row.doc, row.order) for row in rows] == [("t", 0), ("t", 1), ("u", 0)]
    assert rows[0].source_type is None
    with pytest.raises(InputError, match=r"tiny\.jsonl: row 1"):
        read_rows(write(tmp_path / "tiny.jsonl", [{"doc": "t"}]))


def test_table_and_jsonl_give_the_same_rows(tmp_path):
    path = attribution.files_in(attribution.DATA)[0]
    table = read_rows(path)
    again = read_rows(write(tmp_path / "same.jsonl", [row._asdict() for row in table]))
    assert again == table


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("The pier was shut, the mayor said.", "the mayor", "said"),
        ("The pier, according to Ann Roe, was shut.", "Ann Roe", "according to"),
        ("“It says so,” said Ann Roe on Monday.", "Ann Roe", "said"),
        ("Harbour officials have also denied it.", "Harbour officials", "have also denied"),
        ("The pier was shut.", "", ""),
        ("“Officials said so.”", "", ""),
    ],
)
def test_regular_expression_finds_the_classic_cases(text, source, cue):
    assert regex_baseline()(text)[:2] == (source, cue)


def test_tfidf_never_learns_from_a_document_that_it_guesses(monkeypatch):
    asked = []

    def learnt(train, rows):
        asked.append(({row.doc for row in train}, {row.doc for row in rows}))
        return [(id(row), False) for row in rows]

    monkeypatch.setattr(rivals, "_learnt", learnt)
    rows = [row._replace(text=f"{row.text} {row.doc} and so on for more than forty characters") for row in ROWS]
    tfidf_baseline(rows, rows)  # measured on what it would learn from: folds
    tfidf_baseline(rows, rows[:5])  # one of five documents: the other four
    assert set().union(*(guessed for _, guessed in asked[:-1])) == {row.doc for row in rows}
    assert all(train and not train & guessed for train, guessed in asked)
    assert asked[-1] == ({"d1", "d2", "d3", "d4"}, {"d0"})


def test_peer_that_is_missing_is_left_out_with_a_message(tmp_path, capsys):
    tiny = str(write(tmp_path / "tiny.jsonl", TINY))
    attribution.main([tiny, "--rules", "--no-speed", "--peer", "textacy", "--pipeline", "no_such_pipeline"])
    printed = capsys.readouterr()
    assert "textacy is left out" in printed.err
    assert "has a source: F1" in printed.out


def test_first_quotation_of_a_peer_counts():
    class Token(str):
        text = property(str)

    quotations = [([Token("Ann"), Token("Roe")], [Token("said")], "…"), ([Token("Marr")], [Token("said")], "…")]
    assert first_quotation(quotations)[:2] == ("Ann Roe", "said")
    assert first_quotation([]) == Found()


@pytest.fixture
def edited(tmp_path):
    """Give a copy of the word lists with one more verb."""
    folder = shutil.copytree(FOLDER, tmp_path / "lexicons")
    with (folder / "reports.tsv").open("a", encoding="utf-8") as stream:
        stream.write("zz001\tsay\tblorp~v\t0.5\tforward\town\tShe blorped that it rained.\t\t\n")
    return folder


def test_comparison_lists_what_a_new_cue_changes(tmp_path, edited, capsys):
    rows = [
        {"doc": "t", "text": "Officials blorped that the pier was shut.", "source": "Officials", "cue": "blorped"},
        {"doc": "t", "text": "The cranes blorped that day.", "source": "", "cue": ""},
        {"doc": "v", "text": "Ann Roe blorped that the pier was shut.", "source": "Ann Roe", "cue": "blorped"},
        {"doc": "v", "text": "Ann Roe said the pier was shut.", "source": "Ann Roe", "cue": "said"},
    ]
    tiny, saved = str(write(tmp_path / "tiny.jsonl", rows)), str(tmp_path / "before.json")
    attribution.main([tiny, "--rules", "--save", saved])
    attribution.main([tiny, "--rules", "--compare", saved])
    assert "0 of 4 sentences changed" in capsys.readouterr().out
    attribution.main([tiny, "--rules", "--compare", saved, "--lexicons", str(edited), "--list-docs", "t"])
    printed = capsys.readouterr().out
    assert "gain: source '' -> 'Officials'; label 'Officials'" in printed
    assert "Ann Roe" not in printed  # counted, but not listed
    table = printed.split("cells that changed")[1].split("\n\n")[0]
    assert re.search(r"^source +2 ", table, re.MULTILINE)  # both officials and Ann Roe are a gain
    assert re.search(r"^has a source: F1 +0\.5000 ", printed, re.MULTILINE)  # before: 1 of 3 found


def test_comparison_needs_the_same_sentences(tmp_path):
    rows = [Row("t", 0, "Roe said so.", "Roe", "said", None, None, None)]
    changes.save(tmp_path / "before.json", {"one": (rows, [Found("Roe", "said")])})
    assert changes.load(tmp_path / "before.json", "one", rows) == [Found("Roe", "said")]
    with pytest.raises(InputError, match="other sentences"):
        changes.load(tmp_path / "before.json", "one", [rows[0]._replace(text="Roe denied it.")])
    with pytest.raises(InputError, match="holds nothing of 'two'"):
        changes.load(tmp_path / "before.json", "two", rows)


@pytest.mark.parametrize(
    ("field", "before", "after", "gold", "verdict"),
    [
        ("source", "", "Roe", "Roe", "gain"),
        ("source", "Roe", "Ann Roe", "Roe", "loss"),
        ("source", "the dog", "the cat", "Roe", "even"),
        ("source_type", "official", "expert", "expert", "gain"),
        ("source_type", "official", "expert", "official", "loss"),
        ("source_type", "official", "expert", "media", "even"),
        ("source_type", "official", "expert", None, ""),
    ],
)
def test_change_has_its_verdict(field, before, after, gold, verdict):
    row = Row("t", 0, "", *(gold if name == field else None for name in ("source", "cue", "source_type")), None, None)
    (change,) = changes.changes([row], [Found()._replace(**{field: before})], [Found()._replace(**{field: after})])
    assert change.verdict == verdict


def test_losses_are_listed_first():
    one, other, third = (Row("t", order, "", "Roe", "said", None, None, None) for order in range(3))
    before = [Found("", "said"), Found("Roe", "said"), Found("Roe", "said")]
    after = [Found("Roe", "said"), Found("", "said"), Found("", "")]
    listed = changes.losses_first(changes.changes([one, other, third], before, after))
    assert [(change.row.order, change.field) for change in listed] == [
        (2, "source"),
        (2, "cue"),
        (1, "source"),
        (0, "source"),
    ]


@pytest.mark.interpreted
def test_stages_are_timed_and_the_timers_taken_off(model):
    plain = scorer.reading.quoted
    costs = speed.measure_costs(model, ROWS, rounds=1)
    assert scorer.reading.quoted is plain
    assert all(seconds > 0 for seconds in costs.stages.values())
    inner = sum(seconds for name, seconds in costs.stages.items() if name != "whole reading")
    assert inner < costs.stages["whole reading"] < costs.whole
    assert 0 < costs.share < 1


def test_stage_that_is_gone_stops_the_timing(model, monkeypatch):
    monkeypatch.setitem(speed.STAGES, "gone", ("scorer.reading", "no_such_stage"))
    plain = scorer.reading.quoted
    with pytest.raises(AttributeError):
        speed.measure_costs(model, ROWS, rounds=1)
    assert scorer.reading.quoted is plain


def test_tables_go_between_the_marks_of_a_page(tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n<!-- figures -->\nold\n<!-- end of figures -->\n\nRest.\n", encoding="utf-8")
    tiny = str(write(tmp_path / "tiny.jsonl", TINY))
    for _ in range(2):  # the second time finds the marks again
        attribution.main([tiny, "--rules", "--no-speed", "--into", str(page)])
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Page\n\n<!-- figures -->\n\n**tiny.jsonl: 4 sentences in 2 documents")
    assert text.endswith("\n\n<!-- end of figures -->\n\nRest.\n")
    assert "old" not in text
    assert text.count("| has a source: F1 | 1.000") == 1
    page.write_text("no marks", encoding="utf-8")
    with pytest.raises(SystemExit, match="not both there"):
        attribution.main([tiny, "--rules", "--no-speed", "--into", str(page)])


def test_files_of_a_folder_count_as_one(tmp_path):
    for name, doc in (("a.jsonl", "one"), ("b.jsonl", "two")):
        write(tmp_path / name, [{"doc": doc, "text": "It rained.", "source": ""}])
    (rows,) = attribution.read_files([tmp_path]).values()
    assert [row.doc for row in rows] == ["one", "two"]


def test_benchmark_of_a_missing_file_says_so():
    with pytest.raises(SystemExit, match="no such file"):
        attribution.main([str(Path("nowhere.jsonl"))])
