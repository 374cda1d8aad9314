"""Options that several commands share, and what they are turned into."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from outreach_audit.errors import UsageError
from outreach_audit.packs.load import load_packs
from outreach_audit.packs.model import Pack
from outreach_audit.run.assess import Assessor
from outreach_audit.run.settings import Settings

PackFolders = Annotated[
    list[Path] | None, typer.Option("--pack", metavar="DIR", help="A pack folder beside the core pack (repeatable).")
]
Home = Annotated[
    str,
    typer.Option(
        "--home", metavar="CC", help="Home country, ISO 3166-1 alpha-2; default: from the recipients' domains."
    ),
]
Institute = Annotated[
    str, typer.Option("--institute", metavar="ID", help="Institute of all mail; default: from the recipients' domains.")
]
HomeDomains = Annotated[
    list[str] | None,
    typer.Option("--home-domain", metavar="D", help="A further domain of the own organisation (repeatable)."),
]
_ALPHA2 = 2


def settings_of(
    home: str, institute: str, home_domains: list[str] | None, packs: list[Path] | None, date_basis: str = "received"
) -> Settings:
    """Check options and make the settings of a run.

    Raises:
        UsageError: the home country is no two-letter code, or the date basis is unknown.
    """
    if home and not (len(home) == _ALPHA2 and home.isascii() and home.isalpha()):
        raise UsageError(f"--home {home}: a country is two letters, as KR or DE")
    if date_basis not in {"received", "header"}:
        raise UsageError(f"--date-basis {date_basis}: use received or header")
    return Settings(
        home=home.upper(),
        institute=institute,
        home_domains=frozenset(d.lower().lstrip("@") for d in home_domains or ()),
        date_basis=date_basis,
        packs=tuple(packs or ()),
    )


@contextmanager
def assessor(settings: Settings, pack: Pack | None = None) -> Iterator[Assessor]:
    """An assessor with its attachment reader, closed at the end."""
    from outreach_audit.mail.attachments import ChildReader  # noqa: PLC0415 - only commands that read mail need it

    with ChildReader() as reader:
        yield Assessor(pack or load_packs(settings.packs), settings, reader)
