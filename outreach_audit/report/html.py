"""The result document as one page that needs nothing else: no script, no font, no picture, no request."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from outreach_audit.report.atomic import write_atomically
from outreach_audit.report.charts import chart, coverage_chart, timeline
from outreach_audit.report.document import Document
from outreach_audit.report.grids import Grid, about, domains
from outreach_audit.report.provenance import exchange_lines
from outreach_audit.report.safe import safe
from outreach_audit.report.summary import (
    TOTALS,
    answers,
    changes,
    compared,
    definitions,
    ranked,
    row_label,
    skipped_lines,
    totals,
)
from outreach_audit.report.vocabulary import AT_LEAST, WITHHELD
from outreach_audit.report.words import Words, words_of
from outreach_audit.report.xlsx import coverage_terms
from outreach_audit.tally import Column, Section
from outreach_audit.tally.details import Campaign

_MOST_ROWS = 30
_MOST_REASONS = 20
_MOST_INSTITUTES = 6
_CHARTED = frozenset({"month", "kind", "country"})
_KEY_FIGURES = (
    *(Column.RECIPIENTS, Column.MESSAGES, Column.DELIVERIES, Column.APPROACHES, Column.CAMPAIGNS, Column.REPORTS),
)


def write_html(document: Document, path: Path, lang: str = "en") -> None:
    """Writes the page; the same bytes for the same document.

    Raises:
        OSError: the file cannot be written.
        UsageError: there is no such language.
    """
    write_atomically(path, page(document, lang).encode())


def page(document: Document, lang: str = "en") -> str:
    """The page as text."""
    words = words_of(lang)
    total, change = totals(document), changes(document)
    return (
        _environment(words)
        .get_template("report.html.jinja")
        .render(
            document=document,
            title=words.title(document.coverage),
            answers=answers(document, words) if total else (),
            key_figures=[(column, total[column], change.get(column)) for column in _KEY_FIGURES if column in total],
            charts={table.name: chart(document, table, words) for table in document.tables if table.name in _CHARTED},
            timeline=timeline(document, words),
            coverage_chart=coverage_chart(document, words),
            coverage_terms=coverage_terms(document, words),
            definitions=definitions(document, words),
            exchanged=exchange_lines(document, words),
            reasons=skipped_lines(document, words)[:_MOST_REASONS],
            more_reasons=max(0, len(document.skipped) - _MOST_REASONS),
            ranked=ranked,
            compared=compared,
            most_rows=_MOST_ROWS,
            totals=TOTALS,
            everywhere=Section.ALL,
        )
    )


def grids_page(document: Document, grids: Sequence[Grid], lang: str = "en") -> str:
    """A page of grids alone, as of a named report."""
    words = words_of(lang)
    return _environment(words).get_template("grids.html.jinja").render(document=document, grids=grids)


def _environment(words: Words) -> Environment:
    environment = Environment(
        loader=PackageLoader("outreach_audit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
    )
    environment.globals |= {"words": words, "t": words.t, "n": words.n, "withheld": WITHHELD, "at_least": AT_LEAST}
    environment.filters["number"] = words.number
    # our own words, which may pass the door as they are: a head breaks only where a phone has no room for it
    environment.filters["soft_hyphens"] = lambda head: Markup("&shy;").join(head.replace("\n", " ").split("- "))
    environment.filters["name_of"] = lambda key, document: words.name(key, document.names)
    environment.filters["row_label"] = lambda row, document, table: row_label(document, table, row, words)
    environment.filters["about"] = lambda table, document: about(document, table, words)
    environment.filters["who"] = lambda campaign, document: _who(document, campaign, words)
    return environment


def _who(document: Document, campaign: Campaign, words: Words) -> list[tuple[str, str]]:
    """Who writes in a campaign, from where, when and to whom: terms and what they are."""
    terms = (
        (
            words.t("kind of sender"),
            ", ".join(words.label("sender_type", one, {}) for one in campaign.sender_types[:3]),
        ),
        (words.t("signed by"), ", ".join(campaign.senders[:3])),
        (words.t("named in the text"), ", ".join(campaign.sponsors[:3])),
        (words.t("sender domains"), domains(campaign, words)),
        (words.t("period"), words.t("{first} to {last}", first=campaign.first, last=campaign.last)),
        (words.t("recipients by institute"), "; ".join(_at_institute(document, campaign, words))),
    )
    return [(term, value) for term, value in terms if value and (term != words.t("period") or campaign.first)]


def _at_institute(document: Document, campaign: Campaign, words: Words) -> list[str]:
    """The recipients of each institute, which is called by its name in the language of the page."""
    said = []
    for part in campaign.institutes[:_MOST_INSTITUTES]:
        name = words.label("institute", part.value or "not_known", document.names)
        native, _, english = name.partition(" / ")
        short = native if words.lang != "en" else english or native
        said.append(f"{short}: {words.figure(part.count)}")
    if len(campaign.institutes) > _MOST_INSTITUTES:
        said.append(words.t("and {n} more", n=words.number(len(campaign.institutes) - _MOST_INSTITUTES)))
    return said


def _finalize(value: object) -> object:
    """Every text that is put into the page passes the one door, and is then escaped."""
    return safe(value) if isinstance(value, str) and not isinstance(value, Markup) else value
