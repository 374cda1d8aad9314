"""What more processes gain: a whole scan with 1, 2, … workers in turn, several times; wall time and memory of each.

Usage: ``python benchmarks/workers.py MAIL.mbox [--workers 1 2] [--rounds 3]``. The gain is the wall time of the first
number given over that of each other, in the same round: its median is printed with the smallest and the largest. Memory
is the peak resident size of the run's own process and of the largest worker, shared pages in both. Linux only.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path


def _peak(process: int) -> int:
    """The peak resident size of a process in kB, 0 if it ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


def _family(session: int) -> list[int]:
    """The processes of a session, but for the readers of attachments, which have limits of their own."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(fields[3]) == session and b"attachments.child" not in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _scan(mailbox: Path, workers: int, folder: Path) -> tuple[float, int, int, str]:
    """Wall seconds, peaks of the run and of its largest worker in kB, and what it counted."""
    for old in folder.iterdir():
        old.unlink()
    command = [sys.executable, "-m", "outreach_audit", "scan", str(mailbox), "--ledger", str(folder / "ledger.sqlite")]
    command += [
        "--workers",
        str(workers),
        "--quiet",
        "--findings",
        str(folder / "findings"),
        "--key",
        str(_key(folder)),
    ]
    begun = time.monotonic()
    run = subprocess.Popen(command, start_new_session=True)
    peaks: dict[int, int] = defaultdict(int)
    while run.poll() is None:
        for process in _family(run.pid):
            peaks[process] = max(peaks[process], _peak(process))
        time.sleep(0.25)
    seconds = time.monotonic() - begun
    if run.returncode:
        raise SystemExit(f"the scan ended with {run.returncode}")
    own = peaks.pop(run.pid, 0)
    return seconds, own, max(peaks.values(), default=0), (folder / "findings").read_text(encoding="utf-8")


def _key(folder: Path) -> Path:
    key = folder / "key"
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)
    return key


def main() -> None:
    """Measure, and print a line for each number of workers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mailbox", type=Path)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    size = options.mailbox.stat().st_size / 1e6
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}: {size:,.0f} MB"
    )
    found: dict[int, list[tuple[float, int, int]]] = defaultdict(list)
    told: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            for workers in options.workers:
                *figures, findings = _scan(options.mailbox, workers, Path(folder))
                found[workers].append(tuple(figures))  # type: ignore[arg-type]
                told.add(findings)
    first = [seconds for seconds, _, _ in found[options.workers[0]]]
    for workers, figures in found.items():
        gains = sorted(one / seconds for one, (seconds, _, _) in zip(first, figures, strict=True))
        print(json.dumps({
            "workers": workers,
            "seconds": round(statistics.median(seconds for seconds, _, _ in figures), 1),
            "MB/s": round(size / statistics.median(seconds for seconds, _, _ in figures), 1),
            "gain": round(statistics.median(gains), 2), "smallest": round(gains[0], 2), "largest": round(gains[-1], 2),
            "peak MB of the run": max(own for _, own, _ in figures) // 1000,
            "peak MB of a worker": max(most for _, _, most in figures) // 1000,
        }))  # fmt: skip
    print("findings: the same bytes" if len(told) == 1 else "findings DIFFER")


if __name__ == "__main__":
    main()
