"""One run of one contestant in a process of its own, so that its peak memory is its own.

usage: python runs.py CONTESTANT INPUT OUTPUT UNIT JOBS [MODEL]

prints a line of JSON: sentences, seconds (the loading of models not included), and peak memory in MB.
"""

from __future__ import annotations

import json
import pickle
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

HERE: Final = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))


class Run(NamedTuple):
    """What a run took.

    Attributes
    ----------
    sentences : int
        Rows written.
    seconds : float
        By the clock, without the loading of models.
    megabytes : float
        The most memory that it held; with several processes, the one that reads and writes.
    """

    sentences: int
    seconds: float
    megabytes: float

    @property
    def rate(self) -> float:
        """Sentences a second."""
        return self.sentences / self.seconds


def run(
    contestant: str, table: Path, out: Path, unit: str, jobs: int = 1, *, interpreter: str = "", extra: str = ""
) -> Run:
    """Run a contestant in a new process.

    Raises
    ------
    RuntimeError
        If it ends with an error; the last line that it wrote says why.
    """
    script = HERE / ("peers.py" if interpreter else "runs.py")
    command = [interpreter or sys.executable, str(script), contestant, str(table), str(out), unit, str(jobs), extra]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or ["it said nothing"])[-1])
    return Run(**json.loads(done.stdout.strip().splitlines()[-1]))


def peak_megabytes() -> float:
    """Return the most memory that this process has held.

    Linux carries ``ru_maxrss`` over from the process that started this one, so there the kernel's own mark is read.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def tell(n_sentences: int, seconds: float) -> None:
    """Print what `run` reads."""
    print(json.dumps({"sentences": n_sentences, "seconds": seconds, "megabytes": peak_megabytes()}))


def _parts(table: str, unit: str) -> Iterator[tuple[list[tuple[Any, ...]], list[str]]]:
    """Yield the cells and texts of a table's sentences."""
    from scorer.segment import split_documents
    from scorer.tables import read_chunks

    for chunk in read_chunks([table], on_reject=lambda row: None):
        if unit == "sentence":
            yield chunk.rows, chunk.texts
            continue
        for begin in range(0, len(chunk.rows), 100):
            part = chunk.part(begin, begin + 100)
            split = split_documents(part.texts, part.doc_ids)
            yield (
                [cells for cells, found in zip(part.rows, split, strict=True) for _ in found],
                [sentence.text for found in split for sentence in found],
            )


def _ours(table: str, out: str, unit: str, jobs: int, extra: str) -> Callable[[], int]:
    from scorer.bundle import load_model
    from scorer.scoring_files import score_files

    model = load_model(extra or None)
    return lambda: score_files(model, [table], out, unit=unit, jobs=jobs).sentences_out


def _plain(table: str, out: str, unit: str, jobs: int, extra: str) -> Callable[[], int]:
    from scorer.tables import open_writer

    def whole() -> int:
        n_sentences = 0
        with open_writer(out, format="csv", columns=["doc_id", "text"]) as writer:
            for rows, texts in _parts(table, unit):
                writer.write_rows([(*cells, text) for cells, text in zip(rows, texts, strict=True)])
                n_sentences += len(texts)
        return n_sentences

    return whole


def _baseline(table: str, out: str, unit: str, jobs: int, extra: str) -> Callable[[], int]:
    from scorer.tables import open_writer

    with Path(extra).open("rb") as stream:
        pipeline = pickle.load(stream)

    def whole() -> int:
        n_sentences = 0
        with open_writer(out, format="csv", columns=["doc_id", "text", "strength", "p"]) as writer:
            for rows, texts in _parts(table, unit):
                probabilities = pipeline.predict_proba(texts)
                labels = pipeline.classes_[probabilities.argmax(1)].tolist()
                highest = probabilities.max(1).round(4).tolist()
                writer.write_rows([(*r, t, s, p) for r, t, s, p in zip(rows, texts, labels, highest, strict=True)])
                n_sentences += len(texts)
        return n_sentences

    return whole


_CONTESTANTS: Final = {"scorer": _ours, "read, split, write": _plain, "tf-idf + lr": _baseline}


def main() -> None:
    """Run one contestant."""
    contestant, table, out, unit, jobs, extra = sys.argv[1:7]
    work = _CONTESTANTS[contestant](table, out, unit, int(jobs), extra)
    started = time.perf_counter()
    n_sentences = work()
    tell(n_sentences, time.perf_counter() - started)


if __name__ == "__main__":
    main()
