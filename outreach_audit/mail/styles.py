"""What of CSS makes text invisible: enough to tell a preheader and white-on-white from what the reader sees."""

import re
from collections.abc import Iterator
from enum import Enum

from outreach_audit.mail.remembered import remembered

_LONGEST_STYLE = 4_000
_LONGEST_SHEET = 200_000
_MOST_RULES = 200
_NEAR = 16
_FAR = 300.0
_TINY_PX = 1.5
_FAINT = 0.06

_NUMBER = re.compile(r"-?\d{0,6}\.?\d{1,6}")
_ONE_SELECTOR = r"[a-z0-9]{0,12}(?:[.#][\w-]{1,60}){0,3}"
_SIMPLE_SELECTOR = re.compile(rf"{_ONE_SELECTOR}(?: {_ONE_SELECTOR})?", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_BRACE = re.compile("([{}])")
_SUSPECT = re.compile(
    r"display *: *none|visibility *:|opacity *:|font(?:-size)? *:|max-height|height *: *0|width *: *0|mso-hide"
    r"|text-indent *: *-|(?:left|top|right) *: *-|clip|color *:|background",
    re.IGNORECASE,
)
_NAMED = {
    "white": (255, 255, 255),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
    "whitesmoke": (245, 245, 245),
    "gainsboro": (220, 220, 220),
    "lightgray": (211, 211, 211),
    "lightgrey": (211, 211, 211),
    "silver": (192, 192, 192),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "black": (0, 0, 0),
    "navy": (0, 0, 128),
    "blue": (0, 0, 255),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "yellow": (255, 255, 0),
}
_PIXELS = {"pt": 4 / 3, "em": 16, "rem": 16, "%": 0.16, "in": 96, "cm": 38, "mm": 3.8, "ex": 8, "vw": 10, "vh": 8}
_HIDING = frozenset(
    (
        "display",
        "visibility",
        "mso-hide",
        "opacity",
        "max-height",
        "max-width",
        "height",
        "width",
        "text-indent",
        "left",
        "top",
        "color",
    )
)
Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)


class Effect(Enum):
    """What a style does to the text inside an element."""

    GONE = "gone"
    """Not shown, whatever is inside."""
    TINY = "tiny"
    """A size that cannot be read; an element inside may set its own."""
    SIZED = "sized"
    """A size that can be read."""


@remembered(1024, 400)
def declarations(style: str) -> dict[str, str]:
    """The declarations of a style attribute, names and values in lower case; the last of a name counts."""
    found: dict[str, str] = {}
    for part in style[:_LONGEST_STYLE].split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip().lower().removesuffix("!important").strip()
    return found


def suspect(style: str) -> bool:
    """Whether a style is worth a closer look."""
    return _SUSPECT.search(style) is not None


def effect(style: dict[str, str]) -> Effect | None:
    """What the declarations do to text, apart from colour."""
    if _gone(style):
        return Effect.GONE
    if "font-size" not in style:
        return None
    size = pixels(style["font-size"])
    return None if size is None else Effect.TINY if size < _TINY_PX else Effect.SIZED


def _gone(style: dict[str, str]) -> bool:
    if _HIDING.isdisjoint(style):
        return False
    get = style.get
    indent, left, top = (pixels(get(name, "")) or 0.0 for name in ("text-indent", "left", "top"))
    cut_off = get("overflow", get("overflow-y", "")) == "hidden"
    placed = get("position") in {"absolute", "fixed"}
    return (
        get("display") == "none"
        or get("visibility") in {"hidden", "collapse"}
        or get("mso-hide") == "all"
        or (_number(get("opacity", "")) or 0.0 if "opacity" in style else 1.0) < _FAINT
        or _none(get("max-height"))
        or (cut_off and (_none(get("height")) or _none(get("width")) or _none(get("max-width"))))
        or indent < -_FAR
        or (placed and (left < -_FAR or top < -_FAR or get("clip", "").replace(" ", "").startswith("rect(0")))
        or _transparent(get("color", ""))
    )


def _transparent(value: str) -> bool:
    alpha = value.replace("/", ",").rstrip(") ").rpartition(",")[2].strip()
    return value == "transparent" or (value.startswith("rgba") and _number(alpha) == 0)


def _none(length: str | None) -> bool:
    return length is not None and pixels(length) == 0


def _number(text: str) -> float | None:
    match = _NUMBER.match(text)
    return float(match[0]) if match else None


@remembered(1024, 40)
def pixels(length: str) -> float | None:
    """A CSS length in pixels, with 16 to the em; ``None`` where it is none."""
    match = _NUMBER.match(length)
    return float(match[0]) * _PIXELS.get(length[match.end() :].strip()[:3], 1) if match else None


@remembered(1024, 60)
def colour(value: str) -> Colour | None:
    """A colour as red, green and blue; ``None`` where it is unknown (a variable, a gradient, a picture)."""
    text = value.strip().lower()
    if text in _NAMED:
        return _NAMED[text]
    digits = text.removeprefix("#")
    if len(digits) == 3:  # noqa: PLR2004 (#rgb)
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) == 6 and all(digit in "0123456789abcdef" for digit in digits):  # noqa: PLR2004 (#rrggbb)
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if text.startswith("rgb"):
        parts = [_number(part.strip()) for part in text.partition("(")[2].rstrip(")").replace("/", ",").split(",")]
        numbers = [part for part in parts if part is not None]
        if len(numbers) == 3 or (len(numbers) == 4 and numbers[3] > 0):  # noqa: PLR2004 (rgb, rgba)
            return int(numbers[0]), int(numbers[1]), int(numbers[2])
    return None


def near(one: Colour, other: Colour) -> bool:
    """Whether text of the one colour cannot be read on the other."""
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))


def background(style: dict[str, str]) -> str | None:
    """The background that the declarations set: a colour, or what :func:`colour` does not know (a picture)."""
    if "background-image" in style and style["background-image"] != "none":
        return style["background-image"]
    shorthand = style.get("background-color", style.get("background"))
    return shorthand if shorthand is None or "(" in shorthand else shorthand.partition(" ")[0]


def rules(sheet: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Selectors and declarations of a style sheet: simple selectors only, none within ``@media`` and the like."""
    depth = count = 0
    selector = ""
    pieces = _BRACE.split(_COMMENT.sub(" ", sheet[:_LONGEST_SHEET]))
    for text, brace in zip(pieces[::2], pieces[1::2], strict=False):
        if brace == "{":
            depth += 1
            selector = text if depth == 1 else ""
            continue
        depth = max(0, depth - 1)
        if depth == 0 and selector and "@" not in selector and suspect(text):
            found = declarations(text)
            for one in selector.split(","):
                if _SIMPLE_SELECTOR.fullmatch(one := one.strip(" \t\r\n-<!")) and one:
                    yield one, found
                    count += 1
        selector = ""
        if count >= _MOST_RULES:
            return
