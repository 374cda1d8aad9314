"""The main job: a scan of the sample mailboxes gives the published figures, and every figure of the manifest."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.samples.compare import PUBLISHED, differences, figures_of_scan

SAMPLES = Path(__file__).parents[2] / "sample_mailboxes"


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    out = tmp_path_factory.mktemp("report")
    command = [
        sys.executable,
        "-m",
        "outreach_audit",
        "scan",
        str(SAMPLES),
        "--tz",
        "Asia/Seoul",
        "--out",
        str(out),
        "--quiet",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"})
    assert done.returncode == 0, done.stderr
    return out / "tally_institute.csv"


def test_the_published_figures_come_out(table):
    found = figures_of_scan(table)
    assert {key: found["foreign", *key] for key in PUBLISHED} == PUBLISHED


def test_every_figure_is_that_of_the_manifest(table):
    assert differences(SAMPLES / "manifest.json", table) == []
