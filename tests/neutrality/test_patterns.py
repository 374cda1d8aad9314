"""No pattern of the core pack names a country, its people or its capital: what is said decides, not where it leads."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.neutrality.bench import assessor

COUNTRIES = tomllib.loads(Path(__file__).with_name("countries.toml").read_text(encoding="utf-8"))
FORMS = sorted(
    {form for country in COUNTRIES.values() for forms in country.values() for form in forms if len(form) > 1},
    key=len,
    reverse=True,
)
# Too short to be told from other words.
SHORT = {"rus", "chin", "kazaj"}
NAMED = re.compile(
    "|".join(rf"(?<![^\W_]){re.escape(form)}(?![어語语])" for form in FORMS if form not in SHORT), re.IGNORECASE
)
# Money is named after countries, and a sum in any of them counts alike.
MONEY = re.compile(
    r"(?:singapore|hong kong|taiwan) ?dollars?|(?:korean|japanese|chinese|russian) ?(?:won|yen|yuan|rou?bles?)",
    re.IGNORECASE,
)


def named(pattern: str) -> list[str]:
    """The countries that a pattern names."""
    return NAMED.findall(MONEY.sub(" ", pattern))


@pytest.mark.parametrize("language", ["", "de", "en", "es", "fr", "ja", "ko", "ru", "zh"])
def test_no_pattern_names_a_country(language):
    phrases = [phrase for phrase in assessor().pack.phrases if phrase.language == language]
    assert phrases
    found = {
        f"{phrase.concept}: {phrase.pattern}": names
        for phrase in phrases
        if phrase.concept != "amount" and (names := named(phrase.pattern))
    }
    assert not found
