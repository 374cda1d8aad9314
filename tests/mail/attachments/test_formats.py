"""Every format gives its text, whatever its name says."""

import sys
import zipfile
from pathlib import Path

import pytest

from outreach_audit.mail.attachments import Extracted, InProcessReader, Limits, State

from . import samples

KOREAN = "존경하는 교수님께 저희 대학에 초빙하고자 합니다"
CHINESE = "尊敬的教授：诚邀您申报海外优青项目"


def read(data: bytes, name: str = "", content_type: str = "", **limits: int) -> Extracted:
    return InProcessReader(Limits(**limits)).read(name, content_type, data)


def text_of(data: bytes, name: str = "", content_type: str = "") -> str:
    extracted = read(data, name, content_type)
    assert extracted.state == State.TEXT, extracted
    assert extracted.note == ""
    return extracted.text


@pytest.mark.parametrize(
    ("font", "text"),
    [
        ("Helvetica", "Dear Professor, we invite you"),
        ("HYSMyeongJo-Medium", KOREAN),
        ("STSong-Light", CHINESE),
        ("HeiseiMin-W3", "教授として招聘いたします"),
    ],
)
def test_pdf_gives_its_text_in_every_script(font: str, text: str) -> None:
    assert text in text_of(samples.pdf(text, "second page", font=font), "offer.doc", "image/png")


def test_pdf_gives_the_targets_of_its_links() -> None:
    assert "https://apply.example/x?id=1" in text_of(samples.pdf("Apply here", link="https://apply.example/x?id=1"))


def test_pdf_that_only_forbids_printing_is_read() -> None:
    assert "open text" in text_of(samples.pdf("open text", password=""))


def test_pdf_with_a_password_is_encrypted() -> None:
    assert read(samples.pdf("closed text", password="x")) == Extracted("encrypted", "", "a PDF with a password")


def test_pdf_without_text_is_image_only() -> None:
    assert read(samples.picture_pdf()).state == State.IMAGE_ONLY


def test_pdf_of_many_pages_is_read_in_part_and_says_so() -> None:
    extracted = read(samples.pdf("one", "two", "three"), pages=2)
    assert (extracted.state, extracted.note) == ("text", "only 2 of 3 pages were read")
    assert "two" in extracted.text
    assert "three" not in extracted.text


def test_docx_gives_paragraphs_and_links_from_tables() -> None:
    text = text_of(samples.docx(f"Dear Professor\n{CHINESE}", link="https://apply.example/talent"), "x.pdf")
    assert f"Dear Professor\n\n{CHINESE}" in text
    assert "https://apply.example/talent" in text


@pytest.mark.parametrize("member", ["content.xml", "../../etc/passwd", "/abs"])
def test_zip_gives_names_and_texts_of_its_members(member: str) -> None:
    archive = samples.zipped(
        {member: b"plain words", "offer.docx": samples.docx("docx words"), "a/": b"", "p.png": b"\x89PNG\0"}
    )
    assert text_of(archive, "x.docx") == f"{member}\nplain words\noffer.docx\ndocx words\n\np.png"


def test_zip_within_zip_is_read_once_more_only() -> None:
    inner = samples.zipped({"a.txt": b"deep words"})
    assert "deep words" in text_of(samples.zipped({"in.zip": inner}))
    deepest = read(samples.zipped({"1.zip": samples.zipped({"2.zip": inner})}))
    assert (deepest.state, deepest.text) == ("refused", "")


def test_zip_names_without_utf8_flag_are_in_the_charset_of_the_packer() -> None:
    name = "海外优青申报书.txt"
    archive = samples.zipped({"X" * len(name.encode("gb18030")): b"words"})
    assert text_of(archive.replace(b"X" * len(name.encode("gb18030")), name.encode("gb18030"))).startswith(name)


def test_encrypted_zip() -> None:
    assert read(samples.encrypted_zip("offer.txt")) == Extracted("encrypted", "", "offer.txt: encrypted")


def test_zip_tells_what_it_could_not_read() -> None:
    members = {f"{number}.pdf": b"%PDF-1.4 broken" for number in range(5)} | {
        "a.txt": b"words",
        "m.eml": b"From: a@b.example",
    }
    extracted = read(samples.zipped(members))
    assert extracted.state == State.TEXT
    assert extracted.note.startswith("0.pdf: broken")
    assert extracted.note.endswith("and 2 more")
    assert extracted.messages == (b"From: a@b.example",)


def test_empty_zip_has_no_text() -> None:
    assert read(samples.zipped({})) == Extracted("none")


def test_odt_gives_text_header_and_footer() -> None:
    paragraph = "<text:p>pay &amp; <text:span>housing</text:span><text:tab/>yes&#33;</text:p>"
    body = f"<text:h>Offer</text:h>{paragraph}<table:table-cell/>"
    assert text_of(samples.odt(body)).strip() == "Offer\npay & housing\tyes!\n\t\nTalent Office"


def test_odt_with_password_is_encrypted() -> None:
    manifest = "<manifest:encryption-data/>"
    assert read(samples.odt("x", {"META-INF/manifest.xml": manifest})).state == State.ENCRYPTED


def test_rtf_reads_each_run_in_the_charset_of_its_font() -> None:
    fonts = rb"{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset134 SimSun;}{\f2\fcharset129 Batang;}}"
    head = rb"{\rtf1\ansi\ansicpg1252\deff0" + fonts
    chinese = "".join(f"\\'{byte:02x}" for byte in "海外优青".encode("gb18030")).encode()
    data = (
        head
        + rb"{\*\generator Riched20;}caf\'e9 {\f1 "
        + chinese
        + rb"}\par {\f2 "
        + "한국".encode("cp949")
        + rb"}\u8364?\tab x}"
    )
    assert text_of(data, "offer.doc", "application/msword") == "café 海外优青\n한국€\tx"


def test_rtf_keeps_link_targets_and_drops_pictures_and_binary() -> None:
    data = (
        rb'{\rtf1 {\field{\*\fldinst HYPERLINK "https://apply.example/a" }{\fldrslt Apply}} now'
        rb"{\pict\wmetafile8 0102030405}{\pict\bin3 }}x} please{\*\unknown words}\{\}}"
    )
    assert text_of(data) == "https://apply.example/a Apply now please{}"


def test_rtf_around_html_gives_the_html() -> None:
    data = (
        rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\f0 \htmlrtf0 Dear Professor"
        rb"{\*\htmltag244 <b>}!{\*\htmltag252 </b>}\htmlrtf\par}\htmlrtf0 {\*\htmltag72 </p>}}"
    )
    assert text_of(data).strip() == "Dear Professor!"


def test_html_gives_visible_text_and_link_targets() -> None:
    page = f'<html><body><p>{KOREAN}</p><a href="https://apply.example/k">지원</a><script>no()</script></body></html>'
    text = text_of(page.encode("cp949"), content_type="text/html; charset=euc-kr")
    assert KOREAN in text
    assert "https://apply.example/k" in text
    assert "no()" not in text


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_plain_text_in_any_charset(charset: str) -> None:
    assert text_of((CHINESE * 4).encode(charset), "offer.csv") == CHINESE * 4


def test_plain_text_follows_the_declared_charset() -> None:
    assert text_of("Привет, профессор".encode("koi8-r"), "a.txt", 'text/plain; charset="koi8-r"') == "Привет, профессор"


def test_calendar_and_card_are_text() -> None:
    assert "SUMMARY:Forum" in text_of(
        b"BEGIN:VCALENDAR\r\nSUMMARY:Forum\r\nEND:VCALENDAR\r\n", "a.ics", "text/calendar"
    )


def test_xml_gives_its_words() -> None:
    data = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><HWPML><P><CHAR>words &lt;1&gt; &x;</CHAR></P></HWPML>'
    assert text_of(data, "a.hml").split("]>")[-1] == "words <1> &x;\n"


@pytest.mark.parametrize(
    ("data", "content_type", "name", "state"),
    [
        (b"", "text/plain", "", "none"),
        (b"\x89PNG\r\n\x1a\n\0\0", "application/pdf", "offer.pdf", "none"),
        (b"MZ\x90\0\3", "", "setup.exe", "none"),
        (b"Final-Recipient: x", "message/delivery-status", "", "none"),
        (b"From: <Saved by Blink>\nMIME-Version: 1.0\nSubject: x\n\n", "", "a.mht", "unsupported"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n", "", "a.doc", "unsupported"),
        (b"Version: 1", "application/pgp-encrypted", "", "none"),
        (b"-----BEGIN PGP MESSAGE-----\n\nhQ", "", "", "encrypted"),
        (bytes.fromhex("3080 06092a864886f70d010703"), "application/pkcs7-mime", "smime.p7m", "encrypted"),
        (b"Rar!\x1a\x07\x01\0", "", "a.rar", "unsupported"),
        (b"HWP Document File V3.00 \x1a\1\2\3\4\5", "", "a.hwp", "unsupported"),
        (bytes(257) + b"ustar\0", "", "a.tar", "unsupported"),
        (samples.OLE + bytes(600), "", "a.doc", "failed"),
        (b"PK\3\4 cut", "", "a.docx", "failed"),
        (b"%PDF-1.7\n%%EOF", "", "a.pdf", "failed"),
    ],
)
def test_what_has_no_text_says_why(data: bytes, content_type: str, name: str, state: str) -> None:
    extracted = read(data, name, content_type)
    assert (extracted.state, extracted.text) == (state, "")
    assert bool(extracted.note) == (state != "none")


def test_winmail_gives_body_and_attachments() -> None:
    pytest.importorskip("tnefparse")
    data = samples.tnef(b"Dear Professor", [(b"offer.docx", samples.docx("docx words"))])
    assert text_of(data, "winmail.dat", "application/ms-tnef") == "Dear Professor\noffer.docx\ndocx words\n"


def test_winmail_gives_a_body_of_rtf() -> None:
    pytest.importorskip("tnefparse")
    pytest.importorskip("compressed_rtf")
    assert text_of(samples.tnef(b"", [], rb"{\rtf1\ansi Dear Professor}")) == "Dear Professor"


def test_winmail_without_its_reader_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tnefparse", None)
    extracted = read(samples.tnef(b"Dear Professor", []))
    assert extracted.state == State.UNSUPPORTED
    assert "pip install 'outreach-audit[outlook]'" in extracted.note


def test_every_hwp_document_is_answered(shared: Path) -> None:
    found = {}
    for path in sorted(shared.joinpath("conformance/hwp").glob("*.hwp")):
        found[path.stem] = read(path.read_bytes())
    assert len(found) == 27
    assert found["덧말"].text.strip() == "ABC(1234) 가나다라(이것은 덧말이다.)"
    assert "우리는 우리다." in found["숨은설명"].text
    assert "테스트 누름틀" in found["구버전(5.0.2.2) Picture 컨트롤"].text
    assert found["그림"] == Extracted("image_only", "", "a document of pictures only")
    assert {name for name, extracted in found.items() if extracted.state == "failed"} == {
        "호-곡선"
    }  # cut in the middle
    assert not any("[이미지" in extracted.text for extracted in found.values())


def test_documents_from_real_mail(shared: Path) -> None:
    samples_of = {
        "zbateson/tests/_data/emails/files/test.doc": ("text", "Biodiversité de semaine en semaine"),
        "ruby_mail/spec/fixtures/attachments/test.pdf": ("image_only", ""),
        "ruby_mail/spec/fixtures/attachments/test.zip": ("image_only", ""),
        "ruby_mail/spec/fixtures/attachments/てすと.txt": ("text", "これわてすと"),
        "outlook/testMSG_att_doc.msg": ("text", ""),
    }
    for name, (state, words) in samples_of.items():
        extracted = read(shared.joinpath("conformance", name).read_bytes())
        assert extracted.state == state, name
        assert words in extracted.text


def test_zip_with_a_packing_that_is_not_known_fails_softly() -> None:
    data = bytearray(samples.zipped({"a.txt": b"words"}, zipfile.ZIP_STORED))
    data[8] = data[data.index(b"PK\x01\x02") + 10] = 97
    assert read(bytes(data)).state == State.FAILED
