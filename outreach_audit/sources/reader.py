"""From paths to items: open, recognise, read; containers within containers by recursion."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from outreach_audit.errors import OutreachAuditError
from outreach_audit.sources.compressed import open_compressed
from outreach_audit.sources.eml import read_eml, read_emlx
from outreach_audit.sources.folders import is_in_maildir_tmp, is_regular, labels_of, walk
from outreach_audit.sources.limits import Budget, Limits
from outreach_audit.sources.log import read_log
from outreach_audit.sources.mbox import message_from, read_mbox
from outreach_audit.sources.model import HeaderOnly, Item, RawMessage, Ref, Skipped
from outreach_audit.sources.msg import read_msg
from outreach_audit.sources.names import shown, unshown
from outreach_audit.sources.place import Place
from outreach_audit.sources.pst import read_pst
from outreach_audit.sources.recoded import open_recoded
from outreach_audit.sources.remote import path_of
from outreach_audit.sources.sniff import Kind, kind_of, no_mail_reason
from outreach_audit.sources.tar import open_tar
from outreach_audit.sources.window import Window
from outreach_audit.sources.zipped import open_zip

STDIN = "-"

Opened = tuple[Window, Place] | Skipped
_MESSAGES: dict[Kind, Callable[[Window, Place], Iterator[Item]]] = {
    Kind.MBOX: read_mbox,
    Kind.EML: read_eml,
    Kind.EMLX: read_emlx,
    Kind.MSG: read_msg,
    Kind.PST: read_pst,
    Kind.LOG: read_log,
}
_CONTAINERS: dict[Kind, Callable[[Window, Place], Iterator[Opened]]] = {
    Kind.ZIP: open_zip,
    Kind.TAR: open_tar,
    **{kind: partial(open_compressed, kind) for kind in (Kind.GZIP, Kind.BZIP2, Kind.XZ, Kind.ZSTD)},
    **{kind: partial(open_recoded, kind) for kind in (Kind.UTF16, Kind.UTF32)},
}


def read(
    paths: Sequence[str | Path],
    *,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    stdin: BinaryIO | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Iterator[Item]:
    """All messages at these paths, one after the other, in the order of paths and sorted names.

    Args:
        paths: files and directories, ``-`` for standard input.
        limits: budgets for each file.
        stdin: what ``-`` reads; the process's own standard input where it is not given.
        mapping: for logs of unknown columns, the column of ``sender``, ``recipients``, ``subject``, ``date`` and
            ``message_id``.

    Yields:
        Messages, and everything that was found and is none or could not be read. Nothing is raised for an input.
    """
    for path in paths:
        if str(path) == STDIN:
            stream = stdin or sys.stdin.buffer
            yield from _items(Window(stream), Place(STDIN, Budget(limits, None), mapping=mapping or {}))
            continue
        path = path_of(path)  # noqa: PLW2901
        found = walk(path) if path.is_dir() else iter([(path, labels_of(path))])
        for entry in found:
            if isinstance(entry, Skipped):
                yield entry
            else:
                yield from read_file(*entry, limits, mapping or {})


def read_file(
    path: Path, labels: tuple[str, ...], limits: Limits, mapping: Mapping[str, str], source: str = ""
) -> Iterator[Item]:
    """All messages of one file, as ``read`` gives them.

    Args:
        path: the file.
        labels: what its folder says of it (`folders.labels_of`).
        limits: budgets for the file.
        mapping: as of ``read``.
        source: its name as references bear it; default: the path.
    """
    source = source or shown(str(path))
    try:
        if not is_regular(path):
            yield Skipped(Ref(source), "neither a file nor a directory (a pipe or device)", 0)
            return
        if is_in_maildir_tmp(path):
            yield Skipped(Ref(source), "in the tmp of a Maildir: its delivery had not ended", 0)
            return
        file = path.open("rb", buffering=0)
    except FileNotFoundError:
        yield Skipped(Ref(source), "does not exist", 0)
        return
    except (OSError, ValueError) as error:
        yield Skipped(Ref(source), f"cannot be opened: {getattr(error, 'strerror', None) or error}", 0)
        return
    with file:
        size = path.stat().st_size
        place = Place(source, Budget(limits, size), labels=labels, mapping=mapping)
        yield from _items(Window(file, file), place)


def _items(window: Window, place: Place) -> Iterator[Item]:
    """What the window holds; never nothing."""
    found = False
    for item in _contents(window, place):
        found = True
        yield item
    if not found:
        yield place.skipped(window.fault or "holds no message", 1 if window.fault else 0)


def _contents(window: Window, place: Place) -> Iterator[Item]:
    kind = kind_of(window, place)
    if kind in _MESSAGES:
        yield from _MESSAGES[kind](window, place)
    elif kind in _CONTAINERS:
        if place.depth >= place.limits.depth:
            yield place.skipped(f"containers within each other more than {place.limits.depth} deep; not read", 1)
            return
        for opened in _CONTAINERS[kind](window, place):
            if isinstance(opened, Skipped):
                yield opened
            else:
                yield from _items(*opened)
    elif kind == Kind.EMPTY and window.fault is None:
        yield place.skipped("empty", 0)
    else:
        yield place.skipped(no_mail_reason(window), 1 if window.fault else 0)


def read_at(
    ref: Ref,
    *,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    mapping: Mapping[str, str] | None = None,
) -> bytes:
    """The bytes of one message again (of one row, for a log), as ``read`` gave them with these limits and this mapping.

    Raises:
        OutreachAuditError: the file, the member or the message is not there any more, or came from standard input.
    """
    path = unshown(ref.source)
    try:
        with path.open("rb", buffering=0) as file:
            place = Place(ref.source, Budget(limits, path.stat().st_size), mapping=mapping or {})
            found = _content_at(Window(file, file), place, ref)
    except (OSError, ValueError) as error:
        raise OutreachAuditError(f"{ref.source}: cannot be opened ({error}); is it still where it was?") from error
    if found is None:
        raise OutreachAuditError(f"{ref.source}: holds no message at {ref.member or ''} {ref.offset}; has it changed?")
    return found


def _content_at(window: Window, place: Place, ref: Ref) -> bytes | None:
    kind = kind_of(window, place)
    if kind in _CONTAINERS and place.depth < place.limits.depth:
        for opened in _CONTAINERS[kind](window, place):
            if not isinstance(opened, Skipped) and _leads_to(opened[1].member, ref.member):
                found = _content_at(*opened, ref)
                if found is not None:
                    return found
        return None
    if kind == Kind.MBOX and place.member == ref.member:
        window.skip(ref.offset)
        most = min(ref.length, place.limits.message_bytes)
        return message_from(place, window.get(ref.offset, ref.offset + most), ref).content
    for item in _items(window, place):
        if isinstance(item, RawMessage) and item.ref == ref:
            return item.content
        if isinstance(item, HeaderOnly) and item.ref == ref:
            return window.get(ref.offset, ref.offset + ref.length)
    return None


def _leads_to(here: str | None, member: str | None) -> bool:
    return here is None or here == member or (member is not None and member.startswith(f"{here}!"))
