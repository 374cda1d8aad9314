"""One setting for test data that is not ours: OUTREACH_AUDIT_SHARED, else ../shared beside the project."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("OUTREACH_AUDIT_SHARED", Path(__file__).parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared test data; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("shared test data is not here")
    return SHARED
