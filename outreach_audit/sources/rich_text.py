"""Rich text as Outlook keeps it: compressed RTF (MS-OXRTFCP). What the RTF says is the business of ``mail``.

Own, since compressed-rtf knows no limit, takes a second for a megabyte and gives nothing of what is damaged.
"""

import struct
from typing import Final

# What every text begins with, for references back (MS-OXRTFCP, section 2.1.3.1.2).
_DICTIONARY: Final = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}"
    b"{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier"
    b"{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW: Final = 4096
_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
_HEADER: Final = 16
_HTML_SPAN: Final = 2000


def decompressed(packed: bytes, most: int) -> tuple[bytes, bool]:
    """The RTF, at most (about) so many bytes of it, and whether that is all. Damage ends it.

    Raises:
        ValueError: it is no compressed RTF.
    """
    if packed.startswith(b"{\\rtf"):
        return packed[:most], len(packed) <= most
    if len(packed) < _HEADER:
        raise ValueError("too short")
    _, size, kind = struct.unpack_from("<II4s", packed)
    if kind == _PLAIN:
        content = packed[_HEADER : _HEADER + size]
        return content[:most], len(content) == size <= most
    if kind != _COMPRESSED:
        raise ValueError("an unknown compression")
    content = _unfolded(packed, min(size, most))
    return content, len(content) == size


def wraps_html(rich: bytes) -> bool:
    """Whether the RTF is HTML in disguise (MS-OXRTFEX, section 2.1.3.1)."""
    return b"\\fromhtml" in rich[:_HTML_SPAN]


def _unfolded(packed: bytes, most: int) -> bytes:
    # The window lies before the output, so that a position in it is a distance back from the end.
    out = bytearray(_DICTIONARY.rjust(_WINDOW, b" "))
    stop = _WINDOW + most
    at, end = _HEADER, len(packed)
    while at < end and len(out) < stop:
        control = packed[at]
        at += 1
        if control == 0:
            out += packed[at : at + 8]
            at += 8
            continue
        for bit in range(8):
            if at >= end:
                break
            if not control >> bit & 1:
                out.append(packed[at])
                at += 1
                continue
            reference = int.from_bytes(packed[at : at + 2], "big")
            at += 2
            distance = (len(out) + len(_DICTIONARY) - (reference >> 4)) % _WINDOW
            if distance == 0:
                return bytes(out[_WINDOW:stop])
            length = (reference & 0xF) + 2
            copied = out[-distance:][:length]
            out += (copied * (length // len(copied) + 1))[:length]
    return bytes(out[_WINDOW:stop])
