"""Who is behind a message and where it leads: claimed sponsor, sending organisation, origin, destination country."""

from outreach_audit.attribution.attributing import attribute
from outreach_audit.attribution.knowledge import DomainKind, Knowledge, Organisation, load_knowledge
from outreach_audit.attribution.language import language_of

__all__ = ["DomainKind", "Knowledge", "Organisation", "attribute", "language_of", "load_knowledge"]
