"""Two scored files of one text: what moved, and by how much; every row of both is told."""

import csv
import json

import pytest
from typer.testing import CliRunner

from scorer.cli import app
from scorer.labels import STRENGTHS
from scorer.scored_comparison import compare_scored
from scorer.scored_comparison_text import comparison_text
from scorer.scored_table import read_scored

HOSTILE = "*bold* <script>alert(1)</script>\n| @mayor #12 `x` \x1b[31m\u202eabc [a](http://b)"


def row(doc, number, text, strength, score, **other):
    level = dict.fromkeys([f"p_{name}" for name in STRENGTHS], 0.0) | {f"p_{strength}": 1.0}
    cells = {"doc_id": doc, "sentence": number, "start": 0, "end": len(text), "text": text, "strength": strength}
    cells |= {"score": score, **level, "source_type": "none", "identification": "none", "source": "", "cue": ""}
    return cells | {"hedges": "", "verification": "none", "hedging": 0.0, "needs_review": False} | other


BEFORE = [
    row("a", 0, "One.", "weak", 25.0),
    row("a", 1, "Two.", "weak", 20.0),
    row("a", 2, "Three.", "strong", 75.0, source="Three", source_type="official", identification="named"),
    row("b", 0, "Four.", "not_a_claim", None),
    row("b", 1, "Five.", "strong", 75.0),
]
AFTER = [
    row("a", 0, "One.", "moderate", 50.0),
    row("a", 1, "Two.", "weak", 24.0),
    row("a", 2, "Three.", "strong", 65.0, source_type="official", identification="named", needs_review=True),
    row("b", 0, "Four.", "weak", 25.0),
    row("b", 1, "Five, now.", "strong", 75.0),
]


def write(folder, name, rows):
    path = folder / name
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(cells) + "\n" for cells in rows), encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0])
            writer.writeheader()
            writer.writerows(cells | {"needs_review": str(cells["needs_review"]).lower()} for cells in rows)
    return path


@pytest.fixture
def paths(tmp_path):
    return write(tmp_path, "old.jsonl", BEFORE), write(tmp_path, "new.jsonl", AFTER)


@pytest.fixture
def compared(paths):
    return compare_scored(*map(read_scored, paths))


def test_labels_scores_and_fields_that_moved_are_counted(compared):
    assert compared.transitions == {("weak", "moderate"): 1, ("not_a_claim", "weak"): 1}
    assert [shift.before.text("text") for shift in compared.relabelled()] == ["One.", "Four."]
    assert [shift.before.text("text") for shift in compared.changed()] == ["One.", "Four.", "Two.", "Three."]
    assert [shift.distance for shift in compared.relabelled()] == [1.0, 1.0]
    scores = compared.scores
    assert (scores.n, scores.n_far) == (3, 2)
    assert scores.mean == pytest.approx((25 + 4 - 10) / 3)
    assert scores.mean_absolute == pytest.approx((25 + 4 + 10) / 3)
    assert scores.median_absolute == pytest.approx(10)
    assert {name: n for name, n in compared.fields.items() if n} == {"source": 1, "needs_review": 1}
    assert [(document.title, document.n_relabelled) for document in compared.documents] == [("a", 1), ("b", 1)]


def test_every_row_is_in_both_or_in_one(compared):
    assert [found.text("text") for found in compared.only_before] == ["Five."]
    assert [found.text("text") for found in compared.only_after] == ["Five, now."]
    assert len(compared.shifts) + len(compared.only_before) == len(BEFORE)
    assert len(compared.shifts) + len(compared.only_after) == len(AFTER)


def test_a_file_against_itself_in_another_form_shows_nothing(tmp_path):
    one, other = write(tmp_path, "a.csv", BEFORE), write(tmp_path, "a.jsonl", BEFORE)
    compared = compare_scored(read_scored(one), read_scored(other))
    assert compared.changed() == []
    assert compared.transitions == {}
    assert not any(compared.fields.values())
    assert (compared.scores.mean_absolute, compared.scores.n_far) == (0, 0)
    text = comparison_text(compared)
    assert "5 sentences in both files; 0 (0.0 %) have another label." in text
    assert "What else changed" not in text
    assert "Sentences with" not in text
    assert "Documents that" not in text


def test_text_of_a_small_comparison(compared):
    assert comparison_text(compared).splitlines() == [
        "old.jsonl → new.jsonl",
        "",
        "4 sentences in both files; 2 (50.0 %) have another label.",
        "Scores of 3 claims moved by +6.3 on average, up or down by 13.0 (half of them by 10.0 or less), 2 by 10 "
        "points or more.",
        "",
        "Labels of the sentences in both",
        "label        before  now  change",
        "not_a_claim       1    0      −1",
        "unverified        0    0       0",
        "weak              2    2       0",
        "moderate          0    1      +1",
        "strong            1    1       0",
        "verified          0    0       0",
        "",
        "Pairs of labels that changed: 2",
        "from → to           sentences",
        "weak → moderate             1",
        "not_a_claim → weak          1",
        "",
        "What else changed",
        "              sentences",
        "source words          1",
        "needs review          1",
        "",
        "Documents that changed: 2",
        "document  sourcing score  now  change  weak or unverified  now  other labels",
        "a                     67   67       0                   2    1             1",
        "b                     50   50       0                   0    1             1",
        "",
        "Sentences with another label, those first that moved most: 2",
        "  weak 25 → moderate 50: “One.” (a, sentence 0)",
        "  not_a_claim → weak 25: “Four.” (b, sentence 0)",
        "",
        "Only in old.jsonl: 1",
        "  strong 75: “Five.” (b, sentence 1)",
        "",
        "Only in new.jsonl: 1",
        "  strong 75: “Five, now.” (b, sentence 1)",
        "",
        "It says what changed, not what got better: only labelled text can tell that.",
    ]


def test_fewer_rows_on_request(compared):
    text = comparison_text(compared, most=1)
    assert "Pairs of labels that changed: 1 of 2\n" in text
    assert "those first that moved most: 1 of 2\n" in text
    assert "(b, sentence 0)" not in text
    assert "Sentences with" not in comparison_text(compared, most=0)


def test_hostile_text_stays_text_in_the_terminal_and_in_markdown(tmp_path):
    old, new = [row(HOSTILE, 0, HOSTILE, "weak", 25.0)], [row(HOSTILE, 0, HOSTILE, "strong", 75.0)]
    compared = compare_scored(*(read_scored(write(tmp_path, name, rows)) for name, rows in (("a", old), ("b", new))))
    terminal, markdown = comparison_text(compared), comparison_text(compared, markdown=True)
    for text in (terminal, markdown):
        assert "\x1b" not in text
        assert "\u202e" not in text
    (line,) = [line for line in markdown.splitlines() if line.startswith("- ")]
    assert line.startswith(
        "- weak 25 → strong 75: “\\*bold\\* \\<script>alert(1)\\</script> \\| @\u2060mayor #\u206012 \\`x\\` \\[31m "
    )
    assert all("<script" not in line.replace("\\<", "") for line in markdown.splitlines())
    tables = [line for line in markdown.splitlines() if line.startswith("|") and "bold" in line]
    assert tables
    assert all(line.replace("\\|", "").count("|") == 8 for line in tables)


def test_texts_that_have_nothing_in_common_say_so(tmp_path):
    one, other = write(tmp_path, "a.jsonl", BEFORE[:1]), write(tmp_path, "b.jsonl", AFTER[4:])
    text = comparison_text(compare_scored(read_scored(one), read_scored(other)))
    assert "No sentence is in both files: they are of different texts, or name their documents differently." in text
    assert "Only in a.jsonl: 1" in text


def run(*arguments):
    return CliRunner().invoke(app, ["compare", *map(str, arguments)])


def test_command_writes_text_markdown_and_every_change(paths, tmp_path, compared):
    shown = run(*paths)
    assert (shown.exit_code, shown.stdout) == (0, comparison_text(compared) + "\n")
    assert run(*paths, "--format", "md", "-n", 1).stdout == comparison_text(compared, most=1, markdown=True) + "\n"
    written = run(*paths, "-o", tmp_path / "c.md", "--changes-file", tmp_path / "c.csv")
    assert (written.exit_code, written.output) == (0, "")
    assert (tmp_path / "c.md").read_text(encoding="utf-8") == comparison_text(compared, markdown=True) + "\n"
    with (tmp_path / "c.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [cells["text"] for cells in rows] == ["One.", "Four.", "Two.", "Three."]
    assert (rows[0]["strength_before"], rows[0]["strength_after"]) == ("weak", "moderate")
    assert (rows[3]["score_before"], rows[3]["score_after"], rows[3]["source_after"]) == ("75.0", "65.0", "")


def test_command_refuses_what_is_not_scored_and_to_write_over_an_input(paths, tmp_path):
    (tmp_path / "a.csv").write_text("doc_id,text\na,One.\n", encoding="utf-8")
    result = run(paths[0], tmp_path / "a.csv")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: a.csv has no column 'sentence'")
    for option in ("-o", "--changes-file"):
        result = run(*paths, option, paths[1])
        assert (result.exit_code, result.stderr) == (1, f"error: {paths[1]} is an input too; give another name\n")
    result = run(*paths, "-o", tmp_path / "nowhere" / "c.md")
    assert (result.exit_code, result.stderr) == (
        1,
        f"error: {tmp_path / 'nowhere' / 'c.md'} cannot be written: No such file or directory\n",
    )
