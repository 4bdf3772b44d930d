"""Inputs that are packed, cut off, named by a pattern, or hold a line beyond all bounds."""

import datetime
import gzip
import io
import json
import sys
from types import SimpleNamespace

import fuzz_tables
import pytest
from typer.testing import CliRunner

from scorer.cli import app
from scorer.errors import InputError
from scorer.tables import lines, read_chunks
from scorer.tables.packed import BLOCK_BYTES

ROWS = [f"{k},Rain fell in town {k}." for k in range(30_000)]
TABLE = ("id,text\n" + "\n".join(ROWS) + "\n").encode()


def read(*inputs, **options):
    """Return texts and what was set aside."""
    rejects = []
    chunks = list(read_chunks([str(i) for i in inputs], on_reject=rejects.append, **options))
    return [text for chunk in chunks for text in chunk.texts], rejects


def zst(content):
    return pytest.importorskip("zstandard").ZstdCompressor(write_checksum=True).compress(content)


PACKERS = [pytest.param(gzip.compress, "gz", id="gzip"), pytest.param(zst, "zst", id="zstandard")]


@pytest.mark.parametrize(("pack", "suffix"), PACKERS)
@pytest.mark.parametrize("name", ["a.csv.{}", "a.{}", "a.csv", "a"])
def test_packed_table_is_the_table(tmp_path, pack, suffix, name):
    path, plain = tmp_path / name.format(suffix), tmp_path / "plain.csv"
    path.write_bytes(pack(TABLE[:700_000]) + pack(TABLE[700_000:]))  # members or frames, one behind the other
    plain.write_bytes(TABLE)
    assert read(path) == read(plain)
    assert len(read(path)[0]) == len(ROWS)


@pytest.mark.parametrize(("pack", "suffix"), PACKERS)
def test_packed_json_lines_and_tabs(tmp_path, pack, suffix):
    (tmp_path / f"a.jsonl.{suffix}").write_bytes(pack(b'{"text": "Rain, it fell."}\n'))
    (tmp_path / f"b.tsv.{suffix}").write_bytes(pack(b"text\nRain, it fell.\n"))
    assert read(tmp_path) == (["Rain, it fell."] * 2, [])


@pytest.mark.parametrize(("pack", "suffix"), PACKERS)
@pytest.mark.parametrize("lost", [1, 9, 2000, 0.4])
def test_cut_off_input_is_scored_as_far_as_it_goes(tmp_path, pack, suffix, lost):
    path, whole = tmp_path / f"a.csv.{suffix}", pack(TABLE)
    path.write_bytes(whole[: -lost if lost >= 1 else int(lost * len(whole))])
    texts, (reject,) = read(path)
    assert texts == [row.split(",", 1)[1] for row in ROWS[: len(texts)]]
    assert (reject.file, reject.row) == (str(path), len(texts) + 1)
    assert reject.reason.startswith("the file cannot be read further (Compressed file ended before the end")
    assert ROWS[len(texts)].startswith(reject.text) if len(texts) < len(ROWS) else reject.text == ""


@pytest.mark.parametrize(("pack", "suffix"), PACKERS)
def test_spoilt_bytes_end_the_file_and_not_the_run(tmp_path, pack, suffix):
    path, other = tmp_path / f"a.csv.{suffix}", tmp_path / "b.csv"
    content = bytearray(pack(TABLE))
    middle = len(content) // 2
    content[middle : middle + 40] = bytes(40)
    path.write_bytes(bytes(content))
    other.write_text("id,text\n1,It ended.\n")
    texts, rejects = read(path, other)
    assert texts[-1] == "It ended."
    assert "cannot be read further" in rejects[-1].reason
    assert {reject.file for reject in rejects} == {str(path)}


def test_cut_off_json_lines(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(b'{"text": "Rain %d"}\n' % k for k in range(50_000)))[:-2000])
    texts, (reject,) = read(path)
    assert texts == [f"Rain {k}" for k in range(len(texts))]
    assert reject.row == len(texts) + 1
    assert '{"text": "Rain'.startswith(reject.text[:14])


def test_nothing_but_the_beginning_of_a_packed_file(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(TABLE)[:12])
    with pytest.raises(InputError, match=r"a\.csv\.gz: the file cannot be read further \(.*needs a header line"):
        read(path)


def test_packed_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(gzip.compress(TABLE))))
    assert len(read("-")[0]) == len(ROWS)


def test_zstandard_without_its_library_names_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "zstandard", None)
    path = tmp_path / "a.csv.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd rest")
    with pytest.raises(InputError, match=r"a\.csv\.zst: reading Zstandard needs zstandard; run: pip install 'scorer"):
        read(path)


def test_patterns_and_folders(tmp_path):
    for name in ("b.csv", "a.csv", "deep/er/c.csv", "deep/d.tsv", "deep/notes.md", ".hidden.csv", "e[1].csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"text\n{name}\n")
    assert read(f"{tmp_path}/*.csv")[0] == ["a.csv", "b.csv", "e[1].csv"]
    assert read(f"{tmp_path}/**/*.csv")[0] == ["a.csv", "b.csv", "deep/er/c.csv", "e[1].csv"]
    assert read(tmp_path)[0] == ["a.csv", "b.csv", "e[1].csv"]
    assert read(f"{tmp_path}/e[1].csv")[0] == ["e[1].csv"]
    with pytest.raises(InputError, match=r"/x\*\.csv: no file is called so$"):
        read(f"{tmp_path}/x*.csv")
    with pytest.raises(InputError, match=r"notes\.md: \.md files are not read"):
        read(f"{tmp_path}/deep/*")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_line_beyond_all_bounds_costs_its_own_row(tmp_path, monkeypatch, end, quote):
    monkeypatch.setattr(lines, "LINE_CHARS", 3 * BLOCK_BYTES)
    path = tmp_path / "a.csv"
    long = f"2,{quote}{'word ' * BLOCK_BYTES}{quote}"
    path.write_bytes(end.join(["id,text", "1,Rain fell.", long, "3,It ended.", ""]).encode())
    texts, (reject,) = read(path)
    assert texts == ["Rain fell.", "It ended."]
    assert (reject.row, reject.line) == (2, 3)
    assert reject.reason == f"a line of more than {3 * BLOCK_BYTES:,} characters, of which only the first are shown"
    assert reject.text.startswith(f"2,{quote and chr(39)}word word")
    assert len(reject.text) <= 200


def test_json_line_beyond_all_bounds_costs_its_own_row(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "LINE_CHARS", 3 * BLOCK_BYTES)
    path = tmp_path / "a.jsonl"
    some = [json.dumps({"text": text}) for text in ("Rain fell.", "word " * BLOCK_BYTES, "It ended.")]
    path.write_text("\n".join(some))
    texts, (reject,) = read(path)
    assert texts == ["Rain fell.", "It ended."]
    assert (reject.row, reject.reason[:11]) == (2, "a line of m")


def test_last_line_beyond_all_bounds(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "LINE_CHARS", 3 * BLOCK_BYTES)
    path = tmp_path / "a.csv"
    path.write_text("text\nRain fell.\n" + "word " * BLOCK_BYTES)
    texts, (reject,) = read(path)
    assert (texts, reject.row) == (["Rain fell."], 2)


@pytest.mark.slow
def test_field_of_100_megabytes_is_set_aside(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w") as stream:
        stream.write("id,text\n1,Rain fell.\n2,")
        stream.writelines("word " * 2_000_000 for _ in range(11))
        stream.write('\n3,"')
        stream.writelines("word " * 1_000_000 for _ in range(5))
        stream.write('"\n4,It ended.\n')
    texts, rejects = read(path)
    assert texts == ["Rain fell.", "It ended."]
    assert [(reject.row, reject.line) for reject in rejects] == [(2, 3), (3, 4)]
    assert [reject.reason.split(" ", 6)[5] for reject in rejects] == ["100,000,000", "20,000,000"]


def test_parquet_that_breaks_off_is_scored_as_far_as_it_goes(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import ParquetFile, write_table

    path = tmp_path / "a.parquet"
    table = pyarrow.table({"text": [f"Rain {k} fell." for k in range(4000)]})
    write_table(table, path, row_group_size=1000, compression="none", use_dictionary=False)
    begin = ParquetFile(path).metadata.row_group(2).column(0).data_page_offset
    content = bytearray(path.read_bytes())
    content[begin : begin + 64] = b"\xff" * 64
    path.write_bytes(bytes(content))
    texts, (reject,) = read(path, chunk_rows=500)
    assert texts == [f"Rain {k} fell." for k in range(2000)]
    assert reject.row == 2001
    assert reject.reason.startswith("the file cannot be read further (")


def test_parquet_cells_become_json_values(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    day = datetime.date(2026, 3, 1)
    path, doubled = tmp_path / "a.parquet", tmp_path / "b.parquet"
    write_table(
        pyarrow.table({"text": [b"Rain fell \xe2\x80\xa6"], "days": [[day]], "at": [{"day": day, "n": 1}]}), path
    )
    rejects = []
    (chunk,) = read_chunks([str(path)], on_reject=rejects.append)
    assert (chunk.texts, chunk.rows) == (["Rain fell …"], [(["2026-03-01"], {"day": "2026-03-01", "n": 1})])
    table = pyarrow.Table.from_arrays([pyarrow.array(["a"])] * 2, names=["text", "text"])
    write_table(table, doubled)
    with pytest.raises(InputError, match=r"b\.parquet has two columns named 'text'; rename one of them"):
        read(doubled)


@pytest.mark.parametrize(("old", "new"), [(b"name", b"\xbdame"), (b"PAR1", b"PAR2"), (b"text", b"\x0f\xff\xff\xff")])
def test_spoilt_footer_of_parquet_is_one_line(tmp_path, old, new):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    path = tmp_path / "a.parquet"
    write_table(pyarrow.table({"text": ["Rain fell."], "name": ["a"]}), path, compression="none")
    path.write_bytes(path.read_bytes().replace(old, new))
    with pytest.raises(InputError, match=r"^[^\n]*a\.parquet[^\n]*$"):
        read(path)


def test_command_line_tells_of_what_is_lost(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(TABLE[:2000])[:-20])
    done = CliRunner().invoke(
        app, ["score", str(tmp_path / "a.csv.gz"), "-o", str(tmp_path / "out.csv"), "--unit", "sentence"]
    )
    assert done.exit_code == 0
    assert "1 row set aside" in done.stderr
    assert "cannot be read further" in (tmp_path / "out.csv.errors.csv").read_text()


def test_spoilt_tables_of_all_kinds_balance():
    ends, failed = fuzz_tables.work((7, range(200), None))
    assert not failed, failed[0]
    assert sum(ends.values()) == 200
    assert ends["some rows set aside"] + ends["all rows scored"] > 50
