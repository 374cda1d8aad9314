"""The committed sample is what the generator writes, and its figures are those of the published case."""

import email
import filecmp
import gzip
import json
import mailbox
import re
import subprocess
import sys
from collections import Counter
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from outreach_audit.codes import Trap

SAMPLES = Path(__file__).parents[2] / "sample_mailboxes"
PUBLISHED = {"kaist": 213, "kbsi": 226, "kims": 188, "kisti": 127, "kit": 114}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return json.loads((SAMPLES / "manifest.json").read_bytes())


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Message]]:
    """All messages of the sample by file, read with the standard library alone."""
    unpacked = tmp_path_factory.mktemp("unpacked")
    files = {}
    for path in sorted(one for kind in ("*.mbox", "*.mbox.gz", "*.eml", "*.eml.gz") for one in SAMPLES.rglob(kind)):
        name = path.relative_to(SAMPLES).as_posix()
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        if ".eml" in path.name:
            files[name] = [email.message_from_bytes(raw)]
        else:
            plain = unpacked / name.replace("/", "-")
            plain.write_bytes(raw)
            box = mailbox.mbox(plain)
            files[name] = list(box)
            box.close()
    return files


def approaches(manifest: dict[str, Any], via: str) -> list[dict[str, Any]]:
    return [
        row for row in manifest["deliveries"] if row["label"] == "approach" and row.get("foreign") and row["via"] == via
    ]


def test_generator_writes_the_committed_bytes(tmp_path):
    subprocess.run([sys.executable, SAMPLES / "generate.py", tmp_path], check=True)
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert filecmp.cmpfiles(SAMPLES, tmp_path, written, shallow=False)[1:] == ([], [])
    mail = [path.relative_to(SAMPLES) for name in PUBLISHED for path in (SAMPLES / name).rglob("*") if path.is_file()]
    assert sorted([*mail, Path("manifest.json"), Path("roster.csv")]) == written


def test_generator_does_not_depend_on_the_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("LC_ALL", "C")
    subprocess.run([sys.executable, SAMPLES / "generate.py", tmp_path], check=True, cwd=tmp_path)
    for name in ("manifest.json", "roster.csv", "kims/inbox/inbox.mbox", "kit/inbox/inbox.mbox.gz"):
        assert filecmp.cmp(SAMPLES / name, tmp_path / name, shallow=False), name


def test_manifest_has_the_published_figures(manifest):
    tables = manifest["expected"]["institutes"]
    assert {name: tables[name]["foreign"]["deliveries"] for name in PUBLISHED} == PUBLISHED
    assert tables["kaist"]["foreign"]["recipients"] == 149
    assert tables["kaist"]["foreign"]["campaigns"] == 1
    assert tables["overall"]["foreign"]["deliveries"] == sum(PUBLISHED.values())


def test_files_have_the_published_figures(manifest, found):
    by_place = {name: iter(messages) for name, messages in found.items()}
    seen: dict[str, set[tuple[str, str]]] = {name: set() for name in PUBLISHED}
    for row in manifest["deliveries"]:
        message = next(by_place[row["file"]])
        if row["label"] == "approach" and row.get("foreign") and row["via"] == "direct":
            assert message["Delivered-To"] == row["recipient"]
            seen[row["institute"]].add((message["Message-ID"], message["Delivered-To"]))
    assert {name: len(pairs) for name, pairs in seen.items()} == PUBLISHED
    assert len({recipient for _, recipient in seen["kaist"]}) == 149


def test_rows_name_the_messages_of_their_file_in_order(manifest, found):
    identities: dict[str, list[str | None]] = {name: [] for name in found}
    for row in manifest["deliveries"]:
        identities[row["file"]].append(row.get("carrier_message_id") or row.get("message_id"))
    assert identities == {name: [message["Message-ID"] for message in messages] for name, messages in found.items()}
    counts = {name: len(messages) for name, messages in found.items()}
    assert manifest["expected"]["messages_found"] == {"total": sum(counts.values()), "files": counts}


def test_attached_reports_hold_the_message_of_their_row(manifest, found):
    by_place = {name: iter(messages) for name, messages in found.items()}
    attached = 0
    for row in manifest["deliveries"]:
        message = next(by_place[row["file"]])
        inner = [part for part in message.walk() if part.get_content_type() == "message/rfc822"]
        if inner:
            attached += 1
            assert inner[0].get_payload(0)["Message-ID"] == row["message_id"]
            assert row["via"] == "report"
    assert attached > 30


def test_every_message_is_marked_as_synthetic(found):
    marks = Counter(message["X-Synthetic"] for messages in found.values() for message in messages)
    assert set(marks) == {"outreach-audit sample"}


def test_no_template_mark_is_left_in_a_text(found):
    leftover = re.compile(r"\{[a-z_]+[.:}]|\[[^\]\n]*\|[^\]\n]*\]|~(?:은|이|을|과|으로)")
    for messages in found.values():
        for part in (part for message in messages for part in message.walk()):
            if part.get_content_maintype() == "text":
                text = part.get_payload(decode=True).decode(part.get_content_charset("ascii"), "replace")
                assert not leftover.search(text), text


def test_reports_are_known_or_not_from_deliveries(manifest):
    delivered = {(row["message_id"], row["recipient"]) for row in approaches(manifest, "direct")}
    for row in approaches(manifest, "report"):
        if "message_id" in row:
            assert ((row["message_id"], row["recipient"]) in delivered) == row["original_delivered"]
    for name in PUBLISHED:
        own = [[r for r in approaches(manifest, via) if r["institute"] == name] for via in ("report", "direct")]
        told, known = ({(row["campaign"], row["recipient"]) for row in rows} for rows in own)
        assert manifest["expected"]["institutes"][name]["foreign"]["reports"] == len(told - known)


def test_everyday_mail_outweighs_the_approaches_and_shows_every_trap(manifest):
    others = [row for row in manifest["deliveries"] if row["label"] != "approach"]
    assert len(others) >= 4000
    assert {row["trap"] for row in others} == set(Trap)
    assert {row["label"] for row in others if row["trap"] == "job_list"} == {"advert"}


def test_roster_holds_every_recipient_of_kaist(manifest):
    addresses = [line.split(",")[0] for line in (SAMPLES / "roster.csv").read_text("utf-8").splitlines()[1:]]
    assert len(addresses) == len(set(addresses)) == 666
    assert {row["recipient"] for row in approaches(manifest, "direct") if row["institute"] == "kaist"} <= set(addresses)


def test_sample_is_small_enough_to_commit():
    assert sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file()) < 15_000_000
