"""Files as an attachment may be: ordinary ones, and bombs."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def pdf(*pages: str, font: str = "Helvetica", password: str | None = None, link: str = "") -> bytes:
    if font != "Helvetica":
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    out = io.BytesIO()
    encryption = StandardEncryption(password, ownerPassword="owner", strength=128) if password is not None else None
    sheet = canvas.Canvas(out, encrypt=encryption, invariant=1)
    for page in pages:
        sheet.setFont(font, 10)
        for number, line in enumerate(page.split("\n")):
            sheet.drawString(40, 800 - 14 * number, line)
        if link:
            sheet.linkURL(link, (40, 40, 200, 60))
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def picture_pdf() -> bytes:
    out = io.BytesIO()
    sheet = canvas.Canvas(out, invariant=1)
    sheet.rect(10, 10, 100, 100, fill=1)
    sheet.showPage()
    sheet.save()
    return out.getvalue()


def raw_pdf(content: bytes, filters: bytes) -> bytes:
    """A PDF of one page with this content stream."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), filters, content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    xref = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(out) + b"trailer <</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % xref


def deflated(unit: bytes, times: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(unit) for _ in range(times)) + packer.flush()


def zipped(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return out.getvalue()


def encrypted_zip(name: str) -> bytes:
    """A zip whose only member says that it is encrypted."""
    data = bytearray(zipped({name: b"secret"}, zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def docx(text: str, prolog: str = "", link: str = "") -> bytes:
    paragraphs = "".join(f'<w:p><w:r><w:t xml:space="preserve">{line}</w:t></w:r></w:p>' for line in text.split("\n"))
    anchor = '<w:p><w:hyperlink r:id="l1"><w:r><w:t>here</w:t></w:r></w:hyperlink></w:p>'
    table = f"<w:tbl><w:tr><w:tc>{anchor}</w:tc></w:tr></w:tbl>" if link else ""
    target = f'<Relationship Id="l1" Type="{RELATIONS}/hyperlink" Target="{escape(link)}" TargetMode="External"/>'
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return zipped(
        {
            "[Content_Types].xml": f'{head}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{MAIN}"/></Types>',
            "_rels/.rels": f'{head}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'{head}<Relationships xmlns="{PACKAGE}/relationships">'
            f"{target if link else ''}</Relationships>",
            "word/document.xml": f'{head}{prolog}<w:document xmlns:w="{WORD}" xmlns:r="{RELATIONS}">'
            f"<w:body>{paragraphs}{table}</w:body></w:document>",
        }
    )


def odt(body: str, extra: Mapping[str, bytes | str] | None = None) -> bytes:
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content><office:body>{body}</office:body></office:document-content>",
            "styles.xml": "<office:styles><number:text>%</number:text></office:styles>"
            "<office:master-styles><style:footer><text:p>Talent Office</text:p></style:footer></office:master-styles>",
            "META-INF/manifest.xml": "<manifest:manifest/>",
            **(extra or {}),
        }
    )


def tnef(body: bytes, attachments: Iterable[tuple[bytes, bytes]], rtf: bytes = b"") -> bytes:
    """A winmail.dat with a plain body, or one of RTF ([MS-OXTNEF], [MS-OXRTFCP])."""

    def attribute(level: int, name: int, kind: int, value: bytes) -> bytes:
        return struct.pack("<BHHI", level, name, kind, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    out = b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x9006, 8, struct.pack("<I", 0x10000))
    out += attribute(1, 0x9007, 6, struct.pack("<II", 1252, 0))
    if body:
        out += attribute(1, 0x800C, 2, body)
    if rtf:
        stored = struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf
        stored += bytes(-len(stored) % 4)
        out += attribute(1, 0x9003, 6, struct.pack("<IHHII", 1, 0x0102, 0x1009, 1, len(stored)) + stored)
    for name, content in attachments:
        out += attribute(2, 0x9002, 6, bytes(14)) + attribute(2, 0x8010, 1, name + b"\0")
        out += attribute(2, 0x800F, 6, content)
    return out
