"""Tables as plain grids of texts and numbers: what Markdown, spreadsheets and the wide summary are made of."""

from collections.abc import Iterator
from dataclasses import dataclass

from outreach_audit.report.document import Document
from outreach_audit.report.summary import ranked, row_label, what_changed
from outreach_audit.report.vocabulary import AT_LEAST, WITHHELD
from outreach_audit.report.words import Words
from outreach_audit.tally import Column, Count, Row, Section, Table
from outreach_audit.tally.details import Campaign

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its cells, and whether it is the total of a section."""

    cells: tuple[Value, ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid under a title; ``notes`` are the sentences to be shown with it."""

    name: str
    title: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()


def grid(document: Document, table: Table, words: Words) -> Grid:
    """A table with section and code of each row in columns of their own, and the changes behind the figures."""
    compared = any(document.change(table, row) is not None for row in (*table.rows, *table.totals))
    uncertain = uncertain_columns(table)

    def heads() -> Iterator[str]:
        yield from (words.t("section"), words.dimension(table.dimension), words.t("code"))
        for column in table.columns:
            yield words.head(column)
            if column in uncertain:
                yield words.t("{column}, lowest", column=words.head(column))
                yield words.t("{column}, highest", column=words.head(column))
        if compared:
            yield from (words.t("{column}, change", column=words.head(column)) for column in table.columns)

    def cells(row: Row, label: str) -> Iterator[Value]:
        yield from (words.section(row.section), label, row.value)
        for column, count in zip(table.columns, row.counts, strict=True):
            yield value_of(count, words)
            if column in uncertain:
                yield from count.interval or (None, None)
        if compared:
            yield from document.change(table, row) or (None,) * len(table.columns)

    lines: list[Line] = []
    for total in table.totals:
        rows = ranked(table, total.section)
        lines += [Line(tuple(cells(row, row_label(document, table, row, words)))) for row in rows]
        lines.append(Line(tuple(cells(total, words.total(total.section))), total=True))
    return Grid(table.name, words.t(table.title), tuple(heads()), tuple(lines), about(document, table, words))


def value_of(count: Count, words: Words) -> Value:
    """A figure as a cell: a number, but a text where it is withheld or a lower bound."""
    return count.value if count.value is not None and not count.withheld else words.figure(count)


def uncertain_columns(table: Table) -> frozenset[Column]:
    """The columns in which a figure has an interval."""
    return frozenset(
        column
        for row in (*table.rows, *table.totals)
        for column, count in zip(table.columns, row.counts, strict=True)
        if count.interval is not None
    )


def about(document: Document, table: Table, words: Words) -> tuple[str, ...]:
    """What every table carries: its units with their definitions, notes, what changed, and what it rests on."""
    defined = "; ".join(f"{words.head(column)}: {words.short_meaning(column)}" for column in table.columns)
    changed = what_changed(document, table, words)
    return (
        f"{defined}.",
        *(words.note(note) for note in table.notes),
        *filter(None, [withheld_note(document, table, words), changed]),
        words.coverage_brief(table.coverage),
    )


def withheld_note(document: Document, table: Table, words: Words) -> str:
    """What the marks of withheld figures and lower bounds mean; ``''`` where a table has none."""
    counts = [count for row in (*table.rows, *table.totals) for count in row.counts]
    said = []
    if document.publication and any(count.value is None for count in counts):
        said.append(
            words.t(
                "{mark}: withheld, because it is under {threshold}, or because a figure under {threshold} could be"
                " computed from it; which of the two is not told.",
                mark=WITHHELD,
                threshold=words.number(document.publication.threshold),
            )
        )
    if any(count.withheld for count in counts):
        most = max(count.withheld for count in counts)
        said.append(
            words.n(
                "{mark}: at least; {n} institute withheld its figure.",
                "{mark}: at least; up to {n} institutes withheld theirs.",
                most,
                mark=AT_LEAST.strip(),
            )
        )
    return " ".join(said)


def campaign_grid(document: Document, table: Table, words: Words) -> Grid:
    """The campaigns, with what is known of each behind its figures."""
    plain = grid(document, table, words)
    ids = plain.heads.index(words.t("code"))
    found = {(words.section(one.section), one.id): one for one in document.campaigns}

    def cells(line: Line) -> tuple[Value, ...]:
        campaign = found.get((str(line.cells[0]), str(line.cells[ids])))
        return (*line.cells, *campaign_cells(document, campaign, words))

    heads = (
        *(words.t("first day"), words.t("last day"), words.t("named in the text"), words.t("signed by")),
        *(words.t("kind of sender"), words.t("destination"), words.t("kind of offer"), words.t("sender domains")),
        words.t("recipients by institute"),
    )
    lines = tuple(Line(cells(line), line.total) for line in plain.lines)
    return Grid(plain.name, plain.title, (*plain.heads, *heads), lines, plain.notes)


def campaign_cells(document: Document, campaign: Campaign | None, words: Words) -> tuple[Value, ...]:
    """What is known of a campaign beside its figures, in the order of the heads of `campaign_grid`."""
    if campaign is None:
        return (None,) * 9
    return (
        str(campaign.first or ""),
        str(campaign.last or ""),
        "; ".join(campaign.sponsors),
        "; ".join(campaign.senders),
        "; ".join(words.label("sender_type", value, {}) for value in campaign.sender_types),
        "; ".join(words.label("dest_country", value, document.names) for value in campaign.countries),
        "; ".join(words.label("kind", value, {}) for value in campaign.kinds),
        domains(campaign, words),
        "; ".join(
            f"{words.label('institute', part.value or 'not_known', document.names)}: {words.figure(part.count)}"
            for part in campaign.institutes
        ),
    )


def domains(campaign: Campaign, words: Words) -> str:
    """The most frequent sender domains of a campaign, and how many more there are."""
    more = campaign.domain_count - len(campaign.domains)
    said = [*campaign.domains, *([words.t("and {n} more", n=words.number(more))] if more else [])]
    return "; ".join(said)


def wide(document: Document, words: Words) -> tuple[list[str], list[list[Value]]]:
    """One row for each institute with every figure of every section, and of the parts of its foreign approaches.

    The heads are codes: ``foreign_deliveries``, ``destination_CN_approaches``, ``folder_spam_deliveries``.
    """
    table = document.table("institute")
    if table is None:
        return [], []
    sections = [section for section in Section if section is not Section.ALL]
    found = {(row.section, row.value): row for row in table.rows}
    parts = {
        (one.id or "not_known", f"{kind}_{part.value}_{unit}"): value_of(part.count, words)
        for one in document.institutes
        for kind, unit, members in (
            ("destination", "approaches", one.destinations),
            ("folder", "deliveries", one.folders),
        )
        for part in members
    }
    figures = [(section, place) for section in sections for place in range(len(table.columns))]
    more = sorted({name for _, name in parts})
    heads = ["institute", "name", *(f"{section}_{table.columns[place]}" for section, place in figures), *more]

    def value(section: Section, key: str, place: int) -> Value:
        row = found.get((section, key))
        return value_of(row.counts[place], words) if row else 0

    rows: list[list[Value]] = [
        [
            *(key, document.names.get(key, key)),
            *(value(section, key, place) for section, place in figures),
            *(parts.get((key, name), 0) for name in more),
            table.coverage.line(),
        ]
        for key in sorted({row.value for row in table.rows})
    ]
    return [*heads, "coverage"], rows
