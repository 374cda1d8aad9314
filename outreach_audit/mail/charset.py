"""From bytes to characters: declared charset, UTF-8, detection; and no character is lost unsaid.

Labels follow the WHATWG Encoding Standard where mail does as browsers do (``gb2312`` means GBK and
more, ``iso-8859-1`` means windows-1252). Only the codecs of this table are ever used: ``unicode_escape``
makes lone surrogates, ``idna`` and ``punycode`` are slow. ``utf-7`` is read where it is declared and never
guessed; it can hide no markup here, since HTML is read after decoding and all that is written is escaped.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import chardetng_py

_DETECT_BYTES = 20_000
"""Enough for the detector; more costs time and changes nothing."""

# codecs in the order in which they are tried -> labels, lower case, '_' written as '-'
_TABLE: dict[tuple[str, ...], str] = {
    ("utf-8",): "utf-8 utf8 unicode-1-1-utf-8 cp65001 utf8mb4 utf-8-sig unicode",
    ("gb18030",): "gb18030 gbk x-gbk gb2312 gb-2312 gb2312-80 gb-2312-80 gb2312.1980-0 csgb2312 euc-cn eucgb2312-cn "
    "cn-gb cp936 ms936 936 windows-936 iso-ir-58 csiso58gb231280 chinese gb chinesesimplified simplified-chinese",
    ("cp949",): "euc-kr euckr ks-c-5601-1987 ks-c-5601-1989 ks-c-5601 ksc5601 ksc-5601 ks-x-1001 iso-ir-149 korean "
    "cseuckr csksc56011987 cp949 ms949 949 uhc windows-949 x-windows-949",
    ("johab",): "johab ms1361",
    ("big5hkscs", "cp950"): "big5 big-5 big5-hkscs cn-big5 csbig5 x-x-big5 big5-eten cp950 ms950 950 windows-950 "
    "chinesebig5",
    ("cp932", "shift_jis_2004"): "shift-jis shiftjis sjis x-sjis csshiftjis ms-kanji windows-31j ms932 cp932 932 "
    "shift-jisx0213 windows-932",
    ("euc_jp", "euc_jis_2004"): "euc-jp eucjp x-euc-jp x-euc cseucpkdfmtjapanese euc-jisx0213",
    ("iso2022_jp_2", "iso2022_jp_ext", "x-iso2022-jp-nec"): "iso-2022-jp iso2022-jp iso-2022-jp-1 iso-2022-jp-2 "
    "iso-2022-jp-3 iso-2022-jp-ms csiso2022jp cp50220 cp50221 cp50222 jis",
    ("iso2022_kr",): "iso-2022-kr iso2022-kr csiso2022kr",
    ("hz",): "hz hz-gb hz-gb-2312 hzgb",
    ("utf-16",): "utf-16 utf16 ucs-2 iso-10646-ucs-2 csunicode",
    ("utf-16-le",): "utf-16le utf16le unicodelittle",
    ("utf-16-be",): "utf-16be utf16be unicodebig unicodefffe",
    ("utf-32",): "utf-32 utf32 ucs-4 iso-10646-ucs-4",
    ("utf-7",): "utf-7 utf7 unicode-1-1-utf-7 unicode-2-0-utf-7 csunicode11utf7",
    ("cp1252", "latin-1"): "iso-8859-1 iso8859-1 iso-8859-1:1987 iso-ir-100 latin1 latin-1 l1 us-ascii ascii us "
    "ansi-x3.4-1968 iso-646-us iso646-us windows-1252 cp1252 x-cp1252 cp819 ibm819 ansi 7bit 8bit",
    ("iso8859-2",): "iso-8859-2 iso8859-2 latin2 l2 iso-ir-101",
    ("iso8859-3",): "iso-8859-3 latin3",
    ("iso8859-4",): "iso-8859-4 latin4",
    ("iso8859-5",): "iso-8859-5 iso8859-5 cyrillic iso-ir-144",
    ("iso8859-6",): "iso-8859-6 iso-8859-6-e iso-8859-6-i asmo-708 ecma-114 arabic",
    ("iso8859-7",): "iso-8859-7 greek greek8 ecma-118 elot-928",
    ("iso8859-8",): "iso-8859-8 iso-8859-8-e iso-8859-8-i logical visual hebrew",
    ("cp1254", "iso8859-9"): "iso-8859-9 iso8859-9 latin5 l5 windows-1254 cp1254",
    ("iso8859-10",): "iso-8859-10 latin6",
    ("cp874", "tis-620"): "tis-620 iso-8859-11 windows-874 cp874",
    ("iso8859-13",): "iso-8859-13",
    ("iso8859-14",): "iso-8859-14 latin8",
    ("iso8859-15",): "iso-8859-15 iso8859-15 latin9 latin-9 l9",
    ("iso8859-16",): "iso-8859-16 latin10",
    ("cp1250",): "windows-1250 cp1250 x-cp1250",
    ("cp1251",): "windows-1251 cp1251 x-cp1251 win-1251 windows-cyrillic",
    ("cp1253",): "windows-1253 cp1253",
    ("cp1255",): "windows-1255 cp1255",
    ("cp1256",): "windows-1256 cp1256",
    ("cp1257",): "windows-1257 cp1257",
    ("cp1258",): "windows-1258 cp1258",
    ("koi8-r",): "koi8-r koi8 koi cskoi8r",
    ("koi8-u",): "koi8-u koi8-ru",
    ("cp866",): "ibm866 cp866 866 csibm866",
    ("cp437",): "ibm437 cp437 437",
    ("cp850",): "ibm850 cp850 850",
    ("cp852",): "ibm852 cp852",
    ("mac-roman",): "macintosh mac x-mac-roman macroman csmacintosh x-macroman",
    ("mac-cyrillic",): "x-mac-cyrillic x-mac-ukrainian mac-cyrillic",
}
_CODECS = {label: codecs for codecs, labels in _TABLE.items() for label in labels.split()}
_UNKNOWN = frozenset({"", "x-unknown", "unknown-8bit", "unknown", "x-user-defined", "default", "default-charset"})

_CJK = frozenset({"gb18030", "cp949", "big5hkscs", "cp950", "cp932", "shift_jis_2004", "euc_jp", "euc_jis_2004"})
_SEVEN_BIT = frozenset(
    {
        "iso2022_jp_2",
        "iso2022_jp_ext",
        "x-iso2022-jp-nec",
        "iso2022_kr",
        "hz",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-7",
    }
)
# Nearly all text keeps to a part of its charset: for each codec a stricter one, and the last lead byte of the
# characters in daily use (GB 2312 level 1, Big5 level 1, KS X 1001 Hangul, JIS X 0208 level 1).
_COMMON = {
    "gb18030": ("gb2312", 0xD7),
    "cp949": ("euc_kr", 0xC8),
    "big5hkscs": ("big5", 0xC6),
    "cp950": ("big5", 0xC6),
    "cp932": ("shift_jis", 0x98),
    "euc_jp": ("euc_jp", 0xCF),
}

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SURROGATE = re.compile("[\ud800-\udfff]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]{4}")
_CASE_FLIP = re.compile("[а-яёіїєґ][А-ЯЁІЇЄҐ]")
_ODD = re.compile("[\x80-\x9f\ue000-\uf8ff\ufffd]")
_RARE = 5
"""One character in so many may be a rare one before a reading is doubted."""
_TOLERATED = 20
"""A declared charset is kept with faults as long as at most one non-ASCII character in so many is lost."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the charset it was read as, whether that was a guess, and how many characters were lost."""

    text: str
    charset: str
    guessed: bool = False
    lost: int = 0


def clean(text: str) -> str:
    """The text without NUL and lone surrogates, which no later stage may meet."""
    if text.isascii() and "\x00" not in text:
        return text
    return _SURROGATE.sub("\ufffd", text.replace("\x00", ""))


@lru_cache(maxsize=1024)
def codecs_of(label: str | None) -> tuple[str, ...]:
    """The codecs to try for a charset label of a message, best first; empty where it is not known."""
    if not label or len(label) > 60:  # noqa: PLR2004 - no charset has such a name
        return ()
    name = label.strip(" \t\"'<>;,").lower().replace("_", "-")
    return _CODECS.get(name) or _CODECS.get(name.removeprefix("charset=").removeprefix("x-"), ())


def decode(data: bytes, declared: str | None = None, hints: Iterable[str] = ()) -> Decoded:
    """Read bytes as text, whatever they are.

    Args:
        data: The bytes, transfer encoding undone.
        declared: The charset label that came with them.
        hints: Labels declared elsewhere in the message, tried before detection.

    Returns:
        The text, free of NUL and lone surrogates, and how it was come by.
    """
    codecs = codecs_of(declared)
    label = (declared or "").strip().lower().replace("_", "-")
    if data.isascii() and (not codecs or codecs[0] not in _SEVEN_BIT):
        return _decode_ascii(data)
    utf8 = _strict(data, "utf-8")
    read = _by_mark(data) or _by_label(data, codecs, utf8)
    if read is not None:
        return read
    if data.isascii():
        return _decode_ascii(data)
    if utf8 is not None:
        return Decoded(clean(utf8), "utf-8", guessed=label not in _UNKNOWN)
    return _guess(data, codecs, hints)


def _by_mark(data: bytes) -> Decoded | None:
    """The reading that a byte order mark announces."""
    for mark, codec in _MARKS:
        if data.startswith(mark) and (text := _strict(data, codec)) is not None:
            return Decoded(clean(text), codec)
    return None


def _by_label(data: bytes, codecs: tuple[str, ...], utf8: str | None) -> Decoded | None:
    """The reading by the declared charset, or by the one that the label should have named."""
    for codec in codecs:
        text = _strict(data, codec)
        if text is not None:
            better = None if codec == "utf-8" else _mislabelled(data, text, codec, utf8)
            return better or Decoded(clean(text), codec)
    return None


def _decode_ascii(data: bytes) -> Decoded:
    """Seven-bit bytes under any label: ISO 2022 text announces itself by its escape sequences (RFC 1468, 1557)."""
    if b"\x1b$" in data:
        korean = b"\x1b$)C" in data
        for codec in _CODECS["iso-2022-kr"] if korean else _CODECS["iso-2022-jp"]:
            if (text := _strict(data, codec)) is not None:
                return Decoded(clean(text), codec)
        text = data.decode("iso2022_kr" if korean else "iso2022_jp_2", "replace")
        return Decoded(clean(text), "iso-2022", guessed=True, lost=text.count("\ufffd"))
    return Decoded(clean(data.decode("ascii")), "us-ascii")


def _strict(data: bytes, codec: str) -> str | None:
    """The text, or None where the codec does not hold for every byte."""
    try:
        if codec == "x-iso2022-jp-nec":
            # the NEC row of cp50221 (circled numbers) lies where JIS X 0213 has the same characters
            return data.replace(b"\x1b$B", b"\x1b$(Q").decode("iso2022_jp_2004")
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _mislabelled(data: bytes, text: str, codec: str, utf8: str | None) -> Decoded | None:
    """Another reading, where the declared charset holds by accident only and another one clearly fits."""
    if utf8 is not None and codec not in _SEVEN_BIT and (codec not in _CJK or _has_wide(utf8)):
        return Decoded(clean(utf8), "utf-8", guessed=True)
    if not _suspicious(data, text, codec):
        return None
    for guess in _detected(data):
        other = None if guess == codec else _strict(data, guess)
        if other is not None and not _suspicious(data, other, guess):
            return Decoded(clean(other), guess, guessed=True)
    return None


def _has_wide(text: str) -> bool:
    """Whether the text has a character of three UTF-8 bytes; two-byte ones may be chance in GBK."""
    return any(char >= "\u0800" for char in text[:_DETECT_BYTES])


def _suspicious(data: bytes, text: str, codec: str) -> bool:
    """Whether text read by this codec looks like another charset's bytes."""
    sample = text[:_DETECT_BYTES]
    # a text has few different characters: each is looked at once, with how often it stands there
    wide = [(char, times) for char, times in Counter(sample).items() if char > "\x7f"]
    total = sum(times for _, times in wide)
    if total < 3:  # noqa: PLR2004 - nothing can be said of two characters
        return False
    if codec in _COMMON:
        # symbols say nothing: box drawing is as usual in one charset as it is rare in another
        letters = [(char, times) for char, times in wide if char.isalpha()]
        rare = sum(times for char, times in letters if _rare(char, *_COMMON[codec])) + len(_ODD.findall(sample))
        return rare * _RARE > sum(times for _, times in letters)
    if codec in {"cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic"}:
        cyrillic = sum(times for char, times in wide if "\u0400" <= char <= "\u04ff")
        upper = sum(times for char, times in wide if "\u0400" <= char <= "\u04ff" and char.isupper())
        # one Cyrillic charset read as another turns the case of most letters round
        inverted = upper * 2 > cyrillic and _CASE_FLIP.search(sample) is not None
        return inverted or cyrillic * 2 < total
    if codec in _SEVEN_BIT or codec in _CJK or codec == "johab":
        return False
    if codec in {"cp1252", "latin-1", "iso8859-2", "iso8859-15", "cp1250", "cp1254", "iso8859-9", "mac-roman"}:
        return _HIGH_RUN.search(data[:_DETECT_BYTES]) is not None
    return False


@lru_cache(maxsize=16384)
def _rare(char: str, codec: str, last: int) -> bool:
    """Whether a character is outside of the part of a charset that is in daily use."""
    try:
        data = char.encode(codec)
    except UnicodeError:
        return True
    return len(data) > 1 and data[0] > last


def _detect(data: bytes) -> str | None:
    """The detector's codec for bytes that are not UTF-8."""
    codecs = codecs_of(chardetng_py.detect(data[:_DETECT_BYTES], allow_utf8=False))
    return codecs[0] if codecs else None


def _guess(data: bytes, codecs: tuple[str, ...], hints: Iterable[str]) -> Decoded:
    """Bytes for which neither the declared charset nor UTF-8 holds throughout."""
    hinted = (codec for hint in hints for codec in codecs_of(hint)[:1])
    readings: list[Decoded] = []
    for codec in dict.fromkeys((*codecs[:1], "utf-8", *hinted, *_detected(data))):
        reading = _replaced(data, codec)
        readings.append(reading)
        wide = len(reading.text) - len(reading.text.encode("ascii", "ignore"))
        # valid UTF-8 sequences are no accident where UTF-8 is declared
        tolerated = reading.lost * (2 if (codec,) == codecs == ("utf-8",) else _TOLERATED) <= wide
        if tolerated and (codec == "utf-8" or not _suspicious(data, reading.text.replace("\ufffd", ""), codec)):
            return reading
    return min(readings, key=lambda reading: reading.lost)


def _detected(data: bytes) -> Iterable[str]:
    """The detector's codecs: for all bytes, then for most lines, since one broken line misleads it."""
    whole = _detect(data)
    if whole is not None:
        yield whole
    votes: Counter[str] = Counter()
    for line in data[:_DETECT_BYTES].splitlines():
        if _HIGH_RUN.search(line) and (codec := _detect(line)) is not None:
            votes[codec] += len(line)
    yield from (codec for codec, _ in votes.most_common(3))


def _replaced(data: bytes, codec: str) -> Decoded:
    """The text with U+FFFD for what the codec cannot read."""
    text = _strict(data, codec)
    if text is None:
        text = data.decode("iso2022_jp_2" if codec.startswith("x-") else codec, "replace")
    return Decoded(clean(text), codec, guessed=True, lost=text.count("\ufffd"))
