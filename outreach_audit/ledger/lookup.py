"""Records of a ledger by what a person or a decision names them by."""

import json
from collections.abc import Iterable, Iterator

from outreach_audit.ledger import rows
from outreach_audit.ledger.connection import by_name as row_by_name
from outreach_audit.ledger.connection import faults_told
from outreach_audit.ledger.record import Record
from outreach_audit.ledger.store import Ledger


def by_delivery_key(ledger: Ledger, keys: Iterable[str]) -> dict[str, Record]:
    """The records of delivery keys; those that the ledger does not hold (any more) are absent."""
    found: dict[str, Record] = {}
    with faults_told(ledger.path):
        for key in keys:
            for record in _records(ledger, "delivery_key = ?", rows.key(key)):
                found.setdefault(key, record)
    return found


def by_name(ledger: Ledger, name: str) -> list[Record]:
    """The records of a finding id, a message key or a Message-ID (with or without its angle brackets)."""
    message_id = f"<{name.strip('<>')}>"
    with faults_told(ledger.path):
        return list(_records(ledger, "finding = ?1 OR message_key = ?1 OR message_id = ?2", rows.key(name), message_id))


def _records(ledger: Ledger, condition: str, *values: str | bytes) -> Iterator[Record]:
    cursor = ledger.connection.cursor()
    cursor.row_factory = row_by_name
    query = f"SELECT * FROM delivery WHERE {condition} ORDER BY date IS NULL, date, finding, via"  # noqa: S608 - ours
    for row in cursor.execute(query, values).fetchall():
        offer = ledger.connection.execute(
            "SELECT text, hosts FROM offer WHERE message_key = ?", (row["message_key"],)
        ).fetchone()
        text, hosts = offer or ("", "[]")
        yield rows.to_record(row, ledger.text, (text, tuple(json.loads(hosts))))
