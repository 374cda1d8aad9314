"""Zip files: what is in them, unfolded within a budget that all members and nested archives share."""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from outreach_audit.mail.attachments.model import Extracted, File, Limits, State, UnreadableError
from outreach_audit.mail.charset import decode

_MOST_ENTRIES = 20_000
_ENTRY = b"PK\x01\x02"
_BEYOND = Extracted(State.REFUSED, "", "unfolds beyond measure")
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800  # general purpose bits 0 and 11, APPNOTE.TXT section 4.4.4


class Budget:
    """What is left of the bytes and members that one attachment may unfold to."""

    def __init__(self, limits: Limits) -> None:
        self.bytes = limits.expanded_bytes
        self.members = limits.members


class Archive:
    """A zip file in memory."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        """Read the directory.

        Raises:
            UnreadableError: too many entries, or no readable directory.
        """
        if data.count(_ENTRY) > _MOST_ENTRIES:
            raise UnreadableError(Extracted(State.REFUSED, "", f"an archive of more than {_MOST_ENTRIES} entries"))
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise UnreadableError(Extracted(State.FAILED, "", "a broken or cut archive")) from error
        self._entries = {entry.filename: entry for entry in self._zip.infolist()}
        self._budget = budget

    def has(self, prefix: str) -> bool:
        """Whether any entry's name starts so."""
        return any(name.startswith(prefix) for name in self._entries)

    def part(self, name: str) -> bytes:
        """The content of one entry, ``b''`` where there is none.

        Raises:
            UnreadableError: encrypted, beyond the budget, or broken.
        """
        entry = self._entries.get(name)
        return self._content(entry) if entry is not None else b""

    def check_xml(self) -> None:
        """Look at the declared sizes before another reader unfolds what this one will not see.

        Raises:
            UnreadableError: the XML parts together are beyond the budget.
        """
        if sum(entry.file_size for name, entry in self._entries.items() if name.endswith(".xml")) > self._budget.bytes:
            raise UnreadableError(_BEYOND)

    def members(self) -> Iterator[tuple[str, File | Extracted]]:
        """Every file with its name, or why it was not unfolded; ends where the budget of members does."""
        for entry in self._entries.values():
            if entry.is_dir():
                continue
            name = _name(entry)
            if self._budget.members == 0:
                yield name, Extracted(State.REFUSED, "", "too many members")
                return
            self._budget.members -= 1
            try:
                yield name, File(name, "", self._content(entry))
            except UnreadableError as error:
                yield name, error.outcome

    def _content(self, entry: zipfile.ZipInfo) -> bytes:
        if entry.flag_bits & _ENCRYPTED:
            raise UnreadableError(Extracted(State.ENCRYPTED, "", "encrypted"))
        if entry.file_size > self._budget.bytes:
            raise UnreadableError(_BEYOND)
        try:
            with self._zip.open(entry) as stream:
                content = stream.read(self._budget.bytes + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
            # RuntimeError holds NotImplementedError: a compression method that Python does not know
            raise UnreadableError(Extracted(State.FAILED, "", "broken, or packed in an unknown way")) from error
        if len(content) > self._budget.bytes:
            self._budget.bytes = 0
            raise UnreadableError(_BEYOND)
        self._budget.bytes -= len(content)
        return content


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: without the UTF-8 flag it is in the charset of whoever packed it."""
    if entry.flag_bits & _UTF8_NAME or entry.filename.isascii():
        return entry.filename
    try:
        return decode(entry.filename.encode("cp437")).text
    except UnicodeEncodeError:
        return entry.filename
