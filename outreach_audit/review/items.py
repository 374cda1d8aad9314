"""What a person is shown: campaigns with all their deliveries, or single deliveries of a sample."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from outreach_audit.codes import Label, Via
from outreach_audit.ledger import Ledger, Record
from outreach_audit.ledger.decisions import Sample, Scope
from outreach_audit.ledger.lookup import by_delivery_key, by_name
from outreach_audit.review.sampling import Stratum
from outreach_audit.signals.model import Hit

_AROUND = 60
_LOCAL_PARTS = re.compile(r"[._-]+")
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to decide on: ``target`` is its id, ``records`` are the deliveries that it holds (at least one)."""

    scope: Scope
    target: str
    records: tuple[Record, ...]
    stratum: Stratum | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """What a decision on it holds for: the deliveries and, unless it is a single one, the messages."""
        keys = {record.delivery_key for record in self.records}
        if self.scope is not Scope.FINDING:
            keys |= {record.message_key for record in self.records}
        return tuple(sorted(keys))

    @property
    def judged(self) -> Label:
        """What the program said: of several deliveries the first verdict in the order of `Label`."""
        return min((record.verdict.label for record in self.records), key=list(Label).index)

    @property
    def pack(self) -> str:
        """The packs by which it was judged."""
        return "; ".join(sorted({record.pack for record in self.records}))

    @property
    def shown(self) -> Record:
        """The delivery that is shown for all: of those with the program's verdict the first that was not handed on."""
        judged = [record for record in self.records if record.verdict.label is self.judged]
        return next((record for record in judged if record.via is Via.DIRECT), judged[0])

    def recipients(self) -> str:
        """The recipients without their names: how many, and at which domains."""
        number = len({record.recipient for record in self.records})
        domains = Counter(record.recipient.rpartition("@")[2] or "an unknown domain" for record in self.records)
        at = ", ".join(domain for domain, _ in domains.most_common(3))
        more = f" and {len(domains) - 3} more domains" if len(domains) > 3 else ""  # noqa: PLR2004 - those named
        return f"{number:,} {'recipient' if number == 1 else 'recipients'} at {at}{more}"


def campaigns(ledger: Ledger, since: datetime | None = None, until: datetime | None = None) -> list[Item]:
    """The campaigns of approaches and unclear messages dated from ``since`` until before ``until``, the largest first.

    A message that was not compared with others yet is an item of its own.
    """
    joined = ledger.campaigns().joined
    found: dict[tuple[Scope, str], list[Record]] = defaultdict(list)
    for record in ledger.records({Label.APPROACH, Label.UNCLEAR}, since, until):
        one = joined.get(record.message_key)
        found[(Scope.CAMPAIGN, one.campaign) if one else (Scope.MESSAGE, record.message_key)].append(record)
    items = (Item(scope, target, tuple(records)) for (scope, target), records in found.items())
    return sorted(items, key=lambda item: (-len(item.records), item.target))


def members(ledger: Ledger, sample: Sample) -> list[Item]:
    """The deliveries of a sample, in the order in which they were drawn; without those that are gone."""
    records = by_delivery_key(ledger, (key for _, key in sample.members))
    return [
        Item(Scope.FINDING, records[key].finding, (records[key],), Stratum(stratum))
        for stratum, key in sample.members
        if key in records
    ]


def item_of(ledger: Ledger, name: str) -> Item | None:
    """The item that a person names: a finding, a campaign, a message key or a Message-ID; None where there is none."""
    records = by_name(ledger, name)
    if records:
        if any(record.finding == name for record in records):
            return Item(Scope.FINDING, name, tuple(record for record in records if record.finding == name))
        return Item(Scope.MESSAGE, records[0].message_key, tuple(records))
    return next((item for item in campaigns(ledger) if item.target == name), None)


def masked(record: Record, text: str) -> str:
    """A text of a mail without the address of its recipient and, of ``first.last``, without these words.

    What the address does not tell stays: of a name written in another script nothing is known here.
    """
    local, _, domain = record.recipient.partition("@")
    if not domain:
        return text
    text = text.replace(record.recipient, f"***@{domain}")
    parts = [part for part in _LOCAL_PARTS.split(local) if part.isalpha()]
    words = "|".join(part for part in parts if len(part) >= _SHORTEST_NAME)
    return re.sub(rf"\b(?:{words})\b", "***", text, flags=re.IGNORECASE) if len(parts) > 1 and words else text


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of the evidence with what stands around them: ``before``, the words, ``after``."""

    hit: Hit
    before: str
    after: str


def _words(before: str, *, cut: bool) -> str:
    """Text that was cut at its head, from its first whole word on."""
    _, blank, whole = before.partition(" ")
    return f"… {whole}" if cut and blank else before


def in_context(record: Record) -> list[Quoted]:
    """The evidence of a record, the weightiest first, each with the text around it where that is kept."""
    said = []
    text = record.offer_text
    for hit in sorted(record.verdict.hits, key=lambda hit: (-abs(hit.weight), hit.signal)):
        # words that stand apart are joined by an ellipsis
        first, *_, last = (*(pieces := hit.text.split(" … ")), pieces[-1])
        start = text.find(first) if first else -1
        end = text.find(last, start) + len(last) if start >= 0 else -1
        known = start >= 0 and end >= start + len(last)
        before = _words(text[max(0, start - _AROUND) : start], cut=start > _AROUND) if known else ""
        after = text[end : end + _AROUND] if known else ""
        said.append(Quoted(hit, before, after))
    return said
