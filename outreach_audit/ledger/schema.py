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

# What fired is the text of one word for all messages in which the same fired, so that verdicts can be told anew without
# the mail. Half a digest (128 bits) is enough to tell messages and deliveries apart. ``total`` and the two indexes by
# date answer "how many, by verdict" without a pass over millions of deliveries: ordinary mail has the smallest index.
_GROUP = ("label", "via", "folder", "institute", "home", "pack")
_REPLAYABLE = f"""
ALTER TABLE delivery ADD COLUMN fired INTEGER REFERENCES word;
ALTER TABLE copy ADD COLUMN fired INTEGER REFERENCES word;
UPDATE delivery SET message_key = substr(message_key, 1, 16) WHERE typeof(message_key) = 'blob';
UPDATE delivery SET delivery_key = substr(delivery_key, 1, 16) WHERE typeof(delivery_key) = 'blob';
UPDATE copy SET message_key = substr(message_key, 1, 16) WHERE typeof(message_key) = 'blob';
UPDATE copy SET delivery_key = substr(delivery_key, 1, 16) WHERE typeof(delivery_key) = 'blob';
UPDATE offer SET message_key = substr(message_key, 1, 16) WHERE typeof(message_key) = 'blob';
UPDATE offer SET near = substr(near, 1, 16) WHERE typeof(near) = 'blob';

CREATE INDEX delivery_ordinary ON delivery (date) WHERE label = 'other' AND via = 'direct';
CREATE INDEX delivery_told ON delivery (label, via, date) WHERE label != 'other' OR via != 'direct';
CREATE TABLE total (
    label TEXT NOT NULL, via TEXT NOT NULL, folder TEXT NOT NULL, institute INTEGER NOT NULL REFERENCES word,
    home TEXT NOT NULL, pack INTEGER NOT NULL REFERENCES word, number INTEGER NOT NULL,
    PRIMARY KEY ({", ".join(_GROUP)})
) STRICT, WITHOUT ROWID;
INSERT INTO total SELECT {", ".join(_GROUP)}, count(*) FROM delivery GROUP BY {", ".join(_GROUP)};
CREATE TRIGGER delivery_added AFTER INSERT ON delivery BEGIN
    INSERT INTO total VALUES ({", ".join(f"new.{name}" for name in _GROUP)}, 1)
    ON CONFLICT DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER delivery_dropped AFTER DELETE ON delivery BEGIN
    UPDATE total SET number = number - 1 WHERE {" AND ".join(f"{name} = old.{name}" for name in _GROUP)};
END;
CREATE TRIGGER delivery_judged_anew AFTER UPDATE OF {", ".join(_GROUP)} ON delivery BEGIN
    UPDATE total SET number = number - 1 WHERE {" AND ".join(f"{name} = old.{name}" for name in _GROUP)};
    INSERT INTO total VALUES ({", ".join(f"new.{name}" for name in _GROUP)}, 1)
    ON CONFLICT DO UPDATE SET number = number + 1;
END;

CREATE TABLE pack (digest TEXT PRIMARY KEY, label TEXT NOT NULL, content TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE roster (
    address TEXT PRIMARY KEY, person TEXT NOT NULL, institute TEXT NOT NULL, staff_group TEXT NOT NULL,
    age_band TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE headcount (
    institute TEXT NOT NULL, staff_group TEXT NOT NULL, headcount INTEGER NOT NULL,
    PRIMARY KEY (institute, staff_group)
) STRICT, WITHOUT ROWID;
"""  # noqa: S608 - our own columns

# Decisions are bound to content by the keys of ``decided`` (of deliveries and of messages), not to rows, so that they
# outlive a rescan. None is ever changed or deleted; ``time`` is in microseconds. ``populations`` is JSON.
_REVIEWED = """
CREATE TABLE decision (
    id TEXT PRIMARY KEY, time INTEGER NOT NULL, reviewer TEXT NOT NULL, verdict TEXT NOT NULL,
    kind TEXT, country TEXT, note TEXT NOT NULL,
    scope TEXT NOT NULL, target TEXT NOT NULL, judged TEXT NOT NULL, pack TEXT NOT NULL, undoes TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE decided (
    decision TEXT NOT NULL REFERENCES decision, key ANY NOT NULL, PRIMARY KEY (decision, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE sample (
    id INTEGER PRIMARY KEY, seed TEXT NOT NULL, since INTEGER, until INTEGER, drawn INTEGER NOT NULL,
    populations TEXT NOT NULL
) STRICT;
CREATE TABLE sampled (
    sample INTEGER NOT NULL REFERENCES sample ON DELETE CASCADE, place INTEGER NOT NULL, key ANY NOT NULL,
    stratum TEXT NOT NULL, PRIMARY KEY (sample, place)
) STRICT, WITHOUT ROWID;
"""

# An indicator that changes is another one with a higher number, never one used before: ``checked`` says up to which
# number a delivery was compared.
_WATCHED = """
CREATE TABLE indicator (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, type TEXT NOT NULL, value TEXT NOT NULL,
    since TEXT, until TEXT, watchlist TEXT NOT NULL, reference TEXT NOT NULL
) STRICT;
CREATE TABLE watched (
    delivery INTEGER NOT NULL REFERENCES delivery ON DELETE CASCADE,
    indicator INTEGER NOT NULL REFERENCES indicator ON DELETE CASCADE,
    PRIMARY KEY (delivery, indicator)
) STRICT, WITHOUT ROWID;
CREATE INDEX watched_indicator ON watched (indicator);
CREATE TABLE checked (
    delivery INTEGER PRIMARY KEY REFERENCES delivery ON DELETE CASCADE, upto INTEGER NOT NULL
) STRICT;

CREATE TABLE suppression (
    id INTEGER PRIMARY KEY, what TEXT NOT NULL, reason TEXT NOT NULL, owner TEXT NOT NULL, expires TEXT NOT NULL,
    applies INTEGER NOT NULL
) STRICT;
CREATE TABLE suppressed (
    delivery INTEGER PRIMARY KEY REFERENCES delivery ON DELETE CASCADE,
    suppression INTEGER NOT NULL REFERENCES suppression ON DELETE CASCADE
) STRICT;
CREATE INDEX suppressed_suppression ON suppressed (suppression);
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _SECOND, _REPLAYABLE, _REVIEWED, _WATCHED)
"""Step n leads from version n to n + 1; a step that was released is never changed."""


def migrate(connection: sqlite3.Connection) -> None:
    """Brings a ledger to the newest version, each step in one transaction with its number."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for number, step in enumerate(MIGRATIONS[version:], version + 1):
        # executescript alone would commit in between: the transaction is part of the script
        connection.executescript(
            f"BEGIN IMMEDIATE;{step}PRAGMA user_version = {number};PRAGMA application_id = {APPLICATION_ID};COMMIT;"
        )
