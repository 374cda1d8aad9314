"""A stream seen by absolute offsets, of which only a stretch is in memory.

Plain files are read in chunks too, not mapped: a mailbox that its server truncates meanwhile would end the
process of whoever has it mapped (SIGBUS), and the pages of a mapping count as memory of the process.
"""

import io
import lzma
import zlib
from typing import BinaryIO, Protocol
from zipfile import BadZipFile

from outreach_audit.sources.limits import MIB, BudgetExceededError

CHUNK = MIB
_LINE_STARTS = b"\n\r\0\xbf"


class StreamFaultError(Exception):
    """The stream beneath failed; the message is the sentence for the coverage."""


class Readable(Protocol):
    """Anything that gives bytes in order: a file, a decompressor, a member of an archive."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes, ``b''`` at the end."""
        ...


class Window:
    """Bytes of a stream by absolute offset.

    What lies before the last ``release`` may be gone. A stream that fails (damaged, truncated, over budget) ends
    there, and ``fault`` says why.
    """

    def __init__(self, stream: Readable, file: BinaryIO | None = None) -> None:
        """Read from ``stream``; ``file`` is the same bytes as a seekable file, where there is one."""
        self.file = file
        self.fault: str | None = None
        self.ended = False
        self.mid_line = 0
        self._stream = stream
        self._buffer = bytearray()
        self._base = 0
        self._floor = 0

    @property
    def end(self) -> int:
        """The offset behind the last byte read so far; of the whole stream once ``ended``."""
        return self._base + len(self._buffer)

    def fill(self, upto: int) -> None:
        """Read on until the offset ``upto``, or the end."""
        while not self.ended and self.end < upto:
            if self._floor - self._base >= CHUNK:
                del self._buffer[: self._floor - self._base]
                self._base = self._floor
            chunk = self._read()
            self._buffer += chunk
            self.ended = not chunk

    def _read(self) -> bytes:
        try:
            return self._stream.read(CHUNK)
        except (BudgetExceededError, StreamFaultError) as error:
            self.fault = str(error)
        except EOFError:
            self.fault = "the data end too early"
        except (zlib.error, lzma.LZMAError, BadZipFile) as error:
            self.fault = f"the compressed data are damaged ({error})"
        except OSError as error:
            self.fault = f"reading failed: {error.strerror or error}"
        except (ValueError, RuntimeError, NotImplementedError, MemoryError) as error:
            self.fault = f"cannot be decompressed: {error}"
        return b""

    def find(self, needle: bytes, start: int, stop: int) -> int:
        """The offset of the first ``needle`` wholly within ``start`` and ``stop``, or -1."""
        while True:
            if self.end > start:
                found = self._buffer.find(needle, max(start - self._base, 0), stop - self._base)
                if found >= 0:
                    return found + self._base
            if self.ended or self.end >= stop:
                return -1
            start = max(start, self.end - len(needle) + 1)
            self.fill(self.end + 1)

    def find_line(self, needle: bytes, start: int, stop: int) -> int:
        """As ``find``, at the beginning of a line: of the stream, or behind a line end or a zero byte (or a BOM).

        Every other hit passed on the way is counted in ``mid_line``.
        """
        while (found := self.find(needle, start, stop)) > 0:
            before = found - 1 - self._base
            if before < 0 or self._buffer[before] in _LINE_STARTS:
                break
            self.mid_line += 1
            start = found + 1
        return found

    def get(self, start: int, stop: int) -> bytes:
        """The bytes from ``start`` to ``stop``, fewer at the end of the stream."""
        self.fill(stop)
        with memoryview(self._buffer) as view:
            return bytes(view[max(start - self._base, 0) : max(stop - self._base, 0)])

    def release(self, upto: int) -> None:
        """What lies before ``upto`` is not needed any more."""
        self._floor = max(self._floor, min(upto, self.end))

    def skip(self, upto: int | None = None) -> None:
        """Go on to ``upto`` (None: the end), keeping nothing of what lies before it."""
        if self.file is not None and upto is not None and upto > self.end:
            self.file.seek(upto)
            self._buffer.clear()
            self._base = self._floor = upto
        while not self.ended and (upto is None or self.end < upto):
            self.release(self.end)
            self.fill(self.end + 1)
        self.release(self.end if upto is None else upto)

    def stream(self) -> "WindowStream":
        """The bytes from the beginning on as a stream; what was given is released."""
        return WindowStream(self)

    def held(self, most: int) -> BinaryIO | None:
        """The whole as a seekable file, in memory where need be; None where it is larger than ``most``."""
        if self.file is not None:
            self.file.seek(0)
            return self.file
        content = self.get(0, most + 1)
        return io.BytesIO(content) if len(content) <= most else None


class WindowStream:
    """The bytes of a window in order."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._offset = 0

    def read(self, size: int = CHUNK, /) -> bytes:
        """At most ``size`` bytes, ``b''`` at the end.

        Raises:
            StreamFaultError: the window ended by a fault, which is not to be taken for the end.
        """
        content = self._window.get(self._offset, self._offset + size)
        if not content and self._window.fault:
            raise StreamFaultError(self._window.fault)
        self._offset += len(content)
        self._window.release(self._offset)
        return content
