"""Files made to be hostile: archives that grow, that never end, that name what they should not."""

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable
from functools import reduce

from tests.hostile.messages import nested_msg, rich_text_bomb
from tests.hostile.ordinary import ORDINARY, mbox
from tests.hostile.quine import gzip_quine
from tests.mail.attachments import samples

MB = 1_000_000
WITHIN = tuple(message.replace(b"<ordinary", b"<within") for message in ORDINARY)
NAMES = (
    "../../../../etc/cron.d/x",
    "/etc/passwd",
    "C:\\Windows\\x.eml",
    "a\0b.eml",
    "\u202eeml.exe",
    "x" * 4_000,
    "..",
)
EMPTY_ZIP = b"PK\5\6" + bytes(18)


def nested(pack: Callable[[bytes], bytes], depth: int, inner: bytes) -> bytes:
    return reduce(lambda content, _: pack(content), range(depth), inner)


def zipped(content: bytes) -> bytes:
    return samples.zipped({"mail.zip": content})


def tar(members: dict[str, bytes], link: str = "") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name.replace("\0", ""))
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        if link:
            info = tarfile.TarInfo("link.mbox")
            info.type, info.linkname = tarfile.SYMTYPE, link
            archive.addfile(info)
    return out.getvalue()


def overlapping_zip() -> bytes:
    """A zip of 2,000 members that are all the same 10 MB (as David Fifield's, of one kernel)."""
    kernel = samples.zipped({"a": bytes(10 * MB)})
    start = kernel.index(b"PK\1\2")
    entry = kernel[start : kernel.index(b"PK\5\6")]
    directory = b"".join(entry[:46] + b"%04x" % number for number in range(2_000))
    directory = directory.replace(entry[:46], entry[:28] + (4).to_bytes(2, "little") + entry[30:46])
    end = b"PK\5\6" + bytes(4) + (2_000).to_bytes(2, "little") * 2
    return (
        kernel[:start] + directory + end + len(directory).to_bytes(4, "little") + start.to_bytes(4, "little") + b"\0\0"
    )


def lying_zip() -> bytes:
    """A zip whose member says that it is a byte long."""
    data = bytearray(samples.zipped({"a.mbox": bytes(20 * MB)}))
    entry = data.index(b"PK\1\2")
    data[22:26] = data[entry + 24 : entry + 28] = (1).to_bytes(4, "little")
    return bytes(data)


# each is a file that lies between two ordinary mailboxes; at least so many messages are in it
FILES: dict[str, tuple[Callable[[], bytes], int]] = {
    "gzip of 1 GB": (lambda: gzip.compress(mbox(WITHIN)) + gzip.compress(bytes(10 * MB), 9) * 100, 0),
    "gzip of line ends": (lambda: gzip.compress(mbox(WITHIN)) + gzip.compress(b"\n" * 10 * MB, 9) * 20, 0),
    "gzip of an endless message": (lambda: gzip.compress(WITHIN[0]) + gzip.compress(b"A line.\n" * MB) * 15, 1),
    "gzip that is itself": (gzip_quine, 0),
    "gzip in 100 gzips": (lambda: nested(lambda content: gzip.compress(content, 1), 100, mbox(WITHIN)), 0),
    "bzip2 of 1 GB": (lambda: bz2.compress(mbox(WITHIN)) + bz2.compress(bytes(10 * MB)) * 100, 0),
    "xz of 1 GB": (lambda: lzma.compress(mbox(WITHIN)) + lzma.compress(bytes(10 * MB), preset=0) * 100, 0),
    "xz with a dictionary of 1 GB": (
        lambda: lzma.compress(bytes(100), filters=[{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]),
        0,
    ),
    "gzip cut off": (lambda: gzip.compress(mbox(WITHIN * 50))[:-20], 90),
    "gzip with rubbish behind it": (lambda: gzip.compress(mbox(WITHIN)) + b"\0\1rubbish" * 1_000, 2),
    "zip of 200 MB": (
        lambda: samples.zipped({f"{number}.mbox": mbox(WITHIN) + bytes(10 * MB) for number in range(20)}),
        0,
    ),
    "zip in 100 zips": (lambda: nested(zipped, 100, EMPTY_ZIP), 0),
    "zip of overlapping members": (overlapping_zip, 0),
    "zip that lies about a size": (lying_zip, 0),
    "zip of 6,000 members": (lambda: samples.zipped({f"{number}": b"" for number in range(6_000)}), 0),
    "zip with a password": (lambda: samples.encrypted_zip("mail.mbox"), 0),
    "zip of hostile names": (lambda: samples.zipped({name: mbox(WITHIN) for name in NAMES}), 2 * len(NAMES)),
    "zip that is itself, all but": (lambda: samples.zipped({"a.gz": gzip_quine(), "b.gz": gzip_quine()}), 0),
    "zip with a directory of rubbish": (lambda: EMPTY_ZIP[:10] + b"\xff" * 12 + b"PK\1\2" * 100_000, 0),
    "tar of hostile names": (lambda: tar(dict.fromkeys(NAMES, mbox(WITHIN))), 2),
    "tar with a link out of it": (lambda: tar({"a.mbox": mbox(WITHIN)}, link="/etc/passwd"), 2),
    "tar that lies about a size": (lambda: tar({"a.mbox": mbox(WITHIN)}).replace(b"00000", b"77777", 4), 0),
    "tar of headers": (lambda: tar({f"{number}": b"" for number in range(4_000)}), 0),
    "mbox of separators": (lambda: b"From a@b Fri May 17 10:15:15 2024\n" * 2_000, 1),
    "mbox of 30,000 loose separators": (lambda: mbox(WITHIN) + b"\nFrom here to there 10:15\n" * 30_000, 2),
    "mbox of zero bytes": (lambda: mbox(WITHIN) + bytes(60 * MB), 2),
    "mbox that declares lengths without end": (
        lambda: mbox([b"Content-Length: 99999999999999\n" + WITHIN[0]] * 100),
        100,
    ),
    "mbox of carriage returns": (lambda: mbox(WITHIN * 20).replace(b"\n", b"\r"), 40),
    "mbox in UTF-16": (lambda: mbox(WITHIN).decode().encode("utf-16"), 2),
    "UTF-16 without an end": (lambda: b"\xff\xfe" + b"\x00\xd8" * 5 * MB, 0),
    "one line of 60 MB": (lambda: b"From: a" * 9 * MB, 0),
    "log of 200 columns": (
        lambda: (b"sender,recipient,subject,date" + b",x" * 200 + b"\n" + b"a," * 50 + b"\n") * 500,
        0,
    ),
    "log of quotes": (lambda: b"sender,recipient,subject,date\n" + b'"' * 10 * MB, 0),
    "JSON lines nested 100,000 deep": (lambda: b'{"sender": ' + b"[" * 100_000 + b"\n", 0),
    "Outlook message of rubbish": (lambda: samples.OLE + bytes(16) + b"\x3e\0\3\0\xfe\xff\x09\0\6\0" + b"\xff" * MB, 0),
    "Outlook message of rich text that unfolds": (rich_text_bomb, 1),
    "Outlook messages in one another": (lambda: nested_msg(30), 1),
    "Outlook message cut off": (lambda: nested_msg(3)[:5_000], 0),
    "Outlook folder of rubbish": (lambda: b"!BDN" + b"\xff" * MB, 0),
    "message of an Apple mailbox with a lie": (lambda: b"99999999999\n" + WITHIN[0], 0),
}
