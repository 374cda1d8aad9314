# ruff: noqa: INP001  (a script beside its data, not a package)
"""Deliveries: the copy of a letter in a mailbox, and the forward of one to the security office."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from letters import SEOUL, Occasion, Office, Truth, message_id
from phrases import MONTHS, WEEKDAYS, Institute, Person, chance
from rendering import Attachment, Letter, encodable, message_bytes

NETS = ("192.0.2", "198.51.100", "203.0.113")  # for documentation (RFC 5737)
NOON = 12


@dataclass(frozen=True, slots=True)
class Delivery:
    """One copy of a letter in one mailbox.

    A report has a ``carrier``, the forward that brought the letter; ``known`` says whether the original was
    delivered, too. ``copy`` marks a delivery that another file of the sample holds as well.
    """

    letter: Letter
    truth: Truth
    institute: Institute
    recipient: str
    mailbox: str
    received: datetime
    folder: str
    carrier: Letter | None = None
    inline: bool = False
    known: bool | None = None
    copy: bool = False

    @property
    def outer(self) -> Letter:
        """The letter that lies in the mailbox."""
        return self.carrier or self.letter

    def trace(self) -> list[tuple[str, str]]:
        """The fields that the institute's mail system puts on top."""
        rng = chance("trace", self.outer.message_id, self.mailbox)
        host = f"{rng.choice(('mail', 'mx1', 'out', 'smtp'))}.{self.outer.sender.rpartition('@')[2]}"
        month = MONTHS["en"][self.received.month - 1][:3]
        received = (
            f"from {host} ({rng.choice(NETS)}.{rng.randint(2, 250)})\n"
            f"\tby mx.{self.institute.domain} with ESMTPS id {rng.getrandbits(40):010x}\n"
            f"\tfor <{self.mailbox}>; {self.received:%d} {month} {self.received:%Y %H:%M:%S} +0900"
        )
        fields = [
            ("Return-Path", f"<{self.outer.sender}>"),
            ("Delivered-To", self.mailbox),
            ("Received", received),
        ]
        if self.folder in ("spam", "quarantine"):
            fields.append(("X-Spam-Score", f"{rng.randint(55, 120) / 10}"))
        return fields

    def content(self) -> bytes:
        """The bytes of this copy."""
        return message_bytes(self.outer, self.trace())


def _clock(when: datetime) -> str:
    return f"{(when.hour - 1) % NOON + 1}:{when:%M}"


def _inline(letter: Letter, recipient: Person, style: str) -> str:
    """The letter as a mail program puts it into the text of a forward."""
    who = f"{letter.sender_name} <{letter.sender}>"
    when = letter.date.astimezone(SEOUL)
    if style == "gmail":
        half = "오전" if when.hour < NOON else "오후"
        day = f"{when.year}년 {when.month}월 {when.day}일 ({WEEKDAYS['ko'][when.weekday()]})"
        lines = [
            "---------- Forwarded message ---------",
            f"보낸사람: {who}",
            f"Date: {day} {half} {_clock(when)}",
            f"Subject: {letter.subject}",
            f"To: <{recipient.address}>",
        ]
    elif style == "outlook":
        day = f"{MONTHS['en'][when.month - 1]} {when.day}, {when.year}"
        lines = [
            "-----Original Message-----",
            f"From: {who}",
            f"Sent: {day} {_clock(when)} {'AM' if when.hour < NOON else 'PM'}",
            f"To: {recipient.en} <{recipient.address}>",
            f"Subject: {letter.subject}",
        ]
    else:
        lines = [
            "-------- 전달된 메시지 --------",
            f"제목: {letter.subject}",
            f"날짜: {when:%Y-%m-%d %H:%M}",
            f"보낸 사람: {who}",
            f"받는 사람: {recipient.address}",
        ]
    return "\n".join(lines) + "\n\n" + letter.text


def report(
    office: Office, original: Delivery, reporter: Person, notes: Sequence[Mapping[str, Any]], *, known: bool
) -> Delivery:
    """The reporter's forward to the security office: attached as message/rfc822, or inline."""
    institute, letter = original.institute, original.letter
    rng = chance("report", institute.id, letter.message_id, reporter.address)
    when = original.received + timedelta(hours=rng.randint(1, 70), minutes=rng.randint(0, 59))
    note = rng.choice(notes)
    writer = office.writer(rng, note["lang"], Occasion(reporter, institute, when))
    subject, text = writer.subject(note["subject"]), writer.fill(note["body"].strip("\n")) + "\n"
    inline = rng.random() < 0.4  # noqa: PLR2004  (two in five forward inline)
    attachments: tuple[Attachment, ...] = ()
    if inline:
        subject = rng.choice(("Fwd: ", "FW: ")) + letter.subject
        text += "\n" + _inline(letter, reporter, rng.choice(("gmail", "outlook", "thunderbird")))
    else:
        attachments = (Attachment("original.eml", "message/rfc822", original.content()),)
    mailbox = f"security@{institute.domain}"
    carrier = Letter(
        message_id=message_id(rng, institute.domain),
        sender_name=reporter.native,
        sender=reporter.address,
        to=mailbox,
        subject=subject,
        date=when,
        text=text,
        charset=encodable("utf-8" if inline else rng.choice(("utf-8", "euc-kr")), text),
        attachments=attachments,
    )
    return replace(
        original,
        mailbox=mailbox,
        received=when + timedelta(seconds=rng.randint(1, 9)),
        folder="reports",
        carrier=carrier,
        inline=inline,
        known=known,
    )
