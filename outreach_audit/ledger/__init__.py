"""Records of assessed deliveries in one SQLite file."""

from outreach_audit.ledger.account import FileAccount
from outreach_audit.ledger.checkpoint import Checkpoint
from outreach_audit.ledger.record import Record
from outreach_audit.ledger.store import Ledger

__all__ = ["Checkpoint", "FileAccount", "Ledger", "Record"]
