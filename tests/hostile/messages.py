"""Messages made to be slow, to raise, or to harm what is around them."""

from base64 import encodebytes
from collections.abc import Callable
from functools import reduce

from tests.hostile.ordinary import ORDINARY, mbox
from tests.hostile.quine import gzip_quine
from tests.mail.attachments import samples

try:
    from tests.sources import outlook_writer
except ImportError:  # the extra outlook is not installed
    outlook_writer = None

HEAD = b"From: a@example.org\nTo: b@example.net\nSubject: hello\nMIME-Version: 1.0\n"


def nested(depth: int) -> bytes:
    opening = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))
    return HEAD + opening + b"Content-Type: text/plain\n\ninnermost\n"


def nested_messages(depth: int) -> bytes:
    return HEAD + b"Content-Type: message/rfc822\n\n" * depth + b"Subject: innermost\n\ntext\n"


def many_parts(count: int) -> bytes:
    part = b"--b\nContent-Type: text/plain\n\nhello\n"
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + part * count + b"--b--\n"


def field(name: bytes, value: bytes) -> bytes:
    return HEAD + name + b": " + value + b"\n\nthe body\n"


def long_line_fields(count: int) -> bytes:
    return HEAD + b"".join(b"X-%d: %s\n" % (n, b"x" * 80) for n in range(count)) + b"\nthe body\n"


MIXED = b"Content-Type: multipart/mixed; boundary=b\n\n"
FORWARD = b"---------- Forwarded message ---------\nFrom: A <a@example.org>\nSubject: offer\n\n"


def html(markup: bytes) -> bytes:
    return HEAD + b"Content-Type: text/html\n\n" + markup


def rtf(content: bytes) -> bytes:
    return HEAD + b"Content-Type: text/rtf\n\n{\\rtf1 " + content


PLAIN: dict[str, Callable[[], bytes]] = {
    "5,000 multiparts in one another": lambda: nested(5_000),
    "900 multiparts in one another before many lines": lambda: nested(900) + b"line\n" * 200_000,
    "5,000 messages in one another": lambda: nested_messages(5_000),
    "100,000 parts": lambda: many_parts(100_000),
    "20,000 recipients": lambda: field(b"Cc", b",\n ".join(b"P%d <p%d@example.org>" % (n, n) for n in range(20_000))),
    "20,000 recipients without commas": lambda: field(b"Cc", b" ".join(b"p%d@example.org" % n for n in range(20_000))),
    "1 MB in one field": lambda: field(b"Subject", b"x" * 1_000_000),
    "1 MB in one field of many lines": lambda: field(b"Subject", b"x\n " * 330_000),
    "100,000 fields": lambda: long_line_fields(100_000),
    "beginnings of encoded words": lambda: field(b"Subject", b"=?" * 100_000),
    "encoded words that never end": lambda: field(b"Subject", b"=?utf-8?q?" * 50_000),
    "encoded words that end late": lambda: field(b"Subject", b"=?utf-8?q?" * 50_000 + b"?="),
    "many encoded words": lambda: field(b"Subject", b"=?gb2312?b?xOO6ww==?= " * 30_000),
    "encoded names": lambda: field(b"To", b"=?gb2312?b?xOO6ww==?= <a@example.org>, " * 20_000),
    "semicolons in a type": lambda: field(b"Content-Type", b"multipart/mixed" + b";" * 500_000),
    "quotes in a type": lambda: field(b"Content-Type", b"text/plain; a=" + b'";' * 250_000),
    "folded semicolons in a type": lambda: field(b"Content-Type", b"multipart/mixed" + b";\n " * 200_000),
    "continuations in a type": lambda: field(
        b"Content-Type", b"text/plain" + b"".join(b";\n a*%d=x" % n for n in range(50_000))
    ),
    "a continuation number beyond all bounds": lambda: field(b"Content-Type", b"text/plain; a*" + b"9" * 6_000 + b"=x"),
    "open brackets": lambda: field(b"From", b"(" * 300_000),
    "open and closed brackets": lambda: field(b"From", b"(" * 100_000 + b")" * 99_999),
    "open angles": lambda: field(b"From", b"<" * 150_000),
    "quotes": lambda: field(b"From", b'"' * 300_001),
    "escaped quotes": lambda: field(b"From", b'"\\' * 200_000),
    "colons and semicolons": lambda: field(b"To", b":;" * 100_000),
    "colons behind an address": lambda: field(b"To", b"a@example.org" + b":x" * 300_000 + b";"),
    "words behind an address": lambda: field(b"To", b"a@example.org" + b" =x" * 150_000),
    "many angles": lambda: field(b"To", b"<a@b.c>" * 100_000),
    "many comments": lambda: field(b"To", b"(c)" * 300_000),
    "commas": lambda: field(b"To", b"a," * 150_000),
    "at signs": lambda: field(b"To", b"@" * 300_000),
    "blanks before a date": lambda: field(b"Date", b" " * 300_000 + b"x"),
    "a long date": lambda: field(b"Date", b"1 " * 300_000),
    "nested comments in a date": lambda: field(b"Date", b"(" * 90 + b")" * 90),
    "authentication results": lambda: field(b"Authentication-Results", b"a; dkim=" * 100_000),
    "a message id without end": lambda: field(b"Message-ID", b"<" * 500_000),
    "spaces at line ends": lambda: HEAD + b"\n" + (b" " * 1000 + b"\n") * 3_000,
    "base64 of padding": lambda: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"=" * 3_000_000,
    "links": lambda: HEAD + b"\n" + b"http://a.example/x " * 100_000,
    "one endless link": lambda: HEAD + b"\nhttp://" + b"a" * 2_000_000,
    "escape sequences": lambda: HEAD + b"Content-Type: text/plain; charset=iso-2022-jp\n\n" + b"\x1b$B" * 300_000,
    "bytes of no charset": lambda: (
        HEAD + b"Content-Type: text/plain; charset=gb2312\n\n" + bytes(range(128, 256)) * 8_000
    ),
    "zero bytes": lambda: HEAD + b"\n" + b"\0" * 3_000_000,
    "line ends": lambda: HEAD + b"\n" * 3_000_000,
    "carriage returns": lambda: HEAD + b"\n" + b"\r" * 3_000_000,
    "boundary-like lines": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--y\nContent-Type:\n" * 100_000
    ),
    "uuencode": lambda: HEAD + b"Content-Transfer-Encoding: x-uuencode\n\n" + b"begin 644 a\n" + b"M\n" * 200_000,
    "calendar": lambda: HEAD + b"Content-Type: text/calendar\n\n" + b"SUMMARY;" * 200_000,
    "flowed text": lambda: HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"> a \n" * 120_000,
    "quotes of flowed text": lambda: HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b">" * 2_000_000,
    "multiparts of one boundary in one another": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 900 + b"\ninnermost\n"
    ),
    "multiparts that are never closed": lambda: (
        HEAD
        + MIXED
        + b"".join(
            b"--b\nContent-Type: multipart/mixed; boundary=c%d\n\n--c%d\n\ntext\n" % (n, n) for n in range(20_000)
        )
    ),
    "lines that look like the boundary": lambda: HEAD + MIXED + b"--b\n\n" + b"--bx\n" * 1_000_000,
    "boundary of 8,000 characters": lambda: (
        HEAD
        + b"Content-Type: multipart/mixed; boundary="
        + b"b" * 7_900
        + b"\n\n"
        + (b"--" + b"b" * 7_900 + b"\n") * 900
    ),
    "boundary that is a regular expression": lambda: (
        HEAD + b'Content-Type: multipart/mixed; boundary="(a+)+$"\n\n--(a+)+$\n\ntext\n' + b"--" + b"a" * 100_000
    ),
    "digest of 5,000 messages": lambda: (
        HEAD + b"Content-Type: multipart/digest; boundary=b\n\n" + b"--b\n\nSubject: x\n\ntext\n" * 5_000
    ),
    "messages in base64 in one another": lambda: reduce(
        lambda inner, _: b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + encodebytes(inner),
        range(40),
        b"Subject: innermost\n\ntext\n",
    ),
    "attached files of mail in one another": lambda: reduce(
        lambda inner, _: (
            HEAD + b"Content-Type: x/y; name=a.eml\nContent-Transfer-Encoding: base64\n\n" + encodebytes(inner)
        ),
        range(40),
        b"Subject: innermost\n\ntext\n",
    ),
    "quoted-printable of equals signs": lambda: (
        HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=" * 20_000_000
    ),
    "base64 of padded blocks": lambda: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"QQ==" * 5_000_000,
    "base64 of 60 MB": lambda: HEAD + b"Content-Transfer-Encoding: base64\n\n" + (b"QUJD" * 19 + b"\n") * 780_000,
    "text of 60 MB": lambda: HEAD + b"\n" + b"The quick brown fox jumps over the lazy dog.\n" * 1_340_000,
    "text of 60 MB in GB 18030": lambda: (
        HEAD + b"Content-Type: text/plain; charset=gb2312\n\n" + "我们大学邀请您\n".encode("gb18030") * 4_000_000
    ),
    "UTF-7": lambda: HEAD + b"Content-Type: text/plain; charset=utf-7\n\n" + b"+" * 1_000_000 + b"+2AA-" * 200_000,
    "UTF-16 of half characters": lambda: HEAD + b"Content-Type: text/plain; charset=utf-16\n\n" + b"\xd8\0" * 1_000_000,
    "UTF-32": lambda: HEAD + b"Content-Type: text/plain; charset=utf-32\n\n" + b"\xff" * 1_000_001,
    "HZ": lambda: HEAD + b"Content-Type: text/plain; charset=hz\n\n" + b"~{" * 1_000_000,
    "lone surrogates": lambda: HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + b"\xed\xa0\x80" * 250_000,
    "names of codecs as charsets": lambda: (
        HEAD
        + MIXED
        + b"".join(
            b"--b\nContent-Type: text/plain; charset=%s\n\ntext\n" % name
            for name in (
                b"zlib",
                b"bz2",
                b"idna",
                b"punycode",
                b"unicode_escape",
                b"rot13",
                b"hex",
                b"undefined",
                b"mbcs",
            )
        )
    ),
    "a charset of 100,000 letters": lambda: HEAD + b"Content-Type: text/plain; charset=" + b"x" * 100_000 + b"\n\ntext",
    "right to left": lambda: (
        "Subject: \u202egnp.exe\u202c\nFrom: \u202eevil\u2066 <a@example.org>\n\n".encode()
        + "\u202e\u200f\u2067".encode() * 300_000
    ),
    "terminal sequences": lambda: (
        b"Subject: \x1b]0;owned\x07\x1b[2J\x9b31m\nFrom: \x1b[8m <a@example.org>\n\n"
        + b"\x1b[31m\x1b]8;;http://x\x07" * 100_000
    ),
    "line ends in encoded words": lambda: (
        b"Subject: =?utf-8?q?a=0D=0ABcc:_x@example.org=0D=0A=0D=0Abody?=\n"
        b"From: =?utf-8?b?DQpYOiB5?= <a@example.org>\n\ntext"
    ),
    "combining characters": lambda: HEAD + b"\n" + ("a" + "\u0301" * 1_000_000).encode(),
    "invisible characters": lambda: HEAD + b"\n" + "p\u200br\u200bo\u200bf\u200b".encode() * 100_000,
    "one word of 2 MB": lambda: HEAD + b"\n" + b"professor" * 220_000,
    "amounts of money": lambda: HEAD + b"\n" + b"RMB 900,000 salary of professor " * 30_000,
    "digits": lambda: HEAD + b"\n" + b"1234567890," * 180_000,
    "an offer 3,000 times": lambda: (
        ORDINARY[0].replace(b"<ordinary", b"<again") + ORDINARY[0].partition(b"\n\n")[2] * 3_000
    ),
    "forwards in one another": lambda: HEAD + b"\n" + FORWARD * 4_000,
    "answers in one another": lambda: (
        HEAD + b"\n" + b"".join(b">" * n + b" On Monday A wrote:\n" for n in range(2_000))
    ),
    "signatures": lambda: HEAD + b"\n" + b"-- \nname\n" * 200_000,
    "header lines in the text": lambda: HEAD + b"\n" + b"From: a\nTo: b\nSubject: c\nDate: d\n" * 50_000,
    "Message-IDs": lambda: HEAD + b"Message-ID: <x@example.org>\n" * 100_000 + b"\ntext",
    "References": lambda: field(b"References", b"<x@example.org>\n " * 60_000),
    "Received": lambda: (
        HEAD + b"Received: from a by b for <c@example.org>; 17 May 2024 10:15:15 +0000\n" * 50_000 + b"\nt"
    ),
    "lists to leave": lambda: field(b"List-Unsubscribe", b"<http://a.example/>, " * 50_000),
    "dates beyond all years": lambda: (
        HEAD + b"Date: Fri, 99 Foo 999999 99:99:99 +9999\nReceived: x; 1 Jan 0000 00:00 -9999\n\nt"
    ),
    "paths as file names": lambda: (
        HEAD
        + MIXED
        + b"".join(
            b'--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename="%s"\n\ntext\n' % name
            for name in (
                b"../../etc/passwd",
                b"/etc/passwd",
                b"C:\\\\x",
                b"a\0b",
                b"\x1b[2J",
                b"x" * 100_000,
                b"\xe2\x80\xaefdp.exe",
            )
        )
    ),
    "separators without quotes": lambda: HEAD + b"\n" + b"From here on\n>From there\n" * 60_000,
    "empty attachments": lambda: HEAD + MIXED + b"--b\nContent-Type: x/y; name=a\n\n" * 900,
    "HTML of open elements": lambda: html(b"<div>" * 400_000),
    "HTML of open tags": lambda: html(b"<" * 2_000_000),
    "HTML of one attribute": lambda: html(b'<a href="' + b"x" * 2_000_000),
    "HTML of attributes": lambda: html(b"<a " + b"x=1 " * 400_000 + b">text</a>"),
    "HTML of links": lambda: html(b'<a href="http://a.example/">x</a>' * 50_000),
    "HTML of styles": lambda: html(b"<style>" + b"a b c d{display:none}" * 80_000 + b"</style><p>text"),
    "HTML of hidden text": lambda: html(b'<p style="display:none">unseen</p>' * 20_000),
    "HTML of tables": lambda: html(b"<table><tr><td>" * 100_000 + b"text"),
    "HTML of formatting": lambda: html(b"<b><i><p>" * 200_000),
    "HTML of comments": lambda: html(b"<!--" * 400_000),
    "HTML of references": lambda: html(b"&amp;&#x110000;&#55296;&x" * 100_000),
    "HTML of quotes": lambda: html(b"<blockquote>" * 20_000 + b"text"),
    "HTML with a picture of 20 MB": lambda: html(
        b'<img src="data:image/png;base64,' + b"QUJD" * 5_000_000 + b'"><p>text'
    ),
    "RTF of empty groups": lambda: rtf(b"{}" * 2_000_000),
    "RTF of open groups": lambda: rtf(b"{" * 4_000_000),
    "RTF of words": lambda: rtf(b"\\b" * 2_000_000),
    "RTF that wraps HTML of open elements": lambda: rtf(b"\\fromhtml1 " + b"{\\*\\htmltag <div>}" * 100_000),
    "RTF of 500 parts": lambda: (
        HEAD + MIXED + (b"--b\nContent-Type: text/rtf\n\n{\\rtf1 " + b"{}" * 5_000 + b"}\n") * 500
    ),
    "RTF that skips what it has not": lambda: rtf(b"\\bin9999999999 \\uc99999999\\u-99999 " * 100_000),
    "dates in words": lambda: (
        HEAD + b"\n" + b"From: A [mailto:a@example.org]\nSent: " + b"1. 2. 3 " * 50_000 + b"\nSubject: x\n\ntext\n"
    ),
    "writers in brackets": lambda: (
        HEAD + b"\n" + (b"From: " + b"[mailto:<mailto:a@" * 5 + b"\nDate: 2 mars 2026\nSubject: x\n\n") * 5_000
    ),
    "HTML of 500 parts": lambda: HEAD + MIXED + b"--b\nContent-Type: text/html\n\n<p>text<p>more\n" * 500,
}


def attached(name: str, content: bytes) -> bytes:
    return (
        HEAD
        + MIXED
        + b"--b\n\nsee attached\n--b\nContent-Type: application/octet-stream; name=%s\n" % name.encode()
        + (b"Content-Transfer-Encoding: base64\n\n" + encodebytes(content) + b"--b--\n")
    )


def many_attached(name: str, content: bytes, count: int) -> bytes:
    head, mark, part = attached(name, content).rpartition(b"--b\nContent-Type: application")
    return head + (mark + part.removesuffix(b"--b--\n")) * count + b"--b--\n"


def rich_text_bomb() -> bytes:
    """An Outlook message, or a compound file of rubbish where the library that writes one is not here."""
    return outlook_writer.bomb_msg() if outlook_writer else samples.OLE + bytes(1_000)


def nested_msg(depth: int) -> bytes:
    return outlook_writer.nested_msg(depth) if outlook_writer else samples.OLE + bytes(1_000)


FLATE = b"/Filter/FlateDecode"
ATTACHED: dict[str, Callable[[], bytes]] = {
    "PDF of 200 MB": lambda: attached("a.pdf", samples.raw_pdf(samples.deflated(bytes(1_000_000), 200), FLATE)),
    "PDF of operations": lambda: attached(
        "a.pdf", samples.raw_pdf(samples.deflated(b"BT /F1 9 Tf (hello) Tj ET\n" * 1_000, 2_000), FLATE)
    ),
    "PDF of rubbish": lambda: attached("a.pdf", b"%PDF-1.4\n" + b"1 0 obj <<" * 500_000),
    "DOCX of 70 MB": lambda: attached("a.docx", samples.docx("x" * 70_000_000)),
    "DOCX of entities": lambda: attached(
        "a.docx", samples.docx("&b;", '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>')
    ),
    "zip of 100 MB": lambda: attached("a.zip", samples.zipped({"a.txt": bytes(100_000_000)})),
    "zip of zips": lambda: attached(
        "a.zip", reduce(lambda inner, _: samples.zipped({"n.zip": inner}), range(50), b"PK\5\6" + bytes(18))
    ),
    "zip of entries": lambda: attached("a.zip", samples.zipped(dict.fromkeys(map(str, range(21_000)), b""))),
    "RTF of groups": lambda: attached("a.rtf", b"{\\rtf1" + b"{" * 500_000),
    "gzip that is itself": lambda: attached("a.gz", gzip_quine()),
    "a TNEF of rubbish": lambda: attached("winmail.dat", b"\x78\x9f\x3e\x22" + b"\xff" * 1_000_000),
    "a TNEF of rich text that unfolds": lambda: attached(
        "winmail.dat", samples.tnef(b"", [], rtf=b"{\\rtf1" + b"{}" * 500_000)
    ),
    "Outlook message of rich text that unfolds": lambda: attached("a.msg", rich_text_bomb()),
    "Outlook messages in one another": lambda: attached("a.msg", nested_msg(30)),
    "zip of 5,000 messages": lambda: attached("a.zip", samples.zipped({f"{n}.eml": ORDINARY[0] for n in range(5_000)})),
    "zip of 50 messages of 2 MB": lambda: attached(
        "a.zip", samples.zipped({f"{n}.eml": HEAD + b"\n" + b"text\n" * 400_000 for n in range(50)})
    ),
    "zip of a message of 100 MB": lambda: attached(
        "a.zip", samples.zipped({"a.eml": HEAD + b"\n" + bytes(100_000_000)})
    ),
    "mailbox of 50,000 messages": lambda: attached("a.mbox", mbox([HEAD + b"\ntext\n"]) * 50_000),
    "zips of messages with zips in one another": lambda: reduce(
        lambda inner, _: attached("a.zip", samples.zipped({"a.eml": inner})), range(40), ORDINARY[0]
    ),
    "20 zips of 100 messages each": lambda: many_attached(
        "a.zip", samples.zipped({f"{n}.eml": ORDINARY[0] for n in range(100)}), 20
    ),
    "100 zips of 100 MB": lambda: many_attached("a.zip", samples.zipped({"a.txt": bytes(100_000_000)}), 100),
    "100 PDFs of operations": lambda: many_attached(
        "a.pdf", samples.raw_pdf(samples.deflated(b"BT /F1 9 Tf (hello) Tj ET\n" * 1_000, 40), FLATE), 100
    ),
    "an Outlook file of rubbish": lambda: attached(
        "a.msg", samples.OLE + bytes(16) + b"\x3e\0\3\0" + b"\xff" * 1_000_000
    ),
}
MESSAGES = {**PLAIN, **{f"attached: {name}": make for name, make in ATTACHED.items()}}
