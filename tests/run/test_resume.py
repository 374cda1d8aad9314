"""Runs over files that an earlier run has seen: what is read again, and that the figures are those of one scan."""

import bz2
import gzip
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach_audit.ledger import Ledger
from outreach_audit.packs.load import load_packs
from outreach_audit.run.assess import Assessor
from outreach_audit.run.resume import STRETCH
from outreach_audit.run.scan import scan
from outreach_audit.run.settings import Settings
from outreach_audit.sources import Ref
from outreach_audit.tally import tables

PACK = load_packs()
ASSESSOR = Assessor(PACK, Settings())


def letter(number: int, size: int = 0, to: str = "kim@kaist.ac.kr") -> str:
    identity = f"Message-ID: <m{number}@x.org>\n" if number % 5 else ""
    head = f"To: {to}\n{identity}Date: Mon, 4 Mar 2024 01:{number % 60:02}:00 +0000\n"
    if number % 3 == 0:
        return f"From: b@else.org\nSubject: Lunch {number}\n{head}\nAt noon in the garden, {number}?\n{'.' * size}\n"
    return (
        f"From: Office <hr@bridge{number % 3}.example.com>\nSubject: Chair professor {number}\n{head}\nDear Professor,\n\n"
        "our university in Shenzhen, China, would like to invite you to join us as chair professor. The annual salary is"
        f" RMB 900,000; an apartment and start-up funding are provided. Please send your CV before 30 June.\n{'.' * size}\n"
    )


def mbox(*numbers: int, size: int = 0) -> bytes:
    return "".join(f"From a@b.org Mon Mar  4 01:00:00 2024\n{letter(n, size)}\n" for n in numbers).encode()


class Counting:
    """Counts what is assessed, and keeps what is said."""

    def __init__(self) -> None:
        self.read = 0
        self.said: list[str] = []

    def message(self, assessed) -> None:
        self.read += 1

    def skipped(self, skipped) -> None:
        self.said.append(skipped.reason)

    def say(self, text: str) -> None:
        self.said.append(text)


def run(ledger: Ledger, *paths: Path, assessor: Assessor = ASSESSOR, **options) -> Counting:
    counting = Counting()
    scan(paths, ledger, PACK, assessor, observer=counting, **options)
    return counting


def state(ledger: Ledger) -> tuple[object, ...]:
    """All that can be told of a ledger."""
    return list(ledger.records()), dict(ledger.campaigns().joined), tables(ledger)


def as_one_scan(*paths: Path) -> tuple[object, ...]:
    with Ledger.open() as fresh:
        run(fresh, *paths)
        return state(fresh)


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger.open() as opened:
        yield opened


@pytest.fixture
def folder(tmp_path) -> Path:
    """An mbox, its copy in another form, single messages, a member of an archive, and a picture."""
    (tmp_path / "inbox.mbox").write_bytes(mbox(*range(1, 8)))
    (tmp_path / "old.gz").write_bytes(gzip.compress(mbox(3, 4, 8, 9), mtime=0))
    (tmp_path / "one.eml").write_text(letter(10))
    with zipfile.ZipFile(tmp_path / "spam.zip", "w") as archive:
        archive.writestr("a.mbox", mbox(11, 1))
        archive.writestr("b.eml", letter(13))
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    return tmp_path


def test_unchanged_files_are_not_read_again_and_stay_accounted_for(folder, ledger):
    first = run(ledger, folder)
    before, accounts = state(ledger), list(ledger.accounts())
    again = run(ledger, folder)
    assert (first.read, again.read) == (15, 0)
    assert again.said == ["not read again, since they are as they were: 5 files"]
    assert (state(ledger), list(ledger.accounts())) == (before, accounts)


def test_a_file_named_twice_is_one_file(folder, ledger, monkeypatch):
    assert run(ledger, folder, folder / "inbox.mbox", folder).read == 15
    monkeypatch.chdir(folder)
    assert run(ledger, Path("inbox.mbox")).read == 0
    assert tables(ledger)[0].coverage.found == 15


def test_the_same_name_from_another_working_directory_is_another_file(tmp_path, ledger, monkeypatch):
    for name, numbers in (("a", (1, 2)), ("b", (4, 5))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.mbox").write_bytes(mbox(*numbers))
        monkeypatch.chdir(tmp_path / name)
        run(ledger, Path("x.mbox"))
    assert min(account.path for account in ledger.accounts()) == str(tmp_path / "b" / "x.mbox")
    assert tables(ledger)[0].coverage.found == len(list(ledger.records())) == 4


@pytest.mark.parametrize("size", [0, STRETCH])
def test_a_grown_mbox_goes_on_at_its_last_message(tmp_path, ledger, size):
    path = tmp_path / "a.mbox"
    path.write_bytes(mbox(*range(1, 9), size=size))
    run(ledger, tmp_path)
    with path.open("ab") as file:
        file.write(mbox(9, 10, size=size))
    again = run(ledger, tmp_path)
    assert again.read == 3
    assert again.said == []
    assert state(ledger) == as_one_scan(tmp_path)
    assert [account.found for account in ledger.accounts()] == [7, 2, 1]


def test_the_last_message_may_still_be_being_written(tmp_path, ledger):
    path = tmp_path / "a.mbox"
    whole = mbox(1, 2, 5, 4)
    for end in range(len(whole) // 2, len(whole), 97):
        path.write_bytes(whole[:end])
        run(ledger, tmp_path)
    path.write_bytes(whole)
    run(ledger, tmp_path)
    assert state(ledger) == as_one_scan(tmp_path)


def _shrink(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _rewrite(content: bytes) -> bytes:
    return content.replace(b"garden", b"office", 1)


def _grow_and_rewrite(content: bytes) -> bytes:
    return _rewrite(content) + mbox(20, 21)


@pytest.mark.parametrize("change", [_shrink, _rewrite, _grow_and_rewrite])
def test_what_was_rewritten_is_noticed_and_replaced(tmp_path, ledger, change: Callable[[bytes], bytes]):
    path = tmp_path / "a.mbox"
    path.write_bytes(mbox(3, 1, 2, 6, 4))
    (tmp_path / "copy.mbox").write_bytes(mbox(1, 7))
    run(ledger, tmp_path)
    path.write_bytes(change(path.read_bytes()))
    again = run(ledger, tmp_path)
    assert again.said[1:] == ["read again from the beginning, since what was read before has changed: 1 files"]
    assert state(ledger) == as_one_scan(tmp_path)


def test_an_emptied_file_leaves_what_other_files_hold(tmp_path, ledger):
    (tmp_path / "inbox.mbox").write_bytes(mbox(1, 2))
    (tmp_path / "spam.mbox").write_bytes(mbox(1, 2, 4))
    run(ledger, tmp_path)
    (tmp_path / "inbox.mbox").write_bytes(b"")
    run(ledger, tmp_path)
    assert {record.folder for record in ledger.records()} == {"spam"}
    assert state(ledger) == as_one_scan(tmp_path)


def test_a_change_between_the_ends_needs_the_full_digest(tmp_path, ledger):
    path = tmp_path / "a.mbox"
    content = mbox(3, *range(1, 4), size=STRETCH)
    path.write_bytes(content)
    assert run(ledger, tmp_path, full_digest=True).read == 4
    moment = path.stat().st_mtime_ns
    assert run(ledger, tmp_path, full_digest=True).read == 0
    middle = len(content) // 3
    path.write_bytes(content[:middle] + b"," + content[middle + 1 :])
    os.utime(path, ns=(moment, moment))
    assert run(ledger, tmp_path).read == 0
    assert run(ledger, tmp_path, full_digest=True).read == 4
    os.utime(path, ns=(0, 0))
    assert run(ledger, tmp_path, full_digest=True).read == 0
    with path.open("ab") as file:
        file.write(mbox(10))
    assert run(ledger, tmp_path, full_digest=True).read == 2
    assert run(ledger, tmp_path).read == 0


@pytest.mark.parametrize(
    "move",
    [
        lambda path: path.rename(path.with_name("moved.mbox")),
        lambda path: (path.with_suffix(".gz").write_bytes(gzip.compress(path.read_bytes())), path.unlink()),
        lambda path: (path.with_suffix(".bz2").write_bytes(bz2.compress(path.read_bytes())), path.unlink()),
        lambda path: (path.rename(path.with_name("inbox.1")), path.write_bytes(mbox(20, 21))),
        lambda path: (path.rename(path.with_name("inbox.1")), path.write_bytes(mbox(20)), path.with_name("one.eml").unlink(),
                      path.with_name("one.mbox").write_bytes(mbox(10))),
    ],
    ids=["renamed", "gzip", "bzip2", "rotated", "rotated and packed"],
)  # fmt: skip
def test_what_lies_elsewhere_now_counts_once(folder, ledger, move):
    run(ledger, folder)
    move(folder / "inbox.mbox")
    run(ledger, folder)
    assert state(ledger) == as_one_scan(folder)
    assert run(ledger, folder).read == 0


def test_what_is_gone_stays_counted_and_accounted_for(folder, ledger):
    run(ledger, folder)
    before = state(ledger)
    (folder / "inbox.mbox").unlink()
    run(ledger, folder)
    assert state(ledger) == before
    assert run(ledger, folder / "inbox.mbox").said == ["does not exist"]
    assert state(ledger) == before


def test_a_path_that_was_missing_leaves_no_gap_once_it_is_there(tmp_path, ledger):
    path = tmp_path / "mail"
    assert run(ledger, path).said == ["does not exist"]
    assert tables(ledger)[0].coverage.files_skipped == 1
    path.mkdir()
    assert run(ledger, path).said == ["an empty folder"]
    (path / "a.mbox").write_bytes(mbox(1))
    run(ledger, path)
    assert state(ledger) == as_one_scan(path)
    run(ledger, tmp_path / "typing mistake")
    run(ledger, path)
    assert state(ledger) == as_one_scan(path)


def test_other_settings_have_all_read_again(folder, ledger):
    run(ledger, folder)
    other = ASSESSOR.with_settings(replace(ASSESSOR.settings, institute="ror:9", home_domains=frozenset("ba")))
    again = run(ledger, folder, assessor=other)
    assert again.read == 15
    assert "packs, settings or program" in again.said[0]
    assert {record.institute for record in ledger.records()} == {"ror:9"}
    assert run(ledger, folder, assessor=other).read == 0


def test_standard_input_is_accounted_for_in_each_run(folder, ledger):
    for _ in range(2):
        with (folder / "inbox.mbox").open("rb") as stdin:
            scan(["-"], ledger, PACK, ASSESSOR, stdin=stdin)
    assert len(list(ledger.records())) == 7
    assert [(account.path, account.found) for account in ledger.accounts()] == [("- (run 1)", 7), ("- (run 2)", 7)]


class _StopError(Exception):
    pass


class _StopAt(Counting):
    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at

    def message(self, assessed) -> None:
        super().message(assessed)
        if self.read == self.at:
            raise _StopError


@pytest.mark.parametrize("name", ["a.mbox", "a.mbox.gz", "a.zip"])
def test_an_interrupted_file_loses_one_batch(tmp_path, ledger, name):
    content = mbox(*range(1, 21))
    path = tmp_path / name
    if name.endswith("zip"):
        with zipfile.ZipFile(path, "w") as archive:
            for part, numbers in enumerate((range(1, 4), range(4, 16), range(16, 21))):
                archive.writestr(f"{part}.mbox", mbox(*numbers))
    else:
        path.write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    stopping = _StopAt(14)
    with pytest.raises(_StopError):
        scan([tmp_path], ledger, PACK, ASSESSOR, observer=stopping, batch=3)
    assert len(list(ledger.records())) == 12
    resumed = run(ledger, tmp_path, batch=3)
    assert resumed.read in {8, 9}
    assert state(ledger) == as_one_scan(tmp_path)


def test_an_interrupted_file_that_changed_is_read_again(tmp_path, ledger):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(mbox(*range(1, 10))))
    with pytest.raises(_StopError):
        scan([path], ledger, PACK, ASSESSOR, observer=_StopAt(5), batch=2)
    path.write_bytes(gzip.compress(mbox(*range(4, 12))))
    assert run(ledger, path, batch=2).read == 8
    assert state(ledger) == as_one_scan(path)


def test_a_file_that_cannot_be_opened_any_more_keeps_its_records(folder, ledger, monkeypatch):
    run(ledger, folder)
    before = state(ledger)
    path = folder / "inbox.mbox"
    real = Path.open

    def refuse(self, *args, **kwargs):
        if self == path:
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    assert run(ledger, folder).said[0] == "cannot be opened: Permission denied"
    assert state(ledger) == before


def test_names_that_are_no_unicode_are_known_again(tmp_path, ledger):
    path = os.fsencode(tmp_path) + b"/m\xff.mbox"
    try:
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(mbox(1, 2))
    except OSError:
        pytest.skip("the file system takes no such names")
    assert run(ledger, tmp_path).read == 2
    assert run(ledger, tmp_path).read == 0
    assert len(list(ledger.checkpoints())) == 1


# --- property: however it came about, the ledger is that of one scan


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[list[int]], list[tuple[str, int, float]]]:
    """Numbers of letters in files, and what happens to the files between runs."""
    files = draw(st.lists(st.lists(st.integers(1, 14), min_size=1, max_size=5), min_size=1, max_size=3))
    steps = st.tuples(
        st.sampled_from(["cut", "write", "rename", "pack", "scan"]), st.integers(0, 2), st.floats(0.05, 1)
    )
    return files, draw(st.lists(steps, max_size=6))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), st.integers(1, 4), st.booleans(), st.booleans())
def test_any_history_gives_the_ledger_of_one_scan(tmp_path_factory, history, batch, backwards, full):
    files, steps = history
    folder = tmp_path_factory.mktemp("mail")
    names = [folder / name for name in ("inbox", "spam", "abuse")]
    wholes = [mbox(*numbers) for numbers in files]
    with Ledger.open() as ledger:
        for what, number, share in [*steps, ("scan", 0, 1.0)]:
            index = number % len(wholes)
            path, whole = names[index], wholes[index]
            if what in {"cut", "write"}:
                end = int(len(whole) * share) if what == "cut" else len(whole)
                path.write_bytes(gzip.compress(whole[:end]) if path.suffix == ".gz" else whole[:end])
            elif path.exists() and what == "rename":
                names[index] = path.rename(path.with_name(f"{path.stem}-{path.suffix}"))
            elif path.exists() and what == "pack" and path.suffix != ".gz":
                names[index] = path.with_suffix(".gz")
                names[index].write_bytes(gzip.compress(path.read_bytes()))
                path.unlink()
            else:
                found = sorted(folder.iterdir(), reverse=backwards)
                run(ledger, *found, batch=batch, full_digest=full)
        for path, whole in zip(names, wholes, strict=False):
            path.write_bytes(gzip.compress(whole) if path.suffix == ".gz" else whole)
        run(ledger, *sorted(folder.iterdir(), reverse=backwards), batch=batch)
        run(ledger, *sorted(folder.iterdir()), batch=batch)
        kept = state(ledger)
    assert kept == as_one_scan(*sorted(folder.iterdir()))
    shutil.rmtree(folder)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(1, 12)), st.integers(0, 11), st.integers(0, 11))
def test_any_splitting_gives_the_same_findings(tmp_path_factory, order, one, two):
    folder = tmp_path_factory.mktemp("mail")
    for name, numbers in (("all", sorted(order)), ("parts", None)):
        (folder / name).mkdir()
        parts = (
            [numbers]
            if numbers
            else [order[: min(one, two)], order[min(one, two) : max(one, two)], order[max(one, two) :]]
        )
        for index, part in enumerate(parts):
            (folder / name / f"{index}").write_bytes(mbox(*part))
    seen = []
    for name in ("all", "parts"):
        records, campaigns, counted = as_one_scan(folder / name)
        figures = [
            [(row.section, row.value, [count.value for count in row.counts]) for row in table.rows] for table in counted
        ]
        seen.append(([replace(record, ref=Ref("")) for record in records], campaigns, figures))
    assert seen[0] == seen[1]
    shutil.rmtree(folder)
