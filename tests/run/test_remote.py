"""Mailboxes by URL: files of fsspec, and an object store on loopback."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from outreach_audit.ledger import Ledger
from outreach_audit.sources import RawMessage, read, read_at
from outreach_audit.sources.remote import RemotePath, is_remote
from tests.run.test_resume import mbox, run, state

pytest.importorskip("fsspec")


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "mail"
    (folder / "Spam").mkdir(parents=True)
    (folder / "box" / "cur").mkdir(parents=True)
    (folder / "box" / "new").mkdir()
    (folder / "inbox.mbox").write_bytes(mbox(*range(1, 8)))
    (folder / "old.gz").write_bytes(gzip.compress(mbox(3, 8, 9), mtime=0))
    (folder / "Spam" / "a.mbox").write_bytes(mbox(11))
    (folder / "box" / "cur" / "1:2,S").write_text("From: a@b.org\nTo: c@d.org\nSubject: x\n\ny\n")
    return folder


def test_what_is_a_url():
    assert [is_remote(path) for path in ("s3://b/x", "tcp+x://b", "a/b", "C:/x", "://x", "s3://", "-")] == [
        True,
        True,
    ] + [False] * 5


def test_the_parts_of_a_url_are_those_of_a_path():
    path = RemotePath("s3://bucket/box/cur/1.eml")
    assert (path.name, path.stem, path.suffix, str(path.parent)) == ("1.eml", "1", ".eml", "s3://bucket/box/cur")
    assert [str(parent) for parent in path.parents] == ["s3://bucket/box/cur", "s3://bucket/box", "s3://bucket"]


def test_a_url_gives_what_the_path_gives(folder):
    url = folder.as_uri()

    def told(items, base):
        return [
            (
                item.ref.source.removeprefix(base),
                *[getattr(item, name, None) for name in ("content", "labels", "reason")],
            )
            for item in items
        ]

    items = list(read([url]))
    assert told(items, url) == told(read([folder]), str(folder))
    for item in items:
        if isinstance(item, RawMessage):
            assert read_at(item.ref) == item.content


def test_runs_by_url_read_what_is_new(folder):
    url = folder.as_uri()
    with Ledger.open() as ledger:
        assert run(ledger, url).read == 12
        assert run(ledger, url).read == 0
        with (folder / "inbox.mbox").open("ab") as file:
            file.write(mbox(12))
        again = run(ledger, url)
        assert (again.read, again.said) == (2, ["not read again, since they are as they were: 3 files"])
        (folder / "old.gz").rename(folder / "older.gz")
        run(ledger, url)
        with Ledger.open() as fresh:
            run(fresh, url)
            assert state(ledger) == state(fresh)


def test_what_is_not_there_is_told(folder):
    with Ledger.open() as ledger:
        assert run(ledger, f"{folder.as_uri()}/nothing").said == ["does not exist"]
        said = run(ledger, "nosuchprotocol://x/y").said
    assert said[0].startswith("cannot be opened: ")


def test_an_object_store_gives_the_same_findings(folder, tmp_path):
    server = pytest.importorskip("moto.server")
    s3fs = pytest.importorskip("s3fs")
    store = server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    store.start()
    try:
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": "http://{}:{}".format(*store.get_host_and_port()),
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        files = s3fs.S3FileSystem(key="x", secret="x", endpoint_url=environment["AWS_ENDPOINT_URL"])
        files.mkdir("exports")
        files.put(str(folder), "exports/mail", recursive=True)
        found = [findings(place, tmp_path, environment) for place in ("s3://exports/mail", str(folder))]
    finally:
        store.stop()
    assert found[0] == found[1]
    assert len(found[0]) == 11


def findings(place: str, tmp_path: Path, environment: dict[str, str]) -> list[dict]:
    """The findings of a scan by two workers, by the file within the place."""
    key = tmp_path / "key"
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)
    command = [
        sys.executable,
        "-m",
        "outreach_audit",
        "scan",
        place,
        "--workers",
        "2",
        "--findings",
        "-",
        "--all",
        "--key",
        str(key),
    ]
    done = subprocess.run(command, capture_output=True, env=environment, encoding="utf-8", timeout=120, check=True)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return [{**one, "source": one["source"].removeprefix(place)} for one in told]
