"""A result document and its renderers, one file each."""

from outreach_audit.report.csv_files import write_csv
from outreach_audit.report.document import Document, make_document, names_of
from outreach_audit.report.findings import finding, write_findings_csv, write_json_lines
from outreach_audit.report.html import write_html
from outreach_audit.report.language import languages
from outreach_audit.report.markdown import write_markdown
from outreach_audit.report.output import Format, write_folder
from outreach_audit.report.pseudonyms import Pseudonyms, read_key
from outreach_audit.report.tally_json import read_tally, write_tally
from outreach_audit.report.terminal import print_document
from outreach_audit.report.xlsx import write_xlsx

__all__ = [
    "Document",
    "Format",
    "Pseudonyms",
    "finding",
    "languages",
    "make_document",
    "names_of",
    "print_document",
    "read_key",
    "read_tally",
    "write_csv",
    "write_findings_csv",
    "write_folder",
    "write_html",
    "write_json_lines",
    "write_markdown",
    "write_tally",
    "write_xlsx",
]
