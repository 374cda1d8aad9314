"""Header fields: unfolding, encoded words (RFC 2047), parameters (RFC 2045, 2231), all lenient and linear."""

import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from outreach_audit.mail.charset import clean, codecs_of, decode
from outreach_audit.mail.remembered import remembered

_BREAK = re.compile(rb"[\r\n]+")
_WORD = re.compile(r"=\?([^?=\s\"<>]{1,60})\?([bBqQ])\?(.*?)\?=")
_OPEN_WORD = re.compile(r"=\?([^?=\s\"<>]{1,60})\?([bBqQ])\?([^?\s]*)\??$")
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_SECTION = re.compile(r"^(.*?)(?:\*(\d{1,3}))?(\*)?$")
_RUN_ON = re.compile(r"^\s*([^\s=]{1,200})\s+([\w*-]{1,40}=.*)$")
_MAX_PARAMETERS = 100
_MAX_BLOCKS = 1_000
_LONGEST_TAIL = 500


def raw_text(value: bytes, hints: Iterable[str] = ()) -> str:
    """A field's value as one line of characters, encoded words left as they are.

    Args:
        value: The value as it stands in the message, folded; 8-bit bytes are read as UTF-8, as one
            of the ``hints`` or by detection.
        hints: Charset labels declared elsewhere in the message.
    """
    line = b" ".join(stripped for part in _BREAK.split(value) if (stripped := part.strip(b" \t")))
    if line.isascii() and b"\x1b" not in line:
        return clean(line.decode("ascii"))
    return decode(line, None, hints).text


def decode_words(text: str) -> str:
    """The text with all encoded words read (RFC 2047).

    Neighbouring words of one charset are joined as bytes first: many programs split them inside a
    character, against section 5 of the RFC. Words are accepted anywhere, also within other text.
    """
    if "=?" not in text:
        return text
    pieces: list[str] = []
    run: list[tuple[str, str, str]] = []
    position = 0
    # a word needs a "?=": beyond the last one no search can succeed, and none is made
    end = text.rfind("?=") + 2
    while end > 1 and (match := _WORD.search(text, position, end)):
        start = match.start()
        inner = match[3].rfind("=?")
        if inner >= 0 and _WORD.match(text, match.start(3) + inner, end):
            start = match.start(3) + inner
            match = _WORD.match(text, start, end) or match
        between = text[position:start]
        if between.strip() or not run:
            pieces.append(_join(run))
            pieces.append(between)
            run = []
        run.append((match[1].partition("*")[0].lower(), match[2].lower(), match[3]))
        position = match.end()
    pieces.append(_join(run))
    rest = text[position:]
    if "=?" in rest and (tail := _OPEN_WORD.search(rest, max(0, len(rest) - _LONGEST_TAIL))):
        # the value was cut off in the middle of a word
        pieces += (rest[: tail.start()], _join([(tail[1].lower(), tail[2].lower(), tail[3])]))
    else:
        pieces.append(rest)
    return clean("".join(pieces))


def text_of(value: bytes, hints: Iterable[str] = ()) -> str:
    """A field's value unfolded and decoded."""
    return decode_words(raw_text(value, hints))


def _join(words: list[tuple[str, str, str]]) -> str:
    """Encoded words that stand side by side, as text."""
    texts: list[str] = []
    data, charset, pending = b"", "", ""
    for label, encoding, body in words:
        if label != charset or (pending and encoding == "q"):
            data += _base64(pending)
            texts.append(_word_text(data, charset))
            data, charset, pending = b"", label, ""
        if encoding == "q":
            data += _quoted(body)
        else:
            pending += body
            if pending.endswith("=") or len(pending) % 4 == 0:
                data, pending = data + _base64(pending), ""
    texts.append(_word_text(data + _base64(pending), charset))
    return "".join(texts)


def _word_text(data: bytes, charset: str) -> str:
    return " ".join(decode(data, charset).text.split("\n")) if data else ""


def _base64(text: str) -> bytes:
    return decode_base64(text.encode("ascii", "ignore"))


def _quoted(text: str) -> bytes:
    return binascii.a2b_qp(text.replace("_", " ").encode("utf-8", "replace").replace(b"=\n", b"=3D\n"))


_PADDING = re.compile(rb"=")


def decode_base64(data: bytes | memoryview) -> bytes:
    """Base64 with anything that is not of its alphabet left out; padding inside ends a block and the next goes on.

    Text that was cut off is read to its last byte; behind padding what is left over at the end is no text.
    """
    padding = _PADDING.search(data)
    if padding is None or not bytes(data[padding.start() :]).strip(b"= \t\r\n"):
        try:
            return binascii.a2b_base64(data)
        except binascii.Error:
            # cut off, or padded too little
            pass
    blocks = re.split(rb"=+", data, maxsplit=_MAX_BLOCKS)
    decoded: list[bytes] = []
    for number, block in enumerate(blocks, 1):
        letters = block.translate(None, _NOT_BASE64)
        over = len(letters) % 4
        if over == 1 or 1 < number == len(blocks):
            letters = letters[: len(letters) - over]
        decoded.append(binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)))
    return b"".join(decoded)


@dataclass(frozen=True, slots=True)
class Parametrised:
    """A value such as ``text/plain; charset=utf-8``: lower-case value, parameters by lower-case name."""

    value: str
    parameters: dict[str, str] = field(default_factory=dict)


@remembered(1024, 200)
def parametrised(text: str) -> Parametrised:
    """Read a field value with parameters; continuations and charsets of RFC 2231 are joined and decoded.

    Args:
        text: The unfolded value, encoded words not yet read (some programs put them into file names).
    """
    first, *pieces = _split(text)
    if match := _RUN_ON.match(first):
        # a missing semicolon
        first = match[1]
        pieces.insert(0, match[2])
    value = first.strip().lower()
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for piece in pieces[:_MAX_PARAMETERS]:
        name, equals, content = piece.partition("=")
        match = _SECTION.match(name.strip().lower())
        if not equals or match is None or not match[1]:
            continue
        number = int(match[2]) if match[2] else 0
        sections.setdefault(match[1], {}).setdefault(number, (_unquote(content), bool(match[3])))
    return Parametrised(value, {name: _assemble(parts) for name, parts in sections.items()})


def _split(text: str) -> list[str]:
    """Split at semicolons outside of quotes and comments; comments are left out."""
    found: list[str] = []
    current: list[str] = []
    quoted = False
    depth = 0
    position = 0
    unclosed = text.count("(") > text.count(")")
    for match in re.finditer(r'[^\\"();]+|\\.?|["();]', text):
        piece = match[0]
        position = match.end()
        if depth:
            depth += (piece == "(") - (piece == ")")
        elif quoted:
            quoted = piece != '"'
            current.append(piece)
        elif piece == '"':
            # a quote that nothing closes is a character like others
            quoted = text.find('"', position) >= 0
            current.append(piece)
        elif piece == "(" and not unclosed:
            depth = 1
        elif piece == ";":
            found.append("".join(current))
            current = []
            if len(found) > _MAX_PARAMETERS:
                break
        else:
            current.append(piece)
    found.append("".join(current))
    return found


def _unquote(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        text = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
        return re.sub(r"\\(.)", r"\1", text)
    return text


def _assemble(parts: dict[int, tuple[str, bool]]) -> str:
    """One parameter from its sections (RFC 2231, sections 3 and 4)."""
    first, extended = parts.get(0, ("", False))
    if not extended and len(parts) == 1:
        return decode_words(first)
    charset = ""
    if extended and first.count("'") >= 2:  # noqa: PLR2004 - charset'language'value
        charset, _, first = first.split("'", 2)
    data = b"".join(
        unquote_to_bytes(first if number == 0 else content) if encoded else content.encode("utf-8", "replace")
        for number, (content, encoded) in sorted(parts.items())
    )
    return decode(data, charset if codecs_of(charset) else None).text
