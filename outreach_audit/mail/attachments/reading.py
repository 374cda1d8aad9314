"""One attachment to its text: which reader, within which budget, and what leaves."""

from collections.abc import Callable, Iterator

from outreach_audit.mail.attachments.detect import UNREAD, Format, detect
from outreach_audit.mail.attachments.formats import messages, opendocument, plain, rtf, tnef
from outreach_audit.mail.attachments.formats.zipped import Archive, Budget
from outreach_audit.mail.attachments.model import Extracted, File, Limits, State, UnreadableError
from outreach_audit.mail.charset import clean

_DEPTH = 2  # an archive, and an archive in it
_MOST_NOTES = 3
_NAME_CHARS = 80
# Where no member gave text, the state of the archive is the first of these that any member has.
_WORST_FIRST = (State.ENCRYPTED, State.REFUSED, State.FAILED, State.IMAGE_ONLY, State.UNSUPPORTED, State.NONE)


class InProcessReader:
    """Reads attachments in this process: inside the child, and in tests."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()

    def begin(self) -> None:
        """A message begins: nothing is counted here."""

    def read(self, name: str, content_type: str, data: bytes) -> Extracted:
        """The text of one attachment. Never raises for what is in it."""
        file = File(name, content_type, data)
        known = without_reading(file, self.limits)
        if known is not None:
            return known
        try:
            return read(file, self.limits)
        except MemoryError:
            return Extracted(State.REFUSED, "", "took more memory than there is")


def without_reading(file: File, limits: Limits) -> Extracted | None:
    """The answer where no reader has to look at the content."""
    if len(file.data) > limits.input_bytes:
        return Extracted(State.REFUSED, "", f"larger than {limits.input_bytes // 1_000_000} MB")
    if not file.data:
        return Extracted(State.NONE)
    return UNREAD.get(detect(file))


def read(file: File, limits: Limits) -> Extracted:
    """The text of one attachment, clean and cut to measure.

    Raises:
        MemoryError: memory ran out; whoever called may have no more of it.
    """
    extracted = _read(file, limits, Budget(limits), 0)
    # Pairs of surrogates, as some PDF have them, are joined; then what is still alone is replaced.
    text = clean(extracted.text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
    notes = [extracted.note]
    if len(text) > limits.text_chars:
        text = text[: limits.text_chars]
        notes.append(f"cut after {limits.text_chars} characters")
    return Extracted(extracted.state, text, clean("; ".join(filter(None, notes))), extracted.messages)


def _read(file: File, limits: Limits, budget: Budget, depth: int) -> Extracted:
    found = detect(file)
    if found in UNREAD:
        return UNREAD[found]
    try:
        return _read_format(found, file, limits, budget, depth)
    except UnreadableError as error:
        return error.outcome
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - hostile files find what no reader foresaw; it must cost this file only
        return Extracted(State.FAILED, "", f"broken: {type(error).__name__}")


def _read_format(found: Format, file: File, limits: Limits, budget: Budget, depth: int) -> Extracted:
    if found is Format.ZIP:
        return _read_zip(file, limits, budget, depth)
    if found is Format.TNEF:
        return _read_members(tnef.members(file.data, limits.text_chars + 1), limits, budget, depth)
    return _READERS[found](file, limits)


def _read_pdf(file: File, limits: Limits) -> Extracted:
    from outreach_audit.mail.attachments.formats import pdf  # noqa: PLC0415 - pypdf takes 0.2 s to load

    return pdf.read(file, limits)


def _read_office(file: File, limits: Limits) -> Extracted:
    from outreach_audit.mail.attachments.formats import office  # noqa: PLC0415 - dochan takes 0.2 s to load

    return office.read(file, limits)


_READERS: dict[Format, Callable[[File, Limits], Extracted]] = {
    Format.TEXT: plain.read_text,
    Format.HTML: plain.read_html,
    Format.XML: plain.read_xml,
    Format.RTF: rtf.read,
    Format.PDF: _read_pdf,
    Format.OLE: _read_office,
    Format.MESSAGE: messages.read,
}


def _read_zip(file: File, limits: Limits, budget: Budget, depth: int) -> Extracted:
    archive = Archive(file.data, budget)
    kind = archive.part("mimetype")
    if kind.startswith(b"application/vnd.oasis.opendocument"):
        return opendocument.read(archive, limits)
    if kind.startswith(b"application/hwp+zip") or archive.has("[Content_Types].xml"):
        archive.check_xml()
        return _read_office(file, limits)
    return _read_members(archive.members(), limits, budget, depth)


def _read_members(
    members: Iterator[tuple[str, File | Extracted]], limits: Limits, budget: Budget, depth: int
) -> Extracted:
    """All members as one text, each under its name, and the messages in them; the note tells of what was not read."""
    if depth == _DEPTH:
        return Extracted(State.REFUSED, "", "an archive in an archive in an archive")
    texts: list[str] = []
    found: list[bytes] = []
    outcomes: dict[str, Extracted] = {}
    room = limits.text_chars
    for name, member in members:
        outcome = member if isinstance(member, Extracted) else _read(member, limits, budget, depth + 1)
        outcomes[name] = outcome
        texts += [name, outcome.text]
        found += outcome.messages
        room -= len(outcome.text)
        if room < 0:
            break
    kept, beyond = messages.within(found, limits)
    note = "; ".join(filter(None, (_note(outcomes), beyond)))
    states = {outcome.state for outcome in outcomes.values()}
    if State.TEXT in states:
        return Extracted(State.TEXT, "\n".join(filter(None, texts)), note, kept)
    return Extracted(next((state for state in _WORST_FIRST if state in states), State.NONE), "", note)


def _note(outcomes: dict[str, Extracted]) -> str:
    told = [f"{name[:_NAME_CHARS]}: {outcome.note}" for name, outcome in outcomes.items() if outcome.note]
    more = [f"and {len(told) - _MOST_NOTES} more"] if len(told) > _MOST_NOTES else []
    return "; ".join([*told[:_MOST_NOTES], *more])
