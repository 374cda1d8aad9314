"""The man page, made of the same texts as ``--help``: python tools/man_page.py > outreach-audit.1 ."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from outreach_audit import __version__
from outreach_audit.cli import app

NAME = "outreach-audit"
EXIT_CODES = Path(__file__).parents[1] / "docs" / "cli.md"


def page() -> str:
    """The page in roff (man(7))."""
    program = typer.main.get_command(app)
    return "\n".join(
        [
            f'.TH OUTREACH-AUDIT 1 "" "{NAME} {__version__}" "User Commands"',
            ".ad l",
            ".SH NAME",
            rf"{roff(NAME)} \- audit exported mailboxes for recruitment approaches from abroad",
            ".SH SYNOPSIS",
            rf".B {roff(NAME)}",
            r".I COMMAND",
            r"[\fIOPTION\fR]...",
            ".SH DESCRIPTION",
            roff(program.help),
            ".SH COMMANDS",
            *(line for name, command in commands(program) for line in section(name, command)),
            ".SH EXIT STATUS",
            *(line for code, meaning in exit_codes() for line in (".TP", f".B {code}", roff(meaning))),
            "",
        ]
    )


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - Click's, by Typer
    """Every command with its full name, in the order of ``--help``."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def section(name: str, command: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    """One command: its usage, what it does, its arguments and options, as its help tells them."""
    context = command.context_class(command)
    yield f".SS {roff(' '.join((name, *command.collect_usage_pieces(context))))}"
    yield roff(" ".join((command.help or "").split()))
    for parameter in command.params:
        named, told = parameter.get_help_record(context)
        yield from (".TP", rf"\fB{roff(named)}\fR", roff(told))


def exit_codes() -> list[tuple[str, str]]:
    """The table of docs/cli.md."""
    text = EXIT_CODES.read_text(encoding="utf-8")
    return [(code, told.replace("`", "")) for code, told in re.findall(r"^\| (\d+) \| (.*) \|$", text, re.MULTILINE)]


def roff(text: str) -> str:
    """Text in which nothing is a request or an escape."""
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq")
    return rf"\&{text}" if text.startswith(".") else text


if __name__ == "__main__":
    sys.stdout.write(page())
