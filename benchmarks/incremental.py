"""What a second scan costs: of an unchanged tree, and of one with 1 % new mail, as a share of the first.

Usage: ``python benchmarks/incremental.py MAIL [--megabytes 8] [--rounds 3]``. MAIL is a folder of mailboxes; its
messages are repeated in a temporary tree of mailboxes until that has the size, each with a Message-ID of its own.
Packs are loaded before, so start-up is not counted. CPU seconds of this process; printed as the median ratio with the
smallest and the largest.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from outreach_audit.ledger import Ledger
from outreach_audit.packs.load import load_packs
from outreach_audit.run.assess import Assessor
from outreach_audit.run.scan import scan
from outreach_audit.run.settings import Settings
from outreach_audit.sources import RawMessage, read

_MAILBOXES = 20
_TARGETS = {"unchanged": 0.02, "1 % new": 0.05}


def messages(mail: Path) -> Iterator[bytes]:
    """The messages of a folder over and over, each copy a message of its own."""
    turn = 0
    while True:
        for item in read([mail]):
            if isinstance(item, RawMessage):
                yield b"From a@b.org Mon Mar  4 01:00:00 2024\nMessage-ID: <%d@bench.example>\n" % turn + (
                    item.content.replace(b"\nMessage-I", b"\nX-Message-I").replace(b"\nFrom ", b"\n>From ") + b"\n\n"
                )
                turn += 1


def write(folder: Path, source: Iterator[bytes], size: int) -> None:
    """Appends so many bytes of mail, spread over the mailboxes of a folder."""
    folder.mkdir(exist_ok=True)
    written = number = 0
    while written < size:
        with (folder / f"{number % _MAILBOXES}.mbox").open("ab") as file:
            for _ in range(10):
                if written < size:
                    written += file.write(next(source))
        number += 1


def seconds(folder: Path, ledger: Path, assessor: Assessor) -> float:
    """CPU time of one scan."""
    start = time.process_time()
    with Ledger.open(ledger) as opened:
        scan([folder], opened, assessor.pack, assessor)
    return time.process_time() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mail", type=Path)
    parser.add_argument("--megabytes", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    size = int(options.megabytes * 1e6)
    assessor = Assessor(load_packs(), Settings())
    ratios: dict[str, list[float]] = {name: [] for name in _TARGETS}
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            mail, ledger = Path(folder, "mail"), Path(folder, "ledger.sqlite")
            source = messages(options.mail)
            write(mail, source, size)
            first = seconds(mail, ledger, assessor)
            ratios["unchanged"].append(seconds(mail, ledger, assessor) / first)
            write(mail, source, size // 100)
            ratios["1 % new"].append(seconds(mail, ledger, assessor) / first)
        sys.stdout.write(f"first scan of {options.megabytes:g} MB: {first:.1f} s CPU\n")
    for name, found in ratios.items():
        low, middle, high = min(found), statistics.median(found), max(found)
        sys.stdout.write(
            f"{name:10} {middle:.2%} of the first ({low:.2%} to {high:.2%}); target {_TARGETS[name]:.0%}\n"
        )


if __name__ == "__main__":
    main()
