"""Catalogues of the languages in which a report can be written: one file each, ``locale/<language>.po``."""

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

from outreach_audit.errors import UsageError

SOURCE = "en"
"""The language of the messages themselves, which needs no catalogue."""


def languages() -> tuple[str, ...]:
    """The codes of all languages, English first."""
    found = (path.name for path in files("outreach_audit.report").joinpath("locale").iterdir())
    return (SOURCE, *sorted(name.removesuffix(".po") for name in found if name.endswith(".po")))


@cache
def catalogue(lang: str) -> NullTranslations:
    """The messages of a language, with the plural forms that its catalogue declares.

    Raises:
        UsageError: there is no catalogue of this language.
    """
    if lang == SOURCE:
        return NullTranslations()
    if lang not in languages():
        raise UsageError(f"there is no report in the language {lang!r}; there are {', '.join(languages())}")
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - not for English
    from babel.messages.pofile import read_po  # noqa: PLC0415 - not for English

    compiled = io.BytesIO()
    with files("outreach_audit.report").joinpath("locale", f"{lang}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=lang))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def country_names(lang: str) -> dict[str, str]:
    """The names of countries in a language by ISO 3166-1 code (CLDR); empty for English, where packs name them."""
    if lang == SOURCE:
        return {}
    from babel import Locale  # noqa: PLC0415 - not for English

    return dict(Locale.parse(lang).territories)


@cache
def thousands(lang: str) -> str:
    """What stands between thousands in a language (CLDR)."""
    if lang == SOURCE:
        return ","
    from babel.numbers import get_group_symbol  # noqa: PLC0415 - not for English

    return get_group_symbol(lang)
