"""The child may die: the attachment is told so, and the next one is read."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach_audit.mail.attachments import ChildReader, Extracted, Limits, State, supervisor, wire
from outreach_audit.mail.attachments.model import File

from . import samples

RTF = b"{\\rtf1 words}"
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds limits on memory strictly")


def child_of(reader: ChildReader) -> "subprocess.Popen[bytes]":
    assert reader._child is not None
    return reader._child


def stand_in(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Start this code in the place of the child."""
    real = supervisor._start
    calls = []

    def start(limits: Limits) -> "subprocess.Popen[bytes]":
        calls.append(limits)
        if len(calls) > 1:
            return real(limits)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        return subprocess.Popen([sys.executable, "-c", f"import os, signal, sys, time\n{code}"], **pipes)

    monkeypatch.setattr(supervisor, "_start", start)


def test_the_child_starts_with_the_first_attachment_that_needs_it() -> None:
    with ChildReader() as reader:
        assert reader.read("a.txt", "text/plain", b"words").text == "words"
        assert reader.read("a.png", "image/png", b"\x89PNG\0").state == State.NONE
        assert reader.read("big.pdf", "", b"%PDF-" + bytes(25_000_000)).state == State.REFUSED
        assert reader._child is None
        assert reader.read("a.rtf", "", RTF).text == "words"
        first = child_of(reader)
        assert reader.read("a.docx", "", samples.docx("docx words")).text.strip() == "docx words"
        assert child_of(reader) is first
    assert first.poll() is not None
    assert reader._child is None


@pytest.mark.parametrize(
    ("code", "state", "note"),
    [
        ("sys.stdin.read(1); os.kill(os.getpid(), signal.SIGSEGV)", "failed", "its reader broke down (exit -11)"),
        ("sys.stdin.read(1); os.abort()", "failed", "its reader broke down (exit -6)"),
        ("sys.stdin.read(1); os.kill(os.getpid(), signal.SIGKILL)", "refused", "took more than 256 MB of memory"),
        ("sys.stdin.read(1); os.kill(os.getpid(), signal.SIGXCPU)", "refused", "took more than 4 s of processor time"),
        ("os._exit(3)", "failed", "its reader broke down (exit 3)"),
        ("time.sleep(60)", "refused", "took more than 1 s"),
        (
            "os.write(1, b'\\xff' * 100)\nwhile os.read(0, 99): pass",
            "failed",
            "its reader broke down (no proper answer)",
        ),
        (
            "os.write(1, b'\\0\\0\\0\\2[]')\nwhile os.read(0, 99): pass",
            "failed",
            "its reader broke down (no proper answer)",
        ),
    ],
)
def test_a_child_that_dies_costs_one_attachment(
    code: str, state: str, note: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, code)
    with ChildReader(Limits(wall_seconds=1)) as reader:
        assert reader.read("a.rtf", "", RTF + bytes(1_000_000)) == Extracted(state, "", note)
        reader.limits = Limits()
        reader.begin()
        assert reader.read("a.rtf", "", RTF).text == "words"


def test_a_child_that_is_killed_between_two_attachments_is_replaced() -> None:
    with ChildReader() as reader:
        reader.read("a.rtf", "", RTF)
        child_of(reader).terminate()
        child_of(reader).wait()
        assert reader.read("a.rtf", "", RTF).text == "words"


@linux
def test_memory_and_processor_time_are_limited() -> None:
    memory = samples.raw_pdf(samples.deflated(bytes(1_000_000), 70), b"/Filter/FlateDecode")
    with ChildReader(Limits(memory_bytes=100_000_000)) as reader:
        assert reader.read("a.pdf", "", memory).note == "took more than 100 MB of memory"
        assert reader.read("a.rtf", "", RTF).text == "words"
    with ChildReader(Limits(cpu_seconds=1)) as reader:
        slow = samples.raw_pdf(samples.deflated(b"BT /F1 9 Tf (hello) Tj ET\n" * 1_000, 40), b"/Filter/FlateDecode")
        reader.begin()
        reader.read("a.rtf", "", RTF)
        assert reader.read("a.pdf", "", slow).note == "took more than 1 s of processor time"
        assert reader.read("a.rtf", "", RTF) == Extracted("refused", "", "the attachments took more than 1 s together")
        reader.begin()
        assert reader.read("a.rtf", "", RTF).text == "words"


def test_processor_time_is_granted_to_each_message_anew() -> None:
    some = b"{\\rtf1{\\pict" + b"\\a1" * 300_000 + b"}}words}"
    with ChildReader(Limits(cpu_seconds=2)) as reader:
        reader.read("a.rtf", "", RTF)
        first = child_of(reader)
        for _ in range(6):
            reader.begin()
            assert reader.read("a.rtf", "", some).state == State.TEXT
        assert child_of(reader) is first


@linux
def test_a_child_that_has_grown_is_replaced() -> None:
    with ChildReader(Limits(memory_bytes=20_000_000)) as reader:  # Python alone takes a third of that
        assert reader.read("a.rtf", "", RTF).text == "words"
        assert reader._child is None
        assert reader.read("a.rtf", "", RTF).text == "words"


def test_a_forked_process_gets_a_child_of_its_own() -> None:
    with ChildReader() as reader:
        reader.read("a.rtf", "", RTF)
        here = child_of(reader).pid
        heir = os.fork()
        if heir == 0:
            extracted = reader.read("a.rtf", "", RTF)
            own = child_of(reader).pid != here
            reader.close()
            os._exit(0 if own and extracted.text == "words" else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(heir, 0)[1]) == 0
        assert child_of(reader).pid == here
        assert reader.read("a.rtf", "", RTF).text == "words"


@linux
def test_the_child_ends_with_the_run() -> None:
    code = (
        "from outreach_audit.mail.attachments import ChildReader\n"
        "r = ChildReader(); r.read('a', '', b'{\\\\rtf1 x}'); print(r._child.pid, flush=True)\n"
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert run.returncode == -signal.SIGKILL
    state = Path("/proc", run.stdout.strip(), "stat")
    for _ in range(100):
        if not state.exists() or state.read_text().split()[2] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("the child still runs")


def test_a_child_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    with ChildReader() as reader:
        assert reader.read("a.rtf", "", RTF).state == State.FAILED


@given(st.text(), st.text(), st.binary(max_size=100))
def test_requests_survive_the_pipe(name: str, content_type: str, data: bytes) -> None:
    pipe = io.BytesIO()
    wire.send_file(pipe, File(name + "\ud800", content_type, data), 2.5)
    pipe.seek(0)
    assert wire.receive_file(pipe, 10_000) == (File(name + "\ud800", content_type, data), 2.5)
    assert wire.receive_file(pipe, 10_000) is None


@given(
    st.builds(
        wire.Reply,
        st.builds(
            Extracted, st.sampled_from(State), TEXTS, TEXTS, st.lists(st.binary(max_size=9), max_size=3).map(tuple)
        ),
        st.booleans(),
        st.floats(0, 9),
    ),
    st.integers(0, 40),
)
def test_replies_survive_the_pipe_or_are_refused(reply: wire.Reply, cut: int) -> None:
    pipe = io.BytesIO()
    wire.send_reply(pipe, reply)
    assert wire.receive_reply(io.BytesIO(pipe.getvalue()), 100_000, 3, 27) == reply
    assert wire.receive_reply(io.BytesIO(pipe.getvalue()[:cut]), 100_000, 3, 27) is None
    if sum(map(len, reply.extracted.messages)):
        with pytest.raises(wire.BrokenFrameError):
            wire.receive_reply(io.BytesIO(pipe.getvalue()), 100_000, 3, sum(map(len, reply.extracted.messages)) - 1)


@given(st.binary(max_size=60))
def test_broken_replies_are_refused(frame: bytes) -> None:
    with pytest.raises(wire.BrokenFrameError):
        wire.receive_reply(io.BytesIO(len(frame).to_bytes(4, "big") + frame), 50, 1, 10)
