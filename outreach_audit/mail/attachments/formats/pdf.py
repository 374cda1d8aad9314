"""PDF: the text layer and the targets of links, page by page."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, LimitReachedError

from outreach_audit.mail.attachments.model import Extracted, File, Limits, State

_LINKS_PER_PAGE = 200
_MOST_SHOWN = 40_000


def read(file: File, limits: Limits) -> Extracted:
    """The text of the first ``limits.pages`` pages. A page that cannot be read does not hide the next."""
    try:
        reader = PdfReader(BytesIO(file.data), strict=False)
        # Most encrypted PDFs only forbid printing or changing: they open without a password.
        if reader.is_encrypted and not reader.decrypt(""):
            return Extracted(State.ENCRYPTED, "", "a PDF with a password")
        return _read_pages(reader, limits)
    except DependencyError:
        # pypdf leaves AES to a library of 20 MB; dochan brings its own.
        from outreach_audit.mail.attachments.formats import office  # noqa: PLC0415 - takes 0.2 s to load

        return office.read(file, limits)


def _read_pages(reader: PdfReader, limits: Limits) -> Extracted:
    texts: list[str] = []
    faults: list[str] = []
    state = State.FAILED
    room, work = limits.text_chars, _MOST_SHOWN
    total = len(reader.pages)
    for number in range(min(total, limits.pages)):
        try:
            page = reader.pages[number]
            work -= _shown(page)
            if work < 0:
                state = State.REFUSED
                faults.append(f"from page {number + 1} on not read: more text operations than {_MOST_SHOWN}")
                break
            texts.append("\n".join(_of_page(page)))
        except (MemoryError, DependencyError):
            raise
        except LimitReachedError:
            state = State.REFUSED
            faults.append(f"page {number + 1} unfolds beyond measure")
        except Exception as error:  # noqa: BLE001 - a damaged PDF can raise anything
            faults.append(f"page {number + 1} is broken ({type(error).__name__})")
        else:
            room -= len(texts[-1])
        if room < 0:
            break
    if total > limits.pages:
        faults.append(f"only {limits.pages} of {total} pages were read")
    return _outcome("\n\n".join(texts), faults, state if len(texts) < min(total, limits.pages) else State.IMAGE_ONLY)


def _outcome(text: str, faults: list[str], otherwise: State) -> Extracted:
    if text.strip():
        return Extracted(State.TEXT, text, "; ".join(faults[:3]))
    pictures = ["a PDF without text, as a scan is"] if otherwise is State.IMAGE_ONLY else []
    return Extracted(otherwise, "", "; ".join([*pictures, *faults[:3]]))


def _shown(page: PageObject) -> int:
    """How often the page shows text: what its reading costs, some 50 µs each."""
    contents = page.get_contents()
    data = contents.get_data() if contents is not None else b""
    return data.count(b"Tj") + data.count(b"TJ")


def _of_page(page: PageObject) -> Iterator[str]:
    yield page.extract_text()
    annotations: Any = page.get("/Annots")
    for annotation in (annotations.get_object() if annotations is not None else [])[:_LINKS_PER_PAGE]:
        action = annotation.get_object().get("/A")
        target = action.get_object().get("/URI") if action is not None else None
        if target is not None:
            yield str(target)
