"""The result document as one page that needs nothing else."""

from pathlib import Path

from outreach_audit.report.document import Document


def write_html(document: Document, path: Path) -> None:
    """Writes the page."""
