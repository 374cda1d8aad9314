"""Suppressions: findings that somebody has looked at and answers for, by what they are and never by where they lie.

They leave the tables of approaches for a table of their own, with reason, owner and last day (docs/packs.md).
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from outreach_audit.attribution.domains import DOMAIN, parents
from outreach_audit.packs.files import Faults, day_of, read_toml, tables

FILE = "suppressions.toml"
"""The name of the document in a pack folder."""

_WAYS = (
    frozenset({"finding"}),
    frozenset({"message_id"}),
    frozenset({"campaign"}),
    frozenset({"signal", "domain"}),
)
_NAMED = frozenset({"finding", "message_id", "campaign", "signal", "domain"})
_ASKED = ("reason", "owner", "expires")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One entry: which findings, why, who answers for it, and until which day it applies.

    Either ``finding``, ``message_id`` or ``campaign`` is set, or ``signal`` with ``domain``; the others are ``''``.
    """

    finding: str
    message_id: str
    campaign: str
    signal: str
    domain: str
    reason: str
    owner: str
    expires: date
    place: str

    @property
    def what(self) -> str:
        """The entry in a few words, as tables name it."""
        if self.signal:
            return f"signal {self.signal} from {self.domain}"
        named = (("finding", self.finding), ("message", self.message_id), ("campaign", self.campaign))
        return next(f"{name} {value}" for name, value in named if value)

    def applies(self, today: date) -> bool:
        """Whether it has not expired."""
        return today <= self.expires

    def covers(
        self, *, finding: str, message_ids: Container[str | None], campaign: str, signals: Container[str], domain: str
    ) -> bool:
        """Whether a finding is one of those meant.

        Args:
            finding: its id.
            message_ids: those of the message and of the mail that brought it, bracketed as in the header field.
            campaign: the id of its campaign.
            signals: ids of the signals that fired.
            domain: of the sender.
        """
        if self.signal:
            return self.signal in signals and self.domain in parents(domain)
        return (
            (self.finding != "" and self.finding == finding)
            or (self.message_id != "" and f"<{self.message_id.strip('<>')}>" in message_ids)
            or (self.campaign != "" and self.campaign == campaign)
        )


def read_suppressions(path: Path, signals: Container[str], faults: Faults) -> list[Suppression]:
    """Read one document; nothing where there is none.

    Args:
        path: the file.
        signals: ids of the signals that packs have.
        faults: where every fault is noted.
    """
    data, text = read_toml(path, faults)
    for key in sorted(data.keys() - {"suppression"}):
        faults.add(path, 1, f"unknown field {key!r}; a suppression is written as [[suppression]]")
    found: dict[str, Suppression] = {}
    for line, item in tables(path, "suppression", data, text, faults):
        one = _suppression(path, line, item, faults)
        if one is None:
            continue
        if one.signal and one.signal not in signals:
            faults.add(path, line, f"unknown signal {one.signal!r}")
        if one.what in found:
            faults.add(path, line, f"{one.what} is suppressed twice; the other stands at {found[one.what].place}")
        found[one.what] = one
    return list(found.values())


def _suppression(path: Path, line: int, item: dict[str, Any], faults: Faults) -> Suppression | None:
    before = len(faults.lines)
    for key in sorted(item.keys() - _NAMED - set(_ASKED)):
        faults.add(path, line, f"suppression: unknown field {key!r}")
    if item.keys() & _NAMED not in _WAYS:
        faults.add(path, line, "suppression: name a finding, a message_id, a campaign, or a signal with a domain")
    for key in sorted((item.keys() & _NAMED) | {"reason", "owner"}):
        value = item.get(key)
        if not isinstance(value, str) or not value.strip():
            faults.add(path, line, f"suppression: {key} must be a text that is not empty")
    domain = str(item.get("domain", "")).lower()
    if domain and not DOMAIN.fullmatch(domain):
        faults.add(path, line, f"suppression: {domain!r} is no domain, as agency.example is")
    expires = None
    try:
        expires = day_of(item.get("expires"))
    except ValueError:
        faults.add(path, line, f"suppression: expires must be a day, as 2027-01-31, not {item['expires']!r}")
    else:
        if expires is None:
            faults.add(path, line, "suppression: expires is missing: the last day on which it applies, as 2027-01-31")
    if expires is None or len(faults.lines) > before:
        return None
    named = {key: str(item.get(key, "")).strip() for key in _NAMED - {"domain"}}
    return Suppression(
        **named, domain=domain, reason=item["reason"], owner=item["owner"], expires=expires, place=f"{path}:{line}"
    )
