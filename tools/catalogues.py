"""Brings the catalogues of outreach_audit/report/locale up to date with the sources; run after a change of words.

    python tools/catalogues.py            update every catalogue
    python tools/catalogues.py de         and begin one for German

Texts that are no longer used are dropped, new ones are added empty: a test names them until they are translated.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parents[1] / "outreach_audit"
LOCALE = PACKAGE / "report" / "locale"
METHODS = [
    *((f"{package}/**.py", "python") for package in ("report", "tally", "merge")),
    ("report/**.jinja", "jinja2"),
]
KEYWORDS = {"t": None, "N_": None, "n": (1, 2), "n_of": (1, 2), "NN_": (1, 2)}
HEADER = "# Words of outreach-audit's reports.\n# Places in braces stay as they are.\n"


def extracted() -> Catalog:
    """All messages of the sources, in their order."""
    found = Catalog()
    for file, _, message, _, context in extract_from_dir(
        PACKAGE, METHODS, options_map={"**.jinja": {"silent": "false"}}, keywords=KEYWORDS
    ):
        found.add(message, context=context, locations=[(file, 0)])
    return found


def update(path: Path) -> None:
    """Writes a catalogue anew: with every message of the sources."""
    known = read_po(path.open("rb"), locale=path.stem) if path.exists() else Catalog(locale=path.stem)
    kept = Catalog(locale=path.stem, header_comment=HEADER, fuzzy=False)
    for message in extracted():
        if message.id and message.id not in kept:
            former = known.get(message.id)
            kept.add(message.id, former.string if former else "", auto_comments=message.auto_comments)
    with path.open("wb") as file:
        write_po(file, kept, width=100, omit_header=False, sort_output=False)


if __name__ == "__main__":
    for name in {path.stem for path in LOCALE.glob("*.po")} | set(sys.argv[1:]):
        update(LOCALE / f"{name}.po")
