"""``report``: the tables and files of a ledger again, for a period, or of a result that was written before."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach_audit.cli.options import ConfigFile, PackFolders, configuration
from outreach_audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outreach_audit.report import Document, Format
    from outreach_audit.report.grids import Grid

Day = Annotated[
    datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="First day counted, as 2026-03-01.")
]


def report(  # noqa: PLR0917 - typer reads options from the signature
    ledger: Annotated[Path | None, typer.Option("--ledger", metavar="FILE", help="The ledger.")] = None,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="tally.json", help="Render this result again, not a ledger.")
    ] = None,
    month: Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help="Count one month.")] = None,
    since: Day = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day counted.")] = None,
    tz: Annotated[
        str | None,
        typer.Option("--tz", metavar="ZONE", help="Time zone of days and months, as Asia/Seoul; default: UTC."),
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="en|ko", help="Language; default: English.")] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="text|html|xlsx|csv|md|json",
            help="Format (repeatable); default: text, with --out all others.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write files here, instead of printing.")
    ] = None,
    table: Annotated[
        str | None,
        typer.Option("--table", metavar="NAME", help="One table alone, as month, or published-2024-form."),
    ] = None,
    subjects: Annotated[bool, typer.Option("--subjects", help="Show masked subjects in published-2024-form.")] = False,
    domains: Annotated[bool, typer.Option("--domains", help="Show sender domains in published-2024-form.")] = False,
    publish: Annotated[
        Path | None,
        typer.Option("--publish", metavar="DIR", help="Write what may leave here, small figures withheld."),
    ] = None,
    threshold: Annotated[
        int | None,
        typer.Option("--threshold", min=1, metavar="N", help="Withhold figures from 1 up to below N; default: 5."),
    ] = None,
    with_subjects: Annotated[bool, typer.Option("--with-subjects", help="Publish masked subjects, too.")] = False,
    with_domains: Annotated[
        bool, typer.Option("--with-domains", help="Publish domains and signatures of senders, too.")
    ] = False,
    project_key: Annotated[
        Path | None,
        typer.Option("--project-key", metavar="FILE", help="Publish recipients as pseudonyms under this agreed key."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Publish without asking.")] = False,
    packs: PackFolders = None,
    config: ConfigFile = None,
) -> None:
    """Print or write the tables of a ledger for a period, or of a result that was written before."""
    # what help does not need is imported behind it
    from outreach_audit.report.language import languages  # noqa: PLC0415
    from outreach_audit.report.output import formats_of  # noqa: PLC0415 - as above

    chosen = configuration(config)
    lang = lang or chosen.language
    if lang not in languages():
        raise UsageError(f"--lang {lang}: there are {', '.join(languages())}")
    wanted = formats_of(formats or (), to_folder=bool(out or publish))
    if source and (ledger or month or since or until or tz or packs):
        raise UsageError("--from has its period in it: leave out --ledger, --month, --since, --until, --tz and --pack")
    if publish and (out or table or subjects or domains):
        raise UsageError("--publish stands alone: leave out --out, --table, --subjects and --domains")
    if not publish and (threshold or with_subjects or with_domains or project_key or yes):
        raise UsageError("--threshold, --with-subjects, --with-domains, --project-key, --yes: for --publish DIR alone")
    found = None if source else _existing(ledger or chosen.ledger)
    if found is None:
        assert source is not None
        document = _read(source)
    else:
        days = (_day(since), _day(until))
        asked = subjects or with_subjects
        document = _made(found, month, days, tz or chosen.tz, [*(packs or chosen.packs)], subjects=asked)
    if publish:
        from outreach_audit.cli.publishing import Request, publish_document  # noqa: PLC0415
        from outreach_audit.report.publish import Terms  # noqa: PLC0415

        terms = Terms(threshold or chosen.publish_threshold, subjects=with_subjects, domains=with_domains)
        publish_document(document, Request(publish, terms, wanted, lang, project_key, yes=yes), found)
        return
    _deliver(document, table, wanted, out, lang, subjects=subjects, domains=domains)


def _existing(ledger: Path | None) -> Path:
    if ledger is None:
        raise UsageError("report on what? Name --ledger FILE, or --from tally.json")
    if not ledger.is_file():
        raise UsageError(f"{ledger}: there is no such ledger")
    return ledger


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


def _read(source: Path) -> "Document":
    from outreach_audit.report import read_tally  # noqa: PLC0415 - as above

    return read_tally(source)


def _made(
    ledger: Path,
    month: str | None,
    limits: tuple[date | None, date | None],
    tz: str,
    packs: list[Path],
    *,
    subjects: bool,
) -> "Document":
    from outreach_audit.ledger import Ledger  # noqa: PLC0415 - as above
    from outreach_audit.packs.load import load_packs  # noqa: PLC0415 - as above
    from outreach_audit.report import make_document, names_of  # noqa: PLC0415 - as above

    names = names_of(load_packs(tuple(packs)).knowledge)
    with Ledger.open(ledger, write=False) as store:
        return make_document(
            store, month=month, since=limits[0], until=limits[1], tz=tz, names=names, subjects=subjects
        )


def _deliver(
    document: "Document",
    table: str | None,
    formats: "Sequence[Format]",
    out: Path | None,
    lang: str,
    *,
    subjects: bool,
    domains: bool,
) -> None:
    """Prints, or writes into a folder, the whole document, one table of it, or the named report."""
    from outreach_audit.report import output  # noqa: PLC0415 - as above
    from outreach_audit.report.published import NAME, published_form  # noqa: PLC0415 - as above
    from outreach_audit.report.words import words_of  # noqa: PLC0415 - as above

    if (subjects or domains) and table != NAME:
        raise UsageError(f"--subjects and --domains belong to --table {NAME}")
    grids: tuple[Grid, ...] = ()
    if table == NAME:
        grids = published_form(document, words_of(lang), subjects=subjects, domains=domains)
    elif table:
        document = document.only(table)
    if out:
        written = (
            output.write_named(document, NAME, grids, out, formats=formats, lang=lang)
            if grids
            else output.write_folder(document, out, formats, lang)
        )
        typer.echo(f"written to {out}: {', '.join(written)}", err=True)
    elif formats[0] is output.Format.TEXT:
        _print(document, grids, lang)
    else:
        content = (
            output.named_bytes(document, grids, formats[0], lang)
            if grids
            else output.document_bytes(document, formats[0], lang)
        )
        sys.stdout.buffer.write(content)


def _print(document: "Document", grids: "Sequence[Grid]", lang: str) -> None:
    from rich.console import Console  # noqa: PLC0415 - as above

    from outreach_audit.report.terminal import print_document, print_grids  # noqa: PLC0415 - as above

    if grids:
        print_grids(grids, Console(), lang)
    else:
        print_document(document, Console(), lang)
