"""Outlook items as messages of RFC 5322."""

import email
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.mail import Scope, parse
from outreach_audit.sources import Item, Note, RawMessage, Skipped, read, read_at
from outreach_audit.sources.rich_text import decompressed

STORES = {"testPST.pst", "testPST_variousBodyTypes.pst"}


def messages(items: list[Item]) -> list[email.message.Message]:
    return [email.message_from_bytes(item.content) for item in items if isinstance(item, RawMessage)]


def texts(message: email.message.Message) -> str:
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join(part.get_payload(decode=True).decode(part.get_content_charset() or "latin-1") for part in parts)


@pytest.fixture
def outlook(shared: Path) -> Path:
    pytest.importorskip("aspose.email_foss")
    pytest.importorskip("pypff")
    return shared / "conformance" / "outlook"


def test_every_msg_becomes_one_message(outlook: Path) -> None:
    for path in sorted(outlook.glob("*.msg")):
        items = list(read([path]))
        (message,) = messages(items)
        assert message["From"], path.name
        assert message["Date"], path.name
        assert not message.defects, path.name
        assert texts(message).strip(), path.name
        assert read_at(items[0].ref) == items[0].content


def test_transport_headers_charsets_and_attachments_are_kept(outlook: Path) -> None:
    (message,) = messages(list(read([outlook / "testMSG.msg"])))
    assert message["Message-ID"] == "<510143ac0901291116s5f368dfby9d6423ce61acc36a@mail.gmail.com>"
    assert message.get_all("Received")
    (message,) = messages(list(read([outlook / "testMSG_chinese.msg"])))
    assert "中文測試" in texts(message)
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]
    (message,) = messages(list(read([outlook / "testMSG_att_doc.msg"])))
    assert [part.get_filename() for part in message.walk() if part.get_filename()] == ["test-unicode.doc", "pj1.txt"]
    (message,) = messages(list(read([outlook / "testMSG_att_msg.msg"])))
    inner = next(part for part in message.walk() if part.get_content_type() == "message/rfc822").get_payload(0)
    assert "Blah blah blah" in texts(inner)
    assert inner["Subject"]


def test_stores(outlook: Path) -> None:
    items = list(read([outlook / "testPST.pst"]))
    found = messages(items)
    assert len(found) == 7
    assert found[2]["Message-ID"] == "<CAJ+FrY6C_Hp_b-Pzx2VqUqnonx9Dei8kcXDV7j1wPT99mNKsuA@mail.gmail.com>"
    assert items[0].labels == ("Début du fichier de données Outlook",)
    inner = found[6].get_payload(1).get_payload(0)
    assert inner["Subject"] == "First email"
    assert "Docx file attached" in texts(inner)
    assert not items[6].defects
    assert [part.get_filename() for part in inner.walk()][-1] == "attachment.docx"
    assert read_at(items[3].ref) == items[3].content
    items = list(read([outlook / "testPST_variousBodyTypes.pst"]))
    assert [item.labels for item in items if isinstance(item, RawMessage)] == [("tmp",)] * 4
    assert all("original email" in texts(message) for message in messages(items))
    assert not [item for item in items if isinstance(item, Skipped)]


def test_a_missing_reader_is_said_in_one_line(outlook: Path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "aspose.email_foss.cfb", None)
    monkeypatch.setitem(sys.modules, "pypff", None)
    for item in read([outlook / "testMSG.msg", outlook / "testPST.pst"]):
        assert isinstance(item, Skipped)
        assert item.messages == 1
        assert "pip install 'outreach-audit[outlook]'" in item.reason


def test_an_attached_message_of_a_store_that_is_not_reached_gives_its_short_properties(
    outlook: Path, monkeypatch
) -> None:
    def unreached(*_: object) -> None:
        raise ValueError("a store of version 36")

    monkeypatch.setattr("outreach_audit.sources.pst.attached_message", unreached)
    item = [item for item in read([outlook / "testPST.pst"]) if isinstance(item, RawMessage)][6]
    assert item.partial
    assert "short properties" in item.defects[0]
    inner = email.message_from_bytes(item.content).get_payload(1).get_payload(0)
    assert inner["Subject"] == "First email"


RTF = b"{\\rtf1\\ansi Dear {\\b professor}\\par}"
HTML = b"{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag <a href='http://a.example/x'>}Apply{\\*\\htmltag </a>}}"


@pytest.mark.parametrize(
    ("rtf", "body", "text", "links"),
    [
        (RTF, "", "Dear professor", 0),
        (HTML, "", "Apply", 1),
        # what the plain text has already is not told again; the target of the link is
        (HTML, "Apply", "Apply", 1),
        (RTF, "Dear professor", "Dear professor", 0),
    ],
)
def test_a_body_of_rich_text_is_read(tmp_path: Path, rtf: bytes, body: str, text: str, links: int) -> None:
    compressed_rtf = pytest.importorskip("compressed_rtf")
    writer = pytest.importorskip("tests.sources.outlook_writer")
    for packed in (writer.packed(rtf), compressed_rtf.compress(rtf), rtf):
        properties = {0x1009: (writer.BINARY, packed)} | ({0x1000: (writer.UNICODE, body)} if body else {})
        (tmp_path / "a").write_bytes(writer.msg("s", properties).to_bytes())
        (item,) = read([tmp_path / "a"])
        assert not item.partial
        mail = parse(item.content)
        assert mail.text_of(Scope.BODY).strip() == text
        assert len(mail.links) == links
        assert mail.defects == ()


@pytest.mark.parametrize(
    ("packed", "defect"),
    [
        (b"short", "could not be read: too short"),
        (bytes(20), "could not be read: an unknown compression"),
        (b"\x14\0\0\0\xff\xff\0\0LZFu\0\0\0\0\0{\\rtf1 w", "was not read in full"),
    ],
)
def test_damaged_rich_text_is_told(tmp_path: Path, packed: bytes, defect: str) -> None:
    writer = pytest.importorskip("tests.sources.outlook_writer")
    (tmp_path / "a").write_bytes(writer.msg("s", {0x1009: (writer.BINARY, packed)}).to_bytes())
    (item,) = read([tmp_path / "a"])
    assert item.partial
    assert defect in item.defects[0]


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300), st.lists(st.sampled_from([b"{\\rtf1 ", b"\\par ", b"abc"]), max_size=60).map(b"".join))
def test_rich_text_comes_back(noise: bytes, rtf: bytes) -> None:
    compressed_rtf = pytest.importorskip("compressed_rtf")
    for content in (rtf or b"x", noise or b"x"):
        assert decompressed(compressed_rtf.compress(content), 1_000_000) == (content, True)
    with suppress(ValueError):
        assert len(decompressed(noise, 100)[0]) <= 100


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["testMSG.msg", "testMSG_att_msg.msg", "testMSG_forwarded.msg", "testPST_variousBodyTypes.pst"]),
    st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=60),
    st.integers(0, 4),
)
def test_damage_never_raises(tmp_path_factory, shared, name: str, changes: list[tuple[int, int]], cut: int) -> None:
    pytest.importorskip("aspose.email_foss")
    pytest.importorskip("pypff")
    content = bytearray((shared / "conformance" / "outlook" / name).read_bytes())
    for at, value in changes:
        content[16 + at % (len(content) - 16)] = value
    path = tmp_path_factory.mktemp("broken") / "item"
    path.write_bytes(content[: len(content) - (cut == 0) * len(content) // 3])
    for item in read([path]):
        assert isinstance(item, RawMessage | Skipped | Note)
