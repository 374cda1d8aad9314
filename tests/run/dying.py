"""Calls made in workers that die of certain words in a message; light, since workers import it."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach_audit.run.assess import Assessor

ONCE, POISON = b"ends its worker once", b"ends its worker each time"


def dying(flag: str, call: Callable, *args):
    """Make a call; POISON ends the process, ONCE does unless the file ``flag`` is there."""
    real = Assessor.assess

    def assess(self, item):
        content = getattr(item, "content", b"")
        if POISON in content or (ONCE in content and not Path(flag).exists()):
            Path(flag).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, item)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Assessor, "assess", assess)
        return call(*args)


def always_dying(*_):
    os.kill(os.getpid(), signal.SIGKILL)
