"""The list of staff: whose addresses are one person's, who belongs to which group, and how many there are of each.

One CSV file (docs/counting.md, roster). A row with an address tells of a person, a row with a headcount of a group.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from outreach_audit.errors import InvalidPackError
from outreach_audit.ledger import rows
from outreach_audit.ledger.store import Ledger

COLUMNS = ("person", "address", "institute", "staff_group", "age_band", "headcount")
FORGOTTEN = "forgotten-"
"""Begins the word that stands for an address that was erased."""


@dataclass(frozen=True, slots=True)
class Person:
    """One member of staff; ``''`` where the roster does not tell. ``id`` is the first address where it has no other."""

    id: str
    institute: str = ""
    staff_group: str = ""
    age_band: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """A list of staff.

    ``people`` has the person behind each address (lower case); ``headcounts`` how many belong to a staff group of an
    institute, ``''`` for the institute as a whole.
    """

    people: Mapping[str, Person]
    headcounts: Mapping[tuple[str, str], int]


def load_roster(path: Path) -> Roster:
    """Read a roster.

    Raises:
        InvalidPackError: with file:line of every fault.
        OSError: it cannot be read.
    """
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidPackError(f"{path}:{line}: this is not UTF-8; save it as CSV in UTF-8") from error
    reading = _Reading(path)
    for line, row in _rows(text, reading):
        reading.take(line, row)
    if reading.faults:
        raise InvalidPackError("\n".join(f"{path}:{line}: {told}" for line, told in sorted(reading.faults)))
    return Roster(reading.people, reading.headcounts)


class _Reading:
    """What was read so far, and what is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[tuple[int, str]] = []
        self.people: dict[str, Person] = {}
        self.headcounts: dict[tuple[str, str], int] = {}
        self._lines: dict[str | tuple[str, str], int] = {}
        self._persons: dict[str, tuple[int, Person]] = {}

    def take(self, line: int, row: Mapping[str, str]) -> None:
        """One row: of a person, or of a group."""
        addresses = row["address"].replace(";", " ").lower().split()
        if row["headcount"]:
            if addresses or row["person"] or row["age_band"]:
                self.faults.append((line, "a row with a headcount tells of a group, not of a person: leave one out"))
            else:
                self._take_headcount(line, row)
        elif not addresses:
            self.faults.append((line, "neither an address nor a headcount"))
        else:
            self._take_person(line, row, addresses)

    def _take_person(self, line: int, row: Mapping[str, str], addresses: list[str]) -> None:
        person = Person(row["person"] or addresses[0], row["institute"], row["staff_group"], row["age_band"])
        before, known = self._persons.setdefault(person.id, (line, person))
        if known != person:
            told = f"the person {person.id} has another institute, staff group or age band in line {before}"
            self.faults.append((line, told))
        for address in addresses:
            if address.count("@") != 1 or address.startswith("@") or address.endswith("@"):
                self.faults.append((line, f"{address!r} is no address"))
            elif self.people.setdefault(address, person).id != person.id:
                self.faults.append((line, f"{address} is another person's in line {self._lines[address]}"))
            self._lines.setdefault(address, line)

    def _take_headcount(self, line: int, row: Mapping[str, str]) -> None:
        group = row["institute"], row["staff_group"]
        before = self._lines.setdefault(group, line)
        if before != line:
            self.faults.append((line, f"the headcount of this group stands in line {before} already"))
        elif row["headcount"].isascii() and row["headcount"].isdigit() and int(row["headcount"]) > 0:
            self.headcounts[group] = int(row["headcount"])
        else:
            self.faults.append((line, f"{row['headcount']!r} is no headcount; write a whole number above 0"))


def _rows(text: str, reading: _Reading) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with their lines, every column present."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        known = f"the columns are {', '.join(COLUMNS)}, separated by commas"
        unknown = [name for name in header if name not in COLUMNS]
        if unknown or "address" not in header or len(set(header)) < len(header):
            reading.faults.append(
                (1, f"{', '.join(map(repr, unknown)) or 'the first line'}: {known}; address is needed")
            )
            return
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                told = f"{len(row)} columns where {len(header)} are expected (quote a field that holds a comma)"
                reading.faults.append((reader.line_num, told))
                continue
            yield (
                reader.line_num,
                dict.fromkeys(COLUMNS, "") | dict(zip(header, (cell.strip() for cell in row), strict=True)),
            )
    except csv.Error as error:
        reading.faults.append((reader.line_num, str(error)))


def set_roster(ledger: Ledger, roster: Roster) -> None:
    """Puts a roster in the place of the one before; what was erased of persons who are counted stays erased."""
    with ledger.transaction():
        ask = ledger.connection
        ask.execute("DELETE FROM roster WHERE substr(address, 1, ?) != ?", (len(FORGOTTEN), FORGOTTEN))
        ask.executemany(
            "INSERT INTO roster VALUES (?, ?, ?, ?, ?)",
            (
                tuple(map(rows.clean, (address, one.id, one.institute, one.staff_group, one.age_band)))
                for address, one in roster.people.items()
            ),
        )
        ask.execute("DELETE FROM headcount")
        ask.executemany(
            "INSERT INTO headcount VALUES (?, ?, ?)",
            (
                (rows.clean(institute), rows.clean(group), number)
                for (institute, group), number in roster.headcounts.items()
            ),
        )
