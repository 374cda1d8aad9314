"""Decisions as CSV, for a second reviewer, a spreadsheet or another ledger: what is written is read back the same."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from outreach_audit.codes import Kind, Label
from outreach_audit.errors import OutreachAuditError
from outreach_audit.ledger.decisions import Decision, Opinion, Scope
from outreach_audit.report.csv_files import csv_bytes
from outreach_audit.report.safe import from_cell
from outreach_audit.review.deciding import country_code, note_text, reviewer_name

COLUMNS = (
    *("decision", "time", "reviewer", "verdict", "kind", "country", "note", "scope", "target", "judged", "pack"),
    *("undoes", "key"),
)
"""The head of the file; a decision has a row for each delivery and message that it holds for (``key``)."""

_Code = TypeVar("_Code", Opinion, Scope, Label, Kind)
_LARGEST = 256_000_000
_MOST_FAULTS = 5
_LONGEST_FIELD = 10_000
_LONGEST_KEY = 128


def to_csv(history: Iterable[Decision]) -> bytes:
    """The decisions as CSV (UTF-8 with BOM, RFC 4180), no cell of which a spreadsheet takes for a formula."""
    return csv_bytes(COLUMNS, (row for decision in history for row in _rows(decision)))


def _rows(decision: Decision) -> Iterator[list[str]]:
    common = [
        *(decision.id, decision.time.astimezone(UTC).isoformat(timespec="microseconds"), decision.reviewer),
        *(decision.opinion, decision.kind or "", decision.country or "", decision.note, decision.scope),
        *(decision.target, decision.judged, decision.pack, decision.undoes or ""),
    ]
    for key in decision.keys or ("",):
        yield [*common, key]


def from_csv(path: Path) -> list[Decision]:
    """The decisions of a file that `to_csv` made, perhaps edited since; the first one first.

    The column ``decision`` only tells which rows belong together: an edited decision is another one.

    Raises:
        OutreachAuditError: with the line of each of the first faults; then nothing of the file may be used.
    """
    found: dict[str, Decision] = {}
    lines: dict[str, int] = {}
    faults: list[str] = []
    for line, row in _read(path):
        try:
            name = row["decision"]
            one = _decision(row)
            if name in found:
                if replace(found[name], keys=()) != replace(one, keys=()):
                    raise ValueError(f"decision {name} does not say what it says in line {lines[name]}")  # noqa: TRY301 - told with its line
                one = replace(one, keys=(*found[name].keys, *one.keys))
            else:
                lines[name] = line
            found[name] = one
        except (ValueError, OutreachAuditError) as error:
            faults.append(f"{path}:{line}: {error}")
    named = {one.id: one for one in found.values()}
    faults += [
        f"{path}:{lines[name]}: it undoes decision {one.undoes}, which is not in the file"
        for name, one in found.items()
        if one.undoes and one.undoes not in named | found
    ]
    if faults:
        more = f"; and {len(faults) - _MOST_FAULTS} more" if len(faults) > _MOST_FAULTS else ""
        raise OutreachAuditError(f"nothing was imported: {'; '.join(faults[:_MOST_FAULTS])}{more}")
    return [
        replace(
            one, keys=tuple(sorted(set(one.keys))), undoes=found[one.undoes].id if one.undoes in found else one.undoes
        )
        for one in sorted(found.values(), key=lambda one: one.time)
    ]


def _read(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with their line numbers, the cells as they were before they were made harmless."""
    try:
        if path.stat().st_size > _LARGEST:
            raise OutreachAuditError(f"{path}: larger than {_LARGEST:,} bytes; is this a file of decisions?")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise OutreachAuditError(f"{path}: is not UTF-8; save it as CSV UTF-8") from error
    except OSError as error:
        raise OutreachAuditError(f"{path}: cannot be read: {error.strerror or error}") from error
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = next(rows, [])
        if missing := [column for column in COLUMNS if column not in head]:
            raise OutreachAuditError(f"{path}:1: no column {', '.join(missing)}; the head is {','.join(COLUMNS)}")
        for row in rows:
            if not any(row):
                continue
            if len(row) != len(head):
                raise OutreachAuditError(
                    f"nothing was imported: {path}:{rows.line_num}: {len(row)} cells, the head has {len(head)}"
                )
            yield rows.line_num, dict(zip(head, map(from_cell, row), strict=True))
    except csv.Error as error:
        raise OutreachAuditError(f"nothing was imported: {path}:{rows.line_num}: no CSV: {error}") from error


def _decision(row: dict[str, str]) -> Decision:
    for column in ("decision", "target"):
        if not row[column]:
            raise ValueError(f"{column} is empty")
    if long := [column for column in COLUMNS if len(row[column]) > _LONGEST_FIELD]:
        raise ValueError(f"{long[0]} is longer than {_LONGEST_FIELD:,} characters")
    opinion = _code(Opinion, "verdict", row)
    kind = _code(Kind, "kind", row) if row["kind"] else None
    if (kind or row["country"]) and opinion is not Opinion.CONFIRM:
        raise ValueError("kind and country stand only with the verdict confirm")
    if (opinion is Opinion.UNDO) != bool(row["undoes"]) or (opinion is Opinion.UNDO) == bool(row["key"]):
        raise ValueError("undoes names a decision where the verdict is undo, and key what it holds for where it is not")
    if len(row["key"]) > _LONGEST_KEY:
        raise ValueError("key is longer than any key")
    return Decision(
        time=_moment(row["time"]),
        reviewer=reviewer_name(row["reviewer"]),
        opinion=opinion,
        scope=_code(Scope, "scope", row),
        target=row["target"],
        keys=(row["key"],) if row["key"] else (),
        judged=_code(Label, "judged", row),
        pack=row["pack"],
        kind=kind,
        country=country_code(row["country"]) if row["country"] else None,
        note=note_text(row["note"]),
        undoes=row["undoes"] or None,
    )


def _code(codes: type[_Code], column: str, row: dict[str, str]) -> _Code:
    try:
        return codes(row[column])
    except ValueError:
        raise ValueError(f"{column} {row[column]!r} is none of {', '.join(codes)}") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"time {text!r} is no moment; write it as 2026-03-04T09:30:00+00:00") from None
    if moment.tzinfo is None:
        raise ValueError(f"time {text!r} has no time zone; add +00:00")
    return moment.astimezone(UTC)
