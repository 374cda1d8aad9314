"""The documentation says what the program does: every command, option, code and exit code."""

import re
from pathlib import Path

import pytest
import typer.main

from outreach_audit import codes
from outreach_audit.cli import app
from outreach_audit.errors import OutreachAuditError

DOCS = Path(__file__).parents[2] / "docs"
README = Path(__file__).parents[2] / "README.md"


def commands(command=None, path=()):
    command = command or typer.main.get_command(app)
    for name, inner in getattr(command, "commands", {}).items():
        yield (*path, name), inner
        yield from commands(inner, (*path, name))


@pytest.mark.parametrize(
    ("path", "command"), list(commands()), ids=lambda x: " ".join(x) if isinstance(x, tuple) else ""
)
def test_every_command_and_option_is_documented_and_has_help(path, command):
    text = "".join(p.read_text(encoding="utf-8") for p in DOCS.glob("*.md"))
    assert re.search(rf"{path[0]}\b.*\b{path[-1]}\b|outreach-audit {path[0]}", text)
    assert command.help
    missing = [o for p in command.params for o in p.opts if o.startswith("--") and o != "--help" and o not in text]
    assert missing == []
    assert [p.name for p in command.params if not getattr(p, "help", None)] == []


@pytest.mark.parametrize(
    "enum", [codes.Label, codes.Kind, codes.SenderType, codes.Trap, codes.Cue, codes.Folder, codes.Reading, codes.Via]
)
def test_every_code_is_defined(enum):
    text = (DOCS / "definitions.md").read_text(encoding="utf-8")
    assert [c.value for c in enum if f"`{c.value}`" not in text] == []


def test_every_exit_code_is_documented():
    table = (DOCS / "cli.md").read_text(encoding="utf-8")
    documented = {int(n) for n in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)}
    assert {cls.exit_code for cls in [OutreachAuditError, *OutreachAuditError.__subclasses__()]} | {
        0,
        3,
        5,
        10,
        130,
    } <= documented


@pytest.mark.parametrize("page", [README, *sorted(DOCS.glob("*.md"))], ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
