"""Options that several commands share, and what they and the configuration are turned into."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_audit.config.choices import DEFAULT_FILE
from outreach_audit.errors import UsageError

if TYPE_CHECKING:
    from outreach_audit.config.model import Config
    from outreach_audit.packs.model import Pack
    from outreach_audit.run.assess import Assessor
    from outreach_audit.run.settings import Settings

ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help=f"The configuration; default: {DEFAULT_FILE} in the working directory, if any."
    ),
]
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


def configuration(named: Path | None) -> "Config":
    """The configuration that applies, that of all defaults where there is none.

    Raises:
        UsageError: the file that was named cannot be read.
        InvalidPackError: it is invalid; with file:line of every fault.
    """
    from outreach_audit.config.load import find_config  # noqa: PLC0415 - costs more than help may take

    return find_config(named)


def settings_of(
    home: str,
    institute: str,
    home_domains: list[str] | None,
    packs: list[Path] | None,
    *,
    date_basis: str = "",
    config: "Config | None" = None,
) -> "Settings":
    """Check options and make the settings of a run; an option that was given wins over the configuration.

    Raises:
        UsageError: the home country is no two-letter code, or the date basis is unknown.
    """
    from outreach_audit.run.settings import Settings  # noqa: PLC0415 - costs more than help may take

    if home and not (len(home) == _ALPHA2 and home.isascii() and home.isalpha()):
        raise UsageError(f"--home {home}: a country is two letters, as KR or DE")
    if date_basis not in {"", "received", "header"}:
        raise UsageError(f"--date-basis {date_basis}: use received or header")
    given: dict[str, Any] = {
        "home": home.upper(),
        "institute": institute,
        "home_domains": frozenset(d.lower().lstrip("@") for d in home_domains or ()),
        "date_basis": date_basis,
        "packs": tuple(packs or ()),
    }
    base = config.settings() if config else Settings()
    return replace(base, **{name: value for name, value in given.items() if value})


@contextmanager
def assessor(settings: "Settings", pack: "Pack | None" = None) -> Iterator["Assessor"]:
    """An assessor with its attachment reader, closed at the end."""
    from outreach_audit.mail.attachments import ChildReader  # noqa: PLC0415 - only commands that read mail need it
    from outreach_audit.packs.load import load_packs  # noqa: PLC0415 - likewise
    from outreach_audit.run.assess import Assessor  # noqa: PLC0415 - likewise

    with ChildReader(settings.attachment_limits) as reader:
        yield Assessor(pack or load_packs(settings.packs), settings, reader)
