"""Recipients as keyed pseudonyms: told apart, counted and compared without their addresses."""

import hmac
import secrets
from pathlib import Path

from outreach_audit.errors import UsageError

_SHORTEST_KEY = 16
_LONGEST_KEY = 4096
_DIGITS = 12


class Pseudonyms:
    """Pseudonyms under one key: the first 12 hexadecimal digits of HMAC-SHA256 (RFC 2104).

    Without the key nobody can go from a list of staff to the pseudonyms. The same key gives the same pseudonyms on
    every run; without a key they hold for one run only.
    """

    def __init__(self, key: bytes | None = None) -> None:
        self._key = secrets.token_bytes(32) if key is None else key

    def of(self, address: str, institute: str) -> str:
        """The pseudonym of an address at an institute; ``''`` where no recipient is known."""
        if not address:
            return ""
        # the length in front keeps every pair of texts apart from every other
        pair = f"{len(institute)}:{institute}{address.lower()}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, pair, "sha256").hex()[:_DIGITS]


def read_key(path: Path) -> bytes:
    """The key in a file, blanks at its ends left aside.

    Raises:
        UsageError: the file cannot be read, or is too short or too long for a key.
    """
    try:
        with path.open("rb") as file:
            key = file.read(_LONGEST_KEY + 1)
    except OSError as error:
        raise UsageError(f"the key {path} cannot be read: {error.strerror or error}") from error
    if len(key) > _LONGEST_KEY:
        raise UsageError(f"{path} is no key: it holds more than {_LONGEST_KEY} bytes")
    key = key.strip()
    if len(key) < _SHORTEST_KEY:
        raise UsageError(f"the key {path} is too short: it needs at least {_SHORTEST_KEY} bytes of random text")
    return key
