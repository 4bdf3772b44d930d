"""Cells that a spreadsheet would run: every start that OWASP lists, and what a program may strip before it looks."""

import csv
import json

import pytest

from scorer.tables.output import open_writer

RUN = [
    *(f"{start}1+1" for start in "=+-@＝＋－＠﹦﹢﹣﹫−"),
    *(f"{start}x" for start in "\t\r\n"),
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example","here")',
    "-1+cmd|' /C calc'!A0",
    "@SUM(1,1)",
    " =1+1",
    "\u00a0=1+1",
    "\u3000＝1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    '"=1+1"',
    ' " =1+1',
    "-1\n",
    "-",
    "+44 20 7123",
]
LEFT = [
    "",
    "x",
    "a=b",
    "a\n=1+1",
    "a,=1+1",
    "a;=1+1",
    'a"=1+1',
    "-0.5",
    "-1e-7",
    "+3",
    "12",
    "'=1+1",
    "Rain – much of it",
]


def cells_of(tmp_path, cells, **options):
    path = tmp_path / "out.csv"
    with open_writer(str(path), format="csv", columns=["a", "b"], **options) as writer:
        writer.write_rows([(cell, "end") for cell in cells])
    with path.open(newline="", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    assert [row[1:] for row in rows] == [["end"]] * len(cells), "a cell must not break out of its place"
    return [row[0] for row in rows]


def test_every_start_of_a_formula_is_neutral(tmp_path):
    assert cells_of(tmp_path, RUN, spreadsheet_safe=True) == ["'" + cell for cell in RUN]


def test_other_cells_and_plain_numbers_stay(tmp_path):
    assert cells_of(tmp_path, LEFT, spreadsheet_safe=True) == LEFT
    assert cells_of(tmp_path, RUN) == RUN, "without the option nothing changes"


@pytest.mark.parametrize("cell", RUN)
def test_json_lines_stay_as_they_are(tmp_path, cell):
    path = tmp_path / "out.jsonl"
    with open_writer(str(path), format="jsonl", columns=["a"], spreadsheet_safe=True) as writer:
        writer.write_rows([(cell,)])
    assert json.loads(path.read_text(encoding="utf-8")) == {"a": cell}
