"""The result document as a JSON file."""

from pathlib import Path

from outreach_audit.report.atomic import write_atomically
from outreach_audit.report.document import Document
from outreach_audit.report.safe import json_text


def write_tally(document: Document, path: Path) -> None:
    """Writes `Document.to_data` with sorted keys, the same bytes for the same document.

    Raises:
        OSError: the file cannot be written.
    """
    write_atomically(path, (json_text(document.to_data(), indent=1, sort_keys=True) + "\n").encode())
