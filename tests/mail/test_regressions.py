"""Files that fuzzing found, or that someone reported, and what holds for any file at all."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.ledger import Ledger
from outreach_audit.packs.load import load_packs
from outreach_audit.run.assess import Assessed, Assessor
from outreach_audit.run.scan import Silent, scan
from outreach_audit.run.settings import Settings
from outreach_audit.sources import Skipped
from tests.hostile.ordinary import ORDINARY, mbox
from tests.mail.fuzzed import one_input

REGRESSIONS = sorted((Path(__file__).parent / "regressions").iterdir())

PIECES = st.lists(
    st.sampled_from(
        [
            *ORDINARY,
            mbox(ORDINARY),
            b"From a@b Fri May 17 10:15:15 2024\n",
            b"From here to there\n",
            b">From a@b Fri May 17 10:15:15 2024\n",
            b"\n",
            b"\0\0",
            b"Content-Length: 9999\n",
            b"Subject: =?utf-8?q?a?=\n",
            b"Content-Type: multipart/mixed; boundary=b\n\n--b\n",
            b"--b--\n",
            b"\xff\xfe",
            b"PK\3\4",
            b"\x1f\x8b\x08",
        ]
    )
    | st.binary(max_size=40),
    max_size=12,
).map(b"".join)


@pytest.mark.parametrize("path", REGRESSIONS, ids=lambda path: path.name)
def test_what_fuzzing_found_is_read(path: Path) -> None:
    one_input(path.read_bytes())


@settings(deadline=None, max_examples=100)
@given(PIECES)
def test_any_mailbox_is_read(content: bytes) -> None:
    one_input(content)


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor(load_packs(), Settings())


class Count(Silent):
    """What passed by during a scan."""

    def __init__(self) -> None:
        self.found = 0

    def message(self, assessed: Assessed) -> None:
        self.found += 1

    def skipped(self, skipped: Skipped) -> None:
        self.found += skipped.messages


@settings(deadline=None, max_examples=50)
@given(st.lists(PIECES, min_size=1, max_size=3))
def test_totals_always_add_up(
    tmp_path_factory: pytest.TempPathFactory, assessor: Assessor, contents: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("mail")
    for number, content in enumerate(contents):
        (folder / f"{number}.mbox").write_bytes(content)
    count = Count()
    with Ledger.open() as ledger:
        scan([folder], ledger, assessor.pack, assessor, observer=count)
        accounts = list(ledger.accounts())
        records = list(ledger.records())
    assert {Path(account.path).name for account in accounts} == {f"{number}.mbox" for number in range(len(contents))}
    assert all(account.found or account.skipped for account in accounts)
    readings = [
        (account.read, account.read_with_defects, account.partly_read, account.unreadable) for account in accounts
    ]
    assert sum(account.found for account in accounts) == count.found == sum(map(sum, readings))
    assert len(records) <= count.found
