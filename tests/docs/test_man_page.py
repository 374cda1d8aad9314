"""The man page tells what ``--help`` tells; the shell completes commands and options."""

import os
import shutil
import subprocess
import sys

import pytest
import typer.main

from outreach_audit.cli import app
from tools.man_page import commands, page


def test_every_command_and_option_is_in_the_page():
    text = page().replace("\\-", "-").replace("\\(aq", "'")
    for name, command in commands(typer.main.get_command(app)):
        assert f".SS {name} " in text
        for option in (o for p in command.params for o in p.opts if o.startswith("--")):
            assert option in text
    assert ".B 130" in text


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not here")
def test_roff_finds_no_fault_in_it():
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-Kutf8", "-P-cbou"], input=page(), capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stderr == ""
    assert "doctor" in done.stdout


@pytest.mark.parametrize(
    ("typed", "expected"), [("outreach-audit doc", "doctor"), ("outreach-audit run --mo", "--month")]
)
def test_the_shell_completes(typed, expected):
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    environment = {**os.environ, **words, "_OUTREACH_AUDIT_COMPLETE": "complete_bash"}
    code = "import sys; sys.argv[0] = 'outreach-audit'; from outreach_audit.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert expected in done.stdout.split()
