"""From the bytes of one message to its texts, addresses, dates, links and defects."""

from outreach_audit.mail.limits import Limits
from outreach_audit.mail.model import Address, Attachment, Dates, Link, Mail, Scope, Text
from outreach_audit.mail.parse import from_log, parse

__all__ = ["Address", "Attachment", "Dates", "Limits", "Link", "Mail", "Scope", "Text", "from_log", "parse"]
