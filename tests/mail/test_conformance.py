"""Public test mail of other parsers, with the results they expect and the differences that are accepted."""

import gzip
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outreach_audit.mail import parse
from outreach_audit.mail.addresses import parse_addresses
from outreach_audit.mail.charset import decode
from outreach_audit.mail.dates import parse_date, received_date
from outreach_audit.mail.headers import raw_text
from outreach_audit.mail.limits import Faults, Limits
from outreach_audit.mail.mime import Part, read

# stalwart's messages whose decoded texts differ from ours, part by part, and why
TEXTS = {
    "legacy/026": "uuencoded text: they leave it encoded, we decode it",
    "malformed/009": "they read on beyond the outer boundary, which ends the inner one (RFC 2046, section 5.1.2)",
    "malformed/011": "as malformed/009",
    "malformed/012": "as malformed/009",
    "malformed/019": "bytes of the message are overwritten at random: they leave texts out that we give",
    "malformed/020": "two Content-Types in one part: they give both parts in one text, we divide them",
    "malformed/021": "as malformed/020",
}
# mime4j's messages with another structure than ours, and why
STRUCTURES = {
    "multi-bad": "a part declares two types: we read the text before the first boundary, they do not",
    "very-long-boundary": "a boundary with blanks at its end (forbidden by RFC 2046, section 5.1.1): we leave them out",
    "very-very-long-boundary": "as above",
    "weird-boundary": "as above",
}
DATES = {
    "20 11 (some": "a month in figures, with a year before 1980: we believe no such guess",
    "4 8 15 16 23 42": "a row of numbers that means no date",
}
ADDRESSES = {
    "Pete(A nice ": "order and blanks of comments in the display name",
    "A Group(Some people)": "a comment behind the last group, which they give as a name",
    "(Empty list)(start)": "as above",
    "Mary Smith <@node.test": "a source route, which we leave out (RFC 5321, section 3.6.1)",
    "NO (posting not": "a word that is no address: our name is the word",
}


@pytest.fixture
def stalwart(shared: Path) -> Path:
    return shared / "conformance" / "stalwart" / "resources"


def their_texts(message: dict[str, object]) -> Iterator[str]:
    for part in message["parts"]:
        declared = [field["value"]["ContentType"] for field in part["headers"] if field["name"] == "content_type"]
        kind = declared[0]["c_type"] if declared and isinstance(declared[0], dict) else "text"
        for name, value in part["body"].items() if isinstance(part["body"], dict) else ():
            if name == "Message":
                yield from their_texts(value)
            elif name in {"Text", "Html"} and kind.lower() not in {"audio", "image", "video", "application"}:
                yield value


def our_texts(part: Part) -> Iterator[str]:
    if part.parts and (part.is_multipart or part.is_message):
        for child in part.parts:
            yield from our_texts(child)
    elif part.type.value.startswith("text/"):
        yield decode(part.content(), part.charset).text


def same_text(theirs: str, ours: str) -> bool:
    """Equal but for line ends and NUL; where they could not decode a character, ours may stand."""
    theirs, ours = (
        "\n".join(line.rstrip() for line in text.replace("\0", "").splitlines()).strip() for text in (theirs, ours)
    )
    if "\ufffd" not in theirs:
        return theirs == ours
    return re.fullmatch(re.sub("\ufffd+", ".{1,3}", re.escape(theirs)), ours, re.DOTALL) is not None


def test_stalwart_texts(stalwart: Path) -> None:
    different = set()
    files = sorted((stalwart / "eml").glob("*/*.eml"))
    assert len(files) == 107
    for file in files:
        theirs = [text for text in their_texts(json.loads(file.with_suffix(".json").read_bytes())) if text.strip()]
        ours = [text for text in our_texts(read(file.read_bytes(), Limits(), Faults())) if text.strip()]
        if len(theirs) != len(ours) or not all(map(same_text, theirs, ours)):
            different.add(f"{file.parent.name}/{file.stem}")
    assert different == set(TEXTS)


def in_utc(expected: dict[str, int] | None) -> datetime | None:
    if expected is None:
        return None
    parts = (expected[name] for name in ("year", "month", "day", "hour", "minute", "second"))
    offset = timedelta(hours=expected["tz_hour"], minutes=expected["tz_minute"])
    return datetime(*parts, tzinfo=UTC) + (offset if expected["tz_before_gmt"] else -offset)


def first_field(text: str) -> str:
    """The first field of a header table's entry, unfolded: a line that begins without a blank is the next one."""
    return raw_text(re.split(r"\n(?![ \t])", text.lstrip("\r\n"))[0].encode())


def test_stalwart_dates(stalwart: Path) -> None:
    table = json.loads((stalwart / "date.json").read_bytes())
    different = []
    for entry in table:
        text = first_field(entry["header"])
        if (received_date if ";" in text else parse_date)(text)[0] != in_utc(entry["expected"]):
            different.append(entry["header"].strip())
    assert len(table) == 40
    assert len(different) == len(DATES)
    assert all(any(text.startswith(known) for known in DATES) for text in different)


def expected_address(entry: dict[str, str | None]) -> tuple[str, str]:
    """Their address in our terms: lower case, no blanks, no ``mailto:``; what is no address at all is a name."""
    address = re.sub(r"\s", "", entry["address"] or "").lower().removeprefix("mailto:").partition("?")[0]
    name = " ".join((entry["name"] or "").split())
    return (name, address) if "@" in address else (name or entry["address"] or "", "")


def test_stalwart_addresses(stalwart: Path) -> None:
    table = json.loads((stalwart / "address.json").read_bytes())
    different = []
    for entry in table:
        expected = entry["expected"]
        listed = expected.get("List") or [address for group in expected["Group"] for address in group["addresses"]]
        ours = [(address.name, address.address) for address in parse_addresses(first_field(entry["header"]))]
        if ours != [expected_address(address) for address in listed]:
            different.append(entry["header"].strip())
    assert len(table) == 60
    assert len(different) == len(ADDRESSES)
    assert all(any(text.startswith(known) for known in ADDRESSES) for text in different)


def structure_of(file: Path) -> ET.Element:
    """Their description of a message, the decoded one where the other is no XML for control characters."""
    try:
        return ET.parse(file.with_suffix(".xml")).getroot()
    except ET.ParseError:
        return ET.parse(file.with_name(f"{file.stem}_decoded.xml")).getroot()


def their_shape(element: ET.Element, folder: Path) -> object:
    """Parts as lists, messages as pairs, bodies as "leaf"; what is blank does not count."""
    for child in element:
        if child.tag == "multipart":
            parts = (their_shape(part, folder) for part in child if part.tag in {"body-part", "message"})
            return [part for part in parts if part] or "leaf"
        if child.tag == "message":
            return ("message", their_shape(child, folder))
        if child.tag.endswith("body"):
            body = (
                (folder / child.attrib["name"]).read_bytes() if "name" in child.attrib else (child.text or "").encode()
            )
            return "leaf" if body.strip() else ""
    return ""


def our_shape(part: Part) -> object:
    if part.is_message and part.parts:
        return ("message", our_shape(part.parts[0]))
    if part.is_multipart:
        return [shape for child in part.parts if (shape := our_shape(child))] or "leaf"
    return "leaf" if part.body.strip() else ""


def test_mime4j_structures(shared: Path) -> None:
    files = sorted((shared / "conformance" / "mime4j" / "core").rglob("*.msg"))
    assert len(files) == 80
    different = set()
    for file in files:
        ours = our_shape(read(file.read_bytes(), Limits(), Faults()))
        if (ours or "leaf") != (their_shape(structure_of(file), file.parent) or "leaf"):
            different.add(file.stem)
    assert different == set(STRUCTURES)


@pytest.mark.parametrize("folder", ["ruby_mail", "zbateson", "mime4j", "stalwart"])
def test_every_message_is_read(shared: Path, folder: str) -> None:
    files = [
        file for file in (shared / "conformance" / folder).rglob("*") if file.suffix in {".eml", ".msg", ".txt", ""}
    ]
    mails = [parse(file.read_bytes()) for file in files if file.is_file()]
    assert len(mails) > 80
    assert not any("failed (" in defect for mail in mails for defect in mail.defects)
    assert all(mail.texts or mail.headers or mail.defects for mail in mails)


@pytest.mark.parametrize("name", ["chinese_2005", "english_2002", "job_adverts_r"])
def test_real_mail_is_read(shared: Path, name: str) -> None:
    """Every fortieth message: in each some text is found, and hardly any character is lost."""
    content = gzip.decompress((shared / "mail" / f"{name}.mbox.gz").read_bytes())
    mails = [parse(message.partition(b"\n")[2]) for message in content.split(b"\n\nFrom ")[1::40]]
    assert all(mail.texts for mail in mails)
    lost = sum(mail.text_of("body", "quoted").count("\ufffd") for mail in mails)
    assert lost <= len(mails) / 20
