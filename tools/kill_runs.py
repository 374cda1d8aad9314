"""Kill scans at random instants and compare what a completing run gives with an undisturbed one.

Usage: ``python tools/kill_runs.py --kills 200 [--seed 1]``. Each scan is a process of its own, ended by SIGKILL after a
random part of the time that a whole scan takes; half of the time the mailbox grows before the next. Once a scan
completes, its tables and findings are compared byte for byte with those of one undisturbed scan of the same files, and
the next round begins with an empty ledger. POSIX only.
"""

import argparse
import gzip
import json
import os
import platform
import random
import signal
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from outreach_audit.ledger import Ledger
from outreach_audit.packs.load import load_packs
from outreach_audit.report import Pseudonyms, finding, make_document
from outreach_audit.run.assess import Assessor
from outreach_audit.run.scan import scan
from outreach_audit.run.settings import Settings

BATCH = 20
_KEY = bytes(range(32))
_OFFER = (
    "Dear Professor,\n\nour university in Shenzhen, China, would like to invite you to join us as chair professor. "
    "The annual salary is RMB {pay},000; an apartment and start-up funding are provided. "
    "Please send your CV before 30 June.\n"
)


@dataclass(slots=True)
class Result:
    """What came of it: kills that ended a running scan, scans that ended by themselves, rounds that differed."""

    kills: int = 0
    completed: int = 0
    differing: int = 0


def letter(number: int) -> str:
    """A letter of this number: every fourth an offer, every tenth without a Message-ID."""
    identity = f"Message-ID: <m{number}@letters.example>\n" if number % 10 else ""
    body = _OFFER.format(pay=300 + number % 7 * 100) if number % 4 == 0 else f"Lunch at {number % 3 + 11}?\n" * 8
    return (
        f"From: office{number % 5}@bridge.example.com\nTo: r{number % 37}@kaist.ac.kr\nSubject: Letter {number}\n"
        f"{identity}Date: Mon, {number % 27 + 1} Mar 2024 {number % 24:02}:00:00 +0000\n\n{body}"
    )


def mbox(numbers: range) -> bytes:
    """These letters as an mbox."""
    return "".join(f"From a@b.org Mon Mar  4 01:00:00 2024\n{letter(n)}\n" for n in numbers).encode()


def write_mail(folder: Path, size: int) -> None:
    """A mailbox, a packed one that overlaps with it, an archive, and single files."""
    folder.mkdir()
    (folder / "inbox.mbox").write_bytes(mbox(range(size)))
    (folder / "spam.gz").write_bytes(gzip.compress(mbox(range(size // 2, size // 2 + size))))
    with zipfile.ZipFile(folder / "old.zip", "w") as archive:
        for part in range(4):
            archive.writestr(f"{part}.mbox", mbox(range(3 * size + part * 10, 3 * size + part * 10 + 12)))
    (folder / "single").mkdir()
    for number in range(5 * size, 5 * size + size // 2):
        (folder / "single" / f"{number}.eml").write_text(letter(number))


def outcome(path: Path) -> bytes:
    """All tables and findings of a ledger."""
    with Ledger.open(path, write=False) as ledger:
        joined = ledger.campaigns().joined
        pseudonyms = Pseudonyms(_KEY)
        findings = [
            finding(one, joined[one.message_key].campaign if one.message_key in joined else None, pseudonyms)
            for one in ledger.records()
        ]
        return json.dumps([make_document(ledger).to_data(), findings], sort_keys=True).encode()


def in_a_process(action: Callable[[], None], kill_after: float | None = None) -> bool:
    """Whether a process that does this came to its end; it is killed after so many seconds."""
    child = os.fork()
    if child == 0:
        try:
            action()
        except BaseException as error:  # noqa: BLE001 - a forked process must not go on in its parent's code
            sys.stderr.write(f"{error!r}\n")
            os._exit(1)
        os._exit(0)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("a scan failed")
    return os.WIFEXITED(status)


def kill_runs(folder: Path, kills: int, seed: int, *, size: int = 60) -> Result:
    """Kill scans until so many were killed, and compare each that completed.

    Args:
        folder: an empty folder for mail and ledgers.
        kills: how many scans are to be killed.
        seed: of the random instants.
        size: letters in the first mailbox.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    assessor = Assessor(load_packs(), Settings())

    def scan_into(path: Path, mail: Path) -> None:
        with Ledger.open(path) as ledger:
            scan([mail], ledger, assessor.pack, assessor, batch=BATCH)

    result = Result()
    turn, whole = 0, 0.0
    while result.kills < kills:
        turn += 1
        mail, ledger = folder / f"mail{turn}", folder / f"{turn}.sqlite"
        write_mail(mail, size)
        if turn == 1:
            start = time.monotonic()
            in_a_process(lambda mail=mail: scan_into(folder / "first", mail))  # type: ignore[misc]
            whole = time.monotonic() - start
        grown = size
        again = True
        while again:
            # the last scan of the last round is left alone
            limit = chance.uniform(0, whole) if result.kills < kills else None
            again = not in_a_process(lambda mail=mail, ledger=ledger: scan_into(ledger, mail), limit)  # type: ignore[misc]
            result.kills += again
            if again and chance.random() < 0.5:  # noqa: PLR2004 - half of the time
                with (mail / "inbox.mbox").open("ab") as file:
                    file.write(mbox(range(grown, grown + 3)))
                grown += 3
        in_a_process(lambda mail=mail, turn=turn: scan_into(folder / f"{turn}.undisturbed", mail))  # type: ignore[misc]
        result.completed += 1
        result.differing += outcome(ledger) != outcome(folder / f"{turn}.undisturbed")
    return result


def main() -> None:
    """Run, and print one line of figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = kill_runs(Path(folder), options.kills, options.seed)
    sys.stdout.write(
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, seed {options.seed}: {result.kills} scans killed, "
        f"{result.completed} rounds completed, {result.differing} differ from an undisturbed scan\n"
    )
    sys.exit(bool(result.differing))


if __name__ == "__main__":
    main()
