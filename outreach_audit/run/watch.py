"""What a watchlist hits in one message: found beside the signals, never among them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import ahocorasick_rs

from outreach_audit.attribution.domains import parents
from outreach_audit.campaigns.fingerprint import NEAR, checksums, estimated_distance, fingerprint
from outreach_audit.packs.fold import fold
from outreach_audit.packs.watchlist import Indicator, Type

_LEAST_SHARED = 2
_BLANKLESS = 0x1100  # from here on scripts have no blanks between words


@dataclass(frozen=True, slots=True)
class Traits:
    """What of one message indicators are compared with.

    ``date`` is by the date basis of the run, None where it is unknown; ``hosts`` are those of links and of Reply-To;
    ``sentences`` are folded (`signals.evidence`); ``text`` is the offer text as written.
    """

    date: datetime | None
    sender_domain: str = ""
    hosts: tuple[str, ...] = ()
    subject: str = ""
    sentences: Sequence[str] = field(default=())
    text: str = ""


class Watch:
    """Indicators made ready to be compared; immutable. The work is linear in the length of the message."""

    def __init__(self, indicators: Sequence[Indicator]) -> None:
        self.indicators = tuple(indicators)
        self._hosts = {kind: self._by_value(kind) for kind in (Type.DOMAIN, Type.HOST)}
        self._subjects = _Words(self._of(Type.SUBJECT))
        self._phrases = _Words(self._of(Type.PHRASE))
        self._templates = [(one, checksums(one.value)) for one in self._of(Type.TEMPLATE)]
        self._by_run: defaultdict[int, list[int]] = defaultdict(list)
        for number, (_, runs) in enumerate(self._templates):
            for run in runs:
                self._by_run[run].append(number)

    def _of(self, kind: Type) -> list[Indicator]:
        return [one for one in self.indicators if one.type is kind]

    def _by_value(self, kind: Type) -> dict[str, list[Indicator]]:
        found: dict[str, list[Indicator]] = {}
        for one in self._of(kind):
            found.setdefault(one.value, []).append(one)
        return found

    def hits(self, traits: Traits) -> tuple[str, ...]:
        """The ids of the indicators that a message hits, sorted. Mail without a date is meant by every indicator."""
        found = (
            *self._named(Type.DOMAIN, (traits.sender_domain,)),
            *self._named(Type.HOST, traits.hosts),
            *self._subjects.within(fold(traits.subject)),
            *self._phrases.within("\n".join(traits.sentences)),
            *self._like(traits.text),
        )
        return tuple(sorted({one.id for one in found if is_valid(one, traits.date)}))

    def _named(self, kind: Type, hosts: Iterable[str]) -> Iterator[Indicator]:
        known = self._hosts[kind]
        for host in hosts if known else ():
            for name in parents(host):
                yield from known.get(name, ())

    def _like(self, text: str) -> Iterator[Indicator]:
        written = fingerprint(text) if self._templates and text else ""
        if not written:
            return
        runs = checksums(written)
        shared = Counter(number for run in runs for number in self._by_run.get(run, ()))
        for number, count in shared.items():
            one, known = self._templates[number]
            if count >= _LEAST_SHARED and estimated_distance(runs, known) <= NEAR:
                yield one


class _Words:
    """Folded words searched for in folded text by one automaton; they begin and end where words do."""

    def __init__(self, indicators: Sequence[Indicator]) -> None:
        self._indicators = indicators
        self._automaton = ahocorasick_rs.AhoCorasick([one.value for one in indicators]) if indicators else None

    def within(self, text: str) -> Iterator[Indicator]:
        if self._automaton is None or not text:
            return
        for number, begin, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if not _is_cut(text, begin) and not _is_cut(text, end):
                yield self._indicators[number]


def _is_cut(text: str, at: int) -> bool:
    """Whether a word of a script with blanks goes on over this place."""
    return 0 < at < len(text) and all(c.isalnum() and ord(c) < _BLANKLESS for c in text[at - 1 : at + 1])


def is_valid(indicator: Indicator, moment: datetime | None) -> bool:
    """Whether an indicator is meant for mail of this date."""
    if moment is None:
        return True
    day = moment.astimezone(UTC).date()
    return (indicator.since is None or indicator.since <= day) and (indicator.until is None or day <= indicator.until)
