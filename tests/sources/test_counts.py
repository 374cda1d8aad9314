"""What the program accounts for against a count of its own, which shares no code with it (tools/count_mail.py)."""

import importlib.util
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from outreach_audit.sources import HeaderOnly, RawMessage, Skipped, read

SUITES = "conformance"
# by file: what the second opinion counts, what we do, and why
DIFFERENT = {
    "mime4j/core/src/test/resources/testmsgs/obsolete.msg": (0, 1, "blanks before the colons (RFC 5322, section 4.5)"),
    "mime4j/core/src/test/resources/testmsgs/obsolete.out": (0, 1, "as above"),
    "mimekit_mbox/unmunged.mbox.txt": (4, 2, "two lines of text that begin with From: mailbox splits there"),
    "ruby_mail/spec/fixtures/emails/plain_emails/raw_email_incorrect_header.eml": (
        0,
        1,
        "a line that is no field stands behind the first of them: there it ends the header",
    ),
    "stalwart/resources/eml/malformed/019.eml": (0, 1, "bytes overwritten at random, in its first line too"),
}


@pytest.fixture(scope="module")
def second_opinion() -> ModuleType:
    pytest.importorskip("pypff")
    pytest.importorskip("aspose.email_foss")
    spec = importlib.util.spec_from_file_location("count_mail", Path(__file__).parents[2] / "tools" / "count_mail.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_file_holds_as_many_messages_as_a_second_opinion_counts(shared: Path, second_opinion) -> None:
    counted = second_opinion.count_folder(shared)
    told: Counter[str] = Counter(dict.fromkeys(counted, 0))
    met = set()
    for item in read([shared]):
        met.add(item.ref.source)
        if isinstance(item, RawMessage | HeaderOnly | Skipped):
            told[item.ref.source] += item.messages if isinstance(item, Skipped) else 1
    assert met == set(counted)
    different = {
        str(Path(path).relative_to(shared / SUITES)): (counted[path], told[path])
        for path in counted
        if counted[path] != told[path]
    }
    assert different == {path: (theirs, ours) for path, (theirs, ours, _) in DIFFERENT.items()}
    assert sum(told.values()) == sum(counted.values()) + sum(ours - theirs for theirs, ours, _ in DIFFERENT.values())
    assert sum(told.values()) > 12_000


def test_the_second_opinion_shares_no_code(second_opinion) -> None:
    assert "outreach_audit" not in Path(second_opinion.__file__).read_text("utf-8")


def test_stores_hold_what_readpst_gives(shared: Path) -> None:
    """Messages that ``readpst -e -D`` (libpst 0.6.76) writes of each store, and those that it says it skips."""
    outlook = shared / "conformance" / "outlook"
    pytest.importorskip("pypff")
    theirs = {"testPST.pst": (7, 0), "testPST_variousBodyTypes.pst": (3, 1)}
    for name, (written, skipped) in theirs.items():
        assert sum(isinstance(item, RawMessage) for item in read([outlook / name])) == written + skipped
