"""Kill scoring at random moments, go on with --resume, and compare with a run that nobody disturbed.

usage: python benchmarks/kill_resume.py [--times N] [--seed N] [--model DIR] [--keep DIR]

Each time one run is killed, up to three times, and then gone on with to its end; output and errors file must be, byte
for byte, those of an undisturbed run, and nothing else may be left: no file, no temporary folder, no
process. Formats, --jobs 1 and 2, and both units take turns; the way to die is drawn:
- clock: kill -9 after a random time;
- step: kill -9 before, in the middle of or behind a random write, sync, journal line, renaming or removal;
- worker: with --jobs 2, kill -9 of one of the worker processes;
- Ctrl-C: an interrupt after a random time.

The command line runs in a copy of this process (os.fork), so that the model is loaded only once; so this needs a POSIX
system. Parts and the time between checkpoints are made small from outside, for a small input to have many of them.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy is loaded: threads do not survive a fork

import argparse
import contextlib
import csv
import functools
import itertools
import random
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

import scorer.bundle
import scorer.journal
import scorer.parts
import scorer.scoring_files
import scorer.unfinished
from scorer.cli import app
from scorer.errors import InputError
from scorer.tables import files, formats, read_chunks

NAMES = ("out.csv", "out.jsonl", "out.csv.gz", "out.jsonl.zst", "out.parquet", "out.tsv")
DEATHS = ("clock", "step", "step", "worker", "Ctrl-C")
orphans: set[int] = set()
"""Worker processes that lost the process which started them."""
SECONDS = 120  # after which a run is taken to hang
TEXTS = (
    "Police said two men were held; a third may have fled.",
    "“We saw two boats,” Ana Ruiz, 41, said. “They left.”",
    "These claims have not been independently verified.",
    "It rained.\nThe port, closed since May, may open on Friday, officials said.",
)


def runnable_names():
    """Give those of NAMES whose libraries are installed, and say which are not."""
    names = []
    for name in NAMES:
        try:
            formats.check_installed(formats.format_of(name))
        except InputError as error:
            print(f"without {name}: {error}", file=sys.stderr)
        else:
            names.append(name)
    return names


def write_input(path, rows):
    """Write a table in which every seventh row is bad, in one of four ways."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["doc_id", "n", "text"])
        for k in range(rows):
            text = f"{TEXTS[k % len(TEXTS)]} That is {k}."
            bad = [[k, k, ""], [k, k], [k, k, "\u0600"], [k, k, text, "more"]][k // 7 % 4]
            writer.writerow(bad if k % 7 == 3 else [f"d{k // 5}", k, text])


class Deadly:
    """Counts the steps of a run, and kills it at one of them."""

    def __init__(self, at=None, how="before"):
        self.count, self.at, self.how = 0, at, how

    def wrap(self, owner, name, half=None):
        """Make a step of a function; `half` does half of its work."""
        real = getattr(owner, name)

        @functools.wraps(real)
        def step(*args, **options):
            self.count += 1
            here = self.count == self.at
            if here and self.how != "after":
                if half and self.how == "half":
                    half(*args)
                os.kill(os.getpid(), signal.SIGKILL)
            found = real(*args, **options)
            if here:
                os.kill(os.getpid(), signal.SIGKILL)
            return found

        setattr(owner, name, step)

    def arm(self):
        """Make steps of all that touches the disk."""

        def half_write(file, content):
            file._stream.write(content[: len(content) // 2])
            file._stream.flush()

        def half_line(journal, at, line):
            journal._stream.seek(at)
            journal._stream.truncate(at)
            journal._stream.write(line[: len(line) // 2])

        self.wrap(files.CountedFile, "write", half_write)
        self.wrap(files.CountedFile, "open")
        self.wrap(files.CountedFile, "sync")
        self.wrap(scorer.journal.Journal, "_put", half_line)
        self.wrap(scorer.journal.Journal, "remove")
        self.wrap(scorer.unfinished, "take_name")
        self.wrap(scorer.unfinished, "write_parquet")


def child(model, args, deadly, steps_to=None):
    """Run the command line in a copy of this process; return its id."""
    sys.stdout.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python warns of a fork beside threads; those of BLAS are idle
        number = os.fork()
    if number:
        return number
    code = 70
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(os.open("stderr.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        scorer.bundle.load_model = lambda folder: model
        scorer.parts.PART_CHARS = 1500
        scorer.unfinished.SECONDS = 0.0
        scorer.unfinished._SHARE = 1e9
        scorer.scoring_files.read_chunks = functools.partial(read_chunks, chunk_rows=25)
        deadly.arm()
        try:
            app(args, prog_name="scorer")
        except SystemExit as ended:
            code = ended.code or 0
        if steps_to:
            Path(steps_to).write_text(str(deadly.count), encoding="ascii")
    finally:
        os._exit(code)


def wait(number):
    """Wait for a process; return its exit code, negative for a signal."""
    for _ in range(SECONDS * 100):
        found, status = os.waitpid(number, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(number, signal.SIGKILL)
    os.waitpid(number, 0)
    sys.exit(f"a run hung: {Path('stderr.txt').read_text(encoding='utf-8')}")


def workers_of(number):
    """Return the worker processes of a run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == number and b"resource_tracker" not in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except (OSError, ValueError):
            continue
    return found


def die(model, args, death, rng, seconds, steps):
    """Run until it is killed in that way, or ends before; return whether it was killed, and its exit code."""
    deadly = Deadly(rng.randint(1, steps), rng.choice(["before", "half", "after"])) if death == "step" else Deadly()
    number = child(model, args, deadly)
    if death == "step":
        code = wait(number)
        return code == -signal.SIGKILL, code
    time.sleep(rng.random() * seconds)
    orphans.update(workers_of(number))
    if death == "worker":
        victims = workers_of(number)
        if victims:
            os.kill(rng.choice(victims), signal.SIGKILL)
        code = wait(number)
        return code == 1, code
    os.kill(number, signal.SIGKILL if death == "clock" else signal.SIGINT)
    code = wait(number)
    return code in (-signal.SIGKILL, 130), code


def alive(numbers):
    """Return which of some processes still run a minute later, at most."""
    for _ in range(60):
        numbers = {number for number in numbers if Path(f"/proc/{number}").exists()}
        if not numbers:
            break
        time.sleep(1)
    return numbers


def state(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "stderr.txt"}


class Trials:
    """Runs that are killed and gone on with, in a folder of their own.

    Parameters
    ----------
    model : ScoringModel
        To score with.
    folder : Path
        Empty.
    rows : int
        Of the input.
    rng : random.Random
        What draws the deaths.
    """

    def __init__(self, model, folder, rows, rng):
        self.model, self.folder, self.rng, self.kills = model, folder, rng, Counter()
        self.whole = {}
        write_input(folder / "in.csv", rows)

    def undisturbed(self, args):
        """Return the files of a run that nobody disturbs, its seconds and its steps."""
        key = tuple(args)
        if key not in self.whole:
            with self.fresh() as run:
                began = time.perf_counter()
                code = wait(child(self.model, args, Deadly(), steps_to=self.folder / "steps"))
                if code:
                    sys.exit(f"the undisturbed run failed: {Path('stderr.txt').read_text(encoding='utf-8')}")
                seconds = time.perf_counter() - began
                self.whole[key] = state(run), seconds, int((self.folder / "steps").read_text(encoding="ascii"))
        return self.whole[key]

    @contextlib.contextmanager
    def fresh(self):
        """Make an empty folder the current one for a while."""
        run = self.folder / "run"
        run.mkdir()
        os.chdir(run)
        try:
            yield run
        finally:
            os.chdir(self.folder)
            shutil.rmtree(run)

    def trial(self, number, out, jobs, unit, keep):
        """Kill a run and go on with it; tell whether it gave what an undisturbed run gives."""
        args = ["score", "../in.csv", "-o", out, "--unit", unit, "--jobs", str(jobs), "--quiet"]
        expected, seconds, steps = self.undisturbed(args)
        told, deaths = [], self.rng.randint(1, 3)
        with self.fresh() as run:
            for _ in range(10):
                death = self.rng.choice([death for death in DEATHS if jobs == 2 or death != "worker"])
                killed, code = die(self.model, [*args, "--resume"], death, self.rng, seconds, steps)
                told.append(f"{death}{'' if killed else ' (too late)'}")
                self.kills[death] += killed
                if not killed and code:
                    told.append(f"code {code}: {Path('stderr.txt').read_text(encoding='utf-8')}")
                deaths -= killed
                if not deaths or Path(out).exists():  # what is whole cannot be killed any more
                    break
            code = wait(child(self.model, [*args, "--resume"], Deadly()))
            found = state(run)
            if code == 0 and found == expected:
                return True
            print(f"run {number}, {' '.join(args)}: {', '.join(told)}, then code {code}, files {sorted(found)}")
            print(Path("stderr.txt").read_text(encoding="utf-8"))
            if keep:
                shutil.copytree(run, keep / str(number))
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--rows", type=int, default=600)
    parser.add_argument("--seed", type=int, default=None, help="by default another one each time")
    parser.add_argument("--model", help="a model's folder; the shipped one by default")
    parser.add_argument("--keep", type=Path, help="a folder that gets the files of a run that failed")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(10**6)
    model = scorer.bundle.load_model(options.model)
    kinds = list(itertools.product((1, 2), ("document", "sentence"), runnable_names()))
    rng = random.Random(seed)
    rng.shuffle(kinds)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name) / "tmp"
        scratch.mkdir()
        os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)
        trials = Trials(model, Path(name), options.rows, rng)
        identical = sum(
            trials.trial(number + 1, out, jobs, unit, options.keep)
            for number, (jobs, unit, out) in zip(range(options.times), itertools.cycle(kinds), strict=False)
        )
        for (_, _, _, out, _, unit, _, jobs, _), (files_of_one, *_) in trials.whole.items():
            other = trials.whole.get(("score", "../in.csv", "-o", out, "--unit", unit, "--jobs", "2", "--quiet"))
            if jobs == "1" and other and other[0] != files_of_one:
                sys.exit(f"{out}, --unit {unit}: two processes gave other bytes than one")
        left = alive(orphans)
        if left:
            sys.exit(f"{len(left)} worker processes outlived the run that was killed")
        if folders := list(scratch.iterdir()):
            sys.exit(f"left behind in the folder for temporary files: {folders}")
        os.chdir("/")
    told = ", ".join(f"{count} {death}" for death, count in trials.kills.most_common())
    print(f"{identical} of {options.times} identical; {trials.kills.total()} times killed ({told}); seed {seed}")
    if identical < options.times:
        sys.exit(1)


if __name__ == "__main__":
    main()
