"""What a report says of single campaigns and institutes beside the tables, counted from the same rows."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from outreach_audit.attribution.model import Grade
from outreach_audit.campaigns.masking import mask
from outreach_audit.codes import Unit, Via
from outreach_audit.ledger.connection import faults_told
from outreach_audit.ledger.rows import clean
from outreach_audit.ledger.store import Ledger
from outreach_audit.tally.model import Column, Count, Coverage, Row, Section, Table
from outreach_audit.tally.period import Period
from outreach_audit.tally.rates import staff_of
from outreach_audit.tally.reviewed import outcome_table, outcomes
from outreach_audit.tally.tables import _approaches, _Breakdown, _counted

_MOST_NAMES = 5
_MOST_SUBJECTS = 10
_LONGEST_SUBJECT = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# a digest is stored as bytes, the key of a message that was compared with no other may be either
_ID = "CASE typeof(campaign) WHEN 'blob' THEN lower(hex(campaign)) ELSE campaign END"
_BY_CAMPAIGN = _Breakdown("campaign", "Approaches by campaign", "campaign", _ID)
_DAYS = f"SELECT section, {_ID} AS id, min(date), max(date) FROM counted GROUP BY section, id"  # noqa: S608 - ours
_RECIPIENTS = (
    f"SELECT section, {_ID} AS id, institute, count(DISTINCT recipient) FROM counted WHERE via = 'direct'"  # noqa: S608 - ours
    " GROUP BY section, id, institute"
)
# detail is read as it was written, not by SQLite: a lone surrogate in it would be no UTF-8
_MESSAGES = f"""
SELECT section, id, message, institute, via,
       (SELECT max(d.detail) FROM delivery d WHERE d.message_key = message
        AND d.label IN ('approach', 'unclear', 'advert') AND d.label != 'other')
FROM (SELECT section, {_ID} AS id, message, institute, min(via) AS via FROM counted GROUP BY 1, 2, 3, 4)
"""  # noqa: S608 - our own expressions

_Key = tuple[Section, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a whole with its figure: a country of an institute, an institute of a campaign."""

    value: str
    count: Count


@dataclass(frozen=True, slots=True)
class Campaign:
    """Who writes in a campaign, what for, when and to whom; the most frequent names stand first.

    ``first`` and ``last`` are days of the time zone of the coverage; ``sponsors`` are named in the texts,
    ``senders`` sign them; ``domains`` are the most frequent of the ``domain_count`` domains of senders;
    ``institutes`` have the recipients of each institute.
    """

    id: str
    section: Section
    first: date | None
    last: date | None
    sponsors: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    sender_types: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    domain_count: int = 0
    institutes: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Institute:
    """What the form of the published table asks of an institute beside its figures: foreign approaches only.

    ``staff`` are those with a mailbox, None where no roster tells; ``destinations`` are in approaches, ``folders`` and
    ``domains`` in deliveries, ``subjects`` (only when asked for) in messages.
    """

    id: str
    staff: int | None = None
    destinations: tuple[Part, ...] = ()
    folders: tuple[Part, ...] = ()
    domains: tuple[Part, ...] = ()
    subjects: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Details:
    """The table of campaigns, and of each campaign and institute what stands beside the figures.

    ``grades`` says for how many foreign messages the destination was determined how firmly.
    """

    table: Table
    campaigns: tuple[Campaign, ...]
    institutes: tuple[Institute, ...]
    grades: tuple[Part, ...]


def details(
    ledger: Ledger,
    period: Period,
    coverage: Coverage,
    *,
    subjects: bool = False,
) -> Details:
    """Counts the approaches of a period by campaign and by institute.

    Args:
        ledger: the ledger, its campaigns assigned.
        period: the period.
        coverage: what the figures rest on.
        subjects: whether subjects, masked, are among the details.

    Raises:
        OutreachAuditError: the ledger cannot be read.
    """
    connection = ledger.connection
    with (
        faults_told(ledger.path),
        outcome_table(connection, outcomes(ledger)),
        _counted(connection, period),
    ):
        messages = list(map(_message, connection.execute(_MESSAGES)))
        return Details(
            table=_without_campaigns(_approaches(connection, _BY_CAMPAIGN, coverage, ())),
            campaigns=tuple(_campaigns(connection, messages, period, coverage)),
            institutes=tuple(_institutes(connection, messages if subjects else [], coverage)),
            grades=_parts(_grades(messages), Unit.MESSAGE, coverage),
        )


def _without_campaigns(table: Table) -> Table:
    """The table without the column that says of each campaign that it is one."""
    place = table.columns.index(Column.CAMPAIGNS)

    def shortened(row: Row) -> Row:
        return replace(row, counts=row.counts[:place] + row.counts[place + 1 :])

    return replace(
        table,
        columns=table.columns[:place] + table.columns[place + 1 :],
        rows=tuple(map(shortened, table.rows)),
        totals=tuple(map(shortened, table.totals)),
    )


@dataclass(frozen=True, slots=True)
class _Message:
    """What is known of a message at an institute; empty where it was forgotten."""

    campaign: _Key
    message: object
    institute: str
    via: str
    subject: str = ""
    grade: str = Grade.NONE.value
    names: Mapping[str, str] = field(default_factory=dict)


def _message(row: tuple[str, str, object, str, str, str | None]) -> _Message:
    section, key, message, institute, via, text = row
    found = _Message((Section(section), str(key)), message, institute, via)
    kept = json.loads(text) if text else {}
    if "attribution" not in kept:
        return found
    attribution = kept["attribution"]
    names = {
        "sponsors": attribution["claimed_sponsor"]["value"],
        "senders": attribution["sender_org"]["value"],
        "sender_types": attribution["sender_type"],
    }
    return replace(
        found,
        subject=clean(kept.get("subject", "")),
        grade=attribution["dest_country"]["grade"],
        names={name: clean(value) for name, value in names.items() if value},
    )


def _grades(messages: Iterable[_Message]) -> Counter[str]:
    found = {m.message: m.grade for m in messages if m.campaign[0] is Section.FOREIGN and m.via == Via.DIRECT}
    return Counter(found.values())


def subject_pattern(subject: str) -> str:
    """A subject with all that differs between two mails of one template masked (numbers, links, addresses, titles)."""
    return mask(subject)[:_LONGEST_SUBJECT] or "<subject>"


def _campaigns(
    connection: sqlite3.Connection, messages: Iterable[_Message], period: Period, coverage: Coverage
) -> Iterator[Campaign]:
    names: dict[str, defaultdict[_Key, Counter[str]]] = {
        name: defaultdict(Counter) for name in ("sponsors", "senders", "sender_types")
    }
    for message in messages:
        for name, value in message.names.items():
            names[name][message.campaign][value] += 1
    for name, column in (("countries", "dest_country"), ("kinds", "kind"), ("domains", "sender_domain")):
        names[name] = _grouped(connection, column)
    recipients: defaultdict[_Key, Counter[str]] = defaultdict(Counter)
    for section, key, institute, number in connection.execute(_RECIPIENTS):
        recipients[Section(section), str(key)][institute] = number
    for section, key, first, last in sorted(connection.execute(_DAYS).fetchall(), key=_in_order):
        campaign = Section(section), str(key)
        yield Campaign(
            id=campaign[1],
            section=campaign[0],
            first=_day(first, period),
            last=_day(last, period),
            domain_count=len(names["domains"][campaign]),
            institutes=_parts(recipients[campaign], Unit.RECIPIENT, coverage),
            **{name: tuple(_most(found[campaign])[:_MOST_NAMES]) for name, found in names.items()},
        )


def _in_order(row: tuple[str, str, object, object]) -> tuple[int, str]:
    return list(Section).index(Section(row[0])), str(row[1])


def _grouped(connection: sqlite3.Connection, column: str) -> defaultdict[_Key, Counter[str]]:
    """How many records of each campaign have each value of a column."""
    found: defaultdict[_Key, Counter[str]] = defaultdict(Counter)
    query = f"SELECT section, {_ID} AS id, {column}, count(*) FROM counted WHERE {column} != '' GROUP BY 1, 2, 3"  # noqa: S608 - ours
    for section, key, value, number in connection.execute(query):
        found[Section(section), str(key)][value] = number
    return found


def _institutes(
    connection: sqlite3.Connection, messages: Iterable[_Message], coverage: Coverage
) -> Iterator[Institute]:
    wanted = (
        ("destinations", "dest_country", "count(DISTINCT approach)", Unit.APPROACH),
        ("folders", "folder", "count(*)", Unit.DELIVERY),
        ("domains", "sender_domain", "count(*)", Unit.DELIVERY),
    )
    found: defaultdict[str, dict[str, tuple[Part, ...]]] = defaultdict(dict)
    for name, column, figure, unit in wanted:
        sizes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        query = (
            f"SELECT institute, {column}, {figure} FROM counted WHERE section = 'foreign' AND via = 'direct'"  # noqa: S608 - ours
            " GROUP BY 1, 2"
        )
        for institute, value, number in connection.execute(query):
            sizes[institute][value or "not_known"] = number
        for institute, parts in sizes.items():
            found[institute][name] = _parts(parts, unit, coverage)
    patterns: defaultdict[str, defaultdict[str, set[object]]] = defaultdict(lambda: defaultdict(set))
    for message in messages:
        if message.campaign[0] is Section.FOREIGN and message.subject:
            patterns[message.institute][subject_pattern(message.subject)].add(message.message)
    staff = staff_of(connection, coverage)
    for institute in sorted(found):
        sizes_of = {pattern: len(members) for pattern, members in patterns[institute].items()}
        subjects = _parts(sizes_of, Unit.MESSAGE, coverage)[:_MOST_SUBJECTS]
        yield Institute(
            id=institute,
            staff=staff.get(institute),
            subjects=subjects,
            **found[institute],
        )


def _day(seconds: int | None, period: Period) -> date | None:
    if seconds is None:
        return None
    moment = _EPOCH + timedelta(seconds=seconds)
    try:
        return moment.astimezone(period.zone).date()
    except OverflowError:  # the first or last hours of the calendar
        return moment.date()


def _parts(sizes: Mapping[str, int], unit: Unit, coverage: Coverage) -> tuple[Part, ...]:
    """The largest first."""
    return tuple(Part(value, Count(sizes[value], unit, coverage)) for value in _most(sizes))


def _most(sizes: Mapping[str, int]) -> list[str]:
    return sorted(sizes, key=lambda value: (-sizes[value], value))
