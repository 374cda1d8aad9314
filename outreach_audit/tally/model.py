"""Figures that carry their unit and what they rest on: nothing else can be printed."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from outreach_audit.codes import Reading, Unit


class Column(StrEnum):
    """A column of a table; each has one unit."""

    DELIVERIES = "deliveries"
    MESSAGES = "messages"
    RECIPIENTS = "recipients"
    APPROACHES = "approaches"
    CAMPAIGNS = "campaigns"
    REPORTS = "reports"
    """Approaches known only from a staff report."""
    REPORTS_RECEIVED = "reports_received"
    """Reports of approaches, also of those that were found in a mailbox."""
    FOUND = "found"
    """Copies found in the files, second copies of one delivery included."""
    JUDGED_APPROACH = "judged_approach"
    """Of the deliveries those judged approach; the next two likewise, ``other`` with adverts."""
    JUDGED_UNCLEAR = "judged_unclear"
    JUDGED_OTHER = "judged_other"
    STAFF = "staff"
    """Persons of the staff, as the roster gives their number."""
    RECIPIENTS_RATE = "recipients_per_1000"
    APPROACHES_RATE = "approaches_per_1000"

    @property
    def unit(self) -> Unit:
        """What the figures of this column count."""
        return _UNITS[self]


_UNITS = {
    Column.DELIVERIES: Unit.DELIVERY,
    Column.MESSAGES: Unit.MESSAGE,
    Column.RECIPIENTS: Unit.RECIPIENT,
    Column.APPROACHES: Unit.APPROACH,
    Column.CAMPAIGNS: Unit.CAMPAIGN,
    Column.REPORTS: Unit.APPROACH,
    Column.REPORTS_RECEIVED: Unit.REPORT,
    Column.FOUND: Unit.DELIVERY,
    Column.JUDGED_APPROACH: Unit.DELIVERY,
    Column.JUDGED_UNCLEAR: Unit.DELIVERY,
    Column.JUDGED_OTHER: Unit.DELIVERY,
    Column.STAFF: Unit.STAFF,
    Column.RECIPIENTS_RATE: Unit.RECIPIENT_RATE,
    Column.APPROACHES_RATE: Unit.APPROACH_RATE,
}


class Section(StrEnum):
    """Foreign approaches are the table; the others stand in rows of their own."""

    FOREIGN = "foreign"
    DOMESTIC = "domestic"
    UNDETERMINED = "undetermined"
    ALL = "all"
    """Rows that are not divided by country (the verdicts, the reading)."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a figure rests on.

    ``since`` and ``until`` are the first and last day of the period in ``timezone``, None where it is open;
    ``read`` to ``unreadable`` sum to ``found``, the messages found in the files; ``header_only`` are those
    of them that a log gave without a text.
    """

    institutes: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    timezone: str = "UTC"
    date_basis: str = ""
    folders: tuple[str, ...] = ()
    files_scanned: int = 0
    files_skipped: int = 0
    found: int = 0
    read: int = 0
    read_with_defects: int = 0
    partly_read: int = 0
    unreadable: int = 0
    header_only: int = 0
    packs: tuple[str, ...] = ()
    version: str = ""

    def reading(self, reading: Reading) -> int:
        """How many of the messages found have this reading."""
        found: int = getattr(self, reading.value)
        return found

    def line(self) -> str:
        """One sentence that says all of it."""
        period = f"{self.since or 'the first message'} to {self.until or 'the last'} ({self.timezone})"
        return (
            f"{', '.join(self.institutes) or 'Institute not known'} ({', '.join(self.homes) or 'home not known'}),"
            f" {period}, by {self.date_basis or 'either'} date; folders: {', '.join(self.folders) or 'none'};"
            f" {self.files_scanned} files scanned, {self.files_skipped} skipped; {self.found} messages found:"
            f" {self.read} read, {self.read_with_defects} read with defects, {self.partly_read} partly read,"
            f" {self.unreadable} unreadable; {self.header_only} known by header only;"
            f" packs: {', '.join(self.packs) or 'none'}; outreach-audit {self.version}."
        )


@dataclass(frozen=True, slots=True)
class Count:
    """A figure with its unit, its coverage and, where it is uncertain, its interval.

    ``interval`` is that of the estimated total, ``reviewed`` how many deliveries of a random sample people looked at
    for it (docs/review.md); both are None where nothing was reviewed. ``value`` is None where a publication withholds
    it (docs/publishing.md); where it is the sum of figures of which ``withheld`` are not known, it is a lower bound.
    """

    value: int | None
    unit: Unit
    coverage: Coverage
    interval: tuple[int, int] | None = None
    reviewed: int | None = None
    withheld: int = 0

    @property
    def known(self) -> int:
        """The value of a figure that is not withheld.

        Raises:
            ValueError: it is withheld.
        """
        if self.value is None:
            raise ValueError("the figure is withheld")
        return self.value

    def __add__(self, other: object) -> "Count":
        """The sum of two figures of the same coverage that count single copies, which no two figures share.

        Raises:
            TypeError: for unlike units, for distinct counts (the same person may be in both), and for
                different coverage (the same mailbox may be in both).
            ValueError: for withheld figures.
        """
        if not isinstance(other, Count):
            return NotImplemented
        if self.unit != other.unit:
            raise TypeError(f"figures of different units are never added: {self.unit} and {other.unit}")
        if self.unit not in _SINGLE_COPIES:
            raise TypeError(f"distinct counts are never added: the same {self.unit} may be in both")
        if self.coverage != other.coverage:
            raise TypeError("figures of different coverage are not added: a mailbox may be in both")
        low, high = self.interval or (self.known, self.known)
        more_low, more_high = other.interval or (other.known, other.known)
        interval = (low + more_low, high + more_high) if self.interval or other.interval else None
        both = [count.reviewed for count in (self, other) if count.reviewed is not None]
        reviewed = sum(both) if both else None
        return replace(self, value=self.known + other.known, interval=interval, reviewed=reviewed)


_SINGLE_COPIES = frozenset({Unit.DELIVERY, Unit.REPORT})


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a table's dimension with a figure for each column."""

    section: Section
    value: str
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: rows of figures by one dimension, and of each section the total, counted anew over the whole.

    ``notes`` are sentences that a reader needs beside the figures.
    """

    name: str
    title: str
    dimension: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[Row, ...]
    coverage: Coverage
    notes: tuple[str, ...] = ()
