"""Where shards are worked on: processes of this machine. Each is one small class (see also `run.cluster`)."""

import json
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, Protocol, Self, TypeVar

from outreach_audit.sources import Skipped
from outreach_audit.sources.folders import walk
from outreach_audit.sources.limits import MIB
from outreach_audit.sources.remote import path_of

_P = ParamSpec("_P")
_T = TypeVar("_T")
_LITTLE_BYTES, _LITTLE_FILES = 4 * MIB, 1000


class Executor(Protocol):
    """What a run needs of those who work for it: mostly `concurrent.futures.Executor`.

    Attributes:
        died: what the result of a future raises whose worker died of it, or beside it.
    """

    died: tuple[type[BaseException], ...]

    @property
    def slots(self) -> int:
        """How many shards are worked on at the same time."""
        ...

    def submit(self, call: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Have a call made elsewhere."""
        ...

    def renew(self) -> None:
        """A worker died: see that there are workers again. Futures that are not done then never will be."""
        ...


class Processes:
    """Worker processes of this machine, each started when there is a shard for it."""

    died: tuple[type[BaseException], ...] = (BrokenExecutor, MemoryError)

    def __init__(self, workers: int, packs: Sequence[Path] = ()) -> None:
        """Have so many ``workers``; ``packs``, those of the run beside the core pack, are made ready from now on."""
        self._workers, self._context = workers, _context(packs)
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    @property
    def slots(self) -> int:
        """The number of processes."""
        return self._workers

    def submit(self, call: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Have a call made in one of the processes."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._workers, self._context, _begin)
        return self._pool.submit(call, *args, **kwargs)

    def renew(self) -> None:
        """End what is left of the processes; the next call starts others."""
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def executor_for(
    workers: int | None, cluster: str, paths: Sequence[str], packs: Sequence[Path]
) -> AbstractContextManager[Executor | None]:
    """Where a run is worked on; None is this process itself.

    Args:
        workers: so many processes; None for one on each core, where there is enough mail to be worth their start.
        cluster: the address of a Dask scheduler, ``''`` for this machine.
        paths: what is read.
        packs: those of the run, beside the core pack.

    Raises:
        OutreachAuditError: the cluster cannot be used.
    """
    if cluster:
        from outreach_audit.run.cluster import Cluster  # noqa: PLC0415 - an extra

        return Cluster(cluster)
    number = workers or (1 if is_little(paths) else all_cores())
    return nullcontext() if number == 1 else Processes(number, packs)


def is_little(paths: Sequence[str]) -> bool:
    """Whether one process has read all of it before others would have begun."""
    size = 0
    for number, file in enumerate(files(paths)):
        size += size_of(file)
        if size > _LITTLE_BYTES or number > _LITTLE_FILES:
            return False
    return True


def size_of(file: Path) -> int:
    """The bytes of a file, 0 where it cannot be looked at."""
    try:
        return file.stat().st_size
    except (OSError, ValueError):
        return 0


def files(paths: Sequence[str]) -> Iterator[Path]:
    """All files; standard input may hold anything, and counts as nothing."""
    for path in map(path_of, paths):
        yield from (entry[0] for entry in walk(path) if not isinstance(entry, Skipped)) if path.is_dir() else (path,)


def all_cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _context(packs: Sequence[Path]) -> multiprocessing.context.BaseContext:
    """Processes that inherit no threads and no lock of the ledger; where it can be, they inherit the packs."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver  # noqa: PLC0415 - not on every system

    multiprocessing.set_forkserver_preload(["outreach_audit.run.forked"])
    # the same modules as here, wherever they came from, and none of the working directory's
    search = os.pathsep.join(path for path in sys.path if path)
    preloaded = json.dumps([str(path.absolute()) for path in packs])
    with _environment(PYTHONPATH=search, PYTHONSAFEPATH="1", OUTREACH_AUDIT_PRELOAD=preloaded):
        forkserver.ensure_running()
    return multiprocessing.get_context("forkserver")


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """With these variables of the environment, for processes that are started meanwhile."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _begin() -> None:
    """In a worker: Ctrl-C is for the run, and a run that was killed takes its workers with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
