"""A first pack of one's own: small, commented, accepted by ``packs check`` as it is."""

from importlib import resources
from pathlib import Path

from outreach_audit.errors import UsageError

_TEMPLATE = resources.files("outreach_audit.packs") / "template"
FILES = (
    *("pack.toml", "concepts.csv", "lexicon/en.csv", "lexicon/ko.csv"),
    *("signals.toml", "organisations.csv", "domains.csv", "suppressions.toml"),
)
"""What a new pack holds, in the order in which one fills it in."""


def new_pack(folder: Path) -> tuple[Path, ...]:
    """Write the files of a new pack.

    Args:
        folder: where; made where it is absent.

    Returns:
        The files written.

    Raises:
        UsageError: the folder holds something already, or is a file.
        OSError: it cannot be written to.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: a new pack needs a new or an empty folder")
    written = []
    for name in FILES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((_TEMPLATE / name).read_bytes())
        written.append(path)
    return tuple(written)
