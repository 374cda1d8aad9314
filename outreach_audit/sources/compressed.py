"""gzip, bzip2, xz and zstd: a compressed stream around something else."""

import bz2
import gzip
import importlib
import lzma
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Protocol, cast

from outreach_audit.sources.limits import MIB, Budget
from outreach_audit.sources.model import Skipped
from outreach_audit.sources.place import Place
from outreach_audit.sources.window import Readable, Window

LZMA_MEMORY = 256 * MIB
"""xz files may ask for a dictionary of 4 GiB; the preset -9 needs 65 MiB."""
ZSTD_WINDOW = 128 * MIB
_INPUT = 64 * 1024
_ZSTD_INPUT = 2048
"""Four bytes of zstd may stand for 128 KiB (RFC 8878, RLE blocks): this many bytes for 64 MiB."""


class Metered:
    """A stream whose bytes are counted against the budget of the path."""

    def __init__(self, stream: Readable, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes, ``b''`` at the end.

        Raises:
            BudgetExceededError: the path expands to more than its limits allow.
        """
        content = self._stream.read(size)
        self._budget.expand(len(content))
        return content


class _Decompressor(Protocol):
    eof: bool
    needs_input: bool
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Concatenated:
    """The streams of a file one after the other (the standard library's own readers take no memory limit)."""

    def __init__(self, stream: Readable, make: Callable[[], _Decompressor], step: int = _INPUT) -> None:
        self._stream = stream
        self._make = make
        self._step = step
        self._current = make()

    def read(self, size: int, /) -> bytes:
        while True:
            if self._current.eof:
                rest = (self._current.unused_data or self._stream.read(self._step)).lstrip(b"\0")
                if not rest:
                    return b""
                self._current = self._make()
            elif self._current.needs_input:
                rest = self._stream.read(self._step)
                if not rest:
                    raise EOFError
            else:
                rest = b""
            content = self._current.decompress(rest, size)
            if content:
                return content


class _Gzip:
    """The standard library's reader, so that what was unpacked before a fault is had: its ``read`` would lose it."""

    def __init__(self, stream: Readable) -> None:
        self._file = gzip.GzipFile(fileobj=cast(BinaryIO, stream), mode="rb")  # only read() is called of it

    def read(self, size: int, /) -> bytes:
        return self._file.read1(size)


def _bzip2() -> _Decompressor:
    return cast(_Decompressor, bz2.BZ2Decompressor())


def _xz() -> _Decompressor:
    return cast(_Decompressor, lzma.LZMADecompressor(lzma.FORMAT_XZ, LZMA_MEMORY))


class _Zstd:
    """One zstd frame as the standard library would read it; what one step of input gives is not bounded further."""

    needs_input = True

    def __init__(self, zstandard: Any) -> None:  # noqa: ANN401 (imported at run time)
        self._error = zstandard.ZstdError
        self._frame = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj()

    @property
    def eof(self) -> bool:
        return bool(self._frame.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._frame.unused_data)

    def decompress(self, data: bytes, _max_length: int = -1) -> bytes:
        try:
            return bytes(self._frame.decompress(data))
        except self._error as error:
            raise OSError(str(error)) from error


def _zstd(stream: Readable) -> Readable:
    zstandard = importlib.import_module("zstandard")
    return _Concatenated(stream, lambda: cast(_Decompressor, _Zstd(zstandard)), _ZSTD_INPUT)


_OPEN: dict[str, Callable[[Readable], Readable]] = {
    "gzip": _Gzip,
    "bzip2": lambda stream: _Concatenated(stream, _bzip2),
    "xz": lambda stream: _Concatenated(stream, _xz),
    "zstd": _zstd,
}


def open_compressed(kind: str, window: Window, place: Place) -> Iterator[tuple[Window, Place] | Skipped]:
    """What the compressed stream holds, as one window."""
    try:
        stream = _OPEN[kind](window.stream())
    except ImportError:
        yield place.skipped("zstd cannot be read here: pip install 'outreach-audit[zstd]'", 1)
        return
    yield Window(Metered(stream, place.budget)), place.inside()
