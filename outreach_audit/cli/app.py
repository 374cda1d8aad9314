"""The program as a whole: its commands, and how errors become one line and an exit code (docs/cli.md)."""

import os
import sys
import traceback
from typing import Annotated

import typer

from outreach_audit import __version__
from outreach_audit.cli import evaluate, explain, ledger, packs, scan
from outreach_audit.errors import OutreachAuditError, UsageError

INTERRUPTED = 130
# Typer brings Click with it, under a name that depends on its version; errors of usage are told apart by their base.
_ClickError: type[Exception] = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")

app = typer.Typer(
    name="outreach-audit",
    help="Who from abroad approached our researchers, how often, and with what offer? Reads exported mail, offline.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("scan")(scan.scan)
app.command("explain")(explain.explain)
app.command("evaluate")(evaluate.evaluate)
app.add_typer(packs.app, name="packs")
app.add_typer(ledger.app, name="ledger")


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
