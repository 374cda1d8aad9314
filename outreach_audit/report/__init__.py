"""A result document and its renderers, one file each."""

from outreach_audit.report.csv_files import write_csv
from outreach_audit.report.document import Document, make_document, names_of
from outreach_audit.report.findings import finding, write_findings_csv, write_json_lines
from outreach_audit.report.html import write_html
from outreach_audit.report.pseudonyms import Pseudonyms, read_key
from outreach_audit.report.tally_json import write_tally
from outreach_audit.report.terminal import print_document

__all__ = [
    "Document",
    "Pseudonyms",
    "finding",
    "make_document",
    "names_of",
    "print_document",
    "read_key",
    "write_csv",
    "write_findings_csv",
    "write_html",
    "write_json_lines",
    "write_tally",
]
