"""On which line of a TOML file a key stands; ``tomllib`` does not say it."""

import re
from collections import Counter

_PART = r"(?:[\w-]+|\"[^\"]*\"|'[^']*')"
_NAME = rf"{_PART}(?:\s*\.\s*{_PART})*"
_TABLE = re.compile(rf"\s*(\[\[?)\s*({_NAME})\s*\]")
_KEY = re.compile(rf"\s*({_NAME})\s*=")

Place = tuple[str | int, ...]
"""A way into the file: names of tables and keys, and numbers of ``[[tables]]``, which begin at 0."""


class Lines:
    """The lines of a TOML text on which its tables and keys begin."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Place, int] = {}
        repeated: Counter[Place] = Counter()
        table: Place = ()
        for number, line in enumerate(text.split("\n"), 1):
            if begun := _TABLE.match(line):
                table = _parts(begun[2])
                if begun[1] == "[[":
                    repeated[table] += 1
                    table = (*table, repeated[table] - 1)
                self._lines.setdefault(table, number)
            elif found := _KEY.match(line):
                self._lines.setdefault((*table, *_parts(found[1])), number)

    def of(self, place: Place) -> int:
        """The line of a key, else of the table that it is in, else the first."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)


def _parts(name: str) -> Place:
    return tuple(part.strip("\"'") for part in re.findall(_PART, name))
