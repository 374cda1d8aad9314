"""The result document on a terminal, or piped into a file."""

from rich.console import Console

from outreach_audit.report.document import Document


def print_document(document: Document, console: Console) -> None:
    """Prints all tables with title, units and coverage."""
