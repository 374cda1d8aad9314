"""Two mailboxes to measure on, made of a folder of real mail: the same bytes for the same mail, size and program.

Usage: ``python benchmarks/corpora.py light|heavy MAIL OUT.mbox [--megabytes 100] [--documents 0.0]``.

``light`` repeats the messages of MAIL as they are, each copy with a Message-ID of its own. ``heavy`` gives every third
one an HTML alternative, writes the text in the charsets and encodings that mail programs use, and attaches base64
until it is 60 % of the bytes: pictures and other data without text, or, for the share ``--documents`` of the
attachments, PDF files (they need reportlab). A heavy message has 24 kB on average if a light one has 2.8.
"""

import argparse
import base64
import html
import io
import quopri
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from outreach_audit.mail import parse
from outreach_audit.mail.model import Scope
from outreach_audit.sources import RawMessage, read

_ENVELOPE = b"From bench@example.org Mon Mar  4 01:00:00 2024\n"
_BODY_FIELDS = re.compile(rb"(?im)^(?:content-[\w-]+|mime-version):.*\r?\n(?:[ \t].*\r?\n)*")
_CHARSETS = ("utf-8", "gb18030", "big5", "euc-kr", "iso-2022-jp", "koi8-r", "windows-1252")
_ENCODED_SHARE = 0.6
_MEAN_ATTACHMENT = 58_000
_MARKUP_FACTOR = 9
_CELLS = 0.7
_PICTURES = (("image/jpeg", "jpg", b"\xff\xd8\xff\xe0"), ("image/png", "png", b"\x89PNG\r\n\x1a\n"),
             ("application/octet-stream", "bin", b"\x00\x01\x02\x03"))  # fmt: skip


def light(mail: Path) -> Iterator[bytes]:
    """The messages of a folder over and over, in an order of chance, each copy a message of its own."""
    originals = [item.content for item in read([mail]) if isinstance(item, RawMessage)]
    chance = random.Random(1)  # noqa: S311 - the same order every time
    turn = 0
    while True:
        chance.shuffle(originals)
        for content in originals:
            turn += 1
            head = b"Message-ID: <%d@bench.example>\n" % turn
            yield head + re.sub(rb"(?im)^message-id:", b"X-Message-ID:", content, count=1)


def heavy(mail: Path, documents: float) -> Iterator[bytes]:
    """The same with HTML alternatives, other charsets and attachments."""
    chance = random.Random(7)  # noqa: S311 - the same mail every time
    written = encoded = 0
    for number, raw in enumerate(light(mail)):
        header, _, _ = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
        said = parse(raw).text_of(Scope.BODY, Scope.QUOTED, Scope.FORWARDED, Scope.SIGNATURE, Scope.DISCLAIMER)
        body = _text_part(said, "plain", chance)
        if number % 3 == 0:
            body = _multipart("alternative", [body, _text_part(_markup(said, chance), "html", chance)], number)
        # attachments come as long as they are less than their share of what was written
        if encoded < _ENCODED_SHARE * (written + len(header) + len(body)):
            attached = _attachment(chance, pdf=chance.random() < documents)
            encoded += len(attached)
            body = _multipart("mixed", [body, attached], number)
        message = _BODY_FIELDS.sub(b"", header + b"\n").rstrip(b"\n") + b"\nMIME-Version: 1.0\n" + body
        written += len(message)
        yield message


def _text_part(text: str, subtype: str, chance: random.Random) -> bytes:
    charset = next((c for c in chance.sample(_CHARSETS, len(_CHARSETS)) if _fits(text, c)), "utf-8")
    data = text.encode(charset)
    if data.isascii() and charset != "iso-2022-jp" and max(map(len, data.split(b"\n"))) < 900:  # noqa: PLR2004 - RFC 5322
        encoding, payload = "7bit", data
    elif chance.random() < 0.5 or charset == "iso-2022-jp":  # noqa: PLR2004 - the one or the other
        encoding, payload = "base64", base64.encodebytes(data)
    else:
        encoding, payload = "quoted-printable", quopri.encodestring(data)
    head = f"Content-Type: text/{subtype}; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode() + payload


def _fits(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _markup(text: str, chance: random.Random) -> str:
    """The text as mail programs and newsletters write it: styles, tables, links, a picture that counts readers."""
    cell = "padding:4px 8px;font-family:Arial,sans-serif;font-size:14px;line-height:20px;color:#333333"
    row = (f'<tr><td style="{cell}">%s</td></tr>\n', '<p class="MsoNormal">%s</p>\n')
    rows = "".join(row[chance.random() > _CELLS] % html.escape(line) for line in text.splitlines())
    style = "".join(f".c{n}{{margin:0;padding:{n}px;border-collapse:collapse}}\n" for n in range(40))
    filler = "".join(
        f'<tr><td class="c{n % 40}" width="600" bgcolor="#ffffff"><a href="https://www.example.com/t/{n}?id={n:x}">'
        f'<img src="https://img.example.com/{n}.gif" width="100" height="20" border="0" alt=""></a></td></tr>\n'
        for n in range(int(len(text) * _MARKUP_FACTOR) // 180)
    )
    return (
        f'<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html"><style>{style}</style></head>'
        f'<body><table width="100%" cellpadding="0" cellspacing="0">{rows}{filler}</table></body></html>'
    )


def _attachment(chance: random.Random, *, pdf: bool) -> bytes:
    size = int(chance.expovariate(1 / _MEAN_ATTACHMENT) * 3 / 4) + 500
    kind, ending, magic = chance.choice(_PICTURES)
    data = magic + chance.randbytes(size)
    if pdf:
        kind, ending, data = "application/pdf", "pdf", _pdf(chance)
    name = f"file{chance.randrange(10**6)}.{ending}"
    head = (
        f'Content-Type: {kind}; name="{name}"\nContent-Transfer-Encoding: base64\n'
        f'Content-Disposition: attachment; filename="{name}"\n\n'
    )
    return head.encode() + base64.encodebytes(data)


def _pdf(chance: random.Random) -> bytes:
    """Three pages of text."""
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - only where documents are asked for

    file = io.BytesIO()
    canvas = Canvas(file, invariant=True)
    for _ in range(3):
        for line in range(50):
            canvas.drawString(40, 800 - 14 * line, " ".join(f"word{chance.randrange(5000)}" for _ in range(10)))
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _multipart(subtype: str, parts: list[bytes], number: int) -> bytes:
    boundary = f"=_{subtype}_{number}"
    inside = b"".join(b"--" + boundary.encode() + b"\n" + part.rstrip(b"\n") + b"\n" for part in parts)
    return (
        f'Content-Type: multipart/{subtype}; boundary="{boundary}"\n\n'.encode() + inside + f"--{boundary}--\n".encode()
    )


def write(messages: Iterator[bytes], out: Path, megabytes: float, told: Callable[[str], None] = print) -> None:
    """Write an mbox of a size."""
    number = 0
    with out.open("wb") as file:
        while file.tell() < megabytes * 1e6:
            file.write(_ENVELOPE + re.sub(rb"(?m)^(>*From )", rb">\1", next(messages)).rstrip(b"\n") + b"\n\n")
            number += 1
        told(f"{out}: {number:,} messages, {file.tell() / 1e6:.0f} MB, {file.tell() / number:,.0f} bytes a message")


def main() -> None:
    """Write one corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("light", "heavy"))
    parser.add_argument("mail", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--documents", type=float, default=0.0)
    given = parser.parse_args()
    messages = light(given.mail) if given.kind == "light" else heavy(given.mail, given.documents)
    write(messages, given.out, given.megabytes)


if __name__ == "__main__":
    main()
