# ruff: noqa: INP001  (a script beside its data, not a package)
"""Letters from the material: approaches of a campaign, everyday mail, threads between colleagues."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

from phrases import Institute, Person, Writer, chance
from rendering import Attachment, Letter, encodable, mailbox_text, pdf_bytes

SEOUL = timezone(timedelta(hours=9))
CHARSETS = {
    "ko": ("utf-8", "utf-8", "euc-kr", "ks_c_5601-1987"),
    "zh-Hans": ("gb18030", "gb2312", "utf-8"),
    "zh-Hant": ("big5", "utf-8"),
    "ja": ("iso-2022-jp", "iso-2022-jp", "shift_jis", "utf-8"),
    "en": ("utf-8", "us-ascii", "iso-8859-1", "utf-8"),
    "de": ("iso-8859-1", "utf-8", "windows-1252"),
    "fr": ("iso-8859-1", "utf-8", "windows-1252"),
    "ru": ("koi8-r", "utf-8"),
}
MAILERS = (
    "Microsoft Outlook 16.0",
    "Foxmail 7.2.25.213[cn]",
    "Apple Mail (2.3774)",
    "Thunderbird 115.6.0",
    "iPhone Mail (21C66)",
)
REMINDING = {
    "ko": "[재안내] ",
    "ja": "【再送】",
    "zh-Hans": "再次邀请：",
    "zh-Hant": "再次邀請：",
    "de": "Erinnerung: ",
    "fr": "Rappel: ",
    "ru": "Повторно: ",
}
QUOTED_FROM = {
    "ko": "{when}, {who} 님이 작성:",
    "en": "On {when}, {who} wrote:",
    "zh-Hans": "在 {when}，{who} 写道：",
    "zh-Hant": "{who} 於 {when} 寫道：",
    "ja": "{when} {who}:",
    "de": "Am {when} schrieb {who}:",
    "fr": "Le {when}, {who} a écrit :",
    "ru": "{when}, {who} пишет:",
}
ADDRESS = re.compile(r"^(.*?)\s*<([^<>]+)>$")


@dataclass(frozen=True, slots=True)
class Truth:
    """What the manifest says of a letter, whoever gets it."""

    label: str
    language: str
    template: str
    kind: str | None = None
    campaign: str | None = None
    trap: str | None = None
    dest_country: str | None = None
    foreign: bool | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """To whom a letter goes, and when."""

    to: Person
    institute: Institute
    when: datetime


@dataclass(frozen=True, slots=True)
class Office:
    """Who writes letters: the material, and the staff of every institute."""

    lists: Mapping[str, Any]
    pools: Mapping[str, Any]
    staff: Mapping[str, Sequence[Person]]

    def writer(self, rng: Random, lang: str, occasion: Occasion) -> Writer:
        """A writer for one message."""
        institute = occasion.institute
        writer = Writer(rng, lang, occasion.when, self.lists, self.pools)
        writer.values["to"] = occasion.to
        writer.values["inst"] = {name: getattr(institute, name) for name in ("ko", "en", "domain", "id")}
        writer.values["inst_long"] = {"ko": institute.ko_long, "en": institute.en_long}
        writer.values["title"] = institute.settings["title"]
        writer.colleagues = [person for person in self.staff[institute.id] if person is not occasion.to]
        return writer


def message_id(rng: Random, domain: str) -> str:
    """An identifier as mail programs make them."""
    shapes = (
        f"{rng.getrandbits(64):016x}",
        f"{rng.getrandbits(40):010X}.{rng.randint(1000, 999999)}",
        f"CA{rng.getrandbits(96):024x}",
    )
    return f"<{rng.choice(shapes)}@{domain}>"


def damaged(rng: Random, lang: str, *, sparing: bool) -> str:
    """A fault for a few messages; the sparing kind leaves the identity of the message alone."""
    if rng.random() >= 0.02:  # noqa: PLR2004  (one in fifty)
        return ""
    kinds = ["truncated_base64"] + ([] if sparing else ["no_message_id", "no_date"])
    if lang in ("ko", "zh-Hans", "zh-Hant", "ru"):
        kinds += ["wrong_charset", "wrong_charset", "raw_subject"] + ([] if sparing else ["no_mime_headers"])
    return rng.choice(kinds)


def bannered(text: str, lang: str, institute: Institute) -> str:
    """The text below the institute's notice on mail from outside, where the notice can be written in its charset."""
    banner = institute.settings["banner"]
    return f"{banner}\n\n{text}" if banner and lang in ("ko", "en") else text


@dataclass(frozen=True, slots=True)
class Batch:
    """A wave of one campaign from one sender address."""

    campaign: Mapping[str, Any]
    sender: Person
    domain: str
    local: str

    @property
    def address(self) -> str:
        """The address in From."""
        return f"{self.local}@{self.domain}"


def batch(office: Office, campaign: Mapping[str, Any], key: object) -> Batch:
    """The sender of a wave: name and domain change, the offer stays."""
    rng = chance("batch", campaign["id"], key)
    writer = Writer(rng, "en", datetime(2024, 1, 1, tzinfo=SEOUL), office.lists, office.pools)
    writer.fill("{" + campaign["names"] + ".name}")
    sender = writer.values[campaign["names"]]
    local = rng.choice([sender.local, sender.local, "invitation", "contact"])
    return Batch(campaign, sender, rng.choice(campaign["domains"]), local)


def approach(
    office: Office, sent: Batch, version: Mapping[str, Any], occasion: Occasion, *, again: str = ""
) -> tuple[Letter, Truth]:
    """One letter of a campaign; ``again`` is ``reminder`` or ``copy`` for a further letter to the same person."""
    campaign, lang, to = sent.campaign, version["lang"], occasion.to
    landing, shared = campaign["landing"], "shared" in campaign
    rng = chance("approach", campaign["id"], occasion.institute.id, to.address, again)
    writer = office.writer(rng, lang, occasion)
    name = sent.sender.attribute("name", lang)
    writer.values |= {"sender": name, "reply": campaign.get("reply_to", sent.address)}
    token = "2024" if shared else writer.fill("{token}")
    writer.values["link"] = f"https://{landing}/{rng.choice(('t', 'r', 'i', 'go'))}/{token}"
    subject = writer.subject(version["subject"])
    if again == "reminder" and rng.random() < 0.6:  # noqa: PLR2004  (most reminders say so in the subject)
        subject = REMINDING.get(lang, "Reminder: ") + subject
    opening = version["reminder" if again == "reminder" else "hook"]
    parts = (version["greeting"], opening, version["offer"], version["close"], version["sign"])
    text = bannered(writer.fill("\n\n".join(part.strip("\n") for part in parts)) + "\n", lang, occasion.institute)
    headers = [("X-Mailer", rng.choice(MAILERS))]
    if campaign.get("reply_to", sent.address) != sent.address:
        headers.append(("Reply-To", campaign["reply_to"]))
    if landing and rng.random() < 0.5:  # noqa: PLR2004  (half of the bulk mails offer it)
        headers.append(("List-Unsubscribe", f"<https://{landing}/u/{token}>"))
    letter = Letter(
        message_id=message_id(rng, sent.domain),
        sender_name=name,
        sender=sent.address,
        to="undisclosed-recipients:;" if shared else mailbox_text(to.en, to.address, "utf-8"),
        subject=subject,
        date=occasion.when.astimezone(timezone(timedelta(hours=campaign["zone"]))),
        text=text,
        form=rng.choice(version["form"]),
        charset=encodable(rng.choice(CHARSETS[lang]), text, subject),
        style=rng.choice(("plain", "gmail", "newsletter", "office")),
        headers=tuple(headers),
        damage=damaged(rng, lang, sparing=True),
    )
    country = campaign["country"]
    truth = Truth(
        label="approach",
        language=lang,
        template=f"{campaign['id']}/{version.get('name', lang)}",
        kind=campaign["kind"],
        campaign=campaign["id"],
        dest_country=country,
        foreign=None if country == "ZZ" else campaign.get("foreign", True),
    )
    return letter, truth


def _address(writer: Writer, template: str) -> tuple[str, str]:
    filled = writer.fill(template)
    match = ADDRESS.match(filled)
    return (match[1], match[2]) if match else ("", filled)


def quoted(text: str, lang: str, who: str, when: datetime) -> str:
    """An earlier text under its attribution line, as mail programs quote it."""
    line = QUOTED_FROM[lang].replace("{when}", f"{when:%Y-%m-%d %H:%M}").replace("{who}", who)
    return f"\n{line}\n" + "".join(f"> {row}".rstrip() + "\n" for row in text.rstrip("\n").split("\n"))


def everyday(office: Office, mail: Mapping[str, Any], occasion: Occasion, key: object) -> tuple[Letter, Truth]:
    """One letter of everyday mail from its template."""
    lang, trap, to, institute = mail["lang"], mail["trap"], occasion.to, occasion.institute
    rng = chance("everyday", mail["id"], institute.id, key)
    writer = office.writer(rng, lang, occasion)
    name, address = _address(writer, mail["from"])
    internal = address.endswith("@" + institute.domain)
    subject = writer.subject(mail["subject"])
    text = writer.fill(mail["body"].strip("\n")) + "\n"
    headers = []
    if "quote" in mail:
        asked = occasion.when - timedelta(hours=rng.randint(2, 60))
        text += quoted(writer.fill(mail["quote"].strip("\n")), lang, to.attribute("name", lang), asked)
        earlier = message_id(rng, institute.domain)
        headers += [("In-Reply-To", earlier), ("References", earlier)]
    if not internal:
        text = bannered(text, lang, institute)
    if "list" in mail:
        host = mail["list"]
        headers += [("List-Id", f"<{host}>"), ("List-Unsubscribe", f"<mailto:leave@{host}>"), ("Precedence", "bulk")]
    else:
        headers.append(("X-Mailer", rng.choice(MAILERS)))
    attachments: tuple[Attachment, ...] = ()
    if "attach" in mail:
        file, *lines = (writer.fill(line) for line in mail["attach"])
        attachments = (Attachment(file, "application/pdf", pdf_bytes(lines)),)
    shown_to = _address(writer, mail["to"]) if "to" in mail else (to.en, to.address)
    letter = Letter(
        message_id=message_id(rng, address.rpartition("@")[2]),
        sender_name=name,
        sender=address,
        to=mailbox_text(*shown_to, "utf-8"),
        subject=subject,
        date=occasion.when.astimezone(SEOUL if internal else timezone(timedelta(hours=mail.get("zone", 9)))),
        text=text,
        form=rng.choice(mail.get("form", ["plain", "plain", "plain", "plain", "html", "alternative"])),
        charset=encodable(rng.choice(CHARSETS[lang]), text, subject),
        style="newsletter" if "list" in mail else rng.choice(("plain", "gmail", "office")),
        headers=tuple(headers),
        attachments=attachments,
        damage=damaged(rng, lang, sparing=False) if trap == "ordinary" else "",
    )
    return letter, Truth("advert" if trap == "job_list" else "other", lang, mail["id"], trap=trap)


def thread(
    office: Office, mail: Mapping[str, Any], occasion: Occasion, key: object
) -> Iterator[tuple[Letter, Truth, Person]]:
    """The letters of a thread between colleagues, each quoting the one before, with the person who gets it."""
    lang, institute, when = mail["lang"], occasion.institute, occasion.when
    rng = chance("thread", mail["id"], institute.id, key)
    writer = office.writer(rng, lang, occasion)
    writer.fill("{col.name}")
    me, you = writer.values["col"], occasion.to
    subject, sent = writer.subject(mail["subject"]), list[Letter]()
    for template in (mail["body"], *mail["replies"]):
        writer.values |= {"me": me, "you": you}
        text = writer.fill(template.strip("\n")) + "\n"
        headers: tuple[tuple[str, str], ...] = ()
        if sent:
            text += quoted(sent[-1].text, lang, sent[-1].sender_name, sent[-1].date)
            earlier = [letter.message_id for letter in sent]
            headers = (("In-Reply-To", earlier[-1]), ("References", " ".join(earlier)))
        letter = Letter(
            message_id=message_id(rng, institute.domain),
            sender_name=me.attribute("name", lang),
            sender=me.address,
            to=mailbox_text(you.en, you.address, "utf-8"),
            subject=("Re: " if sent else "") + subject,
            date=when,
            text=text,
            charset=encodable("utf-8" if sent else rng.choice(CHARSETS[lang]), text, subject),
            headers=headers,
        )
        sent.append(letter)
        yield letter, Truth("other", lang, mail["id"], trap=mail["trap"]), you
        me, you = you, me
        when += timedelta(minutes=rng.randint(7, 900))
