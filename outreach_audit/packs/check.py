"""Checking packs: examples that signals carry are run, and lints look at what loading does not see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach_audit.errors import InvalidPackError
from outreach_audit.mail.model import Address, Mail, Scope, Text
from outreach_audit.packs.files import Faults
from outreach_audit.packs.lint import faults_of, remarks_on
from outreach_audit.packs.load import CORE, load_with_faults
from outreach_audit.packs.model import Pack, Signal
from outreach_audit.packs.watchlist import Indicator, load_watchlists
from outreach_audit.signals.evidence import Detector
from outreach_audit.signals.facts import Reader


@dataclass(frozen=True, slots=True)
class Checked:
    """Packs and watchlists without a fault: how many examples were run, and what is probably not meant."""

    pack: Pack
    examples: int
    remarks: tuple[str, ...]
    indicators: int = 0


def check_packs(paths: Sequence[Path] = ()) -> Checked:
    """Check packs and watchlists: load them, run all examples, and look at what loading does not see.

    Args:
        paths: pack folders and the files of watchlists; the core pack where there are none.

    Raises:
        InvalidPackError: with file:line of every fault in any of them.
    """
    files = [path for path in paths if path.is_file()]
    folders = [path for path in paths if path not in files]
    faults = Faults()
    pack = load_with_faults(folders, faults)
    looked_at = tuple(folders) if paths else (CORE,)
    ran = 0
    # a phrase that could not be read makes examples fail that are sound
    if not any("/lexicon/" in line or "concepts.csv:" in line for line in faults.lines):
        told = {":".join(line.split(":", 2)[:2]) for line in faults.lines}
        ran, failed = _examples([signal for signal in pack.signals if signal.place not in told], pack)
        faults.lines += failed
    faults.lines += [line for line in faults_of(pack, looked_at) if line not in faults.lines]
    indicators: tuple[Indicator, ...] = ()
    try:
        indicators = load_watchlists(files)
    except InvalidPackError as error:
        faults.lines.append(str(error))
    faults.check()
    return Checked(pack, ran, tuple(remarks_on(pack, looked_at)), len(indicators))


def check_examples(pack: Pack) -> int:
    """Run all examples of a pack.

    Args:
        pack: a loaded pack.

    Returns:
        How many examples were run.

    Raises:
        InvalidPackError: with file:line of each signal whose example fails.
    """
    ran, faults = _examples(pack.signals, pack)
    if faults:
        raise InvalidPackError("\n".join(faults))
    return ran


def _examples(signals: Iterable[Signal], pack: Pack) -> tuple[int, list[str]]:
    detector = Detector(pack)
    faults = []
    ran = 0
    for signal in signals:
        for example in signal.examples:
            ran += 1
            mail = Mail(sender=Address("", "someone@elsewhere.example"), texts=(Text(Scope.BODY, example.text),))
            fired = any(hit.signal == signal.id for hit in detector.evidence(mail, Reader("reader@home.example")).hits)
            if fired != example.hit:
                wanted = "must hit and does not" if example.hit else "must miss and hits"
                faults.append(f"{signal.place}: signal {signal.id}: {wanted}: {example.text!r}")
    return ran, faults
