"""UTF-16 and UTF-32 files: mail or logs that a program saved as text of that kind."""

import codecs
from collections.abc import Iterator
from dataclasses import replace

from outreach_audit.sources.place import Place
from outreach_audit.sources.window import Readable, Window


class _Recoded:
    """A stream of UTF-16 or UTF-32 as UTF-8."""

    def __init__(self, stream: Readable, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def read(self, size: int, /) -> bytes:
        while True:
            content = self._stream.read(size)
            text = self._decoder.decode(content, final=not content)
            if text or not content:
                return text.encode("utf-8", "replace")


def open_recoded(kind: str, window: Window, place: Place) -> Iterator[tuple[Window, Place]]:
    """The text of the file as UTF-8; offsets within it are those of the UTF-8."""
    name = {"utf16": "UTF-16", "utf32": "UTF-32"}[kind]
    encoding = name
    if kind == "utf16":
        head = window.get(0, 2)
        if head not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            encoding = "UTF-16-BE" if head[:1] == b"\0" else "UTF-16-LE"
    inside = replace(place.inside(), defects=(*place.defects, f"the file is {name}; its text was read as UTF-8"))
    yield Window(_Recoded(window.stream(), encoding)), inside
