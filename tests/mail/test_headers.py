"""Header fields: unfolded, encoded words and parameters read."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.mail.headers import decode_base64, decode_words, parametrised, raw_text, text_of


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=?iso-8859-1?q?this is some text?=", "this is some text"),
        ("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"),
        ("=?ISO-8859-1?Q?a?= b", "a b"),
        ("=?ISO-8859-1?Q?a_b?=", "a b"),
        ("=?US-ASCII*EN?Q?Keith_Moore?=", "Keith Moore"),
        ("Re: =?utf-8?B?5oub6IGY?= now", "Re: 招聘 now"),
        # split inside a character, as many programs do
        ("=?utf-8?B?5os=?= =?utf-8?B?m+iBmA==?=", "招聘"),
        ("=?gb2312?B?1Q==?= =?gb2312?B?0Ma4?=", "招聘"),
        # split inside a group of four letters
        ("=?utf-8?B?5oub6?= =?utf-8?B?IGY?=", "招聘"),
        ("=?utf-8?Q?=E6=8B?= =?utf-8?Q?=9B?=", "招"),
        # not separated from text, or from one another
        ("x=?utf-8?B?5oub?=y", "x招y"),
        ("=?utf-8?B?5oub?==?utf-8?B?6IGY?=", "招聘"),
        # broken: blank inside, cut off, padding missing, unknown charset, no word at all
        ("=?utf-8?B?5oub 6IGY?=", "招聘"),
        ("=?utf-8?B?5oub6IGY", "招聘"),
        ("=?utf-8?Q?=E6=8B=9B?", "招"),
        ("=?utf-8?B?YQ?=", "a"),
        ("=?no-such?Q?abc?=", "abc"),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("=?", "=?"),
        ("what?=", "what?="),
        ("=?utf-8?Q?a =?utf-8?Q?b?=", "=?utf-8?Q?a b"),
    ],
)
def test_encoded_words(written: str, read: str) -> None:
    assert decode_words(written) == read


def test_a_field_is_one_line() -> None:
    assert text_of(b" Fwd: \n\tSaying \r\n Hello\r\n") == "Fwd: Saying Hello"


def test_raw_bytes_are_read_before_encoded_words() -> None:
    assert text_of("招聘 =?utf-8?B?5oub?=".encode("gb18030"), ("gb2312",)) == "招聘 招"
    assert raw_text("Gödel".encode()) == "Gödel"


@pytest.mark.parametrize(
    ("text", "value", "parameters"),
    [
        ("text/plain; charset =us-ascii (Plain text)", "text/plain", {"charset": "us-ascii"}),
        ('TEXT/Plain; Charset="UTF-8"; format=flowed', "text/plain", {"charset": "UTF-8", "format": "flowed"}),
        ("attachment; filename=a b.pdf", "attachment", {"filename": "a b.pdf"}),
        ('attachment; filename="a;b\\"c.pdf"', "attachment", {"filename": 'a;b"c.pdf'}),
        ('attachment; filename="=?utf-8?B?5oub6IGYLnBkZg==?="', "attachment", {"filename": "招聘.pdf"}),
        ("attachment; filename*=UTF-8''%E6%8B%9B%E8%81%98.pdf", "attachment", {"filename": "招聘.pdf"}),
        (
            "attachment; filename*0*=gb2312''%D5%D0; filename*1*=%C6%B8; filename*2=.pdf",
            "attachment",
            {"filename": "招聘.pdf"},
        ),
        ("attachment; filename*1=b; filename*0=a", "attachment", {"filename": "ab"}),
        ("multipart/mixed boundary=x", "multipart/mixed", {"boundary": "x"}),
        ("multipart/mixed;; boundary=x;", "multipart/mixed", {"boundary": "x"}),
        ('text/plain; name="open', "text/plain", {"name": "open"}),
        ("", "", {}),
        (";", "", {}),
    ],
)
def test_parameters(text: str, value: str, parameters: dict[str, str]) -> None:
    read = parametrised(text)
    assert (read.value, read.parameters) == (value, parameters)


def test_base64_survives_what_does_not_belong_there() -> None:
    assert decode_base64(b"aGVs\r\nbG8=") == b"hello"
    assert decode_base64(b"aGVsbG8") == b"hello"
    assert decode_base64(b"aGVs!bG8===aGVsbG8=") == b"hellohello"
    assert decode_base64(b"a") == b""


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=60), st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_words_are_read_as_they_were_encoded(text: str, charset: str) -> None:
    text = text.encode(charset, "ignore").decode(charset).replace("\x00", "").replace("\n", "")
    data = text.encode(charset)
    words = " ".join(f"=?{charset}?b?{base64.b64encode(data[n : n + 30]).decode()}?=" for n in range(0, len(data), 30))
    if charset != "gb18030" or len(text) > 0:
        read = decode_words(words)
        assert read == text or charset == "gb18030" or text.startswith(("\ufeff", "\ufffe"))


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet="=?utf8-BQbq_;\"'\\()*0 ax%\n", max_size=200))
def test_anything_is_read(text: str) -> None:
    decode_words(text).encode("utf-8")
    for value in parametrised(text).parameters.values():
        value.encode("utf-8")
