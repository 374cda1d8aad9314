"""What the folder around a message says: Maildir, MH, Apple Mail."""

from pathlib import PurePath

from outreach_audit.sources.names import imap_name, shown

_MAILDIR_FLAGS = {
    "D": "draft",
    "F": "flagged",
    "P": "passed",
    "R": "replied",
    "S": "seen",
    "T": "trashed",
}


def folder_labels(path: PurePath, *, in_maildir: bool) -> tuple[str, ...]:
    """Maildir folder and flags, MH folder, or Apple Mail mailbox of this file; nothing elsewhere."""
    if in_maildir:
        flags = path.name.rpartition(":2,")[2] if ":2," in path.name else ""
        folder = _maildir_folder(path.parent.parent.name)
        return (folder, *(_MAILDIR_FLAGS[flag] for flag in flags if flag in _MAILDIR_FLAGS))
    if path.name.isdigit() and path.parent.name:
        return (shown(path.parent.name),)
    mailbox = next((parent for parent in path.parents if parent.suffix == ".mbox"), None)
    return (shown(mailbox.stem),) if mailbox is not None else ()


def member_labels(name: str) -> tuple[str, ...]:
    """The same of a member of an archive, which has only its name."""
    path = PurePath(name)
    return folder_labels(path, in_maildir=path.parent.name in ("cur", "new") and ":2," in path.name)


def _maildir_folder(name: str) -> str:
    """``INBOX`` for the Maildir itself, ``Archive/2026`` for its folder ``.Archive.2026`` (Maildir++)."""
    if name in ("", "Maildir", ".maildir", ".Maildir"):
        return "INBOX"
    if not name.startswith("."):
        return shown(name)
    return "/".join(imap_name(shown(part)) for part in name.lstrip(".").split("."))
