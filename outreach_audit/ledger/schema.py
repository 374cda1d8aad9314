"""The tables of the ledger, as steps from each version to the next."""

import sqlite3

APPLICATION_ID = 0x6F757472
"""Marks an SQLite file as a ledger ("outr")."""

_FIRST = """
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE run (id INTEGER PRIMARY KEY, parameters TEXT NOT NULL) STRICT;

CREATE TABLE file (
    path TEXT NOT NULL, member TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    found INTEGER NOT NULL, read INTEGER NOT NULL, read_with_defects INTEGER NOT NULL,
    partly_read INTEGER NOT NULL, unreadable INTEGER NOT NULL, header_only INTEGER NOT NULL,
    skipped TEXT NOT NULL, notes TEXT NOT NULL, folders TEXT NOT NULL,
    first_date INTEGER, last_date INTEGER, fingerprint TEXT NOT NULL,
    PRIMARY KEY (path, member, offset)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
    id INTEGER PRIMARY KEY,
    finding ANY NOT NULL, message_key ANY NOT NULL, delivery_key ANY NOT NULL,
    via TEXT NOT NULL,
    source INTEGER NOT NULL REFERENCES word, member INTEGER REFERENCES word,
    offset INTEGER NOT NULL, length INTEGER NOT NULL,
    message_id TEXT, carrier_message_id TEXT,
    date INTEGER, date_header INTEGER, date_received INTEGER,
    folder TEXT NOT NULL,
    recipient INTEGER NOT NULL REFERENCES word,
    institute INTEGER NOT NULL REFERENCES word, home TEXT NOT NULL,
    language TEXT NOT NULL, header_only INTEGER NOT NULL, reading TEXT NOT NULL,
    label TEXT NOT NULL, score REAL NOT NULL, margin REAL NOT NULL, kind TEXT, trap TEXT,
    is_foreign INTEGER, dest_country TEXT NOT NULL, sender_domain INTEGER NOT NULL REFERENCES word,
    pack INTEGER NOT NULL REFERENCES word,
    detail TEXT,
    UNIQUE (delivery_key, via)
) STRICT;
CREATE INDEX delivery_found ON delivery (label, message_key) WHERE label != 'other';

CREATE TABLE copy (
    delivery INTEGER NOT NULL REFERENCES delivery ON DELETE CASCADE,
    source INTEGER NOT NULL REFERENCES word, member INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    PRIMARY KEY (delivery, source, member, offset)
) STRICT, WITHOUT ROWID;

CREATE TABLE offer (
    message_key ANY PRIMARY KEY, text TEXT NOT NULL, hosts TEXT NOT NULL,
    campaign TEXT, reason TEXT, near ANY, distance REAL, host TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX offer_campaign ON offer (campaign);
"""

# A further copy is kept whole, so that it can stand for the delivery when the place that stood for it is gone.
# ``changed`` is in nanoseconds; ``done`` is 0 while a file is being read.
_SECOND = """
DROP TABLE copy;
CREATE TABLE copy (
    id INTEGER PRIMARY KEY, delivery INTEGER NOT NULL REFERENCES delivery,
    finding ANY NOT NULL, message_key ANY NOT NULL, delivery_key ANY NOT NULL,
    via TEXT NOT NULL,
    source INTEGER NOT NULL REFERENCES word, member INTEGER REFERENCES word,
    offset INTEGER NOT NULL, length INTEGER NOT NULL,
    message_id TEXT, carrier_message_id TEXT,
    date INTEGER, date_header INTEGER, date_received INTEGER,
    folder TEXT NOT NULL,
    recipient INTEGER NOT NULL REFERENCES word,
    institute INTEGER NOT NULL REFERENCES word, home TEXT NOT NULL,
    language TEXT NOT NULL, header_only INTEGER NOT NULL, reading TEXT NOT NULL,
    label TEXT NOT NULL, score REAL NOT NULL, margin REAL NOT NULL, kind TEXT, trap TEXT,
    is_foreign INTEGER, dest_country TEXT NOT NULL, sender_domain INTEGER NOT NULL REFERENCES word,
    pack INTEGER NOT NULL REFERENCES word,
    detail TEXT
) STRICT;
CREATE INDEX copy_delivery ON copy (delivery);
CREATE INDEX copy_place ON copy (source, offset);
CREATE INDEX copy_found ON copy (message_key) WHERE label != 'other';
CREATE INDEX delivery_place ON delivery (source, offset);

CREATE TABLE checkpoint (
    path BLOB PRIMARY KEY, source INTEGER NOT NULL UNIQUE REFERENCES word,
    size INTEGER NOT NULL, changed INTEGER NOT NULL,
    resume INTEGER NOT NULL, items INTEGER NOT NULL, done INTEGER NOT NULL,
    before BLOB NOT NULL, rest BLOB NOT NULL, whole BLOB NOT NULL, judged BLOB NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE file DROP COLUMN fingerprint;
ALTER TABLE run ADD COLUMN finished INTEGER NOT NULL DEFAULT 0;
ALTER TABLE offer ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _SECOND)
"""Step n leads from version n to n + 1; a step that was released is never changed."""


def migrate(connection: sqlite3.Connection) -> None:
    """Brings a ledger to the newest version, each step in one transaction with its number."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for number, step in enumerate(MIGRATIONS[version:], version + 1):
        # executescript alone would commit in between: the transaction is part of the script
        connection.executescript(
            f"BEGIN IMMEDIATE;{step}PRAGMA user_version = {number};PRAGMA application_id = {APPLICATION_ID};COMMIT;"
        )
