"""The text of attachments, read by a child process that may die without hurting the run."""

from outreach_audit.mail.attachments.model import AttachmentReader, Extracted, Limits, State
from outreach_audit.mail.attachments.reading import InProcessReader
from outreach_audit.mail.attachments.supervisor import ChildReader

__all__ = ["AttachmentReader", "ChildReader", "Extracted", "InProcessReader", "Limits", "State"]
