"""A configuration to start from, and the key that goes with it."""

import os
import secrets
from pathlib import Path

from outreach_audit.config.choices import DEFAULT_FILE
from outreach_audit.errors import UsageError

TEMPLATE = Path(__file__).with_name("template.toml")
KEY_FILE = "pseudonyms.key"
_KEY_BYTES = 32


def write_new(where: Path) -> tuple[Path, Path]:
    """Write a configuration and, beside it, a key that only its owner can read; a key that is there is kept.

    Args:
        where: the file, or the folder in which it is to be called ``outreach-audit.toml``; folders are made.

    Returns:
        The configuration and the key.

    Raises:
        UsageError: there is a configuration already.
        OSError: they cannot be written.
    """
    path = where if where.suffix == ".toml" and not where.is_dir() else where / DEFAULT_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE.read_text(encoding="utf-8"))
    except FileExistsError as error:
        raise UsageError(f"{path} is there already, and was left as it is") from error
    key = path.parent / KEY_FILE
    if not key.exists():
        _write_key(key)
    return path, key


def _write_key(path: Path) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_KEY_BYTES) + "\n")
