"""Hostile input costs little, is accounted for, and changes nothing of what is around it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.files import FILES
from tests.hostile.messages import MESSAGES

pytest.importorskip("resource", reason="the system cannot limit a process")

ROOT = Path(__file__).parents[2]
CPU_SECONDS = 5
MEMORY_BYTES = 300_000_000
OTHER_MESSAGES = 2

Told = dict[str, dict[str, object]]


@pytest.fixture(scope="module")
def told() -> Told:
    """What came of every kind, and of the ordinary messages alone."""
    worker = subprocess.run(
        [sys.executable, "-m", "tests.hostile.worker", *MESSAGES, *FILES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert worker.returncode == 0, worker.stderr[-2_000:]
    return {row["kind"]: row for row in map(json.loads, worker.stdout.splitlines())}


def test_there_are_many_kinds() -> None:
    assert len(MESSAGES) + len(FILES) >= 60
    assert not MESSAGES.keys() & FILES.keys()


@pytest.mark.parametrize("kind", [*MESSAGES, *FILES])
def test_hostile_input_is_read_within_limits(kind: str, told: Told) -> None:
    row = told[kind]
    assert "raised" not in row
    assert row["cpu"] < CPU_SECONDS
    assert row["memory"] < MEMORY_BYTES


@pytest.mark.parametrize("kind", [*MESSAGES, *FILES])
def test_hostile_input_is_accounted_for(kind: str, told: Told) -> None:
    accounts = told[kind]["accounts"]
    assert all(account["found"] == sum(account["readings"]) for account in accounts)
    assert all(account["found"] or account["skipped"] for account in accounts)
    hostile = sum(account["found"] for account in accounts) - OTHER_MESSAGES
    if kind in FILES:
        assert hostile >= FILES[kind][1]
        assert any(account["path"] == "hostile" for account in accounts)
    else:
        assert hostile >= 1


@pytest.mark.parametrize("kind", [*MESSAGES, *FILES])
def test_the_records_of_the_messages_around_stay_the_same(kind: str, told: Told) -> None:
    assert told[kind]["ordinary"] == told["none"]["ordinary"]
