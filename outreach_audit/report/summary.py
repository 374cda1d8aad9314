"""The result in plain sentences: what a reader asks first, answered from the figures of the document."""

from collections.abc import Iterable
from dataclasses import dataclass

from outreach_audit.report.document import Document
from outreach_audit.report.vocabulary import N_, WITHHELD
from outreach_audit.report.words import Words
from outreach_audit.tally import Column, Count, Row, Section, Table
from outreach_audit.tally.details import Campaign

TOTALS = N_("Totals are counted anew over the whole, not summed: who was approached in two months is one recipient.")
"""Why a total is not the sum of its rows; to be said under every set of tables."""

_NAMED = 4
_INSTITUTES_NAMED = 5
_NO_VALUE = frozenset({"not_known", "undated", "ZZ"})
_IN_ORDER = frozenset({"month", "verdict", "reading"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and its answer: a sentence, the leading values with their figures, and what is left to say."""

    question: str
    lead: str
    items: tuple[tuple[str, str], ...] = ()
    rest: str = ""

    @property
    def answer(self) -> str:
        """The answer as running text."""
        listed = "; ".join(f"{label}: {figure}" for label, figure in self.items)
        return " ".join(filter(None, [self.lead, f"{listed}." if listed else "", self.rest]))


def answers(document: Document, words: Words) -> tuple[Answer, ...]:
    """The questions that everyone asks, with their answers: foreign approaches, unless an answer says otherwise."""
    found = (
        Answer(words.t("How many?"), _how_many(document, words)),
        _approached(document, words),
        _who_wrote(document, words),
        _where(document, words),
        _what(document, words),
        Answer(words.t("What changed?"), _what_changed(document, words)),
        Answer(words.t("How sure is this?"), _how_sure(document, words)),
        Answer(words.t("What was not read?"), _not_read(document, words)),
    )
    return tuple(answer for answer in found if answer.answer)


def totals(document: Document, section: Section = Section.FOREIGN) -> dict[Column, Count]:
    """The totals of approaches of a section over the whole document; empty where the section is."""
    table = document.table("institute")
    total = _total(table, section) if table else None
    return dict(zip(table.columns, total.counts, strict=True)) if table and total else {}


def changes(document: Document) -> dict[Column, int]:
    """By how much the foreign totals changed against the period before; empty where that cannot be told."""
    table = document.table("institute")
    total = _total(table, Section.FOREIGN) if table else None
    change = document.change(table, total) if table and total else None
    return dict(zip(table.columns, change, strict=True)) if table and change else {}


def ranked(table: Table, section: Section) -> list[Row]:
    """The rows of a section, the largest figures first; those with an order of their own (months) stay in it.

    Withheld figures stand last, in the order of their codes: any other would tell something of them.
    """
    rows = [row for row in table.rows if row.section is section]
    if table.dimension in _IN_ORDER:
        return rows
    return sorted(rows, key=lambda row: ([-(count.value or 0) for count in row.counts], row.value))


def campaign_name(document: Document, campaign: Campaign, words: Words) -> str:
    """What a campaign is called: who signs or is named, what is offered, where it leads."""
    who = next(iter((*campaign.sponsors, *campaign.senders, *campaign.domains)), campaign.id[:8])
    kind = words.label("kind", next(iter(campaign.kinds), "not_known"), {})
    country = words.country(next(iter(campaign.countries), "ZZ"), document.names)
    country = words.label("dest_country", country, {}) if country in _NO_VALUE else country
    return words.t("{who}: {kind}, {country}", who=who, kind=kind, country=country)


def row_label(document: Document, table: Table, row: Row, words: Words) -> str:
    """What a row of a table is called."""
    if table.dimension == "campaign" and (campaign := document.campaign(row)):
        return campaign_name(document, campaign, words)
    return words.label(table.dimension, row.value, document.names)


def what_changed(document: Document, table: Table, words: Words) -> str:
    """The totals of foreign approaches (else of all) against the period before, in a sentence; ``''`` where unknown."""
    total = _total(table, Section.FOREIGN) or _total(table, Section.ALL)
    change = document.change(table, total) if total else None
    if total is None or change is None or document.before is None:
        return ""
    said = (
        f"{words.head(column)} {words.figure(count)} ({words.change(difference)})"
        for column, count, difference in zip(table.columns, total.counts, change, strict=True)
    )
    return words.t(
        "Against {since} to {until}: {figures}.",
        since=document.before.since,
        until=document.before.until,
        figures=", ".join(said),
    )


def compared(table: Table) -> int:
    """The place of the one column whose change stands in the table: approaches where it has them."""
    return table.columns.index(Column.APPROACHES) if Column.APPROACHES in table.columns else 0


def definitions(document: Document, words: Words) -> list[tuple[str, str]]:
    """The columns and sections that occur, each with what it means."""
    columns = {column for table in document.tables for column in table.columns}
    sections = {row.section for table in document.tables for row in table.totals} - {Section.ALL}
    return [
        *((words.head(column), words.meaning(column)) for column in Column if column in columns),
        *((words.section(section), words.section_meaning(section)) for section in Section if section in sections),
    ]


def skipped_lines(document: Document, words: Words) -> list[str]:
    """For how many files each reason holds why nothing was read from them."""
    return [
        words.n("{n} file skipped: {reason}", "{n} files skipped: {reason}", number, reason=reason)
        for reason, number in document.skipped.items()
    ]


def _total(table: Table, section: Section) -> Row | None:
    return next((row for row in table.totals if row.section is section), None)


def _how_many(document: Document, words: Words) -> str:
    total = totals(document)
    said = [words.t("No approach from abroad was found in the mailboxes.")]
    if total and total[Column.DELIVERIES].value != 0:
        named = {column.value: words.said(count) for column, count in total.items()}
        said = [
            words.t(
                "{recipients} (persons) received {messages} from abroad in {deliveries}. Reminders and second copies"
                " aside, these are {approaches} in {campaigns}.",
                **named,
            )
        ]
    if total and (reports := total[Column.REPORTS]).value != 0:
        said.append(
            words.n_of(
                "{n} approach more is known only from reports by staff.",
                "{n} approaches more are known only from reports by staff.",
                reports,
            )
        )
    said += [
        words.t(message, approaches=words.said(count))
        for section, message in (
            (Section.DOMESTIC, N_("Counted apart: {approaches} by organisations of the home country.")),
            (Section.UNDETERMINED, N_("Counted apart: {approaches} of undetermined country.")),
        )
        if (found := totals(document, section)) and (count := found[Column.APPROACHES]).value != 0
    ]
    return " ".join(said)


def _approached(document: Document, words: Words) -> Answer:
    items, number = _leading(document, words, "institute", Column.RECIPIENTS, most=_INSTITUTES_NAMED)
    lead = words.n("{n} institute.", "{n} institutes.", number)
    return _list(words.t("Who was approached?"), lead if number > 1 else "", items, words)


def _who_wrote(document: Document, words: Words) -> Answer:
    items, number = _leading(document, words, "campaign", Column.RECIPIENTS)
    lead = words.n("{n} campaign.", "{n} campaigns.", number)
    if document.publication and (total := totals(document)):  # not all of them are listed
        lead = f"{words.said(total[Column.CAMPAIGNS])}."
    table = document.table("sender_domain")
    domains = {row.value for row in table.rows if row.section is Section.FOREIGN} - _NO_VALUE if table else set()
    rest = words.n("They wrote from {n} domain.", "They wrote from {n} domains.", len(domains)) if domains else ""
    return _list(words.t("Who wrote?"), lead if number > 1 else "", items, words, rest)


def _where(document: Document, words: Words) -> Answer:
    items, number = _leading(document, words, "country", Column.APPROACHES)
    lead = words.n("{n} country.", "{n} countries.", number)
    return _list(words.t("Where do the offers lead?"), lead if number > 1 else "", items, words)


def _what(document: Document, words: Words) -> Answer:
    items, number = _leading(document, words, "kind", Column.APPROACHES)
    lead = words.n("{n} kind of offer.", "{n} kinds of offer.", number)
    return _list(words.t("What was offered?"), lead if number > 1 else "", items, words)


def _list(question: str, lead: str, items: list[tuple[str, str]], words: Words, rest: str = "") -> Answer:
    return Answer(question, lead if items else words.t("Nothing was found."), tuple(items), rest)


def _leading(
    document: Document, words: Words, name: str, column: Column, *, most: int = _NAMED
) -> tuple[list[tuple[str, str]], int]:
    """The values with the largest figures of one table, the others and the unknown; how many are known."""
    table = document.table(name)
    if table is None:
        return [], 0
    place = table.columns.index(column)
    rows = [row for row in ranked(table, Section.FOREIGN) if row.counts[place].value != 0]
    rows.sort(key=lambda row: -(row.counts[place].value or 0))
    known = [row for row in rows if row.value not in _NO_VALUE]
    told = [row for row in known if row.counts[place].value is not None]

    def figure(row: Row) -> str:
        return words.said(row.counts[place])

    said = [(row_label(document, table, row, words), figure(row)) for row in told[:most]]
    if (more := len(known) - len(said)) > 0:
        # nothing is said of the size of those that are not told, or told as lower bounds
        sure = len(told) == len(known) and not any(row.counts[place].withheld for row in told[most:])
        least = words.t("at most {figure} each", figure=figure(told[most])) if sure else WITHHELD
        said.append((words.t("{n} more", n=words.number(more)), least))
    said += [(words.t("not known"), figure(row)) for row in rows if row not in known]
    return said, len(known)


def _what_changed(document: Document, words: Words) -> str:
    table = document.table("institute")
    return what_changed(document, table, words) if table else ""


def estimated(columns: Iterable[Column], row: Row, words: Words) -> str:
    """What was found, estimated and reviewed of each figure of a row that has an interval; empty where none has."""
    return "; ".join(
        words.t(
            "{column}: {value} found, {low} to {high} estimated, {reviewed} reviewed",
            column=words.head(column),
            value=words.figure(count),
            low=words.number(count.interval[0]),
            high=words.number(count.interval[1]),
            reviewed=words.number(count.reviewed or 0),
        )
        for column, count in zip(columns, row.counts, strict=True)
        if count.interval
    )


def _how_sure(document: Document, words: Words) -> str:
    table = document.table("verdicts")
    unclear = next((row for row in table.rows if row.value == "unclear"), None) if table else None
    doubtful = [words.said(count) for count in unclear.counts if count.value != 0] if unclear else []
    institutes = document.table("institute")
    total = _total(institutes, Section.FOREIGN) if institutes else None
    known = estimated(institutes.columns, total, words) if institutes and total else ""
    said = [f"{known}."] if known else []
    if not doubtful:
        said.append(words.t("No message was left unclear."))
    if doubtful:
        said += [
            words.t(
                "Unclear, not counted here, and to be looked at by a person: {figures}.", figures=", ".join(doubtful)
            )
        ]
    grades = {part.value: part.count for part in document.grades}
    if grades:
        whole = sum(count.known for count in grades.values())
        strong = grades["strong"].known if "strong" in grades else 0
        said.append(
            words.t(
                "The country rests on firm ground (a programme or organisation named in the offer, or the domain of the"
                " institution that sends it) for {strong} of {whole}, on weaker signs for the others.",
                strong=words.number(strong),
                whole=words.counted(whole, next(iter(grades.values())).unit),
            )
        )
    said.append(
        words.t(
            "Each verdict rests on words of the message, which outreach-audit explain shows. No name, ethnicity,"
            " nationality or language entered a decision."
        )
    )
    return " ".join(said)


def _not_read(document: Document, words: Words) -> str:
    coverage = document.coverage
    if not coverage.found:
        said = [words.t("No message was found in the files.")]
    else:
        said = [
            words.t(
                "Of {messages} found in {files}, {unreadable} could not be read and {partly} only in part.",
                messages=words.n("{n} message", "{n} messages", coverage.found),
                files=words.n("{n} file", "{n} files", coverage.files_scanned),
                unreadable=words.number(coverage.unreadable),
                partly=words.number(coverage.partly_read),
            )
        ]
        if coverage.since or coverage.until:
            said.append(words.t("These are of all dates."))
    if aside := coverage.files_skipped:
        said.append(
            words.n(
                "{n} file held no mail that could be read and was left aside.",
                "{n} files held no mail that could be read and were left aside.",
                aside,
            )
        )
    if coverage.header_only:
        said.append(
            words.n(
                "Only sender, recipient, subject and time are known of {n} message.",
                "Only sender, recipient, subject and time are known of {n} messages.",
                coverage.header_only,
            )
        )
    said.append(_folders(document, words))
    return " ".join(said)


def _folders(document: Document, words: Words) -> str:
    """Which folders were and were not among the files: what lay in spam or quarantine counts only where it was read."""
    read = set(document.coverage.folders)
    missing = [folder for folder in ("inbox", "spam", "quarantine", "reports") if folder not in read]
    if not missing:
        return words.t("Inbox, spam, quarantine and reports by staff were all among the files.")
    return words.t(
        "No file was from these folders: {folders}.",
        folders=", ".join(words.label("folder", folder, {}) for folder in missing),
    )
