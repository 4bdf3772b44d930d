"""Parts to scored parts, in order, in this process or in several.

Several processes share one model: its arrays are a file that each maps into its memory, so that there is one copy of
them. Few parts are held at a time, whatever the length of the inputs.
"""

from __future__ import annotations

import gc
import mmap
import os
import pickle
import shutil
import signal
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from joblib.externals.loky import get_reusable_executor
from joblib.externals.loky.backend import resource_tracker

from scorer.collector import Sweep
from scorer.errors import ScorerError
from scorer.model import StrengthClassifier
from scorer.parts import Part, ScoredPart, Unit, score_part
from scorer.tables import Layout, RowEncoder, TableChunk

HELD_PARTS: Final = 3  # per process: one in work, one waiting for it, one waiting to be written
SWEPT_PARTS: Final = 64
"""Parts from one search for reference cycles to the next: some 130,000 sentences, for which it costs a per cent."""
_ALIGNMENT: Final = 64
_WATCH_SECONDS: Final = 1.0


class Scored:
    """Context that gives each part with what became of it, in order; its processes end with it.

    Parameters
    ----------
    model : StrengthClassifier
        Fitted.
    parts : iterator of Part
        Read as they are needed.
    unit : {"document", "sentence"}
        What a text is.
    layout : Layout
        Of the output.
    jobs : int
        Processes; 1 is this one.
    """

    def __init__(self, model: StrengthClassifier, parts: Iterable[Part], unit: Unit, layout: Layout, jobs: int) -> None:
        self._model, self._parts, self._unit, self._layout, self._jobs = model, parts, unit, layout, jobs
        self._folder: str | None = None
        self._executor: Any = None

    def __enter__(self) -> Iterator[tuple[Part, ScoredPart]]:
        return self._here() if self._jobs == 1 else self._workers()

    def __exit__(self, *error: object) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, kill_workers=True)  # idle by now, unless something went wrong
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            resource_tracker.unregister(self._folder, "folder")

    def _here(self) -> Iterator[tuple[Part, ScoredPart]]:
        encoder, listed = RowEncoder(self._layout), self._layout.format.listed
        sweep = Sweep(SWEPT_PARTS)
        for part in self._parts:
            sweep.step()
            yield part, score_part(self._model, encoder, listed, self._unit, part.chunk, part.before)

    def _workers(self) -> Iterator[tuple[Part, ScoredPart]]:
        self._folder = tempfile.mkdtemp(prefix="scorer-")
        # If this process is killed, loky's watcher removes the folder.
        resource_tracker.register(self._folder, "folder")
        sizes = _save(self._model, Path(self._folder))
        given = (self._folder, sizes, self._layout, self._unit, os.getpid())
        self._executor = get_reusable_executor(self._jobs, initializer=_start, initargs=given, reuse=False)
        waiting: deque[tuple[Part, Future[ScoredPart]]] = deque()
        sweep = Sweep(SWEPT_PARTS)
        for part in self._parts:
            sweep.step()
            waiting.append((part, self._executor.submit(_work, replace(part.chunk, files=()), part.before)))
            if len(waiting) >= HELD_PARTS * self._jobs:
                yield self._result(*waiting.popleft())
        while waiting:
            yield self._result(*waiting.popleft())

    @staticmethod
    def _result(part: Part, future: Future[ScoredPart]) -> tuple[Part, ScoredPart]:
        try:
            return part, future.result()
        except BrokenProcessPool as error:
            raise ScorerError(
                "a worker process ended unexpectedly, perhaps for want of memory; try --jobs 1"
            ) from error


def _save(model: StrengthClassifier, folder: Path) -> list[tuple[int, int]]:
    """Write a model, its arrays apart; give where each array begins and ends."""
    arrays: list[pickle.PickleBuffer] = []
    places: list[tuple[int, int]] = []
    # Plain pickle: joblib's own takes ten times as long.
    (folder / "model.pickle").write_bytes(pickle.dumps(model, 5, buffer_callback=arrays.append))
    with (folder / "model.arrays").open("wb") as stream:
        for array in arrays:
            stream.write(bytes(-stream.tell() % _ALIGNMENT))
            begin = stream.tell()
            stream.write(array.raw())
            places.append((begin, stream.tell()))
        stream.write(b"\0")  # an empty file cannot be mapped
    return places


def _loaded(folder: Path, places: list[tuple[int, int]]) -> StrengthClassifier:
    """Load a model whose arrays are the very memory that other processes map too."""
    with (folder / "model.arrays").open("rb") as stream:
        mapped = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
    content = (folder / "model.pickle").read_bytes()
    model: StrengthClassifier = pickle.loads(content, buffers=[mapped[begin:end] for begin, end in places])
    return model


_worker: tuple[StrengthClassifier, RowEncoder, bool, Unit, Sweep] | None = None


def _start(folder: str, places: list[tuple[int, int]], layout: Layout, unit: Unit, parent: int) -> None:
    """Set up a worker process."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the first one ends the others
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    gc.disable()
    _worker = _loaded(Path(folder), places), RowEncoder(layout), layout.format.listed, unit, Sweep(SWEPT_PARTS)


def _end_with(parent: int) -> None:
    """End this process when the one that started it was killed."""
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os._exit(1)


def _work(chunk: TableChunk, before: dict[str, int]) -> ScoredPart:
    if _worker is None:
        raise RuntimeError("the worker process has no model")
    model, encoder, listed, unit, sweep = _worker
    sweep.step()
    return score_part(model, encoder, listed, unit, chunk, before)
