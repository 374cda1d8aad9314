"""Names of files and members as they are shown: always text that can be encoded, and told apart."""

import binascii
import re
from pathlib import Path

from outreach_audit.sources.remote import is_remote, path_of

_SHIFTED = re.compile(r"&([A-Za-z0-9+,]{0,400})-")
_ESCAPED = re.compile(r"\\x([89a-f][0-9a-f])")


def shown(name: str) -> str:
    r"""A file name that can be encoded: bytes that are no UTF-8 as ``\xff``."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def unshown(name: str) -> Path:
    """The path that is shown so."""
    if is_remote(name):
        return path_of(name)
    path = Path(name)
    if path.exists():
        return path
    return Path(_ESCAPED.sub(lambda byte: bytes.fromhex(byte[1]).decode("utf-8", "surrogateescape"), name))


def imap_name(name: str) -> str:
    """A folder name out of modified UTF-7 (RFC 3501, section 5.1.3), as it stands where it is none."""
    try:
        return _SHIFTED.sub(lambda run: _shifted(run[1]), name)
    except ValueError:
        return name


def _shifted(run: str) -> str:
    return binascii.a2b_base64(run.replace(",", "/") + "=" * (-len(run) % 4)).decode("utf-16-be") if run else "&"


def unique_name(name: str, seen: dict[str, int]) -> str:
    """The name of a member as shown, told apart from an earlier member of the same name."""
    name = shown(name)
    seen[name] = seen.get(name, 0) + 1
    return name if seen[name] == 1 else f"{name}#{seen[name]}"
