"""Formats of the output: each is read back as what it was, and bytes do not depend on time, parts or processes."""

import csv
import gzip
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorer.assess import LISTED_COLUMNS, OUTPUT_COLUMNS
from scorer.cli.score import Format
from scorer.errors import InputError
from scorer.scoring import score_files
from scorer.tables import FORMATS, Layout, RowEncoder, TableFormat, format_of, open_writer, parse_format
from scorer.tables.formats import check_installed
from scorer.tables.parquet_out import segment, write_parquet

CELLS = ["", "a\tb", 'say "x"', "line\nend", "\r", "é\u2028", "=1+1", "-0.5"]
ROWS = [(cell, other) for cell in CELLS for other in CELLS]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.csv", "csv"),
        ("a.TSV", "tsv"),
        ("a.ndjson", "jsonl"),
        ("a.b/c.jsonl.gz", "jsonl.gz"),
        ("a.csv.zst", "csv.zst"),
        ("a.parquet", "parquet"),
        ("a.gz", "csv.gz"),
        ("a", "csv"),
        ("a.2024", "csv"),
        ("-", "csv"),
        (None, "csv"),
    ],
)
def test_format_goes_by_the_name(name, expected):
    assert format_of(name).name == expected
    assert parse_format(expected) == format_of(name)


@pytest.mark.parametrize("name", ["a.xlsx", "a.json", "a.html.gz", "a.parquet.gz"])
def test_formats_that_are_not_written_are_refused(name):
    with pytest.raises(InputError, match=r"' is not written; name it \.csv, \.tsv or \.jsonl, each also with"):
        format_of(name)


def test_every_format_can_be_asked_for():
    assert {kind.value for kind in Format} == set(FORMATS)
    with pytest.raises(ValueError, match="format must be one of csv, tsv, "):
        parse_format("csv.bz2")


@pytest.mark.parametrize(
    ("module", "format", "told"),
    [
        ("zstandard", TableFormat("csv", "zst"), r"^writing \.zst needs zstandard; run: pip install 'scorer\[zstd\]'$"),
        ("pyarrow", TableFormat("parquet"), r"^writing Parquet needs pyarrow; run: pip install 'scorer\[parquet\]'$"),
    ],
)
def test_a_library_that_is_missing_is_told_with_its_remedy(monkeypatch, module, format, told):
    monkeypatch.setitem(__import__("sys").modules, module, None)
    monkeypatch.delitem(__import__("sys").modules, f"{module}.parquet", raising=False)
    with pytest.raises(InputError, match=told):
        check_installed(format)


def unpacked(content, packing):
    if packing == "zst":
        zstandard = pytest.importorskip("zstandard")
        return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content), read_across_frames=True).read()
    return gzip.decompress(content) if packing == "gz" else content


@pytest.mark.parametrize("packing", ["", "gz", "zst"])
@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl"])
def test_parts_of_a_table_add_up_to_it(kind, packing):
    if packing == "zst":
        pytest.importorskip("zstandard")
    encoder = RowEncoder(Layout(TableFormat(kind, packing), ("a", "b")))
    content = encoder.head() + b"".join([encoder.rows(ROWS[:7]), encoder.rows([]), encoder.rows(ROWS[7:])])
    assert content == encoder.head() + encoder.rows(ROWS[:7]) + encoder.rows(ROWS[7:])
    text = unpacked(content, packing).decode()
    if kind == "jsonl":
        assert [tuple(json.loads(line).values()) for line in text.split("\n")[:-1]] == ROWS
    else:
        found = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if kind == "tsv" else ",")
        assert [tuple(row) for row in found] == [("a", "b"), *ROWS]
    assert unpacked(encoder.head(), packing) == (b"" if kind == "jsonl" else b"a\tb\n" if kind == "tsv" else b"a,b\n")


def test_writer_packs_by_format(tmp_path):
    for name in ("o.csv.gz", "p.csv.gz"):
        with open_writer(str(tmp_path / name), format="csv.gz", columns=["a"]) as writer:
            writer.write_rows([("x",)])
    assert gzip.decompress((tmp_path / "o.csv.gz").read_bytes()) == b"a\nx\n"
    assert (tmp_path / "o.csv.gz").read_bytes() == (tmp_path / "p.csv.gz").read_bytes()
    with (
        pytest.raises(ValueError, match="Parquet cannot be written row by row"),
        open_writer(str(tmp_path / "o.parquet"), format="parquet", columns=["a"]),
    ):
        pass


# Parquet.


def parquet_of(tmp_path, columns, parts, types=None):
    """Give the Arrow table that parts of rows become."""
    pytest.importorskip("pyarrow")
    from pyarrow.parquet import read_table

    spool, target = tmp_path / "spool", tmp_path / "o.parquet"
    spool.write_bytes(b"".join(segment(columns, rows, types or {}) for rows in parts if rows))
    write_parquet(spool, target, columns, types or {})
    return read_table(target)


@pytest.mark.parametrize(
    ("parts", "kind", "expected"),
    [
        ([[1, None], [2]], "int64", [1, None, 2]),
        ([[1], [0.5]], "double", [1.0, 0.5]),
        ([[True], [None], [False]], "bool", [True, None, False]),
        ([["a"], [None]], "string", ["a", None]),
        ([[None], [None]], "string", [None, None]),
        ([[None], [3]], "int64", [None, 3]),
        ([[2**60], [1]], "int64", [2**60, 1]),
        ([[2**60], [0.5]], "string", [str(2**60), "0.5"]),  # a float would lose digits
        ([[2**60, 0.5]], "string", [str(2**60), "0.5"]),
        ([[2**70]], "string", [str(2**70)]),
        ([["a"], [1], [True], [None]], "string", ["a", "1", "true", None]),
        ([["a", 1]], "string", ["a", "1"]),
        ([[["x", 1]], [{"é": None}]], "string", ['["x", 1]', '{"é": null}']),
        ([["a"], [["b"]]], "string", ["a", '["b"]']),
    ],
)
def test_parquet_types_hold_every_cell(tmp_path, parts, kind, expected):
    table = parquet_of(tmp_path, ["a"], [[(cell,) for cell in part] for part in parts])
    assert (str(table.schema.field("a").type), table["a"].to_pylist()) == (kind, expected)


json_cells = (
    st.none()
    | st.booleans()
    | st.integers(-(2**66), 2**66)
    | st.floats(allow_nan=False)
    | st.text("aé\U0001f642", max_size=3)
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(json_cells, min_size=1, max_size=3), max_size=4))
def test_parquet_loses_no_cell(tmp_path, parts):
    cells = [cell for part in parts for cell in part]
    found = parquet_of(tmp_path, ["a"], [[(cell,) for cell in part] for part in parts])["a"].to_pylist()
    assert len(found) == len(cells)
    for cell, other in zip(cells, found, strict=True):
        texts = {json.dumps(cell)}
        if type(cell) is int:  # it stood beside a float, in a column that other parts made one of texts
            texts.add(json.dumps(float(cell)))
        assert cell == other or (isinstance(other, str) and other in texts)


def test_parquet_row_groups_follow_from_the_parts(tmp_path, monkeypatch):
    pytest.importorskip("pyarrow")
    from pyarrow.parquet import ParquetFile

    monkeypatch.setattr("scorer.tables.parquet_out.ROW_GROUP_ROWS", 10)
    parquet_of(tmp_path, ["a"], [[(k,) for k in range(7)]] * 5)
    found = ParquetFile(tmp_path / "o.parquet").metadata
    assert [found.row_group(k).num_rows for k in range(found.num_row_groups)] == [14, 14, 7]


def test_scored_parquet_has_typed_columns_and_every_attribution(model, tmp_path):
    pytest.importorskip("pyarrow")
    from pyarrow.parquet import read_table

    path = tmp_path / "in.jsonl"
    rows = [{"id": k, "tags": ["x"], "text": f"Police said {k} men were held. It rained."} for k in range(3)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    for name in ("out.parquet", "out.jsonl"):
        score_files(model, [str(path)], str(tmp_path / name))
    table = read_table(tmp_path / "out.parquet")
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert table.column_names == ["id", "tags", *LISTED_COLUMNS]
    assert [{**row, "tags": json.loads(row["tags"])} for row in table.to_pylist()] == lines
    types = {field.name: str(field.type) for field in table.schema}
    assert [types[name] for name in ("id", "start", "score", "needs_review", "text")] == [
        *("int64", "int64", "double", "bool", "string")
    ]
    assert types["attributions"].startswith("list<element: struct<source: string, source_start: int64")


@pytest.mark.parametrize("name", ["out.parquet", "out.jsonl.gz", "out.tsv"])
def test_an_empty_table_has_its_columns(model, tmp_path, name):
    path = tmp_path / "in.csv"
    path.write_text("id,text\n", encoding="utf-8")
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    assert score_files(model, [str(path)], str(tmp_path / name))[:3] == (0, 0, 0)
    if name.endswith("parquet"):
        from pyarrow.parquet import read_table

        table = read_table(tmp_path / name)
        assert (table.num_rows, table.column_names) == (0, ["id", *LISTED_COLUMNS])
        assert str(table.schema.field("score").type) == "double"
    elif name.endswith("gz"):
        assert gzip.decompress((tmp_path / name).read_bytes()) == b""
    else:
        assert (tmp_path / name).read_text(encoding="utf-8") == "\t".join(["id", *OUTPUT_COLUMNS]) + "\n"


# Every row of the input is in the output or in the errors file.

GOOD = ("It rained.", "Police said so. One may have fled.", "\u0600", "é")
KINDS = st.sampled_from(["good", "blank", "invisible", "long", "short", "quote", "bytes", "sign"])


def line_of(kind, k, good):
    return {
        "good": f"{k},d{k // 3},{good}",
        "blank": f"{k},d{k // 3},",
        "invisible": f"{k},d{k // 3},\u200b",
        "long": f"{k},d,{good},more",
        "short": f"{k}",
        "quote": f'{k},d,a "quoted" word" here',
        "bytes": f"{k},d,\udcff",
        "sign": f"{k},d,\u0600",
    }[kind]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kinds=st.lists(st.tuples(KINDS, st.sampled_from(GOOD)), max_size=25),
    unit=st.sampled_from(["document", "sentence"]),
    name=st.sampled_from(["out.csv", "out.jsonl.gz"]),
    part_chars=st.sampled_from([1, 40, 250_000]),
)
def test_every_row_is_in_the_output_or_once_in_the_errors_file(
    model, tmp_path, monkeypatch, kinds, unit, name, part_chars
):
    lines = ["n,doc_id,text", *(line_of(kind, k, good) for k, (kind, good) in enumerate(kinds, 1))]
    path = tmp_path / "in.csv"
    path.write_bytes("\n".join([*lines, ""]).encode("utf-8", "surrogateescape"))
    errors = tmp_path / "bad.csv"
    with monkeypatch.context() as patched:
        patched.setattr("scorer.parts.PART_CHARS", part_chars)
        summary = score_files(
            model, [str(path)], str(tmp_path / name), unit=unit, errors=str(errors), errors_always=True
        )
    content = unpacked((tmp_path / name).read_bytes(), "gz" if name.endswith("gz") else "").decode()
    rows = list(csv.DictReader(io.StringIO(content))) if name == "out.csv" else map(json.loads, content.splitlines())
    written = [int(row["n"]) for row in rows]
    with errors.open(newline="", encoding="utf-8") as stream:
        aside = list(csv.DictReader(stream))
    numbers = [int(row["row"]) for row in aside]
    assert sorted([*set(written), *numbers]) == list(range(1, len(kinds) + 1))
    assert all(row["file"] == str(path) and row["reason"] for row in aside)
    assert summary[:3] == (len(kinds), len(written), len(numbers))
    assert written == sorted(written)
