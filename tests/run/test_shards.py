"""Any division of an mbox into stretches gives the messages of a whole reading."""

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach_audit.run import crew as crews
from outreach_audit.run import shards, workers
from outreach_audit.run.crew import Crew, Turn
from outreach_audit.run.settings import Settings
from outreach_audit.sources import Limits, read
from outreach_audit.sources.grown import Stretch, is_mbox, read_on

_HEAD = "Message-ID: <{}@x.org>\nSubject: s\n"


class Reading:
    """Executes in place, and reads without assessing."""

    died = (InterruptedError,)
    slots = 1

    def submit(self, call, /, _task, shard) -> Future:
        future = Future()
        found = []
        for piece, _ in shard.pieces:
            part = workers.Part(most=shards.MOST_MESSAGES)
            found.append(workers.Outcome(tuple(workers.items_of(piece, self.settings, part)), part))
        future.set_result(tuple(found))
        return future

    def renew(self) -> None:
        raise AssertionError

    def __init__(self, using: Settings) -> None:
        self.settings = using


def by_stretches(path: Path, each: int, monkeypatch, *, origin: int = 0, limits: Limits = Limits()) -> list:  # noqa: B008 - frozen
    monkeypatch.setattr(crews, "shard_size", lambda *_: each)
    using = Settings(source_limits=limits)
    turn = Turn(list, str(path), path.stat().st_size, stretch=Stretch(path, str(path), (), origin))
    return [item for _, items in Crew(Reading(using), b"", using).each(iter([turn])) for item in items]


def letters(draw: st.DrawFn) -> Iterator[bytes]:
    """Messages with all that may be taken for the beginning of another."""
    for number in range(draw(st.integers(1, 6))):
        body = draw(
            st.lists(
                st.sampled_from(
                    [
                        "text", "", "From now on we are", ">From a@b.org Mon Mar  4 01:00:00 2024", ">>From x", "From ", "not From here",
                        "From a@b.org Mon Mar  4 01:00:00 2024", "Subject: inner", "From -", "From 12@xxx", "x" * 200, "\0", "Received: by x",
                    ]
                ),
                max_size=8,
            )
        )  # fmt: skip
        lines = "\n".join(body) + "\n"
        head = _HEAD.format(number)
        length = draw(st.sampled_from([None, None, len(lines), len(lines) + 1, 3, 100, 10_000]))
        if length is not None:
            head += f"Content-Length: {length}\n"
        separator = draw(
            st.sampled_from(
                ["From a@b.org Mon Mar  4 01:00:00 2024", "From -", "From ", "From 12@xxx", "From user at host"]
            )
        )
        yield (f"{separator}\n{head}\n{lines}" + draw(st.sampled_from(["\n", "\n", "", "\n\n\n"]))).encode()


@st.composite
def mboxes(draw: st.DrawFn) -> bytes:
    content = draw(st.sampled_from([b"", b"", b"\n", b"\xef\xbb\xbf", b"a preamble\n\n", b"\0\0"])) + b"".join(
        letters(draw)
    )
    line_end = draw(st.sampled_from([b"\n", b"\n", b"\r\n", b"\r"]))
    content = content.replace(b"\n", line_end)
    return content[: draw(st.integers(len(content) // 2, len(content)))] if draw(st.booleans()) else content


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mboxes(), st.integers(1, 400), st.sampled_from([48 << 20, 150, 40]), st.sampled_from([500, 1, 2]))
def test_stretches_give_what_a_whole_reading_gives(tmp_path, content, each, message_bytes, most):
    path = tmp_path / "a.mbox"
    path.write_bytes(content)
    if not is_mbox(path):
        return
    limits = Limits(message_bytes=message_bytes)
    whole = list(read([path], limits=limits))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "MOST_MESSAGES", most)
        for size in {1 if len(content) < 500 else 3, each, len(content) + 1}:
            assert by_stretches(path, size, patch, limits=limits) == whole


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mboxes(), mboxes(), st.integers(1, 400))
def test_stretches_go_on_as_a_whole_reading_does(tmp_path, before, after, each):
    path = tmp_path / "a.mbox"
    path.write_bytes(before + after)
    with pytest.MonkeyPatch.context() as patch:
        whole = list(read_on(path, len(before), Limits()))
        for size in {1, each}:
            assert by_stretches(path, size, patch, origin=len(before)) == whole


def test_an_mbox_of_real_mail_by_stretches(shared, tmp_path, monkeypatch):
    path = next(iter(sorted((shared / "mail").rglob("*.mbox"))), None)
    if path is None:
        pytest.skip("no mbox there")
    content = path.read_bytes()[:3_000_000]
    copy = tmp_path / "a.mbox"
    copy.write_bytes(content)
    whole = list(read([copy]))
    for each in (4096, 65_537, 1_000_000):
        assert by_stretches(copy, each, monkeypatch) == whole
