"""Directories: every file in them, by sorted name, with the folder that Maildir, MH or Apple Mail say."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from outreach_audit.sources.labels import folder_labels
from outreach_audit.sources.model import Ref, Skipped
from outreach_audit.sources.names import shown
from outreach_audit.sources.remote import RemotePath, path_of


def walk(root: Path) -> Iterator[tuple[Path, tuple[str, ...]] | Skipped]:
    """All files below a directory with their labels; links to directories are not followed."""
    if isinstance(root, RemotePath):
        yield from _walk_remote(root, root)
        return
    pending = [root]
    while pending:
        here = pending.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError as error:
            yield Skipped(Ref(shown(str(here))), f"cannot be opened: {error.strerror}", 0)
            continue
        if not entries and here == root:
            yield Skipped(Ref(shown(str(here))), "an empty folder", 0)
        directories = []
        for entry in entries:
            path = here / entry.name
            if path.is_dir() and not path.is_symlink():
                directories.append(path)
            elif path.is_dir():
                yield Skipped(Ref(shown(str(path))), "a link to a directory: not followed", 0)
            else:
                yield path, labels_of(path)
        pending += reversed(directories)


def _walk_remote(root: RemotePath, here: RemotePath) -> Iterator[tuple[Path, tuple[str, ...]] | Skipped]:
    try:
        entries = list(here.listed())
    except OSError as error:
        yield Skipped(Ref(shown(str(here))), f"cannot be opened: {error}", 0)
        return
    if not entries and here == root:
        yield Skipped(Ref(shown(str(here))), "an empty folder", 0)
    for path, is_folder in entries:
        if not is_folder:
            yield path_of(path), labels_of(path_of(path))
    for path, is_folder in entries:
        if is_folder:
            yield from _walk_remote(root, path)


def labels_of(path: Path) -> tuple[str, ...]:
    """What the folder of a file says of it."""
    in_maildir = path.parent.name in ("cur", "new") and _is_maildir(path.parent.parent)
    return folder_labels(path, in_maildir=in_maildir)


def _is_maildir(path: Path) -> bool:
    return (path / "cur").is_dir() and (path / "new").is_dir()


def is_in_maildir_tmp(path: Path) -> bool:
    """Whether a delivery into this file had not ended (maildir(5))."""
    return path.parent.name == "tmp" and _is_maildir(path.parent.parent)


def is_regular(path: Path) -> bool:
    """Whether reading the file ends: pipes and devices need not.

    Raises:
        OSError: it cannot be looked at.
    """
    return stat.S_ISREG(path.stat().st_mode)
