"""The one door through which text from mail reaches a terminal, a page, a cell, a log line or JSON."""

import json
import re
import unicodedata

from rich.text import Text

# What acts or hides instead of showing itself: C0 and C1 controls, DEL, all format characters (category Cf: controls
# of direction, zero-width, tags), line separators, fillers that are drawn as nothing, variation selectors, surrogates
# and the two noncharacters that XML forbids.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_SURROGATE = range(0xD800, 0xE000)
_BLANKS = {"\t": " ", "\n": " ", "\r": " "}
# Spreadsheets take a cell for a formula by its first character (OWASP, "CSV Injection"). A semicolon starts a
# new cell where the system's list separator is one, whatever the quoting says.
_CELL_START = re.compile(r"(?:^|;)[\s\"'´`‘’“”]*(?=([^\s\"'´`‘’“”;]))")
_FORMULA = frozenset("=+-−@|%")


def safe(text: str) -> str:
    r"""Makes text harmless for terminals, pages and logs.

    Args:
        text: any text, hostile or not.

    Returns:
        One line; control and invisible characters appear as ``\u{…}``, so that nothing is hidden and nothing acts.
    """
    return _UNSAFE.sub(lambda match: _BLANKS.get(match.group()) or f"\\u{{{ord(match.group()):x}}}", text)


def cell(text: str) -> str:
    """Makes text harmless for a spreadsheet cell: `safe`, and never a formula."""
    return _CELL_START.sub(_guarded, safe(text))


def from_cell(text: str) -> str:
    """The text of which `cell` made such a cell, as `safe` shows it."""
    return _CELL_START.sub(_unguarded, text)


def rich_text(text: str, style: str = "") -> Text:
    """Text for Rich: harmless, and never read as markup."""
    return Text(safe(text), style=style)


def json_text(value: object, *, indent: int | None = None, sort_keys: bool = False) -> str:
    r"""JSON that can be shown on a terminal and split into lines by any reader.

    Unsafe characters are written as JSON escapes, which loses nothing. A lone surrogate, which is in no Unicode text,
    becomes the six visible characters ``\udcff``.

    Args:
        value: dictionaries, lists, texts, numbers; no infinite number and no NaN.
        indent: as for `json.dumps`.
        sort_keys: as for `json.dumps`.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, sort_keys=sort_keys)
    # the line breaks of the indent are ours; those of texts are escaped already
    return _UNSAFE.sub(lambda match: match.group() if match.group() == "\n" else _json_escape(match.group()), text)


def _guarded(match: re.Match[str]) -> str:
    """The start of a cell, with an apostrophe before what would be a formula, full-width forms included."""
    first = unicodedata.normalize("NFKC", match.group(1))[:1]
    start = match.group()
    if first not in _FORMULA:
        return start
    return f";'{start[1:]}" if start.startswith(";") else f"'{start}"


def _unguarded(match: re.Match[str]) -> str:
    """The start of a cell without the apostrophe that `_guarded` put there."""
    start = match.group()
    return start if _guarded(match) == start else start.replace("'", "", 1) if start.lstrip(";")[:1] == "'" else start


def _json_escape(character: str) -> str:
    number = ord(character)
    if number in _SURROGATE:
        return f"\\\\u{number:04x}"
    return json.dumps(character)[1:-1]
