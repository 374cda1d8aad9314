"""Running the examples that signals carry: what must hit hits, what must miss misses."""

from outreach_audit.errors import InvalidPackError
from outreach_audit.mail.model import Address, Mail, Scope, Text
from outreach_audit.packs.model import Pack
from outreach_audit.signals.evidence import Detector
from outreach_audit.signals.facts import Reader


def check_examples(pack: Pack) -> int:
    """Run all examples of a pack.

    Args:
        pack: a loaded pack.

    Returns:
        How many examples were run.

    Raises:
        InvalidPackError: with file:line of each signal whose example fails.
    """
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
    if faults:
        raise InvalidPackError("\n".join(faults))
    return ran
