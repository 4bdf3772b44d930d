"""Tables in and out: what passes unchanged, what is set aside with which words, and what stops a run."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorer.errors import InputError, ScorerError
from scorer.tables import RejectedRow, RejectFile, Rejects, check_clash, open_writer, read_chunks
from scorer.tables.csv_rows import FIELD_CHARS, _record_end
from scorer.tables.packed import BLOCK_BYTES

BAD_QUOTES = "its quotes do not match: one is never closed, or one inside a quoted field is not doubled"


def read(*inputs, **options):
    """Return columns, rows with their texts, and rejects of everything that is read."""
    rejects = []
    chunks = list(read_chunks([str(i) for i in inputs], on_reject=rejects.append, **options))
    rows = [
        (number, doc, row, text)
        for c in chunks
        for number, doc, row, text in zip(c.numbers, c.doc_ids, c.rows, c.texts, strict=True)
    ]
    return SimpleNamespace(
        columns=chunks[0].columns,
        rows=rows,
        rejects=rejects,
        chunks=chunks,
        texts=[row[3] for row in rows],
        numbers=[row[0] for row in rows],
    )


@pytest.fixture
def put(tmp_path):
    def write(content, name="a.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def told(result, path):
    return [(r.row, r.line, r.column, r.reason, r.text) for r in result.rejects if r.file == str(path)]


def test_csv_cells_pass_unchanged_and_in_order(put):
    got = read(put('id,doc_id,text,n\r\n 1 ,d1,"He said ""no"".\r\nTwice.", 007\r\n2,,Yes,-1\r\n'))
    assert got.columns == ("id", "doc_id", "n")
    assert got.rows == [
        (1, "d1", (" 1 ", "d1", " 007"), 'He said "no".\r\nTwice.'),
        (2, "row-2", ("2", "", "-1"), "Yes"),
    ]
    assert got.rejects == []


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfid,text\n1,caf\xc3\xa9\n",
        b"id,text\r\n1,caf\xc3\xa9\r\n",
        b"id,text\r1,caf\xc3\xa9\r",
        b"\nid,text\n1,caf\xc3\xa9",
        b"id;text\n1;caf\xc3\xa9\n",
        b"id\ttext\n1\tcaf\xc3\xa9\n",
        b'"id"|"text"\n"1"|"caf\xc3\xa9"\n',
        "id,text\n1,café\n".encode("utf-16"),
        "id,text\n1,café\n".encode("utf-32"),
    ],
)
def test_csv_reads_marks_line_ends_and_delimiters(put, content):
    got = read(put(content))
    assert (got.columns, got.rows) == (("id",), [(1, "row-1", ("1",), "café")])


@pytest.mark.parametrize(
    ("rows", "numbers", "expected"),
    [
        ("1,a\n2,b,c\n3,d\n", [1, 3], [(2, 3, "", "3 fields where the header has 2", "2,b,c")]),
        ("1\n2,b\n", [2], [(1, 2, "", "1 field where the header has 2", "1")]),
        ("1,a\n\n2,b\n", [1, 3], []),
        (
            "1, \t\n2,\u200b\ufeff\n3,x\n",
            [3],
            [(1, 2, "text", "empty text", " \t"), (2, 3, "text", "empty text", "\u200b\ufeff")],
        ),
        ("1,toolong.....\n2,ok\n", [2], [(1, 2, "text", "12 characters, where at most 10 are read", "toolong.....")]),
        ('1,"multi\nline"\n2,\n', [1], [(2, 4, "text", "empty text", "")]),
        ('1,"Yes" he\n2,ok\n', [2], [(1, 2, "", BAD_QUOTES, '1,"Yes" he\n')]),
        ('1,"open\n2,ok\n3,ok\n', [2, 3], [(1, 2, "", BAD_QUOTES, '1,"open\n')]),
        ('1,ok\n2,"open\n3,"shut"\n', [1, 3], [(2, 3, "", BAD_QUOTES, '2,"open\n')]),
        ("1,nul\0in\n", [1], []),
    ],
)
def test_csv_sets_a_bad_row_aside_and_goes_on(put, rows, numbers, expected):
    path = put("id,text\n" + rows)
    got = read(path, max_text_chars=10)
    assert (got.numbers, told(got, path)) == (numbers, expected)


def test_csv_bad_bytes_cost_only_their_row(put):
    path = put(b"id,text\n1,ok\n2,caf\xff\xe9\n\xfe,ok\n4,ok\n")
    got = read(path)
    assert got.numbers == [1, 4]
    assert told(got, path) == [
        (2, 3, "text", "byte 0xff at character 4 is not utf-8; give --encoding", "caf\ufffd\ufffd"),
        (3, 4, "id", "byte 0xfe at character 1 is not utf-8; give --encoding", "\ufffd"),
    ]


def test_csv_stray_quote_costs_one_row_across_blocks(put):
    rows = [f"{n},Officials said on day {n} that it may close." for n in range(1, 30_001)]
    rows[4] = '5,"never closed'
    path = put("id,text\n" + "\n".join(rows))
    assert path.stat().st_size > 4 * BLOCK_BYTES
    got = read(path)
    assert got.numbers == [n for n in range(1, 30_001) if n != 5]
    assert told(got, path) == [(5, 6, "", BAD_QUOTES, '5,"never closed\n')]


def test_csv_quoted_cell_longer_than_a_block_is_read(put):
    long = "line of text\n" * (3 * BLOCK_BYTES // 13)
    got = read(put(f'id,text\n1,"{long}"\n2,"short"\n'))
    assert got.texts == [long, "short"]
    assert len(long) < FIELD_CHARS


def test_csv_cell_too_long_to_keep_costs_its_row_and_its_lines_are_no_rows(put):
    long = "Officials said so.\n" * (FIELD_CHARS // 19 + 9)
    got = read(path := put(f'id,text\n1,ok\n2,"{long}"\n3,"fine"\n4,"{long.replace(chr(10), " ")}"\n5,"open\n6,ok\n'))
    assert got.numbers == [1, 3, 6]
    reason = f"a cell of more than {FIELD_CHARS:,} characters"
    found = [(number, line, why, text[:20]) for number, line, _, why, text in told(got, path)]
    after = 3 + long.count("\n") + 1
    assert found == [
        (2, 3, reason, '2,"Officials said so'),
        (4, after + 1, reason, '4,"Officials said so'),
        (5, after + 2, BAD_QUOTES, '5,"open\n'),
    ]


def test_csv_quote_never_closed_before_more_than_a_row_may_hold_costs_one_row(put, monkeypatch):
    monkeypatch.setattr("scorer.tables.csv_rows.RECORD_CHARS", 3 * BLOCK_BYTES)
    rows = [f"{n},Officials said on day {n} that it may close" for n in range(1, 60_001)]
    rows[4] = '5,"never closed'
    got = read(put("id,text\n" + "\n".join(rows)))
    assert got.numbers == [n for n in range(1, 60_001) if n != 5]


@given(st.text(alphabet='"",\nab', max_size=40), st.integers(0, 3))
def test_end_of_a_record_is_where_the_parser_finds_it(content, skipped):
    lines = content.splitlines(keepends=True)[skipped:] or ["a\n"]
    reader = csv.reader(lines, delimiter=",", strict=True)
    try:
        next(reader)
    except csv.Error as error:
        expected = len(lines) + 1 if "unexpected end" in str(error) else 0
    else:
        expected = reader.line_num
    assert _record_end(lines, 0, ",") == expected


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (b"", {}, "{f}: the file is empty; it needs a header line with a 'text' column"),
        (b"\n\n", {}, "{f}: the file is empty; it needs a header line with a 'text' column"),
        (
            b"id,text\n",
            {"text_column": "body"},
            "column 'body' not found in {f}; its columns are: id, text; name one with --text-column",
        ),
        (
            b"id,Text\n",
            {},
            "column 'text' not found in {f}; its columns are: id, Text; did you mean 'Text'? (--text-column)",
        ),
        (
            b"text,docid\n",
            {"doc_column": "doc"},
            "column 'doc' not found in {f}; its columns are: text, docid; did you mean 'docid'? (--doc-column)",
        ),
        (b"text,id,id\n", {}, "{f} has two columns named 'id'; rename one of them"),
        (
            b"caf\xe9,text\n",
            {},
            "{f}, line 1: byte 0xe9 at character 4 is not utf-8; give --encoding, for example --encoding cp1252",
        ),
        (
            "id,text\n".encode("utf-16-le"),
            {},
            "{f}, line 1 holds NUL characters; for UTF-16 give --encoding utf-16-le or utf-16-be",
        ),
        (b'"id,text\n1,a\n', {}, "{f}, line 1: the header cannot be read: " + BAD_QUOTES),
        (b"text\n", {"encoding": "hex"}, "unknown encoding 'hex'; give --encoding utf-8, utf-16, cp1252, ..."),
        (b"text\n", {"encoding": "utf-9"}, "unknown encoding 'utf-9'; give --encoding utf-8, utf-16, cp1252, ..."),
        (b"text\n", {"delimiter": "ab"}, "the delimiter must be one character, not a quote or line end: 'ab'"),
        (b"text\n", {"doc_column": "text"}, "column 'text' cannot be both the text and the document id"),
    ],
)
def test_csv_file_at_fault_is_an_input_error(put, content, options, message):
    path = put(content)
    with pytest.raises(InputError) as caught:
        read(path, **options)
    assert str(caught.value) == message.format(f=path)


def test_encoding_is_followed(put):
    assert read(put(b"id,text\n1,caf\xe9\n"), encoding="cp1252").texts == ["café"]


def test_header_only_gives_one_chunk_without_rows(put):
    got = read(put("id,text\n"))
    assert (got.columns, got.rows, len(got.chunks)) == (("id",), [], 1)


def test_jsonl_keeps_values_and_their_types(put):
    got = read(put('{"text": "A", "n": 1.5, "tags": ["x"]}\n\n{"text": "B", "doc_id": 7}\n', "a.jsonl"))
    assert got.columns == ("n", "tags", "doc_id")
    assert got.rows == [(1, "row-1", (1.5, ["x"], None), "A"), (3, "7", (None, None, 7), "B")]


def test_jsonl_sets_bad_rows_aside(put):
    lines = [
        '{"text": "A"}',
        "[1]",
        "{",
        '{"text": null}',
        '{"text": 3}',
        r'{"text": "\ud800"}',
        '{"text": "B", "text": "C"}',
    ]
    path = put("\n".join(lines).encode() + b'\n{"text": "\xff"}\n', "a.jsonl")
    got = read(path)
    assert got.texts == ["A"]
    assert [(row, line, column, reason) for row, line, column, reason, _ in told(got, path)] == [
        (2, 2, "", "not a JSON object"),
        (3, 3, "", "not JSON: Expecting property name enclosed in double quotes at character 2"),
        (4, 4, "text", "empty text"),
        (5, 5, "text", "a text must be a string, not int"),
        (6, 6, "", r"half a character: a \u escape of a surrogate without its partner"),
        (7, 7, "", "not JSON: a key stands twice"),
        (8, 8, "", "byte 0xff at character 11 is not utf-8; give --encoding"),
    ]


def test_jsonl_key_that_comes_late_is_told(put):
    filler = '{"text": "Officials said so."}\n' * (BLOCK_BYTES // 25)
    path = put(filler + '{"text": "B", "late": 1}\n{"text": "C"}\n', "a.jsonl")
    got = read(path)
    assert [r.reason for r in got.rejects] == ["key 'late' is in none of the file's first rows"]
    assert got.texts[-1] == "C"


def test_jsonl_deep_nesting_is_set_aside(put):
    got = read(put('{"text": "A"}\n{"text": ' + "[" * 100_000 + "\n", "a.jsonl"))
    assert (got.texts, len(got.rejects)) == (["A"], 1)


def test_jsonl_without_objects_is_an_input_error(put):
    path = put("hello\n", "a.jsonl")
    with pytest.raises(InputError, match=r"line 1: not JSON: .*; it needs one JSON object per line"):
        read(path)


def test_text_files_are_documents_named_by_stem(put, tmp_path):
    put("One.\r\nTwo.", "b.txt")
    put(b"\xef\xbb\xbfThree.", "a.txt")
    put(" \n", "c.txt")
    got = read(tmp_path)
    assert got.columns == ("doc_id",)
    assert got.rows == [(1, "a", ("a",), "Three."), (2, "b", ("b",), "One.\r\nTwo.")]
    assert got.rejects == [RejectedRow(str(tmp_path / "c.txt"), 1, "text", "empty text", " \n", 1)]


def test_parquet_is_read(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(
        pyarrow.table({"doc_id": ["a", "b", "c"], "text": ["A", None, "C"], "n": [1, 2, 3]}), tmp_path / "a.parquet"
    )
    got = read(tmp_path / "a.parquet", chunk_rows=2)
    assert got.rows == [(1, "a", ("a", 1), "A"), (3, "c", ("c", 3), "C")]
    assert [(r.row, r.line, r.reason) for r in got.rejects] == [(2, None, "empty text")]


def test_parquet_without_pyarrow_names_the_remedy(put, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = put(b"PAR1", "a.parquet")
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(caught.value) == f"{path}: reading Parquet needs pyarrow; run: pip install 'scorer[parquet]'"


def test_folder_is_read_in_order_with_ids_per_file(put, tmp_path):
    put("id,text\n1,B\n", "b.csv")
    put("text\tid\nA\t2\n", "a.tsv")
    put("ignored", "notes.md")
    got = read(tmp_path)
    assert got.columns == ("id",)
    assert got.rows == [(1, f"{tmp_path}/a.tsv:1", ("2",), "A"), (1, f"{tmp_path}/b.csv:1", ("1",), "B")]


def test_inputs_of_other_columns_are_refused_before_any_row(put):
    a, b = put("id,text\n1,A\n"), put("id,text,n\n", "b.csv")
    chunks = read_chunks([str(a), str(b)], on_reject=print)
    with pytest.raises(InputError) as caught:
        next(chunks)
    assert str(caught.value) == (
        f"all inputs must have the same columns, but {b} has 'n', which {a} lacks; score them one by one"
    )


def test_inputs_of_no_kind_are_refused(put, tmp_path):
    for name, message in [
        (put("x", "a.xlsx"), ".xlsx files are not read; save it as one of .csv, .tsv, .jsonl, .ndjson, .parquet, .txt"),
        (put("[1]", "a.json"), "is neither CSV nor one JSON object per line; give it as one of these"),
        (tmp_path / "none.csv", "no such file or folder"),
    ]:
        with pytest.raises(InputError) as caught:
            read(name)
        assert str(caught.value).endswith(message)
    (tmp_path / "empty").mkdir()
    with pytest.raises(
        InputError, match=r"has no \.csv, .* files; for files of folders inside it give '.*/empty/\*\*/\*\.csv'"
    ):
        read(tmp_path / "empty")


@pytest.mark.parametrize("content", [b"text,doc_id\nA,x\n", b'{"text": "A", "doc_id": "x"}\n', b"text;doc_id\nA;x\n"])
def test_stdin_is_told_by_its_look(monkeypatch, content):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    got = read("-")
    assert got.rows == [(1, "x", ("x",), "A")]
    assert not sys.stdin.buffer.closed


def test_stdin_of_plain_text_is_an_input_error(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"Officials said the bridge may close.\n")))
    with pytest.raises(InputError) as caught:
        read("-")
    assert str(caught.value) == (
        "column 'text' not found in standard input; its columns are: Officials said the bridge may close.; "
        "name one with --text-column"
    )
    with pytest.raises(InputError, match=r"^standard input \('-'\) is given twice"):
        read("-", "-")


@pytest.mark.parametrize(("together", "sizes"), [(False, [3, 3, 3]), (True, [2, 4, 2, 1])])
def test_chunks_keep_documents_together(put, together, sizes):
    path = put("doc_id,text\n" + "".join(f"{doc},t\n" for doc in "aabbbbccd"))
    got = read(path, chunk_rows=3, keep_documents_together=together)
    assert [len(chunk.rows) for chunk in got.chunks] == sizes


def test_chunks_divide_a_document_beyond_the_bound(put):
    path = put("doc_id,text\n" + "a,t\n" * 45_000)
    got = read(path, chunk_rows=10, keep_documents_together=True)
    assert [len(chunk.rows) for chunk in got.chunks] == [20_000, 20_000, 5_000]


def test_chunks_of_long_texts_are_shorter(put):
    path = put("id,text\n" + "".join(f"{n},{'x' * 1_000_000}\n" for n in range(20)))
    assert max(len(chunk.rows) for chunk in read(path).chunks) < 12


def test_clash_names_the_column():
    check_clash(["id", "sentences"], ["sentence", "text"], file="a.csv")
    with pytest.raises(InputError) as caught:
        check_clash(["id", "score"], ["sentence", "score"], file="-")
    assert str(caught.value) == "column 'score' of standard input has the name of an output column; rename it"


AWKWARD = [
    "",
    " ",
    "a,b",
    'say "no"',
    "two\nlines",
    "CR\rhere",
    "CRLF\r\nhere",
    "nul\0",
    "é\u2028",
    "'",
    "=1+1",
    "-0.5",
]


def test_writer_csv_reads_back_unchanged(tmp_path):
    rows = [(cell, other) for cell in AWKWARD for other in AWKWARD]
    with open_writer(str(tmp_path / "o.csv"), format="csv", columns=["id", "b"]) as writer:
        writer.write_rows(rows)
    with (tmp_path / "o.csv").open(newline="", encoding="utf-8") as file:
        assert [tuple(row) for row in csv.reader(file)] == [("id", "b"), *rows]


def test_writer_converts_values(tmp_path):
    row = (None, True, [1, "é"], 0.5, "x")
    for form, expected in (
        ("csv", 'a,b,c,d,e\n,true,"[1, ""é""]",0.5,x\n'),
        ("jsonl", '{"a": null, "b": true, "c": [1, "é"], "d": 0.5, "e": "x"}\n'),
    ):
        with open_writer(str(tmp_path / "o"), format=form, columns="abcde") as writer:
            writer.write_rows([row])
        assert (tmp_path / "o").read_text("utf-8") == expected


def test_writer_spreadsheet_safe_spares_numbers(tmp_path):
    cells = ("=A1", "+x", "-0.5", "-1e-7", "@x", "\tx", "a=b", "-1-2", "＝A1")
    with open_writer(
        str(tmp_path / "o.csv"), format="csv", columns=["-a", *"bcdefghi"], spreadsheet_safe=True
    ) as writer:
        writer.write_rows([cells])
    with (tmp_path / "o.csv").open(newline="", encoding="utf-8") as file:
        header, row = csv.reader(file)
    assert header[0] == "'-a"
    assert row == ["'=A1", "'+x", "-0.5", "-1e-7", "'@x", "'\tx", "a=b", "'-1-2", "'＝A1"]


def test_writer_leaves_nothing_half_written(tmp_path):
    (tmp_path / "o.csv").write_text("before")

    def rows():
        yield ("x",)
        assert (tmp_path / ".o.csv.part").exists()
        raise RuntimeError

    with (
        pytest.raises(RuntimeError),
        open_writer(str(tmp_path / "o.csv"), format="csv", columns=["a"]) as writer,
    ):
        writer.write_rows(rows())
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("o.csv", "before")]


def test_writer_refuses_what_it_must_not_replace(tmp_path):
    (tmp_path / "o.csv").write_text("before")
    for name, message in [
        ("o.csv", "exists; give another name"),
        ("", "is a folder"),
        ("no/o.csv", "there is no folder"),
    ]:
        with (
            pytest.raises(InputError, match=message),
            open_writer(str(tmp_path / name), format="csv", columns=["a"], force=False),
        ):
            pass
    with open_writer(os.devnull, format="csv", columns=["a"]):
        pass
    assert not Path(os.devnull).is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_writer_tells_a_full_disk():
    def write():
        with open_writer("/dev/full", format="csv", columns=["a"]) as writer:
            writer.write_rows([("x" * 100_000,)])

    with pytest.raises(ScorerError, match=r"^/dev/full cannot be written: No space left on device$"):
        write()


@pytest.mark.parametrize("flag", ["-u", "-B"])
def test_writer_ends_quietly_on_a_pipe_closed_from_the_start(flag):
    code = (
        "import sys\nfrom scorer.tables import open_writer\nsys.stdin.read()\n"
        "with open_writer(None, format='csv', columns=['a']) as w: w.write_rows([('x',)])\n"
        "print(w.closed_early, file=sys.stderr)"
    )
    pipes = {name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")}
    with subprocess.Popen([sys.executable, flag, "-c", code], **pipes) as process:
        process.stdout.close()
        process.stdin.close()
        assert process.stderr.read() == b"True\n"
    assert process.returncode == 0


def test_writer_ends_quietly_on_a_closed_pipe():
    code = (
        "import sys\nfrom scorer.tables import open_writer\n"
        "with open_writer(None, format='csv', columns=['a']) as w:\n"
        "    while True: w.write_rows([('x' * 1000,)] * 100)\n"
        "print(w.closed_early, file=sys.stderr)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"a\n"
        process.stdout.close()
        assert process.stderr.read() == b"True\n"
    assert process.returncode == 0


def test_writer_to_stdout(capsysbinary):
    with open_writer("-", format="csv", columns=["a"]) as writer:
        writer.write_rows([("é",)])
    assert capsysbinary.readouterr().out == "a\né\n".encode()


def test_rejects_file_comes_only_with_a_reject(tmp_path):
    path = tmp_path / "errors.csv"
    rejects, none = Rejects(), Rejects()
    rejects.add(RejectedRow("a.csv", 3, "text", "empty text", "", 4))
    assert rejects.count == 1
    for always, held, expected in (
        (False, none, None),
        (True, none, "file,row,column,reason,text\n"),
        (False, rejects, "file,row,column,reason,text\na.csv,3,text,empty text,\n"),
    ):
        file = RejectFile(str(path), always=always)
        file.open()
        file.write(held)
        file.close()
        assert (path.read_text() if path.exists() else None) == expected


def test_very_many_rejects_wait_on_disk(tmp_path):
    rejects = Rejects()
    for k in range(20_500):
        rejects.add(RejectedRow("a.csv", k, "text", "empty text", "x" * 300))
    assert len(rejects._rows) == 500
    assert rejects._spool._rolled
    file = RejectFile(str(tmp_path / "errors.csv"))
    file.write(rejects)
    file.close()
    with (tmp_path / "errors.csv").open(newline="", encoding="utf-8") as stream:
        assert [row["row"] for row in csv.DictReader(stream)] == [str(k) for k in range(20_500)]


fast = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
cells = st.text(st.characters(codec="utf-8"), max_size=12)


def as_csv(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


@fast
@given(rows=st.lists(st.tuples(cells, cells), max_size=8), chunk_rows=st.integers(1, 4), together=st.booleans())
def test_every_row_is_yielded_unchanged_or_rejected(tmp_path, rows, chunk_rows, together):
    path = tmp_path / "h.csv"
    path.write_bytes(as_csv([("doc_id", "text"), *rows]).encode())
    got = read(path, chunk_rows=chunk_rows, keep_documents_together=together)
    assert {n: (row[0], text) for n, _, row, text in got.rows} == {n: rows[n - 1] for n in got.numbers}
    assert sorted([*got.numbers, *(r.row for r in got.rejects)]) == list(range(1, len(rows) + 1))
    assert {r.reason for r in got.rejects} <= {"empty text"}


FAULTS = {
    "short": b"x\n",
    "long": b"x,y,z\n",
    "byte": b"x,\xff\n",
    "empty": b"x,\n",
    "quote": b'x,"y"z\n',
    "good": b'x,"a\nb"\n',
}


@fast
@given(kinds=st.lists(st.sampled_from(sorted(FAULTS)), max_size=12), chunk_rows=st.integers(1, 4))
def test_rows_in_are_rows_out_and_rows_set_aside(tmp_path, kinds, chunk_rows):
    path = tmp_path / "h.csv"
    path.write_bytes(b"id,text\n" + b"".join(FAULTS[kind] for kind in kinds))
    got = read(path, chunk_rows=chunk_rows)
    assert got.numbers == [n for n, kind in enumerate(kinds, 1) if kind == "good"]
    assert [r.row for r in got.rejects] == [n for n, kind in enumerate(kinds, 1) if kind != "good"]


@fast
@given(
    name=st.sampled_from(["h.csv", "h.tsv", "h.jsonl", "h.txt", "h"]),
    encoding=st.sampled_from(["utf-8-sig", "utf-16", "cp1252", "shift_jis", "utf-7"]),
    content=st.one_of(
        st.binary(max_size=60),
        st.lists(
            st.sampled_from([b"text", b",", b'"', b"\n", b"\r", b"\t", b"\0", b"\xff", b"{", b'{"text": "a"}', b"x"])
        ).map(lambda parts: b"text,id\n" + b"".join(parts)),
    ),
)
def test_any_bytes_give_rows_or_an_input_error(tmp_path, name, encoding, content):
    path = tmp_path / name
    path.write_bytes(content)
    with contextlib.suppress(InputError):  # any other exception fails the test
        got = read(path, encoding=encoding)
        json.dumps([got.rows, got.rejects], ensure_ascii=False).encode()
