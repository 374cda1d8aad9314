"""The program as a whole: its commands, and how errors become one line and an exit code (docs/cli.md)."""

import gc
import os
import sys
import traceback
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
import typer.main
from typer.core import TyperGroup

from outreach_audit import __version__
from outreach_audit.errors import OutreachAuditError, UsageError

INTERRUPTED = 130
_OBJECTS_BETWEEN_COLLECTIONS = 100_000
# Typer brings Click with it, under a name that depends on its version; errors of usage are told apart by their base.
_ClickError: type[Exception] = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")


class Command(NamedTuple):
    """One command: ``target`` is ``module:name`` of a function or of a Typer app, imported when it is called."""

    name: str
    target: str
    help: str


COMMANDS = (
    Command("scan", "scan:scan", "Read mailboxes, judge every message, print the tables, write the tallies."),
    Command(
        "run", "run:run", "Scan the mailboxes of the configuration and write the report of a month: what cron calls."
    ),
    Command(
        "report",
        "report:report",
        "Print or write the tables of a ledger for a period, or of a result that was written before.",
    ),
    Command("explain", "explain:explain", "Tell why one message was judged as it was."),
    Command("review", "review:review", "Look at campaigns, or at a random sample, and confirm or reject them."),
    Command(
        "replay",
        "replay:replay",
        "Judge anew, by the packs as they are now, what a ledger keeps: list every changed verdict and why.",
    ),
    Command("verify", "verify:verify", "Recompute a tally and name each figure that differs."),
    Command(
        "merge",
        "merge:merge",
        "Merge published tallies: what may be added is added, the rest stands side by side or is refused, with why.",
    ),
    Command("evaluate", "evaluate:evaluate", "Measure the verdicts against labelled mail."),
    Command("packs", "packs:app", "List, show, check, write and import packs: what the verdicts rest on."),
    Command("ledger", "ledger:app", "Tell what a ledger holds, copy it, and forget what must not be kept."),
    Command("init", "init:init", "Write a commented configuration, and the key of the pseudonyms beside it."),
    Command("doctor", "doctor:doctor", "Check everything that a run needs, and say how to mend what is not well."),
)


class _Commands(Mapping[str, Any]):
    """Click commands by name, each made when it is first asked for: a module costs nothing until it is called."""

    def __init__(self) -> None:
        self._rows = {row.name: row for row in COMMANDS}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a Click command, whose module depends on Typer's version
        return _made(self._rows[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


@cache
def _made(row: Command) -> Any:  # noqa: ANN401 - as above
    """The Click command of a row."""
    module, _, name = row.target.partition(":")
    target = getattr(import_module(f"outreach_audit.cli.{module}"), name)
    group = typer.Typer(add_completion=False, rich_markup_mode=None)
    group.callback()(lambda: None)
    if isinstance(target, typer.Typer):
        group.add_typer(target, name=row.name)
    else:
        group.command(row.name)(target)
    return typer.main.get_group(group).commands[row.name]


class _Program(TyperGroup):
    """The group of all commands; its help is written from the table."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - Typer's own
        super().__init__(**attributes)
        self.commands = _Commands()  # type: ignore[assignment]  # nothing is added to it

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - Click's context
        """The names, in the order of the table."""
        return list(self.commands)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - Click's own
        """Write name and help of each."""
        with formatter.section("Commands"):
            formatter.write_dl([(row.name, row.help) for row in COMMANDS])


app = typer.Typer(
    name="outreach-audit",
    cls=_Program,
    help="Who from abroad approached our researchers, how often, and with what offer? Reads exported mail, offline.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"outreach-audit {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options of the program itself."""


def main() -> None:
    """Run the program and exit with the code of docs/cli.md."""
    verbose = "--verbose" in sys.argv
    # packs are hundreds of thousands of small objects that stay: to look for garbage among them while they are
    # loaded took half of the time
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    try:
        code = app(standalone_mode=False)
    except OutreachAuditError as error:
        _say(str(error))
        _trace(verbose=verbose)
        sys.exit(error.exit_code)
    except _ClickError as error:
        error.show()  # type: ignore[attr-defined]  # what every Click error has
        sys.exit(UsageError.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        _say("interrupted; what was finished is kept")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone; a second error at shutdown would hide that.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _say(f"{error.filename or 'the system'}: {error.strerror or error}")
        _trace(verbose=verbose)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _say(text: str) -> None:
    sys.stderr.write(f"outreach-audit: {text}\n")


def _trace(*, verbose: bool) -> None:
    if verbose:
        sys.stderr.write(traceback.format_exc())
