"""``packs``: list, show, check, write and import what the verdicts rest on."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach_audit.cli.options import PackFolders
from outreach_audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.tree import Tree

    from outreach_audit.packs.model import Signal
    from outreach_audit.packs.suppressions import Suppression

app = typer.Typer(help="List, show, check, write and import packs: what the verdicts rest on.", no_args_is_help=True)


@app.command("list")
def list_packs(packs: PackFolders = None) -> None:
    """List the packs in use with version and digest."""
    # what help does not need is imported behind it
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from outreach_audit.packs.load import load_packs  # noqa: PLC0415
    from outreach_audit.report.safe import rich_text  # noqa: PLC0415

    pack = load_packs(packs or ())
    table = Table()
    for column in ("id", "version", "title", "digest"):
        table.add_column(column)
    for info in pack.infos:
        table.add_row(rich_text(info.id), rich_text(info.version), rich_text(info.title), info.digest[:16])
    Console().print(table)
    languages = Counter(p.language or "common" for p in pack.phrases)
    lexicons = ", ".join(f"{name} {count}" for name, count in sorted(languages.items()))
    typer.echo(
        f"{len(pack.signals)} signals, {len(pack.concepts)} concepts, {len(pack.phrases)} phrases ({lexicons}), "
        f"{len(pack.knowledge.organisations)} organisations"
    )


@app.command()
def show(
    what: Annotated[
        str, typer.Argument(metavar="SIGNAL|CONCEPT", help="A signal or concept; nothing for all signals.")
    ] = "",
    packs: PackFolders = None,
) -> None:
    """Show all signals with their weights, or one signal or concept with everything behind it."""
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.tree import Tree  # noqa: PLC0415 - as above

    from outreach_audit.packs.load import load_packs  # noqa: PLC0415 - as above
    from outreach_audit.report.safe import rich_text  # noqa: PLC0415 - as above

    pack = load_packs(packs or ())
    console = Console()
    signal = next((s for s in pack.signals if s.id == what), None)
    if not what:
        table = Table()
        for column in ("signal", "points", "what it means"):
            table.add_column(column, no_wrap=column == "signal")
        for item in sorted(pack.signals, key=lambda s: -s.weight):
            table.add_row(rich_text(item.id), f"{item.weight:+.2f}", rich_text(item.title))
        console.print(table)
    elif signal:
        console.print(_tree(signal))
    elif what in pack.concepts:
        tree = Tree(rich_text(f"{what}: {pack.concepts[what]}"))
        for phrase in pack.phrases:
            if phrase.concept == what:
                tree.add(rich_text(f"{phrase.language or '-':3} {phrase.pattern}"))
        console.print(tree, soft_wrap=True)
    else:
        raise UsageError(f"{what}: no such signal or concept; `outreach-audit packs show` lists them")


def _tree(signal: "Signal") -> "Tree":
    from rich.tree import Tree  # noqa: PLC0415 - as above

    from outreach_audit.report.safe import rich_text  # noqa: PLC0415 - as above

    tree = Tree(rich_text(f"{signal.id} {signal.weight:+.2f}: {signal.title}"))
    for label, groups in (("near each other", signal.near), ("anywhere", signal.message)):
        for group in groups:
            tree.add(rich_text(f"{label}: {' or '.join(sorted(group))}"))
    if signal.of:
        tree.add(rich_text(f"at least {signal.count} of: {', '.join(sorted(signal.of))}"))
    for label, names in (("never with", signal.without), ("not near", signal.without_near)):
        if names:
            tree.add(rich_text(f"{label}: {', '.join(sorted(names))}"))
    for example in signal.examples:
        tree.add(rich_text(("must hit: " if example.hit else "must miss: ") + example.text))
    for reference in signal.references:
        tree.add(rich_text(reference))
    tree.add(rich_text(signal.place))
    return tree


@app.command()
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", help="Pack folders and files of watchlists; none for the core pack."),
    ] = None,
    ledger: Annotated[
        Path | None,
        typer.Option("--ledger", metavar="FILE", help="Tell which suppressions cover no finding of this ledger."),
    ] = None,
) -> None:
    """Check packs and watchlists: every fault with file:line, every example run; remarks on what is hardly meant.

    Faults end with exit code 4. Remarks go to standard error and change nothing.
    """
    from outreach_audit.packs.check import check_packs  # noqa: PLC0415 - as above

    checked = check_packs(paths or ())
    pack = checked.pack
    remarks = [*checked.remarks, *_suppression_remarks(pack.suppressions, ledger)]
    for remark in remarks:
        typer.echo(f"outreach-audit: {remark}", err=True)
    more = "".join(
        f", {number} {name}"
        for number, name in ((len(pack.suppressions), "suppressions"), (checked.indicators, "indicators"))
        if number
    )
    typer.echo(
        f"{pack.label}: {len(pack.signals)} signals, {len(pack.phrases)} phrases, {checked.examples} examples{more}: "
        f"no fault found{f', {len(remarks)} remarks' if remarks else ''}"
    )


def _suppression_remarks(suppressions: "Sequence[Suppression]", ledger: Path | None) -> list[str]:
    """What has expired, and what covers nothing in a ledger."""
    from datetime import UTC, datetime  # noqa: PLC0415 - as above

    from outreach_audit.ledger import Ledger  # noqa: PLC0415 - as above
    from outreach_audit.run.marks import suppress  # noqa: PLC0415 - as above

    today = datetime.now(UTC).date()
    told = [f"{s.place}: {s.what}: expired on {s.expires}" for s in suppressions if not s.applies(today)]
    if ledger is not None:
        if not ledger.is_file():
            raise UsageError(f"{ledger}: there is no such ledger")
        with Ledger.open(ledger, write=False) as store:
            unused = suppress(store, suppressions, today, write=False).unused
        told += [f"{s.place}: {s.what}: covers no finding of {ledger}" for s in unused]
    return told


@app.command()
def watchlist(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Collected mail, and folders of it.")],
    name: Annotated[str, typer.Option("--id", metavar="ID", help="Id of the watchlist.")] = "watchlist",
) -> None:
    """Write a watchlist of the templates of collected mail, as TOML, to standard output."""
    from outreach_audit.mail.attachments import ChildReader  # noqa: PLC0415 - as above
    from outreach_audit.report.safe import safe  # noqa: PLC0415 - as above
    from outreach_audit.run.collect import collect  # noqa: PLC0415 - as above

    with ChildReader() as reader:
        made = collect(paths, name, reader)
    for remark in made.remarks:
        typer.echo(f"outreach-audit: {safe(remark)}", err=True)
    if not made.templates:
        raise UsageError("no template was found in this mail: nothing was written")
    typer.echo(made.toml, nl=False)
    typer.echo(f"outreach-audit: {made.templates} templates; add validity and references, then packs check", err=True)


@app.command()
def new(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")]) -> None:
    """Write a small commented pack that `packs check` accepts: the start of one of your own."""
    from outreach_audit.packs.new import new_pack  # noqa: PLC0415 - as above

    written = new_pack(folder)
    for path in written:
        typer.echo(str(path))
    typer.echo(f"change what is in them, then: outreach-audit packs check {folder}")


importing = typer.Typer(help="Make packs of public registries.", no_args_is_help=True)
app.add_typer(importing, name="import")


@importing.command()
def ror(
    dump: Annotated[
        Path, typer.Argument(metavar="DUMP.zip", help="The registry's data dump, schema 2, as downloaded.")
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The pack folder: new, empty, or an earlier import.")
    ],
    countries: Annotated[
        list[str] | None,
        typer.Option("--country", metavar="CC", help="Only organisations of this country (repeatable); default: all."),
    ] = None,
) -> None:
    """Make a pack of organisations and their domains from the Research Organization Registry (ror.org)."""
    from outreach_audit.packs.ror import import_ror  # noqa: PLC0415 - as above

    made = import_ror(dump, out, frozenset(code.upper() for code in countries or ()))
    typer.echo(
        f"{made.records} records of {made.version}: {made.organisations} organisations of {made.countries} countries "
        f"with {made.domains} domains, in {out}; use it with --pack {out}"
    )
