"""Reading the configuration: TOML into a `Config`, with every fault told as file:line, all at once."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from outreach_audit.codes import Folder
from outreach_audit.config import values
from outreach_audit.config.choices import DEFAULT_FILE, DateBasis, FailOn
from outreach_audit.config.lines import Lines, Place
from outreach_audit.config.model import Config, Institute
from outreach_audit.config.values import Reader
from outreach_audit.errors import InvalidPackError, UsageError
from outreach_audit.mail.attachments import Limits as AttachmentLimits
from outreach_audit.mail.limits import Limits as MailLimits
from outreach_audit.packs.files import Faults, read_toml
from outreach_audit.run.settings import Mailbox
from outreach_audit.sources.limits import Limits as SourceLimits
from outreach_audit.sources.log import COLUMNS

_MOST_DAYS = 36_500
_MOST = 1 << 50
_MOST_WORKERS = 1024
_LARGEST_THRESHOLD = 1000
_MOST_SECONDS = 3600.0
_DEEPEST = 64  # containers and parts are read by recursion
_TABLES = ("institute", "mailbox", "log", "limits")


def find_config(named: Path | None) -> Config:
    """The configuration that applies.

    Args:
        named: the file that was asked for; None takes ``outreach-audit.toml`` in the working directory, where it is.

    Returns:
        The configuration; that of all defaults where there is no file.

    Raises:
        UsageError: the file that was asked for is not there.
        InvalidPackError: with file:line of every fault.
    """
    path = named or Path(DEFAULT_FILE)
    return load_config(path) if named or path.is_file() else Config()


def load_config(path: Path) -> Config:
    """Read a configuration.

    Args:
        path: the file; relative paths in it are relative to its folder.

    Raises:
        UsageError: there is no such file.
        InvalidPackError: with file:line of every fault.
    """
    if not path.is_file():
        raise UsageError(f"the configuration {path} is not there; outreach-audit init writes one")
    faults = Faults()
    try:
        data, text = read_toml(path, faults)
    except RecursionError:
        raise InvalidPackError(f"{path}:1: values within values, too deep to be read") from None
    faults.check()  # nothing more can be told of what is no TOML
    reading = _Reading(path, data, text)
    config = reading.config()
    for line, told in sorted(reading.faults):
        faults.add(path, line, told)
    faults.check()
    return config


def top_keys(folder: Path) -> dict[str, Reader]:
    """The keys that stand before the first table, and what each may be."""
    path = values.path_from(folder)
    return {
        "ledger": path,
        "packs": values.each(path),
        "key": path,
        "roster": path,
        "watchlists": values.each(path),
        "trusted_servers": values.each(values.host),
        "outputs": path,
        "period": values.period,
        "tz": values.zone,
        "date_basis": values.one_of(DateBasis),
        "language": values.language,
        "retention_days": values.number(0, _MOST_DAYS),
        "fail_on": values.one_of(FailOn),
        "min_coverage": values.number(0.0, 1.0),
        "workers": values.number(1, _MOST_WORKERS),
        "cluster": values.text,
        "publish_threshold": values.number(1, _LARGEST_THRESHOLD),
    }


def mailbox_keys(folder: Path) -> dict[str, Reader]:
    """The keys of ``[[mailbox]]``."""
    return {
        "path": values.path_from(folder),
        "folder": values.one_of(Folder),
        "owner": values.address,
        "institute": values.text,
    }


INSTITUTE_KEYS: Mapping[str, Reader] = {
    "id": values.text,
    "home": values.country,
    "home_domains": values.each(values.host),
}
COLUMN_KEYS: Mapping[str, Reader] = dict.fromkeys(COLUMNS, values.text)


def limit_keys(limits: type[SourceLimits | MailLimits | AttachmentLimits]) -> dict[str, Reader]:
    """The keys of ``[limits.sources]``, ``[limits.mail]`` or ``[limits.attachments]``."""

    def reader(name: str, default: object) -> Reader:
        if isinstance(default, float):
            return values.number(0.1, _MOST_SECONDS)
        return values.number(1, _DEEPEST if name == "depth" else _MOST)

    return {limit.name: reader(limit.name, limit.default) for limit in fields(limits)}


def _hint(key: str, known: list[str], *, top: bool) -> str:
    """Where an unknown key belongs, or which was meant: the commonest fault is a key behind the wrong [table]."""
    if not top and key in top_keys(Path()):
        return "it belongs before the first [table]"
    if top and key in INSTITUTE_KEYS:
        return "it belongs into [institute]"
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"


class _Reading:
    """One file that is being read, and the faults met: line and sentence."""

    def __init__(self, path: Path, data: dict[str, Any], text: str) -> None:
        self.faults: list[tuple[int, str]] = []
        self._path = path.absolute()
        self._data = data
        self._lines = Lines(text)

    def config(self) -> Config:
        folder = self._path.parent
        top = top_keys(folder)
        found = self._values((), self._data, top, tables=_TABLES)
        log, limits = self._table((), self._data, "log"), self._table((), self._data, "limits")
        self._unknown(("log",), log, ("columns",))
        self._unknown(("limits",), limits, ("sources", "mail", "attachments"))
        boxes = tuple(self._mailboxes(mailbox_keys(folder)))
        if "retention_days" in found and "ledger" not in self._data:
            self._fault(("retention_days",), "there is nothing to erase without a ledger; name one, as ledger = …")
        return Config(
            file=self._path,
            institute=Institute(**self._section((), self._data, "institute", INSTITUTE_KEYS)),
            mailboxes=boxes,
            log_columns=self._section(("log",), log, "columns", COLUMN_KEYS),
            source_limits=SourceLimits(**self._section(("limits",), limits, "sources", limit_keys(SourceLimits))),
            mail_limits=MailLimits(**self._section(("limits",), limits, "mail", limit_keys(MailLimits))),
            attachment_limits=AttachmentLimits(
                **self._section(("limits",), limits, "attachments", limit_keys(AttachmentLimits))
            ),
            **found,
        )

    def _mailboxes(self, keys: Mapping[str, Reader]) -> Iterable[Mailbox]:
        listed = self._data.get("mailbox", [])
        if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
            self._fault(("mailbox",), "mailboxes are written as [[mailbox]], one for each")
            return
        seen: set[Path] = set()
        for number, entry in enumerate(listed):
            place = ("mailbox", number)
            found = self._values(place, entry, keys)
            if "path" not in entry:
                self._fault(place, "path is missing: the file or folder of this mailbox")
            elif "path" in found:
                if found["path"] in seen:
                    self._fault((*place, "path"), f"path: {found['path']} is named twice")
                seen.add(found["path"])
                yield Mailbox(**found)

    def _section(self, place: Place, data: Mapping[str, Any], name: str, keys: Mapping[str, Reader]) -> dict[str, Any]:
        return self._values((*place, name), self._table(place, data, name), keys)

    def _table(self, place: Place, data: Mapping[str, Any], name: str) -> dict[str, Any]:
        found = data.get(name, {})
        if isinstance(found, dict):
            return found
        self._fault((*place, name), f"{name} is a table, written as [{'.'.join(map(str, (*place, name)))}]")
        return {}

    def _values(
        self, place: Place, data: Mapping[str, Any], keys: Mapping[str, Reader], tables: Iterable[str] = ()
    ) -> dict[str, Any]:
        """What could be read of the keys of one table; the rest is noted."""
        self._unknown(place, data, (*keys, *tables))
        found = {}
        for key, reader in keys.items():
            if key in data:
                try:
                    found[key] = reader(data[key])
                except ValueError as error:
                    self._fault((*place, key), f"{key} {error}")
        return found

    def _unknown(self, place: Place, data: Mapping[str, Any], known: Iterable[str]) -> None:
        known = list(known)
        for key in data:
            if key not in known:
                self._fault((*place, key), f"unknown key {key!r}; {_hint(key, known, top=not place)}")

    def _fault(self, place: Place, told: str) -> None:
        self.faults.append((self._lines.of(place), told))
