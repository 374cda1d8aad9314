"""Cutting a text into sentences: the neighbourhood within which words belong together, in any language."""

import re

# A full stop ends a sentence only before a blank; CJK marks end one anywhere.
_END = re.compile(r"[.!?;…][\"'”’)\]]*\s+|[。！？；｡．][」』”’)）]*\s*")
_ABBREVIATION = re.compile(
    r"(?:\b(?:prof|dr|mr|ms|mrs|st|no|vol|fig|inc|ltd|co|e\.g|i\.e|etc|approx|ca|z\.b|bzw|nr|tel|mio|mrd|tsd|max|inkl|ggf|evtl|dipl|ing|habil|univ|г|т\.е|т\.д|проф|руб|млн|млрд|тыс|долл|sr|sra|m|mme)|\b[A-Za-zА-Яа-я])\.$",
    re.IGNORECASE,
)
# German writes the day of a date with a full stop: "bis 30. April"
_DAY = re.compile(r"\b[0-3]?\d\.$")
_MONTH = re.compile("jän|jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez", re.IGNORECASE)
_NEW_ITEM = re.compile(
    r"\s*(?:[-–—*•·○●■□◆※▶>#]|\(?\d{1,2}[.)、]|\(?[a-zA-Z가-하ivx]{1,3}[.)]\s|[一二三四五六七八九十]+、)"
)
_MOST = 600  # characters; a longer run without an end is cut, so that "one sentence" keeps its meaning
_CJK = 0x2E80  # from here on scripts without blanks between words, and Hangul
_WIDE = re.compile("[\u2e81-\ufeff]")  # these take two columns; full-width letters behind them are Latin in disguise
_HARD_WRAP = 45  # shorter lines were ended by the writer, longer ones by a program


def _lines(text: str) -> list[str]:
    """Join the lines that a program wrapped; keep those that a writer ended."""
    joined: list[str] = []
    wrapped = False
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped:
            wrapped = False
            continue
        if wrapped and not _NEW_ITEM.match(line):
            separator = (
                ""
                if ord(stripped[0]) > _CJK and ord(joined[-1][-1]) > _CJK and not "\uac00" <= stripped[0] <= "\ud7a3"
                else " "
            )
            joined[-1] += separator + stripped
        else:
            joined.append(stripped)
        width = len(stripped) if stripped.isascii() else len(stripped) + len(_WIDE.findall(stripped))
        wrapped = width >= _HARD_WRAP and stripped[-1] not in ":：。！？"
    return joined


def sentences(text: str) -> list[str]:
    """Cut ``text`` into sentences as written, in order, without the blanks between them.

    Args:
        text: text of one scope.

    Returns:
        Sentences of at most 600 characters; list items and lines that their writer ended stand alone.
    """
    found: list[str] = []
    for line in _lines(text):
        begin = 0
        for end in _END.finditer(line):
            piece = line[begin : end.end()].strip()
            if piece.endswith(".") and _ABBREVIATION.search(piece[-12:]):
                continue
            if piece.endswith(".") and _DAY.search(piece[-4:]) and _MONTH.match(line, end.end()):
                continue
            if piece:
                found.append(piece)
            begin = end.end()
        rest = line[begin:].strip()
        if rest:
            found.append(rest)
    return [piece[i : i + _MOST] for piece in found for i in range(0, len(piece), _MOST)]
