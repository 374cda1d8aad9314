"""The run's side of the child process: starts it, feeds it, ends it, and outlives it."""

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from types import TracebackType
from typing import Self

from outreach_audit.mail.attachments import wire
from outreach_audit.mail.attachments.child import OUT_OF_MEMORY
from outreach_audit.mail.attachments.detect import IN_PROCESS, detect
from outreach_audit.mail.attachments.model import Extracted, File, Limits, State
from outreach_audit.mail.attachments.reading import InProcessReader, without_reading

_REPLY_OVERHEAD = 10_000
_START_SECONDS = 0.3
"""What it takes to start a child: a message whose attachments grow or end it again and again pays for that."""
_DEATH_SECONDS = 1.0
"""What is charged for a child that died without telling what it took."""
_CPU_SIGNAL = getattr(signal, "SIGXCPU", 0)
_BROKEN_REPLY = Extracted(State.FAILED, "", "its reader broke down (no proper answer)")


class ChildReader:
    """Reads attachments in one child process, started at the first that needs it and again whenever it died.

    Plain text and HTML are read here, as the mail's own body is; everything that needs a parser of a binary format
    goes to the child. One reader for one thread; a forked process that inherits a reader gets a child of its own.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._here = InProcessReader(self.limits)
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._seconds = float(self.limits.cpu_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child; the reader can be used again afterwards."""
        child, self._child = self._child, None
        if child is None or self._owner != os.getpid():
            return
        child.kill()
        child.communicate()

    def begin(self) -> None:
        """A message begins: its attachments together have the processor time of the limits."""
        self._seconds = float(self.limits.cpu_seconds)

    def read(self, name: str, content_type: str, data: bytes) -> Extracted:
        """The text of one attachment. Never raises for what is in it."""
        file = File(name, content_type, data)
        known = without_reading(file, self.limits)
        if known is not None:
            return known
        if detect(file) in IN_PROCESS:
            return self._here.read(name, content_type, data)
        return self._ask(file)

    def _ask(self, file: File) -> Extracted:
        if self._seconds <= 0:
            return Extracted(State.REFUSED, "", f"the attachments took more than {self.limits.cpu_seconds} s together")
        try:
            child = self._running()
        except OSError as error:
            return Extracted(State.FAILED, "", f"its reader could not be started ({type(error).__name__})")
        assert child.stdin is not None
        assert child.stdout is not None
        alarm = _Alarm(self.limits.wall_seconds, child)
        reply = None
        broken = False
        try:
            wire.send_file(child.stdin, file, self._seconds)
            # JSON writes a control character as six bytes, everything else as at most four.
            most = 6 * self.limits.text_chars + _REPLY_OVERHEAD
            reply = wire.receive_reply(child.stdout, most, self.limits.members, self.limits.input_bytes)
        except wire.BrokenFrameError:
            broken = True
        except OSError:
            pass  # the child is gone, and its exit code tells why
        finally:
            alarm.stop()
            if reply is None or reply.last or alarm.rang:
                self.close()
        if reply is not None:
            self._seconds -= reply.seconds
            return reply.extracted
        self._seconds -= self.limits.cpu_seconds if child.returncode == -_CPU_SIGNAL or alarm.rang else _DEATH_SECONDS
        return _BROKEN_REPLY if broken else _autopsy(child.returncode, self.limits, late=alarm.rang)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._owner == os.getpid() and self._child.poll() is None:
            return self._child
        self.close()
        self._child, self._owner = _start(self.limits), os.getpid()
        self._seconds -= _START_SECONDS
        return self._child


class _Alarm:
    """Kills the child when the time is over; the one clock that works for pipes on every system is a thread."""

    def __init__(self, seconds: float, child: subprocess.Popen[bytes]) -> None:
        self.rang = False
        self._child = child
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """Stop the alarm; afterwards ``rang`` is settled."""
        self._timer.cancel()
        self._timer.join()

    def _ring(self) -> None:
        self.rang = True
        self._child.kill()


def _start(limits: Limits) -> subprocess.Popen[bytes]:
    # The same modules as here, wherever they came from, and none of the working directory's (-P).
    search = os.pathsep.join(path for path in sys.path if path)
    return subprocess.Popen(  # noqa: S603 - our own module, by this very interpreter
        [sys.executable, "-P", "-m", "outreach_audit.mail.attachments.child", json.dumps(asdict(limits))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": search},
    )


def _autopsy(returncode: int, limits: Limits, *, late: bool) -> Extracted:
    """What to say of an attachment in whose middle the child ended."""
    if late:
        return Extracted(State.REFUSED, "", f"took more than {limits.wall_seconds:g} s")
    if returncode == -_CPU_SIGNAL:
        return Extracted(State.REFUSED, "", f"took more than {limits.cpu_seconds} s of processor time")
    # SIGKILL is the system's own answer where memory runs out.
    if returncode in {OUT_OF_MEMORY, -getattr(signal, "SIGKILL", 0)}:
        return Extracted(State.REFUSED, "", f"took more than {limits.memory_bytes // 1_000_000} MB of memory")
    return Extracted(State.FAILED, "", f"its reader broke down (exit {returncode})")
