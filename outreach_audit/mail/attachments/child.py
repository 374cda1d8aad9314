"""The child process: ``python -m outreach_audit.mail.attachments.child LIMITS``, with LIMITS as JSON.

Reads attachments from standard input and answers on standard output until its input ends. It limits itself before it
reads the first byte, and leaves with ``OUT_OF_MEMORY`` rather than go on with a damaged heap.
"""

import json
import logging
import math
import os
import signal
import sys
import time
from pathlib import Path

from outreach_audit.mail.attachments import wire
from outreach_audit.mail.attachments.model import Limits
from outreach_audit.mail.attachments.reading import read

try:
    import resource
except ImportError:  # Windows: the wall-clock limit alone holds there
    resource = None  # type: ignore[assignment]

OUT_OF_MEMORY = 77
_STATM = Path("/proc/self/statm")


def main(limits: Limits) -> None:
    """Answer requests until standard input ends."""
    # A library that prints must not break the protocol.
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    logging.disable(logging.CRITICAL)
    # Control-C reaches the whole process group; the run decides what follows from it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(limits)
    try:
        while (request := wire.receive_file(requests, limits.input_bytes)) is not None:
            file, seconds = request
            begun = time.process_time()
            _grant_processor_time(min(seconds, limits.cpu_seconds))
            extracted = read(file, limits)
            wire.send_reply(replies, wire.Reply(extracted, _has_grown(limits), time.process_time() - begun))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except (OSError, wire.BrokenFrameError):
        os._exit(1)


def _limit_memory(limits: Limits) -> None:
    if resource is None:
        return
    # RLIMIT_DATA counts what the process allocates, RLIMIT_AS also the libraries that it maps.
    for kind, most in ((resource.RLIMIT_DATA, limits.memory_bytes), (resource.RLIMIT_AS, 2 * limits.memory_bytes)):
        _lower(kind, most)
    _lower(resource.RLIMIT_CORE, 0)  # a core file would leave mail on the disk


def _grant_processor_time(seconds: float) -> None:
    """Grant the next attachment its seconds, to the next whole one: the system counts from the start of the process."""
    if resource is not None:
        _lower(resource.RLIMIT_CPU, int(time.process_time()) + math.ceil(seconds))


def _has_grown(limits: Limits) -> bool:
    """Whether it is time for a new child, so that the next attachment finds nearly as much memory as the first."""
    try:
        data_pages = int(_STATM.read_text("ascii").split()[5])
    except OSError:  # only Linux tells, and only Linux holds the limit on memory strictly
        return False
    return data_pages * os.sysconf("SC_PAGESIZE") > limits.memory_bytes // 3


def _lower(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    try:
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    except (OSError, ValueError):  # macOS does not know every limit
        return


if __name__ == "__main__":
    main(Limits(**json.loads(sys.argv[1])))
