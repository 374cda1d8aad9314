"""Logs of mail gateways: message trace, e-mail log search and the like, as CSV or JSON lines.

A log says who wrote to whom, when, and under what subject; the mail itself is not in it. A table is taken for such
a log only where it has columns for the sender, the recipients, the time, and the subject or Message-ID.
"""

import codecs
import csv
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import chardetng_py

from outreach_audit.sources.model import HeaderOnly, Item, Skipped
from outreach_audit.sources.place import Place
from outreach_audit.sources.window import Window

LINE_BYTES: Final = 64 * 1024
ROW_BYTES: Final = 128 * 1024
_DELIMITERS: Final = ",;\t|"
_PREAMBLE_LINES: Final = 10
_VALUE: Final = 4096
_RECIPIENTS: Final = 10_000


def _names(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


# Column names without case, spaces and marks. Exchange message trace (portal, PowerShell, on-premises tracking log),
# Google Workspace (log search, BigQuery), Proofpoint, Mimecast, Cisco, Barracuda, Postfix tables, Korean gateways.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "sender": _names(
        "senderaddress sender from fromaddress mailfrom fromenvelope envelopefrom envelopesender senderemail "
        "fromheader headerfrom fromenv fromhdr returnpath senderemailaddress messageinfosourceaddress sourceaddress "
        "smtpmailfrom p1sender p2sender sendermailfromaddress senderfromaddress "
        "보낸사람 발신자 보낸이 送信者 发件人 寄件者"
    ),
    "recipients": _names(
        "recipientaddress recipientstatus recipients recipient to toaddress rcptto rcpt toenvelope envelopeto "
        "recipientemail recipientemailaddress toheader headerto envelopercpt messageinfodestinationaddress "
        "destinationaddress smtprcptto 받는사람 수신자 받는이 受信者 收件人 收件者"
    ),
    "date": _names(
        "origintimestamputc origintimestamp received receiveddate receivedtime datetime datetimeutc dateutc date "
        "timestamp timestamputc time sent sentdate senddate sentdatetime startdate eventdate eventtime messagetime "
        "eventtimestamp eventinfotimestampusec timegenerated datereceived receiveddatetime sentdatetime processed "
        "수신일시 발신일시 일시 날짜 시간 日時 日期 时间 時間"
    ),
    "subject": _names(
        "messagesubject subject headersubject mailsubject emailsubject messageinfosubject 제목 件名 主题 主題 主旨"
    ),
    "message_id": _names(
        "messageid internetmessageid headermessageid msgid rfcmessageid messageinforfc2822messageid rfc2822messageid"
    ),
}
_REQUIRED = ("sender", "recipients", "date")
_NAME = re.compile(r"[\s_\-./()#\"*\ufeff]+")
_STATUS = re.compile(r"##.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Format:
    """How the lines are read: ``delimiter`` is ``''`` for JSON lines; ``columns`` are positions or keys."""

    encoding: str
    delimiter: str
    columns: Mapping[str, Any]
    start: int = 0


def looks_like_log(head: bytes, mapping: Mapping[str, str]) -> bool:
    """Whether the bytes begin a table or JSON lines with the columns of a mail log."""
    return _format(head, mapping) is not None


def read_log(window: Window, place: Place) -> Iterator[Item]:
    """One item for each row; rows that cannot be read are skipped, one by one."""
    form = _format(window.get(0, LINE_BYTES), place.mapping)
    assert form is not None
    if form.delimiter:
        yield from _table(window, place, form)
    else:
        yield from _json_lines(window, place, form)
    if window.fault:
        yield place.skipped(f"the log is incomplete: {window.fault}", 1, window.end)


def _format(head: bytes, mapping: Mapping[str, str]) -> _Format | None:
    cut = head.rfind(b"\n")
    encoding = _encoding(head[:cut] if cut > 0 else head)
    start = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    for raw in head[start:].splitlines(keepends=True)[:_PREAMBLE_LINES]:
        line = raw.decode(encoding, "replace")
        if line.lstrip().startswith("{"):
            row = _json_row(line)
            columns = _columns(list(row), mapping) if row else None
            return (
                _Format(encoding, "", {name: list(row or ())[at] for name, at in columns.items()}) if columns else None
            )
        start += len(raw)
        for delimiter in _DELIMITERS:
            names = next(csv.reader([line.removeprefix("#Fields:")], delimiter=delimiter, skipinitialspace=True), [])
            columns = _columns(names, mapping)
            if columns:
                return _Format(encoding, delimiter, columns, start)
        if line.strip() and not line.startswith(("#", "sep=", '"sep=')):
            return None
    return None


def _encoding(head: bytes) -> str:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        with suppress(LookupError):  # WHATWG names a few charsets that Python does not know
            return codecs.lookup(str(chardetng_py.detect(head))).name
        return "latin-1"
    return "utf-8"


def _columns(names: list[str], mapping: Mapping[str, str]) -> dict[str, int] | None:
    """The position of each field, or None where the required ones are not all there."""
    plain = [_NAME.sub("", name).casefold() for name in names]
    found: dict[str, int] = {}
    for field, known in COLUMNS.items():
        wanted = (_NAME.sub("", mapping[field]).casefold(),) if field in mapping else known
        position = next((plain.index(name) for name in wanted if name in plain), None)
        if position is not None:
            found[field] = position
    complete = all(field in found for field in _REQUIRED) and ("subject" in found or "message_id" in found)
    return found if complete else None


class _Lines:
    """The lines of a window as text, with the offset behind the last one given."""

    def __init__(self, window: Window, form: _Format) -> None:
        self.offset = form.start
        self.row_start = form.start
        self._window = window
        self._encoding = form.encoding

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        end = self._window.find(b"\n", self.offset, self.offset + LINE_BYTES)
        line = self._window.get(self.offset, end + 1 if end >= 0 else self.offset + LINE_BYTES)
        if not line:
            raise StopIteration
        self.offset += len(line)
        self._window.release(self.row_start)
        if self.offset - self.row_start > ROW_BYTES:
            raise csv.Error("a row that does not end")
        return line.decode(self._encoding, "replace")


def _table(window: Window, place: Place, form: _Format) -> Iterator[Item]:
    lines = _Lines(window, form)
    while True:
        lines.row_start = lines.offset
        try:
            row = next(csv.reader(lines, delimiter=form.delimiter), None)
        except csv.Error as error:
            yield _unread(place, lines, str(error))
            continue
        if row is None:
            return
        if row and not row[0].startswith("#"):
            values = {name: row[at] for name, at in form.columns.items() if at < len(row)}
            yield _item(place, lines, values)


def _json_lines(window: Window, place: Place, form: _Format) -> Iterator[Item]:
    lines = _Lines(window, form)
    while True:
        lines.row_start = lines.offset
        line = next(lines, None)
        if line is None:
            return
        if line.strip():
            row = _json_row(line)
            if row is None:
                yield _unread(place, lines, "no JSON object")
            else:
                yield _item(place, lines, {name: row[key] for name, key in form.columns.items() if key in row})


def _json_row(line: str) -> dict[str, str] | None:
    """A JSON object with its inner objects flattened (``a.b``), lists joined; None where the line is none."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return dict(_flat(row, "", 0)) if isinstance(row, dict) else None


def _flat(row: Mapping[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    for key, value in row.items():
        if isinstance(value, dict) and depth < 3:  # noqa: PLR2004 (BigQuery nests three deep)
            yield from _flat(value, f"{prefix}{key}.", depth + 1)
        elif isinstance(value, list):
            yield prefix + key, ";".join(_address(entry) for entry in value[:_RECIPIENTS])
            if value and isinstance(value[0], dict) and depth < 3:  # noqa: PLR2004
                yield from _flat(value[0], f"{prefix}{key}.", depth + 1)
        elif value is not None:
            yield prefix + key, str(value)


def _address(entry: object) -> str:
    if isinstance(entry, dict):
        return str(next((value for key, value in entry.items() if key.lower() in ("address", "email")), ""))
    return str(entry)


def _item(place: Place, lines: _Lines, values: Mapping[str, str]) -> Item:
    sender = _clean(values.get("sender", ""))
    recipients = tuple(_split_recipients(values.get("recipients", "")))
    if not sender and not recipients:
        return _unread(place, lines, "neither sender nor recipient")
    return HeaderOnly(
        place.ref(lines.row_start, lines.offset - lines.row_start),
        sender,
        recipients,
        _clean(values.get("subject", "")),
        _clean(values.get("date", "")),
        _clean(values.get("message_id", "")) or None,
        place.labels,
    )


def _split_recipients(value: str) -> Iterator[str]:
    """Recipients joined by semicolons, or by commas between addresses; Exchange adds ``##status`` to each."""
    for part in re.split("[;\n]", value, maxsplit=_RECIPIENTS):
        address = _STATUS.sub("", part)
        pieces = address.split(",", _RECIPIENTS)
        for piece in pieces if all("@" in piece for piece in pieces) else [address]:
            if clean := _clean(piece):
                yield clean


def _unread(place: Place, lines: _Lines, why: str) -> Skipped:
    length = lines.offset - lines.row_start
    return place.skipped(f"a row of the log could not be read: {why}", 1, lines.row_start, length)


def _clean(value: str) -> str:
    return " ".join(value[:_VALUE].encode("utf-8", "replace").decode().replace("\0", "").split())
