"""Frames on the pipes between a run and its child: four bytes of length (big-endian), then the content.

A request is two frames, a JSON object and the attachment; a reply is a JSON object, and a frame for each message that
was found. JSON, since unlike pickle it can make nothing but values, and the child is not trusted.
"""

import json
import struct
from dataclasses import dataclass
from typing import IO

from outreach_audit.mail.attachments.model import Extracted, File, State
from outreach_audit.mail.charset import clean

_LENGTH = struct.Struct(">I")
_MOST_SECONDS = 100_000


@dataclass(frozen=True, slots=True)
class Reply:
    """What the child has read, whether it wants to be replaced after that, and the processor time it took."""

    extracted: Extracted
    last: bool
    seconds: float = 0.0


class BrokenFrameError(ValueError):
    """The other side sent something that is no frame of this protocol."""


def send_file(pipe: IO[bytes], file: File, seconds: float) -> None:
    """Write a request: a file, and the processor time that may be spent on it.

    Raises:
        OSError: the other side is gone.
    """
    _send(pipe, json.dumps({"name": file.name, "content_type": file.content_type, "seconds": str(seconds)}).encode())
    _send(pipe, file.data)
    pipe.flush()


def receive_file(pipe: IO[bytes], maximum: int) -> tuple[File, float] | None:
    """Read a request whose attachment has at most ``maximum`` bytes; ``None`` at the end of the pipe.

    Raises:
        BrokenFrameError: it is no request.
    """
    head, data = _receive(pipe, maximum), _receive(pipe, maximum)
    if head is None or data is None:
        return None
    about = _parse(head)
    return File(about.get("name", ""), about.get("content_type", ""), data), _number(about.get("seconds", ""))


def send_reply(pipe: IO[bytes], reply: Reply) -> None:
    """Write a reply.

    Raises:
        OSError: the other side is gone.
    """
    extracted = reply.extracted
    parts = {
        "state": extracted.state,
        "text": extracted.text,
        "note": extracted.note,
        "messages": str(len(extracted.messages)),
        "seconds": str(reply.seconds),
    }
    _send(pipe, json.dumps(parts | {"last": "yes" if reply.last else ""}, ensure_ascii=False).encode("utf-8"))
    for message in extracted.messages:
        _send(pipe, message)
    pipe.flush()


def receive_reply(pipe: IO[bytes], maximum: int, most_messages: int, message_bytes: int) -> Reply | None:
    """Read a reply; ``None`` at the end of the pipe.

    Args:
        pipe: where the child answers.
        maximum: bytes of the reply, without its messages.
        most_messages: how many messages may come.
        message_bytes: bytes of all of them.

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
    count = parts.get("messages", "")
    if not (count.isascii() and count.isdigit()) or len(count) > len(str(most_messages)) or int(count) > most_messages:
        raise BrokenFrameError("no proper number of messages")
    messages: list[bytes] = []
    for _ in range(int(count)):
        message = _receive(pipe, message_bytes)
        if message is None:
            return None
        message_bytes -= len(message)
        messages.append(message)
    extracted = Extracted(state, clean(parts.get("text", "")), clean(parts.get("note", "")), tuple(messages))
    return Reply(extracted, bool(parts.get("last")), _number(parts.get("seconds", "")))


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


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise BrokenFrameError("no number") from error
    if not 0 <= number < _MOST_SECONDS:
        raise BrokenFrameError("no proper number")
    return number


def _parse(frame: bytes) -> dict[str, str]:
    try:
        parsed = json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise BrokenFrameError("not JSON") from error
    if not isinstance(parsed, dict) or not all(isinstance(value, str) for value in parsed.values()):
        raise BrokenFrameError("not an object of strings")
    return parsed
