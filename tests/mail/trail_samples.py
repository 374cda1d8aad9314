"""Reads trail_samples.txt: mail texts of many clients and languages, each line led by the scope it belongs to."""

from dataclasses import dataclass, field
from pathlib import Path

from outreach_audit.mail.model import Scope
from outreach_audit.mail.scopes import is_forward_subject, is_reply_subject

_SCOPES = {
    "b": Scope.BODY,
    "q": Scope.QUOTED,
    "f": Scope.FORWARDED,
    "s": Scope.SIGNATURE,
    "d": Scope.DISCLAIMER,
    "w": Scope.BANNER,
}


@dataclass
class Sample:
    name: str
    subject: str
    lines: list[str] = field(default_factory=list)
    scopes: list[Scope | None] = field(default_factory=list)
    forwards: list[list[str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def read_samples() -> list[Sample]:
    samples: list[Sample] = []
    for line in Path(__file__).with_name("trail_samples.txt").read_text(encoding="utf-8").split("\n"):
        if line.startswith("== "):
            name, _, subject = line[3:].partition(" | ")
            samples.append(Sample(name, subject))
        elif line.startswith("-> "):
            samples[-1].forwards.append([part.strip() for part in line[3:].split(" |")])
        elif samples:
            samples[-1].scopes.append(_SCOPES[line[0]] if line else None)
            samples[-1].lines.append(line[2:])
    return samples


def forward_of(subject: str) -> bool | None:
    """What a caller says of the subject."""
    return True if is_forward_subject(subject) else False if is_reply_subject(subject) else None
