"""Compiled patterns, kept in the user's cache folder: a pack of thousands is compiled once and then read in a moment.

What is kept is plain JSON that is looked at before it is used, under a digest of the pack and of all that compiling
depends on. It is read only from a file that is the user's own and that nobody else may write; a fault of any kind
means that the pack is compiled anew. Nothing is run from there, and whoever can write it can write the packs and
the ledger too.
"""

import hashlib
import json
import os
import stat
import sys
import tempfile
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from outreach_audit import __version__
from outreach_audit.packs import fold, pattern
from outreach_audit.packs.pattern import Compiled

LEAST = 300
"""Fewer patterns are compiled sooner than they are read."""
_MOST_FILES = 8
_LARGEST = 64_000_000

_Row = tuple[str, str]


def recall(digest: str) -> bool:
    """Make known what was compiled of a pack before.

    Args:
        digest: of the pack's files, in hexadecimal.

    Returns:
        Whether there was something.
    """
    try:
        content = _read(_path(digest))
        rows = json.loads(content) if content else ()
        found = {(text, language): _unpacked(entry) for text, language, entry in rows}
    except (OSError, ValueError, TypeError, AttributeError, RuntimeError, RecursionError):
        return False
    pattern.compiled.update(found)
    return bool(found)


def keep(digest: str, patterns: Iterable[_Row]) -> None:
    """Keep what was compiled of a pack without a fault, where there is a cache folder that can be written.

    Args:
        digest: of the pack's files, in hexadecimal.
        patterns: each with its language.
    """
    rows = [(*row, _packed(pattern.compiled[row])) for row in dict.fromkeys(patterns)]
    if len(rows) < LEAST:
        return
    content = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        path = _path(digest)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(_checksum(content) + b"\n" + content)
        Path(name).replace(path)
        kept = sorted(path.parent.glob("patterns-*.json"), key=lambda found: found.stat().st_mtime)
        for old in kept[:-_MOST_FILES]:
            old.unlink(missing_ok=True)
    except (OSError, RuntimeError, UnicodeError):
        return


def _read(path: Path) -> bytes:
    """What a file holds behind its checksum; nothing where it is not to be trusted."""
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        shared = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if found.st_size > _LARGEST or (hasattr(os, "getuid") and (shared or found.st_uid != os.getuid())):
            return b""
        checksum, _, content = file.read().partition(b"\n")
    return content if checksum == _checksum(content) else b""


def _checksum(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).hexdigest().encode()


def _packed(entries: tuple[Compiled, ...]) -> tuple[str, str, str | None, tuple[str, ...]]:
    """The entries of one pattern in few strings: many literals, or one expression with its anchors."""
    anchors = "\n".join(anchor for entry in entries for anchor in entry.anchors)
    edges = "".join(str(edge) for entry in entries for edge in entry.edges)
    return anchors, edges, entries[0].expression, tuple("\n".join(part) for part in entries[0].parts)


def _unpacked(packed: tuple[str, str, str | None, list[str]]) -> tuple[Compiled, ...]:
    """The entries as they were packed.

    Raises:
        ValueError, TypeError: they were not.
    """
    joined, marks, expression, parts = packed
    anchors = tuple(joined.split("\n")) if joined else ()
    edges = tuple(map(int, marks))
    if len(anchors) != len(edges) or not (expression or anchors):
        raise ValueError("not an entry")
    if expression is None:
        return tuple([Compiled((anchor,), (edge,)) for anchor, edge in zip(anchors, edges, strict=True)])
    if not isinstance(expression, str):
        raise TypeError("not an entry")
    return (Compiled(anchors, edges, expression, tuple(tuple(part.split("\n")) for part in parts)),)


def _path(digest: str) -> Path:
    """Where a pack's patterns are kept.

    Raises:
        RuntimeError: there is no home folder.
    """
    key = hashlib.sha256(f"{_compiler()}\0{digest}".encode()).hexdigest()[:32]
    return _folder() / f"patterns-{key}.json"


def _folder() -> Path:
    if given := os.environ.get("XDG_CACHE_HOME"):
        return Path(given) / "outreach-audit"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", "~")).expanduser() / "outreach-audit" / "cache"
    return Path("~/Library/Caches" if sys.platform == "darwin" else "~/.cache").expanduser() / "outreach-audit"


@cache
def _compiler() -> str:
    """A digest of all that compiling depends on beside the pack: the program and the tables of characters."""
    digest = hashlib.sha256(f"{__version__} {unicodedata.unidata_version}".encode())
    for module in (pattern, fold):
        digest.update(Path(str(module.__file__)).read_bytes())
    digest.update(repr(sorted(fold._simplified().items())).encode())  # noqa: SLF001 - what folding looks up
    return digest.hexdigest()
