"""Checking packs: examples that signals carry are run, and lints look at what loading does not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach_audit.errors import InvalidPackError
from outreach_audit.mail.model import Address, Mail, Scope, Text
from outreach_audit.packs.lint import faults_of, remarks_on
from outreach_audit.packs.load import CORE, load_packs
from outreach_audit.packs.model import Pack
from outreach_audit.signals.evidence import Detector
from outreach_audit.signals.facts import Reader


@dataclass(frozen=True, slots=True)
class Checked:
    """Packs without a fault: how many examples were run, and what is probably not meant."""

    pack: Pack
    examples: int
    remarks: tuple[str, ...]


def check_packs(folders: Sequence[Path] = ()) -> Checked:
    """Load packs, run all examples, and look at what is in these folders (in the core pack where none is given).

    Raises:
        InvalidPackError: with file:line of every fault.
    """
    pack = load_packs(folders)
    looked_at = folders or (CORE,)
    ran, faults = _examples(pack)
    faults += faults_of(pack, looked_at)
    if faults:
        raise InvalidPackError("\n".join(faults))
    return Checked(pack, ran, tuple(remarks_on(pack, looked_at)))


def check_examples(pack: Pack) -> int:
    """Run all examples of a pack.

    Args:
        pack: a loaded pack.

    Returns:
        How many examples were run.

    Raises:
        InvalidPackError: with file:line of each signal whose example fails.
    """
    ran, faults = _examples(pack)
    if faults:
        raise InvalidPackError("\n".join(faults))
    return ran


def _examples(pack: Pack) -> tuple[int, list[str]]:
    detector = Detector(pack)
    faults = []
    ran = 0
    for signal in pack.signals:
        for example in signal.examples:
            ran += 1
            mail = Mail(sender=Address("", "someone@elsewhere.example"), texts=(Text(Scope.BODY, example.text),))
            fired = any(hit.signal == signal.id for hit in detector.evidence(mail, Reader("reader@home.example")).hits)
            if fired != example.hit:
                wanted = "must hit and does not" if example.hit else "must miss and hits"
                faults.append(f"{signal.place}: signal {signal.id}: {wanted}: {example.text!r}")
    return ran, faults
