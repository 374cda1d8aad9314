"""``packs``: list, show, check, write and import what the verdicts rest on."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.tree import Tree

from outreach_audit.cli.options import PackFolders
from outreach_audit.errors import UsageError
from outreach_audit.packs.check import check_packs
from outreach_audit.packs.load import load_packs
from outreach_audit.packs.model import Signal
from outreach_audit.packs.new import new_pack
from outreach_audit.packs.ror import import_ror
from outreach_audit.report.safe import rich_text

app = typer.Typer(
    help="List, show, check, write and import packs: the knowledge that the verdicts rest on.", no_args_is_help=True
)


@app.command("list")
def list_packs(packs: PackFolders = None) -> None:
    """List the packs in use with version and digest."""
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


def _tree(signal: Signal) -> Tree:
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
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="DIR...", help="Pack folders; none for the core pack.")
    ] = None,
) -> None:
    """Check packs: every fault with file:line, every example run; remarks on what is probably not meant.

    Faults end with exit code 4. Remarks go to standard error and change nothing.
    """
    checked = check_packs(folders or ())
    for remark in checked.remarks:
        typer.echo(f"outreach-audit: {remark}", err=True)
    pack, remarks = checked.pack, len(checked.remarks)
    typer.echo(
        f"{pack.label}: {len(pack.signals)} signals, {len(pack.phrases)} phrases, {checked.examples} examples: "
        f"no fault found{f', {remarks} remarks' if remarks else ''}"
    )


@app.command()
def new(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")]) -> None:
    """Write a small commented pack that `packs check` accepts: the start of one of your own."""
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
    made = import_ror(dump, out, frozenset(code.upper() for code in countries or ()))
    typer.echo(
        f"{made.records} records of {made.version}: {made.organisations} organisations of {made.countries} countries "
        f"with {made.domains} domains, in {out}; use it with --pack {out}"
    )
