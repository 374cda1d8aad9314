r"""Rich Text Format (RTF 1.9.1), in one pass over its tokens.

Own, since the readers on PyPI take every ``\'xx`` for the document's code page; in mail from East Asia the charset
of the current font decides (``\fcharset134`` in a document that calls itself ``\ansicpg1252``).
"""

import re
from dataclasses import dataclass, field

from outreach_audit.mail.attachments.formats.plain import html_text
from outreach_audit.mail.attachments.model import Extracted, File, Limits, State
from outreach_audit.mail.limits import RICH_TOKENS

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?[0-9]{1,10})? ?"  # control word, its number
    rb"|\\'([0-9A-Fa-f]{2})"  # a byte in hexadecimal
    rb"|\\(.)"  # control symbol
    rb"|([{}])"
    rb"|([^\\{}\r\n]+)"
    rb"|[\r\n]+|\\",
    re.DOTALL,
)
_MOST_GROUPS = 1000
_URL = re.compile(r"https?://[^\s\"]{1,2000}|mailto:[^\s\"]{1,300}")

# fcharset of a font (RTF 1.9.1, font table) and ansicpg of the document to codecs
_BY_FONT = {
    77: "mac-roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gb18030",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
_BY_PAGE = {page: f"cp{page}" for page in (437, 850, 852, 866, 874, 932, 949, 950, *range(1250, 1259))} | {
    936: "gb18030",
    1361: "johab",
    10000: "mac-roman",
    65001: "utf-8",
}
_BREAKS = dict.fromkeys((b"par", b"line", b"sect", b"page", b"row"), "\n")
_TABS = dict.fromkeys((b"tab", b"cell", b"nestcell"), "\t")
_SIGNS = {
    b"emdash": "—",
    b"endash": "–",
    b"bullet": "•",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
}
_SYMBOLS = _BREAKS | _TABS | _SIGNS | {b"emspace": " ", b"enspace": " "}
_CONTROL_SYMBOLS = {b"~": " ", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
# groups without words of the document
_SILENT = frozenset(
    b"colortbl stylesheet info pict objdata themedata datastore listtable listoverridetable revtbl filetbl rsidtbl "
    b"generator xmlnstbl mmathPr latentstyles fchars lchars sn sv bkmkstart bkmkend".split()
)
# of the groups that a reader may skip (\*), those that have words
_STARRED = frozenset({b"shpinst", b"shptxt", b"fldinst", b"htmltag"})


def read(file: File, limits: Limits) -> Extracted:
    """The text of an RTF file, link targets included."""
    return Extracted(State.TEXT, rtf_text(file.data, limits.text_chars + 1))


def rtf_text(data: bytes, most: int) -> str:
    """The text of RTF, some ``most`` characters of it; where it only wraps HTML ([MS-OXRTFEX]), the text of that."""
    read = rich_text(data, most)
    return html_text(read.text)[0] if read.is_html else read.text


@dataclass(frozen=True, slots=True)
class RichText:
    """What an RTF says: text, or the HTML that it wraps; how many tokens were read of it, and whether these are all."""

    text: str
    is_html: bool
    tokens: int
    whole: bool


def rich_text(data: bytes, most: int, tokens: int = RICH_TOKENS) -> RichText:
    """Read an RTF.

    Args:
        data: the RTF.
        most: how many characters are wanted; a few more may come.
        tokens: how many of its tokens are read at most.
    """
    reader = _Reader()
    used, whole = reader.feed(data, most, tokens)
    return RichText("".join(reader.out), reader.html, used, whole)


@dataclass(slots=True)
class _Group:
    """What a brace opens and its partner restores."""

    codec: str = "cp1252"
    fallback: int = 1  # how many characters follow a Unicode one, for readers that do not know it
    silent: bool = False
    font_table: bool = False
    instruction: bool = False
    wrapping: bool = False  # for readers that do not know the HTML within: between \htmlrtf and \htmlrtf0

    def inner(self) -> "_Group":
        return _Group(self.codec, self.fallback, self.silent, self.font_table, self.instruction, self.wrapping)


@dataclass(slots=True)
class _Reader:
    out: list[str] = field(default_factory=list)
    html: bool = False
    _written: int = 0
    _group: _Group = field(default_factory=_Group)
    _outer: list[_Group] = field(default_factory=list)
    _too_deep: int = 0
    _bytes: bytearray = field(default_factory=bytearray)
    _instruction: list[str] = field(default_factory=list)
    _page: str = "cp1252"
    _fonts: dict[int, str] = field(default_factory=dict)
    _font: int = 0
    _default_font: int = 0
    _skip: int = 0
    _starred: bool = False

    def feed(self, data: bytes, most: int, tokens: int) -> tuple[int, bool]:
        position, used = 0, 0
        while position < len(data) and self._written + len(self._bytes) < most and used < tokens:
            used += 1
            token = _TOKEN.match(data, position)
            assert token is not None
            position = token.end()
            word, number, byte, symbol, brace, run = token.groups()
            if run:
                self._text(run)
            elif word == b"bin":
                position += max(int(number or 0), 0)
            elif word:
                self._word(word, int(number) if number else None)
            elif byte:
                self._text(bytes.fromhex(byte.decode("ascii")))
            elif brace:
                self._open() if brace == b"{" else self._close()
            elif symbol == b"*":
                self._starred = True
            elif symbol in _CONTROL_SYMBOLS:
                self._put(_CONTROL_SYMBOLS[symbol])
        self._flush()
        return used, position >= len(data)

    def _text(self, run: bytes) -> None:
        if self._skip:
            run, self._skip = run[self._skip :], max(self._skip - len(run), 0)
        if not (self._group.silent or self._group.wrapping):
            self._bytes += run

    def _put(self, text: str) -> None:
        if self._skip:
            self._skip -= 1
        elif not (self._group.silent or self._group.wrapping):
            self._flush()
            self._write(text)

    def _flush(self) -> None:
        if self._bytes:
            self._write(self._bytes.decode(self._group.codec, "replace"))
            self._bytes.clear()

    def _write(self, text: str) -> None:
        (self._instruction if self._group.instruction else self.out).append(text)
        self._written += len(text)

    def _open(self) -> None:
        self._flush()
        self._skip = 0
        if len(self._outer) >= _MOST_GROUPS:
            self._too_deep += 1
            return
        self._outer.append(self._group)
        self._group = self._group.inner()

    def _close(self) -> None:
        self._flush()
        self._skip, self._starred = 0, False
        if self._too_deep:
            self._too_deep -= 1
        elif self._outer:
            inner, self._group = self._group, self._outer.pop()
            if inner.instruction and not self._group.instruction:
                self._end_instruction()

    def _end_instruction(self) -> None:
        """Of a field, keep the target of a link: its visible text follows as a group of its own."""
        target = _URL.search("".join(self._instruction))
        self._instruction.clear()
        if target:
            self._write(f"{target[0]} ")

    def _word(self, word: bytes, number: int | None) -> None:
        group = self._group
        starred, self._starred = self._starred, False
        if word in _SILENT or (starred and word not in _STARRED) or (word == b"htmltag" and not self.html):
            group.silent = True
        elif word == b"fonttbl":
            group.silent = group.font_table = True
        elif group.font_table:
            self._define_font(word, number)
        elif group.silent:
            return
        elif word == b"u" and number is not None:
            self._put(chr(number & 0xFFFF))
            self._skip = group.fallback
        elif word in _SYMBOLS:
            self._put(_SYMBOLS[word])
        elif word == b"fldinst":
            group.instruction = True
        elif word == b"htmlrtf":
            self._flush()
            group.wrapping = number != 0
        else:
            self._set(word, number)

    def _set(self, word: bytes, number: int | None) -> None:
        """Words with a number that change how the text after them is to be read."""
        if word == b"plain":
            self._use_font(self._default_font)
        elif number is None:
            return
        elif word == b"f":
            self._use_font(number)
        elif word == b"deff":
            self._default_font = number
        elif word == b"uc":
            self._group.fallback = min(max(number, 0), 100)
        elif word == b"ansicpg":
            self._page = self._group.codec = _BY_PAGE.get(number, "cp1252")
        elif word == b"fromhtml":
            self.html = number != 0

    def _define_font(self, word: bytes, number: int | None) -> None:
        if word == b"f" and number is not None:
            self._font = number
        elif word == b"fcharset" and number in _BY_FONT:
            self._fonts[self._font] = _BY_FONT[number]

    def _use_font(self, number: int) -> None:
        self._flush()
        self._group.codec = self._fonts.get(number, self._page)
