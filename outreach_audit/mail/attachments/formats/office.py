"""Word, Excel, PowerPoint of both generations, HWP and HWPX: all read by dochan."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dochan import Dochan

from outreach_audit.mail.attachments.model import Extracted, File, Limits, State

# Stands in the place of a picture: dochan's words, not the document's.
_PLACEHOLDER = re.compile(r"\[이미지(?:: [^\]\n]{0,200})?\]")

# dochan never raises: it tells what went wrong in sentences, Korean or English, that begin with ERR or WARN.
_OUTCOMES = (
    (re.compile(r"암호|encrypt|password", re.IGNORECASE), Extracted(State.ENCRYPTED, "", "a document with a password")),
    (
        re.compile(r"지원하지 않는|미지원|알 수 없는"),
        Extracted(State.UNSUPPORTED, "", "a kind of document that is not read"),
    ),
    (
        re.compile(r"limit|exceed|초과|상한|한도|예산|ratio|압축률|DTD", re.IGNORECASE),
        Extracted(State.REFUSED, "", "the document unfolds beyond measure"),
    ),
)
_BROKEN = Extracted(State.FAILED, "", "the document is broken")


def read(file: File, _limits: Limits) -> Extracted:
    """The text of a document with its tables, notes, comments, headers, footers and link targets."""
    with _as_path(file.data) as path:
        document = Dochan(path)
    errors = [error for error in document.errors if error.startswith("ERR")]
    if any("MemoryError" in error for error in document.errors):
        raise MemoryError
    text = _PLACEHOLDER.sub("", document.to_plain_text())
    if text.strip():
        links = "\n".join(_links_beside(document, text))
        return Extracted(State.TEXT, f"{text}\n{links}", "parts of the document could not be read" if errors else "")
    if errors:
        found = (outcome for words, outcome in _OUTCOMES if any(words.search(error) for error in errors))
        return next(found, _BROKEN)
    if document.find_all("image"):
        return Extracted(State.IMAGE_ONLY, "", "a document of pictures only")
    return Extracted(State.TEXT)


def _links_beside(document: Dochan, text: str) -> Iterator[str]:
    """The targets of links that the plain text leaves out, as it does in tables."""
    seen: set[str] = set()
    for paragraph in document.find_all("paragraph"):
        for run in paragraph.runs:
            if run.link and run.link not in seen and run.link not in text:
                seen.add(run.link)
                yield run.link


@contextmanager
def _as_path(data: bytes) -> Iterator[str]:
    """A path under which the bytes can be opened; in memory where the system can do that (Linux)."""
    if hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("attachment"), "wb") as file:
            file.write(data)
            file.flush()
            yield f"/proc/self/fd/{file.fileno()}"
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "attachment")
        path.write_bytes(data)
        yield str(path)
