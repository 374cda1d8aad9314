"""The result in plain sentences: what a reader asks first, answered from the figures of the document."""

from dataclasses import dataclass

from outreach_audit.report.document import Document
from outreach_audit.report.words import HEADS
from outreach_audit.tally import Column, Row, Section, Table

_NAMED = 3
_INSTITUTES_NAMED = 5
_NO_VALUE = frozenset({"not_known", "undated", "ZZ"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and its answer."""

    question: str
    answer: str


def answers(document: Document) -> tuple[Answer, ...]:
    """The questions that everyone asks, with their answers: foreign approaches, unless an answer says otherwise."""
    countries, kinds = ("country", "countries"), ("kind of offer", "kinds of offer")
    domains, institutes = ("sender domain", "sender domains"), ("institute", "institutes")
    return (
        Answer("How many?", _how_many(document)),
        Answer(
            "Who was approached?",
            _leading(document, "institute", Column.RECIPIENTS, institutes, most=_INSTITUTES_NAMED),
        ),
        Answer("Who wrote?", _leading(document, "sender_domain", Column.DELIVERIES, domains)),
        Answer("Where do the offers lead?", _leading(document, "country", Column.APPROACHES, countries)),
        Answer("What was offered?", _leading(document, "kind", Column.APPROACHES, kinds)),
        Answer("How sure is this?", _how_sure(document)),
        Answer("What was not read?", _not_read(document)),
    )


def figures(document: Document, section: Section = Section.FOREIGN) -> dict[Column, int]:
    """The totals of approaches of a section over the whole document, all 0 where the section is empty."""
    table = document.table("institute")
    total = next((row for row in table.totals if row.section is section), None) if table else None
    found = (
        {column: count.value for column, count in zip(table.columns, total.counts, strict=True)}
        if table and total
        else {}
    )
    return dict.fromkeys(Column, 0) | found


def ranked(table: Table, section: Section) -> list[Row]:
    """The rows of a section, the largest figures first; those with an order of their own (months) stay in it."""
    rows = [row for row in table.rows if row.section is section]
    if table.dimension in {"month", "verdict", "reading"}:
        return rows
    return sorted(rows, key=lambda row: ([-count.value for count in row.counts], row.value))


def many(number: int, thing: str, things: str) -> str:
    """A number of things: ``1 file``, ``1,226 files``."""
    return f"{number:,} {thing if number == 1 else things}"


def counted(number: int, column: Column) -> str:
    """A figure with its unit: ``1 delivery``, ``1,226 deliveries``."""
    return many(number, column.unit.value, HEADS[column])


def _how_many(document: Document) -> str:
    total = figures(document)
    said = "No approach from abroad was found in the mailboxes."
    if total[Column.DELIVERIES]:
        said = (
            f"{counted(total[Column.RECIPIENTS], Column.RECIPIENTS)} (persons) received"
            f" {counted(total[Column.MESSAGES], Column.MESSAGES)} from abroad in"
            f" {counted(total[Column.DELIVERIES], Column.DELIVERIES)}. Reminders and second copies aside, these are"
            f" {counted(total[Column.APPROACHES], Column.APPROACHES)} in"
            f" {counted(total[Column.CAMPAIGNS], Column.CAMPAIGNS)}."
        )
    if reports := total[Column.REPORTS]:
        said += f" {counted(reports, Column.APPROACHES)} more {_are(reports)} known only from reports by staff."
    apart = [
        f"{counted(number, Column.APPROACHES)} {text}"
        for section, text in (
            (Section.DOMESTIC, "by organisations of the home country"),
            (Section.UNDETERMINED, "of undetermined country"),
        )
        if (number := figures(document, section)[Column.APPROACHES])
    ]
    return f"{said} Counted apart: {' and '.join(apart)}." if apart else said


def _leading(document: Document, name: str, column: Column, things: tuple[str, str], *, most: int = _NAMED) -> str:
    """The values with the largest figures of one table, how many more there are, and what could not be told."""
    table = document.table(name)
    if table is None:
        return "Not counted."
    place = table.columns.index(column)
    rows = [row for row in ranked(table, Section.FOREIGN) if row.counts[place].value]
    rows.sort(key=lambda row: -row.counts[place].value)
    known = [row for row in rows if row.value not in _NO_VALUE]
    said = [f"{document.label(table, row)}: {counted(row.counts[place].value, column)}" for row in known[:most]]
    if len(known) > most:
        said.append(f"and {len(known) - most:,} more")
    said += [f"not known: {counted(row.counts[place].value, column)}" for row in rows if row not in known]
    start = f"{many(len(known), *things)}. " if len(known) > 1 else ""
    return f"{start}{'; '.join(said)}." if said else "Nothing was found."


def _how_sure(document: Document) -> str:
    table = document.table("verdicts")
    unclear = next((row for row in table.rows if row.value == "unclear"), None) if table else None
    doubtful = [
        many(count.value, count.unit.value, HEADS[column].split()[0])
        for column, count in zip(table.columns, unclear.counts, strict=True)
        if count.value
    ] if table and unclear else []  # fmt: skip
    said = (
        "Every figure rests on single messages, and each verdict on the words that led to it: outreach-audit explain"
        " shows them. No name, ethnicity, nationality or language entered a decision."
    )
    if not doubtful:
        return f"No message was left unclear. {said}"
    return f"Unclear, not counted here, and to be looked at by a person: {' and '.join(doubtful)}. {said}"


def _not_read(document: Document) -> str:
    coverage = document.coverage
    aside = coverage.files_skipped
    said = "No message was found in the files."
    if coverage.found:
        said = (
            f"Of {many(coverage.found, 'message', 'messages')} found in"
            f" {many(coverage.files_scanned, 'file', 'files')}, {coverage.unreadable:,} could not be read and"
            f" {coverage.partly_read:,} only in part."
        )
    if aside:
        said += f" {many(aside, 'file', 'files')} {'was' if aside == 1 else 'were'} left aside."
    if coverage.header_only:
        partial = many(coverage.header_only, "message", "messages")
        said += f" Only sender, recipient, subject and time are known of {partial}."
    return said


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
