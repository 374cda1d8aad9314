"""Bytes become the characters that were written, whatever the label says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.codes import Reading
from outreach_audit.mail import parse
from outreach_audit.mail.charset import codecs_of, decode

KOREAN = "안녕하세요 교수님, 저희 연구소에서 전임 연구원을 모시고자 합니다. 연봉과 주택을 제공합니다."
SIMPLIFIED = "尊敬的教授：我校诚邀海外优秀青年人才申报国家项目，提供安家费和科研启动经费，请将简历发送给我们。"
TRADITIONAL = "敬愛的教授：本校誠摯邀請海外優秀學者申請講座職位，提供住房與研究經費，請將履歷寄給我們。"
JAPANESE = "先生、突然のご連絡失礼いたします。研究所では新しい研究員を募集しており、給与と住居を提供します。"
RUSSIAN = "Уважаемый профессор! Приглашаем Вас возглавить новую лабораторию с полным финансированием и жильём."
GERMAN = "Sehr geehrter Herr Professor, für die Stelle bieten wir Ihnen großzügige Ausstattung und schöne Räume."

# name -> text, codec of the bytes, label in the message
MISLABELLED: dict[str, tuple[str, str, str]] = {
    "ko: EUC-KR as iso-8859-1": (KOREAN, "euc-kr", "iso-8859-1"),
    "ko: CP949 as ks_c_5601-1987": (KOREAN + " 펲톱", "cp949", "ks_c_5601-1987"),
    "ko: CP949 as us-ascii": (KOREAN, "cp949", "us-ascii"),
    "ko: UTF-8 as euc-kr": (KOREAN, "utf-8", "euc-kr"),
    "ko: EUC-KR without a label": (KOREAN, "euc-kr", ""),
    "ko: EUC-KR as utf-8": (KOREAN, "euc-kr", "utf-8"),
    "zh-Hans: GBK as gb2312": (SIMPLIFIED + "朱镕基", "gbk", "gb2312"),
    "zh-Hans: GB18030 as iso-8859-1": (SIMPLIFIED, "gb18030", "iso-8859-1"),
    "zh-Hans: UTF-8 as gb2312": (SIMPLIFIED, "utf-8", "gb2312"),
    "zh-Hans: GBK as big5": (SIMPLIFIED, "gbk", "big5"),
    "zh-Hans: GBK without a label": (SIMPLIFIED, "gbk", ""),
    "zh-Hans: GBK as x-unknown": (SIMPLIFIED, "gbk", "x-unknown"),
    "zh-Hans: HZ as hz-gb-2312": (SIMPLIFIED, "hz", "hz-gb-2312"),
    "zh-Hant: Big5 as gb2312": (TRADITIONAL, "big5", "gb2312"),
    "zh-Hant: Big5 as windows-1252": (TRADITIONAL, "big5", "windows-1252"),
    "zh-Hant: Big5 without a label": (TRADITIONAL, "big5", ""),
    "ja: Shift_JIS as utf-8": (JAPANESE, "cp932", "utf-8"),
    "ja: ISO-2022-JP as us-ascii": (JAPANESE, "iso2022_jp", "us-ascii"),
    "ja: EUC-JP as iso-8859-1": (JAPANESE, "euc_jp", "iso-8859-1"),
    "ru: KOI8-R as windows-1251": (RUSSIAN, "koi8-r", "windows-1251"),
    "ru: windows-1251 as iso-8859-1": (RUSSIAN, "cp1251", "iso-8859-1"),
    "ru: KOI8-R without a label": (RUSSIAN, "koi8-r", ""),
    "de: windows-1252 as us-ascii": (GERMAN + " „so“", "cp1252", "us-ascii"),
    "de: UTF-8 as iso-8859-1": (GERMAN, "utf-8", "iso-8859-1"),
    "de: ISO-8859-1 as utf-8": (GERMAN, "latin-1", "utf-8"),
}


@pytest.mark.parametrize("name", MISLABELLED)
def test_a_mislabelled_message_is_read(name: str) -> None:
    text, codec, label = MISLABELLED[name]
    declared = f"Content-Type: text/plain; charset={label}\n" if label else ""
    mail = parse(f"From: a@example.org\nSubject: s\n{declared}\n".encode() + text.encode(codec))
    assert mail.text_of("body").strip() == text
    assert mail.reading is Reading.READ
    assert mail.defects == ()


def test_raw_eight_bit_header_fields_are_read() -> None:
    for text, codec in (
        (KOREAN, "euc-kr"),
        (SIMPLIFIED, "gbk"),
        (TRADITIONAL, "big5"),
        (RUSSIAN, "koi8-r"),
        (GERMAN, "utf-8"),
    ):
        mail = parse(b"Subject: " + text.encode(codec) + b"\n\nbody")
        assert mail.subject == text


def test_a_short_raw_subject_is_read_as_the_body_declares() -> None:
    head = b"Subject: " + "聘用".encode("gbk") + b"\nContent-Type: text/plain; charset=gb2312\n\n"
    assert parse(head + SIMPLIFIED.encode("gbk")).subject == "聘用"


def test_circled_numbers_of_cp50221_are_read() -> None:
    data = b"\x1b$B" + bytes(byte & 0x7F for byte in "①募集".encode("euc_jis_2004")) + b"\x1b(B"
    assert decode(data, "iso-2022-jp").text == "①募集"


def test_lost_characters_are_counted_and_said() -> None:
    data = SIMPLIFIED.encode("gb18030") + b"\xff\xff"
    read = decode(data, "gb2312")
    assert read.text.startswith(SIMPLIFIED)
    assert read.lost > 0
    mail = parse(b"Content-Type: text/plain; charset=gb2312\n\n" + data)
    assert mail.reading is Reading.PARTLY_READ
    assert any("could not be decoded" in defect for defect in mail.defects)


def test_one_broken_character_does_not_change_the_charset() -> None:
    data = "\n".join([SIMPLIFIED] * 4).encode("gb18030")
    broken = data[:-21] + data[-20:]
    for label in ("gb2312", ""):
        read = decode(broken, label)
        assert read.charset == "gb18030"
        assert read.text.startswith(SIMPLIFIED)


def test_utf_7_is_read_where_it_is_declared_and_never_guessed() -> None:
    assert decode(b"Fr+APY-sche", "unicode-1-1-utf-7").text == "Frösche"
    assert decode(b"Fr+APY-sche", "us-ascii").text == decode(b"Fr+APY-sche").text == "Fr+APY-sche"
    assert decode(b"+2AA- +ABC", "utf-7").text.isprintable()
    markup = parse(
        b"Content-Type: text/html; charset=utf-7\n\n<p>seen</p>+ADw-p style+AD0-display:none+AD4-unseen+ADw-/p+AD4-"
    )
    assert markup.text_of("body").strip() == "seen"


@pytest.mark.parametrize(
    "label", ["unicode_escape", "raw_unicode_escape", "idna", "punycode", "rot13", "zlib", "bz2", "undefined"]
)
def test_only_charsets_of_the_table_are_used(label: str) -> None:
    assert codecs_of(label) == ()
    assert decode(b"\\ud800 x", label).text == "\\ud800 x"


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("ks_c_5601-1987", "cp949"),
        ("x-windows-949", "cp949"),
        ("Shift_JIS", "cp932"),
        ("us-ascii", "cp1252"),
        ('"utf-8"', "utf-8"),
        ("UTF8", "utf-8"),
    ],
)
def test_labels_mean_what_mail_means_by_them(label: str, codec: str) -> None:
    assert codecs_of(label)[0] == codec


def test_byte_order_marks_decide() -> None:
    assert decode("인재".encode("utf-16"), "us-ascii").text == "인재"
    assert decode("인재".encode("utf-8-sig"), "gb2312").text == "인재"


@settings(deadline=None, max_examples=100)
@given(
    st.binary(max_size=200),
    st.sampled_from(["", "utf-8", "gb2312", "big5", "iso-2022-jp", "utf-16", "utf-7", "hz", "no-such"]),
)
def test_any_bytes_become_clean_text(data: bytes, label: str) -> None:
    text = decode(data, label).text
    text.encode("utf-8")
    assert "\x00" not in text


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=100))
def test_utf_8_is_read_as_it_was_written(text: str) -> None:
    data = text.encode("utf-8", "ignore")
    if b"\x1b$" not in data and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        assert decode(data, "utf-8").text == data.decode("utf-8").replace("\x00", "")
