"""Scans by a Dask cluster of which something is killed at a random instant, compared with an undisturbed one.

Usage: ``python -m tools.cluster_runs --kills 20 [--seed 1]``. On loopback, in turn a worker, the scheduler or the
scanning program itself is ended by SIGKILL after a random time; where that ends the scan, the next one goes on, with a
new cluster. Once a scan completes, its tables and findings are compared byte for byte with those of a scan by one
process, and the next round begins with an empty ledger. POSIX only.
"""

import argparse
import os
import platform
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from tools.kill_runs import outcome, write_mail

ROOT = Path(__file__).parents[1]
_START_SECONDS = 60


class Loopback:
    """A scheduler and workers with one thread each, as processes of this machine."""

    def __init__(self, folder: Path, workers: int, *, nanny: bool = False) -> None:
        """Start them; ``folder`` takes their logs; a nanny starts a worker again that died."""
        self._folder = folder
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        }
        self.scheduler = self._start(
            "scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"
        )
        self.address = self._said("scheduler", r"tcp://127\.0\.0\.1:[0-9]+")
        self.workers = [
            self._start(
                f"worker{number}", "worker", self.address, "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1",
                "--nanny" if nanny else "--no-nanny", "--local-directory", str(folder),
            )
            for number in range(workers)
        ]  # fmt: skip
        for number in range(workers):
            self._said(f"worker{number}", "Registered to|Starting established connection")

    def _start(self, log: str, kind: str, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments]
        with (self._folder / log).open("wb") as out:
            return subprocess.Popen(  # noqa: S603 - a program of Dask, by this very interpreter
                command, stdout=out, stderr=out, env=self._environment, cwd=ROOT, start_new_session=True
            )

    def _said(self, log: str, pattern: str) -> str:
        """Waits until a process wrote this."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            told = (self._folder / log).read_text(encoding="utf-8", errors="replace")
            if found := re.search(pattern, told):
                return found[0]
            if time.monotonic() > deadline:
                raise SystemExit(f"the {log} does not begin:\n{told}")
            time.sleep(0.05)

    def end(self) -> None:
        """End all that still runs."""
        for process in (*self.workers, self.scheduler):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def cluster(folder: Path, workers: int, *, nanny: bool = False) -> Iterator[Loopback]:
    """A cluster, ended at the end."""
    folder.mkdir()
    processes = Loopback(folder, workers, nanny=nanny)
    try:
        yield processes
    finally:
        processes.end()


def scan(mail: Path, ledger: Path, *more: str) -> "subprocess.Popen[bytes]":
    """A scan in a process of its own."""
    command = [sys.executable, "-m", "outreach_audit", "scan", str(mail), "--ledger", str(ledger), "--quiet", *more]
    return subprocess.Popen(command, cwd=ROOT)  # noqa: S603 - this program, by this very interpreter


def kill_runs(folder: Path, kills: int, seed: int) -> tuple[int, int]:
    """Rounds completed, and how many of them differ."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    killed = completed = differing = 0
    mail = folder / "mail"
    write_mail(mail, 150)
    scan(mail, folder / "whole", "--workers", "1").wait()
    expected = outcome(folder / "whole")
    clusters = 0
    while killed < kills:
        ledger = folder / f"{completed}.sqlite"
        done = False
        while not done:
            clusters += 1
            with cluster(folder / f"dask{clusters}", 3) as processes:
                run = scan(mail, ledger, "--cluster", processes.address)
                time.sleep(chance.uniform(0.5, 6))
                if run.poll() is None and killed < kills:
                    victim = (processes.workers[0], processes.scheduler, run)[killed % 3]
                    victim.kill()
                    killed += 1
                done = run.wait() == 0
        completed += 1
        differing += outcome(ledger) != expected
    return completed, differing


def main() -> None:
    """Run, and print one line of figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        completed, differing = kill_runs(Path(folder), options.kills, options.seed)
    sys.stdout.write(
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, seed {options.seed}: {options.kills} workers, schedulers and programs "
        f"killed, {completed} rounds completed, {differing} differ from a scan by one process\n"
    )
    sys.exit(bool(differing))


if __name__ == "__main__":
    main()
