"""Frames on the pipes between a run and its child: four bytes of length (big-endian), then the content.

A request is two frames, a JSON object and the attachment; a reply is one JSON object. JSON, since unlike pickle it
can make nothing but values, and the child is not trusted.
"""

import json
import struct
from dataclasses import dataclass
from typing import IO

from outreach_audit.mail.attachments.model import Extracted, File, State
from outreach_audit.mail.charset import clean

_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the child has read, and whether it wants to be replaced after that."""

    extracted: Extracted
    last: bool


class BrokenFrameError(ValueError):
    """The other side sent something that is no frame of this protocol."""


def send_file(pipe: IO[bytes], file: File) -> None:
    """Write a request.

    Raises:
        OSError: the other side is gone.
    """
    _send(pipe, json.dumps({"name": file.name, "content_type": file.content_type}).encode("ascii"))
    _send(pipe, file.data)
    pipe.flush()


def receive_file(pipe: IO[bytes], maximum: int) -> File | None:
    """Read a request whose attachment has at most ``maximum`` bytes; ``None`` at the end of the pipe.

    Raises:
        BrokenFrameError: it is no request.
    """
    head, data = _receive(pipe, maximum), _receive(pipe, maximum)
    if head is None or data is None:
        return None
    about = _parse(head)
    return File(about.get("name", ""), about.get("content_type", ""), data)


def send_reply(pipe: IO[bytes], reply: Reply) -> None:
    """Write a reply.

    Raises:
        OSError: the other side is gone.
    """
    extracted = reply.extracted
    parts = {"state": extracted.state, "text": extracted.text, "note": extracted.note}
    _send(pipe, json.dumps(parts | {"last": "yes" if reply.last else ""}, ensure_ascii=False).encode("utf-8"))
    pipe.flush()


def receive_reply(pipe: IO[bytes], maximum: int) -> Reply | None:
    """Read a reply of at most ``maximum`` bytes; ``None`` at the end of the pipe.

    Raises:
        BrokenFrameError: it is no reply.
    """
    frame = _receive(pipe, maximum)
    if frame is None:
        return None
    parts = _parse(frame)
    state = parts.get("state", "")
    if state not in set(State):
        raise BrokenFrameError("unknown state")
    return Reply(
        Extracted(state, clean(parts.get("text", "")), clean(parts.get("note", ""))), last=bool(parts.get("last"))
    )


def _send(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)


def _receive(pipe: IO[bytes], maximum: int) -> bytes | None:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > maximum:
        raise BrokenFrameError("frame too long")
    content = pipe.read(length)
    return content if len(content) == length else None


def _parse(frame: bytes) -> dict[str, str]:
    try:
        parsed = json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise BrokenFrameError("not JSON") from error
    if not isinstance(parsed, dict) or not all(isinstance(value, str) for value in parsed.values()):
        raise BrokenFrameError("not an object of strings")
    return parsed
