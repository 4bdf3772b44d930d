"""A Dask cluster, running somewhere or made of processes on this machine, and whether it can do the work."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final, TypeVar

from scorer.errors import ScorerError
from scorer.piece_task import Settings, describe, unlike

Task = TypeVar("Task", bound=tuple[Any, ...])
_WAIT: Final = 10  # seconds for a scheduler to answer, and for a first worker to come
_WINDOW: Final = 500  # tasks that the scheduler holds at least: more workers than it has now may come
_PER_THREAD: Final = 4
_ANY_PORT: Final = "127.0.0.1:0"  # the usual one may be taken, and nobody else need see it


@contextmanager
def connected(scheduler: str | None, jobs: int) -> Iterator[Any]:
    """Give a client of a Dask cluster.

    Parameters
    ----------
    scheduler : str or None
        Its address, such as ``tcp://10.0.0.5:8786``; None starts a cluster here, which ends with the context.
    jobs : int
        Worker processes of a cluster on this machine, one thread each.

    Yields
    ------
    distributed.Client
        Connected, with at least one worker.

    Raises
    ------
    ScorerError
        If Dask is not installed, the scheduler does not answer, or it has no workers.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ScorerError("--engine dask needs Dask; run: pip install 'scorer[dask]'") from error
    # What matters of it is told in our own words; its log lines would stand between them.
    logger = logging.getLogger("distributed")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        if scheduler is None:
            with (
                LocalCluster(
                    n_workers=jobs, threads_per_worker=1, dashboard_address=_ANY_PORT, silence_logs=logging.CRITICAL
                ) as cluster,
                Client(cluster) as client,
            ):
                yield client
            return
        try:
            with warnings.catch_warnings():
                # A table of packages in which the workers differ: what counts of it, `check_workers` says in a line.
                warnings.filterwarnings("ignore", "Mismatched versions found")
                client = Client(scheduler, timeout=_WAIT, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise ScorerError(
                f"no Dask scheduler answers at {scheduler}; check the address, or start one: dask scheduler"
            ) from error
        with client:
            try:
                client.wait_for_workers(1, timeout=_WAIT)
            except TimeoutError as error:
                raise ScorerError(
                    f"the scheduler at {scheduler} has no workers; start some: dask worker {scheduler}"
                ) from error
            yield client
    finally:
        logger.setLevel(level)


def check_workers(client: Any, settings: Settings) -> None:
    """Check that every worker has this scorer and this model, and sees the output's folder.

    Parameters
    ----------
    client : distributed.Client
        Connected.
    settings : Settings
        Of the run.

    Raises
    ------
    ScorerError
        Names the first worker that does not, what it lacks, and the remedy.
    """
    # A function of the standard library first: one of ours could not even be unpickled where scorer is missing.
    for worker, found in client.run(version, "scorer", on_error="return").items():
        if isinstance(found, PackageNotFoundError):
            raise ScorerError(
                f"worker {worker} has no scorer; install scorer {settings.footing.scorer} on every worker"
            )
        if isinstance(found, str) and found != settings.footing.scorer:
            raise ScorerError(f"worker {worker} {unlike(settings.footing._replace(scorer=found), settings.footing)}")
    for worker, found in client.run(describe, settings.model, settings.folder, on_error="return").items():
        if isinstance(found, ScorerError):
            raise ScorerError(f"worker {worker}: {found}")
        if isinstance(found, OSError):
            continue  # it went away just now; another may come
        if isinstance(found, Exception):
            raise ScorerError(f"worker {worker} cannot run scorer: {type(found).__name__}: {found}")
        footing, sees_folder = found
        if difference := unlike(footing, settings.footing):
            raise ScorerError(f"worker {worker} {difference}")
        if not sees_folder:
            raise ScorerError(
                f"worker {worker} does not see {settings.folder}; inputs and output must be on storage that every "
                f"machine mounts at the same path"
            )


def run_tasks(client: Any, work: Callable[..., Any], tasks: Sequence[Task]) -> Iterator[tuple[int, Any]]:
    """Run tasks on the cluster, and those of a lost worker on another one.

    Parameters
    ----------
    client : distributed.Client
        Connected.
    work : callable
        Called with each task's items as arguments; must bear being run twice.
    tasks : sequence of tuple
        The arguments.

    Yields
    ------
    number : int
        Which task is done.
    result : object
        What it gave; in the order in which they end.

    Raises
    ------
    ScorerError
        If a task failed on purpose, lost too many workers, or the scheduler is gone.
    """
    from distributed import as_completed

    numbers: dict[str, int] = {}
    upcoming = iter(enumerate(tasks))

    def submitted(most: int) -> list[Any]:
        futures = []
        for number, task in upcoming:
            futures.append(client.submit(work, *task, pure=False))
            numbers[futures[-1].key] = number
            if len(futures) >= most:
                break
        return futures

    window = max(_WINDOW, _PER_THREAD * sum(client.nthreads().values()))
    running = as_completed(submitted(window), loop=client.loop)
    for future in running:
        number = numbers.pop(future.key)
        try:
            result = future.result()
        except Exception as error:
            raise _told(error, number) from error
        future.release()
        running.update(submitted(1))
        yield number, result


def _told(error: Exception, number: int) -> Exception:
    from distributed.comm import CommClosedError
    from distributed.scheduler import KilledWorker

    if isinstance(error, KilledWorker):
        return ScorerError(
            f"the workers that scored part {number} died one after the other, perhaps for want of memory; give workers "
            f"more memory, or cut the input to smaller files"
        )
    if isinstance(error, ImportError):
        return ScorerError(f"a worker lacks a package ({error}); install the same scorer on every worker")
    if isinstance(error, CancelledError | CommClosedError | TimeoutError):
        return ScorerError("the connection to the Dask scheduler was lost; nothing was written")
    return error
