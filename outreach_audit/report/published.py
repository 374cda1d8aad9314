"""The table published about Korean institutes in 2024, as a named report: one row for each institute."""

from collections.abc import Mapping, Sequence

from outreach_audit.report.document import Document
from outreach_audit.report.grids import Grid, Line, Value, value_of, withheld_note
from outreach_audit.report.summary import TOTALS, totals, what_changed
from outreach_audit.report.vocabulary import AT_LEAST, WITHHELD
from outreach_audit.report.words import Words
from outreach_audit.tally import Column, Count, Row, Section
from outreach_audit.tally.details import Institute, Part

NAME = "published-2024-form"

_COLUMNS = (
    *(Column.DELIVERIES, Column.MESSAGES, Column.RECIPIENTS, Column.APPROACHES, Column.CAMPAIGNS),
    *(Column.REPORTS, Column.REPORTS_RECEIVED),
)
_SET_ASIDE = ("spam", "quarantine")
_MOST_PARTS = 5


def published_form(
    document: Document, words: Words, *, subjects: bool = False, domains: bool = False
) -> tuple[Grid, ...]:
    """The figures of foreign approaches by institute, and where they lead, lay and came from.

    Args:
        document: the result.
        words: the language.
        subjects: whether masked subjects are shown; they are in a document only that was made with them.
        domains: whether sender domains are shown.
    """
    known = {institute.id or "not_known": institute for institute in document.institutes}
    table = document.table("institute")
    rows = [row for row in table.rows if row.section is Section.FOREIGN] if table else []
    return (
        _figures(document, words, rows, known),
        _shares(document, words, rows, known, subjects=subjects, domains=domains),
    )


def _figures(document: Document, words: Words, rows: Sequence[Row], known: Mapping[str, Institute]) -> Grid:
    table = document.table("institute")
    columns = table.columns if table else _COLUMNS
    places = [columns.index(column) for column in _COLUMNS]

    def cells(row: Row) -> tuple[Value, ...]:
        institute = known.get(row.value, Institute(row.value))
        recipients = row.counts[columns.index(Column.RECIPIENTS)]
        return (
            words.label("institute", row.value, document.names),
            *(value_of(row.counts[place], words) for place in places),
            words.t("not known") if institute.staff is None else institute.staff,
            rate(recipients, institute.staff, words),
            *(_lay_in([institute], folder, words) for folder in _SET_ASIDE),
        )

    total = totals(document)
    shown = [known.get(row.value, Institute(row.value)) for row in rows]
    staff = _whole_staff(shown)
    whole: tuple[Value, ...] = (
        words.t("total"),
        *(value_of(total[column], words) if total else 0 for column in _COLUMNS),
        words.t("not known") if staff is None else staff,
        rate(total.get(Column.RECIPIENTS), staff, words),
        *(_lay_in(shown, folder, words) for folder in _SET_ASIDE),
    )
    coverage = document.coverage
    missing = [folder for folder in ("inbox", *_SET_ASIDE) if folder not in coverage.folders]
    notes = [
        "; ".join(f"{words.head(column)}: {words.meaning(column)}" for column in _COLUMNS) + ".",
        words.t("Staff are those with a mailbox, from a roster; the rate is recipients of 100 staff."),
        words.t(TOTALS),
        words.t(
            "Not scanned: {folders}; {unread} messages could not be read in full; {skipped} files were left aside.",
            folders=", ".join(words.label("folder", folder, {}) for folder in missing) or words.t("no folder"),
            unread=words.number(coverage.partly_read + coverage.unreadable),
            skipped=words.number(coverage.files_skipped),
        ),
        *filter(None, [withheld_note(document, table, words) if table else ""]),
        *([what_changed(document, table, words)] if table and document.before else []),
        words.coverage_line(coverage, document.names),
    ]
    return Grid(
        name=words.t("published form"),
        title=words.t("Foreign approaches by institute, in the form of the table published for 2024"),
        heads=(
            words.t("institution"),
            *(words.head(column) for column in _COLUMNS),
            words.t("staff"),
            words.t("rate"),
            *(words.t("deliveries in {folder}", folder=words.label("folder", folder, {})) for folder in _SET_ASIDE),
        ),
        lines=(*(Line(cells(row)) for row in rows), Line(whole, total=True)),
        notes=tuple(notes),
    )


def _shares(
    document: Document,
    words: Words,
    rows: Sequence[Row],
    known: Mapping[str, Institute],
    *,
    subjects: bool,
    domains: bool,
) -> Grid:
    heads = [words.t("institution"), words.t("share of approaches by destination")]
    heads += [words.t("sender domains, in deliveries")] if domains else []
    heads += [words.t("subjects, masked, in messages")] if subjects else []
    lines = []
    for row in rows:
        institute = known.get(row.value, Institute(row.value))
        cells = [words.label("institute", row.value, document.names), _shared(institute.destinations, document, words)]
        cells += [_listed(institute.domains, words)] if domains else []
        cells += [_listed(institute.subjects, words)] if subjects else []
        lines.append(Line(tuple(cells)))
    note = words.t("An approach that leads to several countries counts with each of them.")
    return Grid(
        name=words.t("shares"),
        title=words.t("Where they lead, and where they came from"),
        heads=tuple(heads),
        lines=tuple(lines),
        notes=(note, words.coverage_line(document.coverage, document.names)),
    )


def rate(recipients: Count | None, staff: int | None, words: Words) -> Value:
    """Recipients of 100 staff, to one decimal; said to be not known where one of the two is not told."""
    if not staff or (recipients and (recipients.value is None or recipients.withheld)):
        return words.t("not known")
    return round(100 * recipients.known / staff, 1) if recipients else 0.0


def _whole_staff(institutes: Sequence[Institute]) -> int | None:
    known = [institute.staff for institute in institutes if institute.staff is not None]
    return sum(known) if known and len(known) == len(institutes) else None


def _lay_in(institutes: Sequence[Institute], folder: str, words: Words) -> Value:
    """The deliveries in a folder; a sum of which a part is withheld is a lower bound."""
    counts = [part.count for institute in institutes for part in institute.folders if part.value == folder]
    told = [count.value for count in counts if count.value is not None]
    if len(told) == len(counts):
        return sum(told)
    return f"{AT_LEAST}{words.number(sum(told))}" if told else WITHHELD


def _shared(parts: Sequence[Part], document: Document, words: Words) -> str:
    # a share of a whole of which a part is withheld would tell that part
    known = [part.count.value for part in parts if part.count.value is not None]
    whole = sum(known) if len(known) == len(parts) else 0

    def share(part: Part) -> str:
        return f" {100 * part.count.known / whole:.0f} %" if whole else ""

    return "; ".join(
        f"{words.label('dest_country', part.value, document.names)}{share(part)} ({words.figure(part.count)})"
        for part in parts
    )


def _listed(parts: Sequence[Part], words: Words) -> str:
    said = [f"{words.label('', part.value, {})} ({words.figure(part.count)})" for part in parts[:_MOST_PARTS]]
    if len(parts) > _MOST_PARTS:
        said.append(words.t("and {n} more", n=words.number(len(parts) - _MOST_PARTS)))
    return "; ".join(said) or words.t("not known")
