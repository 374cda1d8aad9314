"""From paths to the bytes of messages, one after the other, in constant memory."""

from outreach_audit.sources.limits import Limits
from outreach_audit.sources.model import HeaderOnly, Item, Note, RawMessage, Ref, Skipped
from outreach_audit.sources.reader import read, read_at

__all__ = ["HeaderOnly", "Item", "Limits", "Note", "RawMessage", "Ref", "Skipped", "read", "read_at"]
