"""Scans mailboxes with hostile input under the system's own limits: ``python -m tests.hostile.worker KIND...``.

Each kind is read in a process of its own, forked when the packs are loaded, that the system ends where it takes more
processor time than it may. For each a line of JSON is written: what it took, and what the ledger then had.
"""

import gc
import hashlib
import json
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from outreach_audit.ledger import Ledger, Record
from outreach_audit.mail.attachments import ChildReader
from outreach_audit.packs.load import load_packs
from outreach_audit.run.assess import Assessor
from outreach_audit.run.scan import scan
from outreach_audit.run.settings import Settings
from outreach_audit.sources import Ref
from tests.hostile.files import FILES
from tests.hostile.messages import MESSAGES
from tests.hostile.ordinary import ORDINARY, mbox

CPU_SECONDS = 5
MEMORY_BYTES = 300_000_000
NONE = "none"


def ordinary(record: Record) -> bool:
    return bool(record.message_id and record.message_id.startswith("<ordinary-")) and record.ref.source.startswith(
        "mail"
    )


def digest(records: list[Record]) -> str:
    """All of the ordinary records but for where they lie, which what lies before them must change."""
    rows = sorted(repr(replace(record, ref=Ref(""))) for record in records if ordinary(record))
    return f"{len(rows)} {hashlib.sha256(''.join(rows).encode('utf-8', 'replace')).hexdigest()}"


def write(kind: str) -> list[str]:
    """The mailboxes of one kind, in the working directory."""
    if kind in FILES:
        Path("hostile").write_bytes(FILES[kind][0]())
        for name, message in zip(("mail.mbox", "mail2.mbox"), ORDINARY, strict=True):
            Path(name).write_bytes(mbox([message]))
        return ["mail.mbox", "hostile", "mail2.mbox"]
    first, second = ORDINARY
    middle = [MESSAGES[kind]()] if kind in MESSAGES else []
    Path("mail.mbox").write_bytes(mbox([first, *middle, second]))
    return ["mail.mbox"]


def run(paths: list[str], assessor: Assessor, attachments: ChildReader) -> dict[str, object]:
    """Scan, and tell what came of it."""
    with Ledger.open() as ledger:
        scan(paths, ledger, assessor.pack, assessor)
        accounts = list(ledger.accounts())
        records = list(ledger.records())
    attachments.close()  # so that the system counts what its process took
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "cpu": sum(usage.ru_utime + usage.ru_stime for usage in used),
        "memory": max(usage.ru_maxrss for usage in used) * 1024,
        "accounts": [
            {
                "path": account.path,
                "found": account.found,
                "readings": [account.read, account.read_with_defects, account.partly_read, account.unreadable],
                "skipped": account.skipped,
                "notes": account.notes,
            }
            for account in accounts
        ],
        "records": len(records),
        "ordinary": digest(records),
    }


def written(kind: str) -> list[str]:
    """The mailboxes of one kind, made in another process: what that took is not what reading takes."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(writer, "w") as out:
            json.dump(write(kind), out)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told_by_child:
        paths: list[str] = json.loads(told_by_child.read())
    os.waitpid(child, 0)
    return paths


def in_a_process_of_its_own(action: Callable[[], dict[str, object]]) -> dict[str, object]:
    """What it returns, or how it ended."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        # the attachments' reader, which limits itself, inherits these
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_AS, (3 * MEMORY_BYTES, resource.RLIM_INFINITY))
        try:
            told = action()
        except BaseException as error:  # noqa: BLE001 - this is what is tested
            told = {"raised": f"{type(error).__name__}: {error}"[:500]}
        with os.fdopen(writer, "w") as out:
            json.dump(told, out)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told_by_child:
        told = json.loads(told_by_child.read() or "{}")
    _, status = os.waitpid(child, 0)
    return told or {"raised": f"ended by status {status}"}


def main(kinds: list[str]) -> None:
    """Read every kind; before that the ordinary messages alone, so that what is loaded when needed is loaded."""
    with ChildReader() as attachments:
        assessor = Assessor(load_packs(), Settings(), attachments)
        gc.collect()  # what loading left behind is not what reading takes
        for number, kind in enumerate([NONE, *kinds]):
            with tempfile.TemporaryDirectory() as folder:
                os.chdir(folder)
                paths = written(kind)
                if number == 0:
                    told = run(paths, assessor, attachments)
                else:
                    told = in_a_process_of_its_own(lambda paths=paths: run(paths, assessor, attachments))
                os.chdir("/")
            print(json.dumps({"kind": kind, **told}), flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main(sys.argv[1:])
