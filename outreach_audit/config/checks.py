"""What a run needs, checked piece by piece, each with the way to mend it."""

import importlib.metadata
import os
import re
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from outreach_audit import __version__
from outreach_audit.config.load import find_config
from outreach_audit.config.model import Config
from outreach_audit.errors import InvalidPackError, LedgerBusyError, OutreachAuditError, UsageError
from outreach_audit.ledger import Ledger
from outreach_audit.ledger.connection import faults_told, lock
from outreach_audit.ledger.roster import load_roster
from outreach_audit.mail.attachments import ChildReader, State
from outreach_audit.packs.load import load_packs
from outreach_audit.packs.watchlist import load_watchlists
from outreach_audit.report.pseudonyms import read_key
from outreach_audit.sources.limits import MIB

_OLDEST = (3, 11)
_PACKAGE = "outreach-audit"
_REQUIREMENT = re.compile(r"([\w.-]+)\s*(?:\[[^\]]*\])?\s*(?:>=\s*([\d.]+))?")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([\w-]+)['\"]")
_FOR_DEVELOPMENT = frozenset({"test", "fuzz", "docs", "bench", "dev"})
_LITTLE_ROOM, _NO_ROOM = 1024 * MIB, 64 * MIB
_SAMPLE = rb"{\rtf1\ansi readable}"


class Health(StrEnum):
    """How a thing stands."""

    WELL = "well"
    NOTE = "note"
    """A run works; something can be better."""
    FAULT = "fault"
    INVALID = "invalid"
    """A fault in the configuration or a pack."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: what is, and how to mend it (``''`` where nothing is to be mended)."""

    health: Health
    name: str
    told: str
    mend: str = ""


def check_all(named: Path | None) -> Iterator[Check]:
    """Check everything that a run needs.

    Args:
        named: the configuration; None takes the one in the working directory, where there is one.

    Yields:
        One result after the other. Nothing is written, and nothing raised for what is found.
    """
    yield _python()
    yield from _dependencies()
    try:
        config = find_config(named)
    except InvalidPackError as error:
        for line in str(error).splitlines():
            yield Check(
                Health.INVALID, "configuration", line, "correct the line; docs/configuration.md tells every key"
            )
        return
    except UsageError as error:
        yield Check(Health.FAULT, "configuration", str(error), "name the file by --config, or write one: init")
        return
    yield _configuration(config)
    yield _attachments(config)
    yield from _packs(config)
    yield from _mailboxes(config)
    yield from _ledger(config)
    yield from _key(config)
    yield from _lists(config)
    yield from _outputs(config)
    yield from _room(config)


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < _OLDEST:
        return Check(Health.FAULT, "Python", version, "install Python 3.11 or later")
    return Check(Health.WELL, "Python", version)


def _dependencies() -> Iterator[Check]:
    try:
        required = importlib.metadata.requires(_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        told = f"{__version__}, run from its files: what it depends on is not recorded"
        yield Check(Health.NOTE, _PACKAGE, told, "install it: pip install outreach-audit")
        return
    yield Check(Health.WELL, _PACKAGE, __version__)
    extras = defaultdict[str, list[str]](list)
    for line in required:
        needed, _, marker = line.partition(";")
        of_extra = _EXTRA.search(marker)
        if not ("sys_platform" in marker and f"'{sys.platform}'" not in marker.replace('"', "'")):
            extras[of_extra[1] if of_extra else ""].append(needed)
    for extra, needs in extras.items():
        if extra not in _FOR_DEVELOPMENT:
            yield _installed(extra, needs)


def _installed(extra: str, needs: list[str]) -> Check:
    """The packages of the core install, or of an extra."""
    found, lacking = [], []
    for need in needs:
        match = _REQUIREMENT.match(need.strip())
        assert match is not None
        name, least = match[1], match[2] or "0"
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            lacking.append(f"{name} is missing")
            continue
        found.append(f"{name} {version}")
        if _numbers(version) < _numbers(least):
            lacking.append(f"{name} {version} is older than {least}")
    title = f"extra {extra}" if extra else "dependencies"
    if not lacking:
        return Check(Health.WELL, title, ", ".join(found))
    what = f"{_PACKAGE}[{extra}]" if extra else _PACKAGE
    health = Health.NOTE if extra else Health.FAULT
    return Check(health, title, ", ".join(lacking), f"pip install --upgrade '{what}'")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:4])


def _attachments(config: Config) -> Check:
    with ChildReader(config.attachment_limits) as reader:
        read = reader.read("sample.rtf", "application/rtf", _SAMPLE)
    if read.state == State.TEXT and "readable" in read.text:
        return Check(Health.WELL, "attachments", "the child process that reads them starts and answers")
    mend = "see that this user may start processes, limits of processes (ulimit -a) and [limits.attachments]"
    return Check(Health.FAULT, "attachments", read.note or "the child process that reads them does not answer", mend)


def _configuration(config: Config) -> Check:
    if config.file is None:
        told = "there is no outreach-audit.toml in this directory"
        return Check(Health.NOTE, "configuration", told, "scan works without; run needs one: outreach-audit init")
    institute = config.institute.id or "institute from the recipients' domains"
    return Check(Health.WELL, "configuration", f"{config.file}: {institute}, time zone {config.tz}")


def _packs(config: Config) -> Iterator[Check]:
    try:
        pack = load_packs(config.packs)
    except InvalidPackError as error:
        for line in str(error).splitlines():
            yield Check(Health.INVALID, "packs", line, "correct it, and see: outreach-audit packs check DIR")
        return
    yield Check(Health.WELL, "packs", ", ".join(info.label for info in pack.infos))


def _mailboxes(config: Config) -> Iterator[Check]:
    if config.file and not config.mailboxes:
        yield Check(Health.FAULT, "mailbox", "none is configured", f"add a [[mailbox]] to {config.file}")
    for box in config.mailboxes:
        if not box.path.exists():
            yield Check(Health.FAULT, "mailbox", f"{box.path} is not there", "correct its path, or mount its disk")
        elif not os.access(box.path, os.R_OK | (os.X_OK if box.path.is_dir() else 0)):
            yield Check(Health.FAULT, "mailbox", f"{box.path} cannot be read", f"give {_user()} the right to read it")
        elif box.path.is_dir() and not any(box.path.iterdir()):
            yield Check(Health.NOTE, "mailbox", f"{box.path} is empty", "put the exported mail there")
        else:
            yield Check(Health.WELL, "mailbox", str(box.path))


def _ledger(config: Config) -> Iterator[Check]:
    path = config.ledger
    if path is None:
        if config.file:
            told = "none: each run reads all mail again"
            yield Check(Health.NOTE, "ledger", told, f'add ledger = "ledger.sqlite" to {config.file}')
        return
    if not path.exists():
        yield _writable("ledger", path.parent, f"{path} is made by the first run")
        return
    try:
        lock(path).close()
        with Ledger.open(path, write=False) as store, faults_told(path):
            found = store.connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except LedgerBusyError:
        yield Check(Health.NOTE, "ledger", f"{path}: another run holds it", "wait until it is done")
        return
    except OutreachAuditError as error:
        # it is brought up to date only where it is opened for writing, which is not done here
        health = Health.NOTE if "older version" in str(error) else Health.FAULT
        mend = f"see that {_user()} may write it and its folder" if health is Health.FAULT else "the next run does it"
        yield Check(health, "ledger", str(error), mend)
        return
    if found != "ok":
        yield Check(Health.FAULT, "ledger", f"{path} is damaged: {found}", "put back a backup, or scan again")
        return
    yield _private("ledger", path, f"{path} is sound")


def _key(config: Config) -> Iterator[Check]:
    if config.key is None:
        if config.file:
            told = "none: pseudonyms are others in each run"
            yield Check(Health.NOTE, "key", told, f'add key = "pseudonyms.key" to {config.file}; init makes one')
        return
    try:
        read_key(config.key)
    except OutreachAuditError as error:
        yield Check(Health.FAULT, "key", str(error), f"outreach-audit init makes one in a folder: {config.key.parent}")
        return
    yield _private("key", config.key, str(config.key), Health.FAULT)


def _lists(config: Config) -> Iterator[Check]:
    lists: list[tuple[str, Path, Callable[[Path], object]]] = [
        ("watchlist", path, lambda path: load_watchlists((path,))) for path in config.watchlists
    ]
    if config.roster:
        lists.append(("roster", config.roster, load_roster))
    for name, path, load in lists:
        try:
            load(path)
        except InvalidPackError as error:
            for line in str(error).splitlines():
                yield Check(Health.INVALID, name, line, "correct it, or its path in the configuration")
        except OSError as error:
            told = f"{path} cannot be read: {error.strerror}"
            yield Check(Health.FAULT, name, told, f"correct its path in {config.file}")
        else:
            yield Check(Health.WELL, name, str(path))


def _outputs(config: Config) -> Iterator[Check]:
    if config.outputs is not None:
        check = _writable("outputs", config.outputs, str(config.outputs))
        fine = check.health is Health.WELL and config.outputs.exists()
        yield _private("outputs", config.outputs, str(config.outputs)) if fine else check
    elif config.file:
        yield Check(Health.FAULT, "outputs", "no folder is configured", f'add outputs = "reports" to {config.file}')


def _room(config: Config) -> Iterator[Check]:
    """Room on the disks of the ledger, the outputs and temporary files."""
    places = [config.ledger, config.outputs, Path(tempfile.gettempdir())]
    disks = {existing.stat().st_dev: existing for path in places if path and (existing := _existing(path))}
    for existing in disks.values():
        free = shutil.disk_usage(existing).free
        told = f"{free // MIB:,} MiB free at {existing}"
        health = Health.FAULT if free < _NO_ROOM else Health.NOTE if free < _LITTLE_ROOM else Health.WELL
        yield Check(health, "disk space", told, "" if health is Health.WELL else "make room: 1 GiB or more")


def _existing(path: Path) -> Path | None:
    return next((folder for folder in (path, *path.parents) if folder.exists()), None)


def _writable(name: str, folder: Path, told: str) -> Check:
    """Whether files can be made in a folder, which may not be there yet."""
    existing = _existing(folder)
    if existing is None or not existing.is_dir():
        return Check(Health.FAULT, name, f"{existing or folder} is no folder", "name another folder")
    if not os.access(existing, os.W_OK | os.X_OK):
        return Check(Health.FAULT, name, f"{existing} cannot be written to", f"give {_user()} the right to write there")
    return Check(Health.WELL, name, told)


def _private(name: str, path: Path, told: str, otherwise: Health = Health.NOTE) -> Check:
    """Whether nobody else can read a file (its group may, where it is no key) or look into a folder."""
    mode = path.stat().st_mode & 0o777
    foreign = 0o077 if otherwise is Health.FAULT else 0o007
    if os.name == "posix" and mode & foreign:
        mend = f"chmod {'600' if otherwise is Health.FAULT else 'o-rwx'} {path}"
        return Check(otherwise, name, f"{told}: others may read it (mode {mode:o})", mend)
    return Check(Health.WELL, name, told)


def _user() -> str:
    return f"the user of the run (now uid {os.getuid()})" if hasattr(os, "getuid") else "the user of the run"
