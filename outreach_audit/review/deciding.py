"""Making decisions, and taking them back."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from outreach_audit.codes import Kind
from outreach_audit.errors import UsageError
from outreach_audit.ledger import Ledger
from outreach_audit.ledger.decisions import Decision, Opinion, add_decisions, decisions_of
from outreach_audit.report.safe import safe
from outreach_audit.review.items import Item
from outreach_audit.review.settle import standing

LONGEST_NOTE = 1_000
LONGEST_NAME = 100
_SEED = re.compile(r"[\w.-]{1,64}")
_COUNTRY = re.compile(r"[A-Z]{2}")


def reviewer_name(name: str) -> str:
    """A reviewer's name as it is stored.

    Raises:
        UsageError: it is empty or too long.
    """
    name = safe(name).strip()
    if not name or len(name) > LONGEST_NAME:
        raise UsageError(f"a reviewer's name has 1 to {LONGEST_NAME} characters; give it by --reviewer")
    return name


def seed_text(seed: str) -> str:
    """A seed as it can be stated beside figures.

    Raises:
        UsageError: it holds blanks or signs, or is too long.
    """
    if not _SEED.fullmatch(seed):
        raise UsageError(f"{safe(seed)!r} is no seed: 1 to 64 letters, digits, dots, hyphens, as 2026-03")
    return seed


def note_text(note: str) -> str:
    """A note as it is stored: one line.

    Raises:
        UsageError: it is too long.
    """
    note = safe(note).strip()
    if len(note) > LONGEST_NOTE:
        raise UsageError(f"a note has at most {LONGEST_NOTE:,} characters, this one has {len(note):,}")
    return note


def country_code(country: str) -> str:
    """A country as it is stored.

    Raises:
        UsageError: it is no two-letter code.
    """
    country = country.strip().upper()
    if not _COUNTRY.fullmatch(country):
        raise UsageError(f"{safe(country)!r} is no country: two letters, as CN or DE, or ZZ where it cannot be told")
    return country


def decide(
    ledger: Ledger,
    item: Item,
    opinion: Opinion,
    *,
    reviewer: str,
    now: datetime,
    kind: Kind | None = None,
    country: str | None = None,
    note: str = "",
) -> Decision:
    """Stores a decision on an item.

    Args:
        ledger: open for writing.
        item: what it is about.
        opinion: confirm, reject or unsure (for undo there is `undo`).
        reviewer: who decides.
        now: the moment, in UTC.
        kind: the kind of offer, where the program's is wrong.
        country: the country of destination, likewise.
        note: anything in one line.

    Raises:
        UsageError: a value is invalid, or a kind or country was given for what is no approach.
    """
    if (kind or country) and opinion is not Opinion.CONFIRM:
        raise UsageError("kind and country are those of an approach: give them with confirm")
    decision = Decision(
        time=now,
        reviewer=reviewer_name(reviewer),
        opinion=opinion,
        scope=item.scope,
        target=item.target,
        keys=item.keys,
        judged=item.judged,
        pack=safe(item.pack),
        kind=kind,
        country=country_code(country) if country else None,
        note=note_text(note),
    )
    return add_decisions(ledger, [decision])[0]


def undo(ledger: Ledger, item: Item, *, reviewer: str, now: datetime) -> Decision:
    """Takes back the reviewer's last decision on an item; what was decided before it holds again.

    Returns:
        The decision that was taken back.

    Raises:
        UsageError: there is none.
    """
    name = reviewer_name(reviewer)
    last = last_on(standing(decisions_of(ledger)), item, name)
    if last is None:
        raise UsageError(f"{name} has decided nothing on {item.scope} {safe(item.target)}: nothing to undo")
    taken = Decision(
        time=now,
        reviewer=name,
        opinion=Opinion.UNDO,
        scope=item.scope,
        target=item.target,
        keys=(),
        judged=item.judged,
        pack=safe(item.pack),
        undoes=last.id,
    )
    add_decisions(ledger, [taken])
    return last


def last_on(decisions: Iterable[Decision], item: Item, reviewer: str) -> Decision | None:
    """A reviewer's last decision on an item itself: of the same scope, on any of the same content.

    Args:
        decisions: that were not taken back, the first one first.
        item: the item.
        reviewer: whose decisions; those of others must not sway.
    """
    keys = frozenset(item.keys)
    own: Sequence[Decision] = [
        one
        for one in decisions
        if one.reviewer == reviewer and one.scope is item.scope and not keys.isdisjoint(one.keys)
    ]
    return own[-1] if own else None
