"""``init``: write a configuration to start from."""

from pathlib import Path
from typing import Annotated

import typer


def init(
    where: Annotated[
        Path, typer.Argument(metavar="[DIR|FILE]", help="Where to; default: outreach-audit.toml in this directory.")
    ] = Path(),
) -> None:
    """Write a commented configuration, and the key of the pseudonyms beside it; nothing is ever overwritten."""
    from outreach_audit.config.new import write_new  # noqa: PLC0415 - what help does not need is imported behind it

    path, key = write_new(where)
    named = "" if path == Path(path.name) else f" --config {path}"
    typer.echo(f"{path}: the configuration; name the institute and its mailboxes in it")
    typer.echo(f"{key}: the key of the pseudonyms, for its owner alone; keep it, and a backup")
    typer.echo(f"then: outreach-audit doctor{named}, and every month: outreach-audit run{named}")
