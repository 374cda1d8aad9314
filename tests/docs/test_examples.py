"""Every command of the tutorials works as it stands there: each page is followed from its first line to its last."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TUTORIALS = sorted((ROOT / "docs").glob("tutorial-*.md"))


def commands(page):
    """The lines of the page that begin with ``$``, in its console blocks, in order."""
    blocks = re.findall(r"^```console\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_the_commands_of_a_tutorial_work(page, tmp_path):
    (tmp_path / "sample_mailboxes").symlink_to(ROOT / "sample_mailboxes")
    program = tmp_path / "bin" / "outreach-audit"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m outreach_audit "$@"\n')
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    lines = commands(page)
    assert lines
    for line in lines:
        done = subprocess.run(  # the lines are those of our own pages
            ["/bin/sh", "-c", line], cwd=tmp_path, env=environment, capture_output=True, timeout=240, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stderr.decode()[-2000:]}"
