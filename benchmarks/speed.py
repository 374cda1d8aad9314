"""The speed of a whole scan beside that of other programs, in turn, several times; or where its time goes.

Usage: ``python benchmarks/speed.py compare MAIL.mbox [--rounds 3]`` and ``… profile MAIL.mbox [--messages 1000]``.

``compare`` runs the program (``scan`` with the core pack, writing a ledger, one process, start-up counted) and the
peers that are installed: the standard library's parser (compat32, parse only), fast-mail-parser (parse and decode), and
the Debian packages notmuch (``notmuch new``), maildir-utils (``mu index``) and bogofilter (classify). Each reads the
same mail once a round, so that a busy machine slows all of them; CPU seconds are those of the process and its children.
Only the ratios within one round are worth something: their median is printed with the smallest and the largest.
notmuch and mu are given the same messages as a Maildir, which is made before.
"""

import argparse
import cProfile
import importlib.util
import os
import pstats
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from outreach_audit.mail.attachments import ChildReader
from outreach_audit.packs.load import load_packs
from outreach_audit.run.assess import Assessor
from outreach_audit.run.settings import Settings
from outreach_audit.sources import RawMessage, read

_OURS = "outreach-audit scan"
_COMPAT32 = """
import sys
from email import message_from_bytes, policy
for name in sys.stdin.read().split("\\n"):
    with open(name, "rb") as file:
        message_from_bytes(file.read(), policy=policy.compat32)
"""
_FAST = """
import sys
from fast_mail_parser import parse_email
for name in sys.stdin.read().split("\\n"):
    with open(name, "rb") as file:
        try:
            parse_email(file.read())
        except Exception:
            pass
"""


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _timed(command: list[str], folder: Path, *, given: bytes = b"", fine: tuple[int, ...] = (0,)) -> float:
    """CPU seconds of a command and its children; one that fails measures nothing."""
    before = _cpu()
    environment = {**os.environ, "HOME": str(folder), "NOTMUCH_CONFIG": str(folder / "notmuch-config")}
    done = subprocess.run(command, input=given, capture_output=True, cwd=folder, env=environment, check=False)
    if done.returncode not in fine:
        sys.exit(f"{' '.join(command)[:200]}: exit {done.returncode}: {done.stderr[-500:].decode(errors='replace')}")
    return _cpu() - before


def _as_maildir(mailbox: Path, folder: Path) -> list[Path]:
    """The messages one by one."""
    for name in ("cur", "new", "tmp"):
        (folder / "mail" / name).mkdir(parents=True)
    paths = []
    for number, item in enumerate(i for i in read([mailbox]) if isinstance(i, RawMessage)):
        path = folder / "mail" / "cur" / f"{number}.bench:2,S"
        path.write_bytes(item.content)
        paths.append(path)
    return paths


def _scan(mailbox: Path, folder: Path) -> float:
    ledger = folder / "ledger.sqlite"
    for old in folder.glob("ledger.sqlite*"):
        old.unlink()
    return _timed(
        [sys.executable, "-m", "outreach_audit", "scan", str(mailbox), "--ledger", str(ledger), "--quiet"], folder
    )


def _notmuch(folder: Path) -> float:
    shutil.rmtree(folder / "mail" / ".notmuch", ignore_errors=True)
    (folder / "notmuch-config").write_text(
        f"[database]\npath={folder / 'mail'}\n[user]\nname=x\nprimary_email=x@example.org\n[new]\ntags=new\n"
    )
    return _timed(["notmuch", "new", "--quiet"], folder)


def _mu(folder: Path) -> float:
    shutil.rmtree(folder / "mu", ignore_errors=True)
    started = _timed(["mu", "init", f"--muhome={folder / 'mu'}", f"--maildir={folder / 'mail'}"], folder)
    return started + _timed(["mu", "index", f"--muhome={folder / 'mu'}", "--quiet"], folder)


def _bogofilter(mailbox: Path, folder: Path) -> float:
    words = folder / "bogofilter"
    if not words.exists():
        words.mkdir()
        _timed(["bogofilter", "-d", str(words), "-n", "-M", "-I", str(mailbox)], folder)
    verdicts = (0, 1, 2)  # spam, ham, unsure
    return _timed(["bogofilter", "-d", str(words), "-M", "-v", "-I", str(mailbox)], folder, fine=verdicts)


def contestants(mailbox: Path, folder: Path, paths: list[Path]) -> dict[str, Callable[[], float]]:
    """The program and the peers that are installed; each gives the CPU seconds of one reading."""
    names = "\n".join(map(str, paths)).encode()
    found: dict[str, Callable[[], float]] = {
        _OURS: lambda: _scan(mailbox, folder),
        "CPython compat32, parse only": lambda: _timed([sys.executable, "-c", _COMPAT32], folder, given=names),
    }
    if importlib.util.find_spec("fast_mail_parser"):
        found["fast-mail-parser, full"] = lambda: _timed([sys.executable, "-c", _FAST], folder, given=names)
    if shutil.which("bogofilter"):
        found["bogofilter, classify"] = lambda: _bogofilter(mailbox, folder)
    if shutil.which("mu"):
        found["mu index"] = lambda: _mu(folder)
    if shutil.which("notmuch"):
        found["notmuch new"] = lambda: _notmuch(folder)
    return found


def compare(mailbox: Path, rounds: int) -> None:
    """Run all in turn and print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = _as_maildir(mailbox, folder)
        size = mailbox.stat().st_size
        print(
            f"{len(paths):,} messages, {size / 1e6:.0f} MB, {size / len(paths):,.0f} bytes a message, {rounds} rounds"
        )
        programs = contestants(mailbox.resolve(), folder, paths)
        seconds: dict[str, list[float]] = {name: [] for name in programs}
        for _ in range(rounds):
            for program, run in programs.items():
                seconds[program].append(run())
    print(f"{'program':32} {'CPU s':>8} {'messages/s':>11} {'MB/s':>7}   CPU seconds for one of ours (least to most)")
    for program, taken in seconds.items():
        ratios = sorted(theirs / ours for theirs, ours in zip(taken, seconds[_OURS], strict=True))
        middle = statistics.median(taken)
        print(
            f"{program:32} {middle:8.2f} {len(paths) / middle:11,.0f} {size / 1e6 / middle:7.1f}   "
            f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        )


def profile(mailbox: Path, messages: int) -> None:
    """Print where the time of assessing goes, by function."""
    items = list(islice((item for item in read([mailbox]) if isinstance(item, RawMessage)), messages))
    with ChildReader() as reader:
        assessor = Assessor(load_packs(), Settings(), reader)
        for item in items[:50]:
            assessor.assess(item)
        profiler = cProfile.Profile(time.process_time)  # the clock of the wall would show the neighbours
        profiler.enable()
        for item in items:
            assessor.assess(item)
        profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(50)


def main() -> None:
    """Compare or profile."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("compare", "profile"))
    parser.add_argument("mailbox", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=1000)
    given = parser.parse_args()
    if given.command == "compare":
        compare(given.mailbox, given.rounds)
    else:
        profile(given.mailbox, given.messages)


if __name__ == "__main__":
    main()
