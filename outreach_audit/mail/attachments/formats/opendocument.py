"""OpenDocument: text, sheets and presentations are zip files with all their words in two XML parts."""

from outreach_audit.mail.attachments.formats.plain import strip_tags
from outreach_audit.mail.attachments.formats.zipped import Archive
from outreach_audit.mail.attachments.model import Extracted, Limits, State

_MASTER_STYLES = b"<office:master-styles"  # headers and footers stand there
_BYTES_PER_CHAR = 16  # sheets have ten bytes of markup for one of text


def read(archive: Archive, limits: Limits) -> Extracted:
    """The text of a document, its headers and footers last.

    Raises:
        UnreadableError: beyond the budget, or broken.
    """
    if b"encryption-data" in archive.part("META-INF/manifest.xml"):
        return Extracted(State.ENCRYPTED, "", "a document with a password")
    content, styles = archive.part("content.xml"), archive.part("styles.xml")
    running = styles[styles.index(_MASTER_STYLES) :] if _MASTER_STYLES in styles else b""
    most = _BYTES_PER_CHAR * limits.text_chars
    text = "\n".join(strip_tags(xml[:most].decode("utf-8", "replace")) for xml in (content, running))
    if not text.strip() and archive.has("Pictures/"):
        return Extracted(State.IMAGE_ONLY, "", "a document of pictures only")
    return Extracted(State.TEXT, text, f"cut after {most} bytes" if max(len(content), len(running)) > most else "")
