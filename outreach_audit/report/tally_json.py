"""The result document as JSON, and back: what was written once can be rendered again (docs/schema)."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from outreach_audit.codes import Unit
from outreach_audit.errors import TallyRefusedError
from outreach_audit.report.atomic import write_atomically
from outreach_audit.report.comparison import Before, Key
from outreach_audit.report.document import Document
from outreach_audit.report.exchange import digest_of, merge_data, merge_of, publication_data, publication_of
from outreach_audit.report.safe import json_text
from outreach_audit.report.vocabulary import MEANINGS
from outreach_audit.report.words import words_of
from outreach_audit.tally import Column, Count, Coverage, Row, Section, Table
from outreach_audit.tally.details import Campaign, Institute, Part

SCHEMA = "outreach-audit/result/2"
"""Name and version of the data; a change that an earlier reader would misread is a new version."""

_DAYS = frozenset({"since", "until"})
_LARGEST = 256_000_000


def to_data(document: Document) -> dict[str, Any]:
    """Everything as plain data, as ``result-2.schema.json`` describes it."""
    before = document.before
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "title": title(document),
        "generator": document.generator,
        "coverage": {**_coverage_data(document.coverage), "line": document.coverage.line()},
        "previous": {"since": before.since.isoformat(), "until": before.until.isoformat()} if before else None,
        "names": dict(document.names),
        "skipped": dict(document.skipped),
        "tables": [_table_data(document, table) for table in document.tables],
        "campaigns": [_campaign_data(campaign) for campaign in document.campaigns],
        "institutes": [_institute_data(institute) for institute in document.institutes],
        "grades": _parts_data(document.grades),
        "publication": publication_data(document.publication),
        "merge": merge_data(document.merge),
    }
    # what stays at the institute needs none: it can be made again
    return data | ({"digest": digest_of(data)} if document.publication or document.merge else {})


def title(document: Document, lang: str = "en") -> str:
    """What the document is called."""
    return words_of(lang).title(document.coverage)


def write_tally(document: Document, path: Path) -> None:
    """Writes `to_data` with sorted keys, the same bytes for the same document.

    Raises:
        OSError: the file cannot be written.
    """
    write_atomically(path, tally_text(document).encode())


def tally_text(document: Document) -> str:
    """The text of such a file."""
    return json_text(to_data(document), indent=1, sort_keys=True) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the data."""
    text = files("outreach_audit.report").joinpath("schema", "result-2.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def read_tally(path: Path) -> Document:
    """The document of a file that `write_tally` wrote.

    Raises:
        TallyRefusedError: the file cannot be read, was altered, or is no result of a version known here.
    """
    return read_exchanged(path)[0]


def read_exchanged(path: Path) -> tuple[Document, str]:
    """The document of such a file, and the digest that it carries; ``''`` where it carries none.

    Raises:
        TallyRefusedError: as `read_tally`.
    """
    data = _read_data(path)
    try:
        return from_data(data), str(data.get("digest", ""))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise TallyRefusedError(f"{path} does not hold what {SCHEMA} demands: {error!r}") from error


def _read_data(path: Path) -> Mapping[str, Any]:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise TallyRefusedError(f"{path}: more than {_LARGEST:,} bytes, which no tally has")
        data = json.loads(content)
    except OSError as error:
        raise TallyRefusedError(f"{path} cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise TallyRefusedError(f"{path} is no JSON: {error}") from error
    known = data.get("schema") if isinstance(data, dict) else None
    if known != SCHEMA:
        raise TallyRefusedError(f"{path}: its schema is {known!r}, this program reads {SCHEMA!r}")
    signed = "digest" in data or data.get("publication") or data.get("merge")
    try:
        holds = not signed or data.get("digest") == digest_of(data)
    except (ValueError, RecursionError) as error:
        raise TallyRefusedError(f"{path} is no tally: {error}") from error
    if not holds:
        raise TallyRefusedError(f"{path} was altered: its digest is not that of what it holds; ask for it again")
    checked: Mapping[str, Any] = data
    return checked


def from_data(data: Mapping[str, Any]) -> Document:
    """The document of such data.

    Raises:
        LookupError, TypeError, ValueError, AttributeError: the data does not hold what the schema demands.
    """
    coverage = _coverage(data["coverage"])
    found = tuple(_table(table, coverage) for table in data["tables"])
    return Document(
        generator=str(data["generator"]),
        coverage=coverage,
        tables=found,
        names=MappingProxyType({str(key): str(name) for key, name in data["names"].items()}),
        skipped=MappingProxyType({str(reason): _whole(number) for reason, number in data["skipped"].items()}),
        before=_before(data) if data["previous"] else None,
        campaigns=tuple(_campaign(one, coverage) for one in data["campaigns"]),
        institutes=tuple(_institute(one, coverage) for one in data["institutes"]),
        grades=_parts(data["grades"], coverage),
        publication=publication_of(data.get("publication")),
        merge=merge_of(data.get("merge")),
    )


def _table_data(document: Document, table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "dimension": table.dimension,
        "columns": [
            {"name": column.value, "unit": column.unit.value, "definition": MEANINGS.get(column, "")}
            for column in table.columns
        ],
        "rows": [_row_data(document, table, row) for row in table.rows],
        "totals": [_row_data(document, table, row) for row in table.totals],
        "notes": list(table.notes),
        "coverage": table.coverage.line(),
    }


def _row_data(document: Document, table: Table, row: Row) -> dict[str, Any]:
    former = document.before.figures(table, row) if document.before else None
    figures = {
        column.value: {**_count_data(count), "previous": former[place] if former else None}
        for place, (column, count) in enumerate(zip(table.columns, row.counts, strict=True))
    }
    label = words_of("en").label(table.dimension, row.value, document.names)
    return {"section": row.section.value, "value": row.value, "label": label, "figures": figures}


def _count_data(count: Count) -> dict[str, Any]:
    return {
        "value": count.value,
        "unit": count.unit.value,
        "interval": list(count.interval) if count.interval else None,
        "reviewed": count.reviewed,
        **({"withheld": count.withheld} if count.withheld else {}),
    }


def _parts_data(parts: tuple[Part, ...]) -> list[dict[str, Any]]:
    return [{"value": part.value, "figure": _count_data(part.count)} for part in parts]


def _campaign_data(campaign: Campaign) -> dict[str, Any]:
    return {
        **{name: list(getattr(campaign, name)) for name in _CAMPAIGN_NAMES},
        "id": campaign.id,
        "section": campaign.section.value,
        "first": campaign.first.isoformat() if campaign.first else None,
        "last": campaign.last.isoformat() if campaign.last else None,
        "domain_count": campaign.domain_count,
        "institutes": _parts_data(campaign.institutes),
    }


_CAMPAIGN_NAMES = ("sponsors", "senders", "sender_types", "countries", "kinds", "domains")
_INSTITUTE_PARTS = ("destinations", "folders", "domains", "subjects")


def _institute_data(institute: Institute) -> dict[str, Any]:
    parts = {name: _parts_data(getattr(institute, name)) for name in _INSTITUTE_PARTS}
    return {"id": institute.id, "staff": institute.staff, **parts}


def _coverage_data(coverage: Coverage) -> dict[str, Any]:
    def plain(value: object) -> object:
        return value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value

    return {field.name: plain(getattr(coverage, field.name)) for field in fields(coverage)}


def _coverage(data: Mapping[str, Any]) -> Coverage:
    def read(name: str, value: Any) -> Any:  # noqa: ANN401 - the fields have different types
        if name in _DAYS:
            return _day(value)
        return tuple(map(str, value)) if isinstance(value, list) else value

    return Coverage(**{field.name: read(field.name, data[field.name]) for field in fields(Coverage)})


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _table(data: Mapping[str, Any], coverage: Coverage) -> Table:
    columns = tuple(Column(column["name"]) for column in data["columns"])
    return Table(
        name=str(data["name"]),
        title=str(data["title"]),
        dimension=str(data["dimension"]),
        columns=columns,
        rows=tuple(_row(row, columns, coverage) for row in data["rows"]),
        totals=tuple(_row(row, columns, coverage) for row in data["totals"]),
        coverage=coverage,
        notes=tuple(map(str, data["notes"])),
    )


def _row(data: Mapping[str, Any], columns: tuple[Column, ...], coverage: Coverage) -> Row:
    counts = tuple(_count(data["figures"][column.value], coverage) for column in columns)
    return Row(Section(data["section"]), str(data["value"]), counts)


def _count(data: Mapping[str, Any], coverage: Coverage) -> Count:
    interval = None
    if data["interval"] is not None:
        low, high = map(_whole, data["interval"])
        interval = low, high
    value = None if data["value"] is None else _whole(data["value"])
    return Count(value, Unit(data["unit"]), coverage, interval, data["reviewed"], _whole(data.get("withheld", 0)))


def _before(data: Mapping[str, Any]) -> Before:
    known: dict[Key, Mapping[Column, int]] = {}
    for table in data["tables"]:
        for row in (*table["rows"], *table["totals"]):
            former = {
                Column(name): _whole(figure["previous"])
                for name, figure in row["figures"].items()
                if figure["previous"] is not None
            }
            if former:
                known[str(table["name"]), Section(row["section"]), str(row["value"])] = MappingProxyType(former)
    days = data["previous"]
    return Before(date.fromisoformat(days["since"]), date.fromisoformat(days["until"]), MappingProxyType(known))


def _parts(data: list[Mapping[str, Any]], coverage: Coverage) -> tuple[Part, ...]:
    return tuple(Part(str(part["value"]), _count(part["figure"], coverage)) for part in data)


def _campaign(data: Mapping[str, Any], coverage: Coverage) -> Campaign:
    return Campaign(
        id=str(data["id"]),
        section=Section(data["section"]),
        first=_day(data["first"]),
        last=_day(data["last"]),
        domain_count=_whole(data["domain_count"]),
        institutes=_parts(data["institutes"], coverage),
        **{name: tuple(map(str, data[name])) for name in _CAMPAIGN_NAMES},
    )


def _institute(data: Mapping[str, Any], coverage: Coverage) -> Institute:
    staff = data["staff"]
    parts = {name: _parts(data[name], coverage) for name in _INSTITUTE_PARTS}
    return Institute(id=str(data["id"]), staff=None if staff is None else _whole(staff), **parts)
