"""Spoil tables in every way and score them: no traceback, and every row is scored or set aside.

usage: python benchmarks/fuzz_tables.py [--files N] [--seed N] [--jobs N] [--keep DIR]

Each file begins sound, as CSV, TSV, JSON Lines or Parquet, some packed with gzip or Zstandard, and is then mutated:
bits flipped, pieces cut out, doubled, moved or overwritten, ends cut off, and quotes, NULs, separators, line ends, byte
order marks, half characters and very long cells put in. It is scored from file to file by the function behind
``scorer score``. Allowed are a whole output, or an error of one line that names the file. Of an output

- the rows of the output and of the errors file are as many as the summary says, each row is there once, and errors
  name a row, a reason and this file;
- where lines can be counted without a parser (JSON Lines; CSV without quotation marks), they are as many as rows in.

Files that fail are kept with ``--keep``; each belongs into the tests.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import multiprocessing
import os
import random
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from unittest.mock import patch

os.environ.setdefault("OMP_NUM_THREADS", "1")

from scorer.bundle import load_model
from scorer.errors import InputError, ScorerError
from scorer.fingerprints import model_digest
from scorer.scoring_files import score_files
from scorer.tables.formats import check_installed, parse_format

TEXTS = (
    "Police said two men were held; a third may have fled.",
    "“We saw two boats,” Ana Ruiz, 41, said. “They left.”",
    'The mayor said "no" to that, an official said',
    "These claims have not been independently verified.",
    "It rained.\nThe port, closed since May, may open on Friday.",
    "Größe: 3 m, sagte die Behörde – «vielleicht».",
    "",
)
KINDS = ("csv", "csv", "tsv", "jsonl", "jsonl", "csv.gz", "jsonl.gz", "csv.zst", "jsonl.zst", "parquet")
PIECES = (
    *(
        b'"',
        b'""',
        b",",
        b"\t",
        b";",
        b"\n",
        b"\r",
        b"\r\n",
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xc3",
        b"\x1a",
    ),
    *(b"\\u0000", b"\\ud800", b"{", b"}", b"[", b"]", b"null", b"1e999", b"text", b'"text":', b"=1+1", b"\xed\xa0\x80"),
    *(
        "\u2028".encode(),
        "\u202e".encode(),
        b"\x1f\x8b",
        b"\x28\xb5\x2f\xfd",
        b"PAR1",
        b" " * 300,
        b"x" * 5000,
        b"," * 200,
    ),
)


def is_runnable(kind):
    """Tell whether the library that a kind needs is installed."""
    try:
        check_installed(parse_format(kind))
    except InputError:
        return False
    return True


def sound(rng, kind):
    """Write a sound table of that kind."""
    n_rows = rng.choice((0, 1, 5, 12, 40, 120))
    rows = [(f"d{k // 3}", rng.choice(TEXTS), str(k)) for k in range(n_rows)]
    names = ["doc_id", "text", "n"]
    table = kind.partition(".")[0]
    if table == "parquet":
        import pyarrow
        from pyarrow.parquet import write_table

        out = io.BytesIO()
        columns = list(zip(*rows, strict=True)) or [(), (), ()]
        fields = {
            name: pyarrow.array(list(column), pyarrow.string()) for name, column in zip(names, columns, strict=True)
        }
        write_table(pyarrow.table(fields), out, row_group_size=5, compression=rng.choice(("none", "snappy", "gzip")))
        return out.getvalue()
    if table == "jsonl":
        content = "".join(
            json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=rng.random() < 0.5) + "\n" for row in rows
        )
    else:
        stream = io.StringIO(newline="")
        writer = csv.writer(
            stream, delimiter="\t" if table == "tsv" else rng.choice(",;,"), lineterminator=rng.choice(("\n", "\r\n"))
        )
        writer.writerows([names, *rows])
        content = stream.getvalue()
    return content.encode(rng.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252")), "replace")


def packed(kind, content):
    """Pack bytes as a file of that kind is."""
    if kind.endswith(".gz"):
        return gzip.compress(content)
    if kind.endswith(".zst"):
        import zstandard

        return zstandard.ZstdCompressor(write_checksum=True).compress(content)
    return content


def spoilt(rng, content):
    """Mutate bytes in one way."""
    # A header that is spoilt ends the run, so that most mutations leave it alone.
    at = rng.randrange(rng.choice((0, min(60, len(content)), min(60, len(content)))), len(content) + 1)
    to = min(len(content), at + rng.choice((1, 2, 8, 64, 512)))
    other = rng.randrange(len(content) + 1)
    way = rng.randrange(8)
    if way == 0 and content:
        place = min(at, len(content) - 1)
        return content[:place] + bytes([content[place] ^ 1 << rng.randrange(8)]) + content[place + 1 :]
    if way == 1:
        return content[:at]
    if way == 2:
        return content[:at] + content[to:]
    if way == 3:
        return content[:to] + content[at:]
    if way == 4:
        return content[:other] + content[at:to] + content[other:]
    if way == 5:
        return content[:at] + rng.randbytes(to - at) + content[to:]
    return content[:at] + rng.choice(PIECES) * rng.choice((1, 1, 1, 2, 30)) + content[at:]


def countable(kind, content):
    """Count data rows without a parser; None where that takes one."""
    if (
        "." in kind
        or kind == "parquet"
        or content[:2] in (b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b")
        or content[:4] == b"\x28\xb5\x2f\xfd"
    ):
        return None
    lines = [line for line in re.split(rb"\r\n|\n|\r", content.removeprefix(b"\xef\xbb\xbf"))]
    if kind == "jsonl":
        return (
            None
            if re.search(rb"[\x0b\x0c\x1c-\x1f\x85\xa0\x80-\xff]", content)
            else sum(1 for line in lines if line.strip())
        )
    if b'"' in content or b"\0" in content:
        return None
    return sum(1 for line in lines if line) - 1


def outcome(model, path, kind, content, unit, out):
    """Score one file, and check what came of it; give how it ended."""
    errors = out.with_suffix(".errors.csv")
    for left in out.parent.glob(f"*{out.stem}*"):
        left.unlink()
    try:
        done = score_files(model, [str(path)], str(out), unit=unit, errors=str(errors))
    except ScorerError as error:
        told = str(error)
        assert path.name in told, f"the error does not name the file: {told}"
        assert "\n" not in told, f"the error is longer than a line: {told}"
        assert not out.exists(), "there is an output in spite of the error"
        return "refused"
    csv.field_size_limit(10**9)
    with out.open(newline="", encoding="utf-8") as stream:
        written = list(csv.DictReader(stream, strict=True))
    rejects = []
    if errors.exists():
        with errors.open(newline="", encoding="utf-8") as stream:
            rejects = list(csv.DictReader(stream, strict=True))
    assert len(written) == done.sentences_out, f"{len(written)} rows written, {done.sentences_out} told"
    assert len(rejects) == done.rows_set_aside, f"{len(rejects)} rows in the errors file, {done.rows_set_aside} told"
    assert all(row["file"] == str(path) and row["reason"] for row in rejects), "an error without file or reason"
    numbers = [row["row"] for row in rejects]
    assert len(set(numbers)) == len(numbers), "a row is set aside twice"
    if unit == "sentence":
        assert done.rows_in == len(written) + len(rejects), "rows in are not rows out and rows set aside"
    counted = countable(kind, content)
    assert counted in (None, done.rows_in), f"{counted} lines, {done.rows_in} rows in"
    return "some rows set aside" if rejects else "all rows scored"


def work(job):
    """Try some files; give how they ended, and what failed."""
    seed, numbers, keep = job
    model = load_model()
    # The digest is of the model, which stays the same: worked out ten thousand times, it would take most of the time.
    digest = model_digest(model)
    ends, failed = Counter(), []
    kinds = [kind for kind in KINDS if is_runnable(kind)]
    with tempfile.TemporaryDirectory() as folder, patch("scorer.scoring_files.model_digest", return_value=digest):
        for number in numbers:
            rng = random.Random(f"{seed} {number}")
            kind = rng.choice(kinds)
            content, before = sound(rng, kind), rng.random() < 0.6
            content = content if before else packed(kind, content)
            for _ in range(rng.choice((1, 1, 1, 2, 4))):
                content = spoilt(rng, content)
            content = packed(kind, content) if before else content
            path = Path(folder) / f"f{number}.{kind}"
            path.write_bytes(content)
            try:
                ends[
                    outcome(model, path, kind, content, rng.choice(("document", "sentence")), Path(folder) / "out.csv")
                ] += 1
            except Exception:
                failed.append((path.name, traceback.format_exc()))
                if keep:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / path.name).write_bytes(content)
            path.unlink()
    return ends, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=None, help="by default another one each time")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", type=Path, help="a folder that gets the files that failed")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(10**6)
    started = time.perf_counter()
    for kind in dict.fromkeys(KINDS):
        if not is_runnable(kind):
            print(f"without {kind}: its library is not installed", file=sys.stderr)
    jobs = [(seed, range(k, options.files, options.jobs), options.keep) for k in range(options.jobs)]
    with multiprocessing.get_context("spawn").Pool(options.jobs) as pool:
        found = pool.map(work, jobs, chunksize=1)
    ends = sum((ends for ends, _ in found), Counter())
    failed = [one for _, some in found for one in some]
    told = ", ".join(f"{count:,} {end}" for end, count in ends.most_common())
    print(f"{options.files:,} files, {len(failed)} failed; {told}; seed {seed}; {time.perf_counter() - started:.0f} s")
    for name, trace in failed[:10]:
        print(f"\n{name}\n{trace}", file=sys.stderr)
    if failed:
        sys.exit(1)


if __name__ == "__main__":
    main()
