"""The result document as one page that needs nothing else: no script, no font, no picture, no request."""

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from outreach_audit.report import words
from outreach_audit.report.atomic import write_atomically
from outreach_audit.report.charts import chart
from outreach_audit.report.document import Document
from outreach_audit.report.safe import safe
from outreach_audit.report.summary import answers, figures, ranked
from outreach_audit.tally import Column, Section

_MOST_ROWS = 30
_CHARTED = frozenset({"month", "kind", "country"})
_KEY_FIGURES = (
    *(Column.RECIPIENTS, Column.MESSAGES, Column.DELIVERIES, Column.APPROACHES, Column.CAMPAIGNS, Column.REPORTS),
)


def write_html(document: Document, path: Path) -> None:
    """Writes the page; the same bytes for the same document.

    Raises:
        OSError: the file cannot be written.
    """
    write_atomically(path, page(document).encode())


def page(document: Document) -> str:
    """The page as text."""
    total = figures(document)
    columns = {column for table in document.tables for column in table.columns}
    sections = {row.section for table in document.tables for row in table.totals} - {Section.ALL}
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            document=document,
            answers=answers(document),
            key_figures=[(column, total[column]) for column in _KEY_FIGURES if column in total],
            charts={table.name: chart(document, table) for table in document.tables if table.name in _CHARTED},
            ranked=ranked,
            most_rows=_MOST_ROWS,
            words=words,
            columns=[column for column in Column if column in columns],
            sections=[section for section in Section if section in sections],
            everywhere=Section.ALL,
        )
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("outreach_audit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
    )
    environment.filters["number"] = "{:,}".format
    # our own words, which may pass the door as they are: a head breaks only where a phone has no room for it
    environment.filters["soft_hyphens"] = lambda head: Markup("&shy;").join(head.replace("\n", " ").split("- "))
    environment.filters["name_of"] = lambda key, document: document.names.get(key, key)
    return environment


def _finalize(value: object) -> object:
    """Every text that is put into the page passes the one door, and is then escaped."""
    return safe(value) if isinstance(value, str) and not isinstance(value, Markup) else value
