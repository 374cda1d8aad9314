"""Why one message was judged as it was, for the person concerned: evidence in context, and what would change it."""

from outreach_audit.explanation.changes import Change, changes
from outreach_audit.explanation.explaining import Explanation, Reason, explain

__all__ = ["Change", "Explanation", "Reason", "changes", "explain"]
