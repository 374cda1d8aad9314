"""Address fields (RFC 5322, section 3.4) in one linear pass that loses no address and believes no display name.

The standard library's parser can take an address out of a display name (CVE-2023-27043) and is
quadratic on long lists. This scanner decides by structure alone: what stands in angle brackets is the
address, and what is quoted or in a comment is not, as long as anything else could be.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import idna
from email_validator import EmailNotValidError, validate_email

from outreach_audit.mail.charset import clean
from outreach_audit.mail.headers import decode_words
from outreach_audit.mail.model import Address
from outreach_audit.mail.remembered import remembered

# an encoded word is one token: some programs leave commas and brackets in it (against RFC 2047, section 5)
_TOKEN = re.compile(r'=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=|[^\\"()<>,;:=]+|=|\\.?|["()<>,;:]', re.DOTALL)
_QUOTED = re.compile(r'[^\\"]*')
_IN_COMMENT = re.compile(r"[^\\()]+|\\.?|[()]", re.DOTALL)
_IN_ANGLE = re.compile(r'[^<>"]*')
_BEHIND_QUOTE = re.compile(r"[^<>]*")
_OBFUSCATED = re.compile(r"^([\w.+-]{1,64}) (?:at|AT|\(at\)|\[at\]) ([\w-]{1,63}(?:\.[\w-]{1,63}){1,9})$")
_AROUND = re.compile(r" ?([.@]) ?")
_BLANK = re.compile(r"\s+")
_MAX_ADDRESS = 320
"""RFC 5321, section 4.5.3.1: 64 of local part, 255 of domain, the at sign."""


@dataclass(slots=True)
class _Item:
    """One member of the list: its words (with whether they were quoted), angle brackets and comments."""

    words: list[tuple[str, bool]] = field(default_factory=list)
    angles: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    has_at: bool = False

    def name(self) -> str:
        return "".join(word for word, _ in self.words)


@remembered(4096, 300)
def parse_addresses(text: str, limit: int = 10_000) -> tuple[Address, ...]:
    """All addresses of a field, those of groups included.

    Args:
        text: The unfolded value with its encoded words unread: reading them first would let an encoded
            comma or bracket change the structure.
        limit: How many addresses to read at most.

    Returns:
        Addresses in order; a name without any address has ``address`` empty. Empty for an empty list.
    """
    found: list[Address] = []
    names: list[str] = []
    for item in _items(text):
        bare = [] if item.angles else _bare(item)
        if item.angles:
            # names before it: "Doe, John <john@example.org>", a comma that should have been quoted
            found += _angled(item, ", ".join([*names, item.name().strip()]))
        elif bare:
            found += [Address(_display(name), "") for name in names] + bare
        elif item.name().strip():
            names.append(item.name().strip())
            continue
        names = []
        if len(found) >= limit:
            break
    found += [Address(_display(name), "") for name in names]
    return tuple(found[:limit])


def _items(text: str) -> Iterator[_Item]:
    """The members of the list; a group's name before its colon is left out (RFC 5322, section 3.4)."""
    item = _Item()
    last_semicolon = text.rfind(";")
    last_quote = text.rfind('"')
    position = 0
    comments_close = True
    while match := _TOKEN.match(text, position):
        piece = match[0]
        position = match.end()
        if piece == '"' and position <= last_quote:
            content, position = _quoted(text, position)
            item.words.append((content, True))
        elif piece == "(" and comments_close:
            content, after = _comment(text, position)
            comments_close = after > 0
            if comments_close:
                item.comments.append(content)
                position = after
        elif piece == "<":
            content, position = _angle(text, position, item)
            item.angles.append(content)
        elif piece in {",", ";"}:
            yield item
            item = _Item()
        elif piece == ":" and position <= last_semicolon and not item.angles and not item.has_at:
            item = _Item()
        elif piece not in {"(", ")", ">", '"'}:
            item.has_at = item.has_at or "@" in piece
            item.words.append((piece[-1:] if piece.startswith("\\") else piece, False))
        else:
            item.words.append((" ", False))
    yield item


def _quoted(text: str, position: int) -> tuple[str, int]:
    """The characters up to the closing quote, backslashes resolved, and the position behind it."""
    pieces: list[str] = []
    while position < len(text):
        stop = _QUOTED.match(text, position)
        assert stop is not None
        pieces.append(stop[0])
        position = stop.end()
        if text[position : position + 1] != "\\":
            break
        pieces.append(text[position + 1 : position + 2])
        position += 2
    return "".join(pieces), position + 1


def _comment(text: str, position: int) -> tuple[str, int]:
    """A comment with those inside it, and the position behind it; position 0 where nothing closes it."""
    pieces: list[str] = []
    depth = 1
    for match in _IN_COMMENT.finditer(text, position):
        depth += (match[0] == "(") - (match[0] == ")")
        if depth == 0:
            return "".join(pieces), match.end()
        pieces.append(match[0][-1:] if match[0].startswith("\\") else match[0])
    return "", 0


def _angle(text: str, position: int, item: _Item) -> tuple[str, int]:
    """What stands in angle brackets, comments in it moved to the item, and the position behind it.

    An address nobody closed ends at the next comma or semicolon.
    """
    stop = _IN_ANGLE.match(text, position)
    assert stop is not None
    content, end = stop[0], stop.end()
    if text[end : end + 1] == '"':
        local, after = _quoted(text, end + 1)
        rest = _BEHIND_QUOTE.match(text, after)
        assert rest is not None
        content, end = f'{content}"{local}"{rest[0]}', rest.end()
    if text[end : end + 1] != ">":
        content = re.split("[,;]", content, maxsplit=1)[0]
        end = position + len(content) - 1
    if "(" in content:
        item.comments += re.findall(r"\(([^()]*)\)", content)
        content = re.sub(r"\([^()]*\)", "", content)
    return content, end + 1


def _angled(item: _Item, name: str) -> list[Address]:
    """The address or addresses of an item with angle brackets."""
    name = _with_comments(_display(name), item)
    found = [Address(name, address) for angle in item.angles if (address := normalise(angle))]
    return found or [Address(name or _display(" ".join(item.angles)), "")]


def _bare(item: _Item) -> list[Address]:
    """The addresses of an item without angle brackets; none where it is a name only."""
    text = _BLANK.sub(" ", item.name()).strip()
    if match := _OBFUSCATED.match(text):
        return [Address(_with_comments("", item), normalise(f"{match[1]}@{match[2]}"))]
    if "@" not in text:
        return []
    first, _, rest = text.partition("@")
    if item.words[0][1] and item.words[0][0] == first and " " in first:
        return [Address(_with_comments("", item), normalise(f'"{first}"@{rest}'))]
    plain = "".join(word for word, quoted in item.words if not quoted)
    words = _AROUND.sub(r"\1", _BLANK.sub(" ", plain if "@" in plain else text)).split(" ")
    name = " ".join(word for word in words if "@" not in word)
    if "@" in plain:
        name = " ".join([*(word for word, quoted in item.words if quoted), name])
    name = _with_comments(_display(name), item)
    return [Address(name, address) for word in words if "@" in word and (address := normalise(word))]


def _with_comments(name: str, item: _Item) -> str:
    comment = _display(" ".join(item.comments))
    return f"{name} ({comment})" if name and comment else name or comment


def _display(name: str) -> str:
    """A display name as it is shown."""
    return _BLANK.sub(" ", decode_words(name)).strip()


def normalise(text: str) -> str:
    """An address as it is compared: no blanks, lower case, its domain in ASCII (IDNA); ``''`` where it is none."""
    text = _BLANK.sub("", clean(text)).strip("<>,;'")
    if text.lower().startswith("mailto:"):
        text = text[7:].partition("?")[0]
    if text.startswith("@"):
        # a source route, obsolete since RFC 5321, section 3.6.1
        text = text.partition(":")[2]
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain or len(text) > _MAX_ADDRESS or "/" in local:
        return ""
    return f"{local.lower()}@{ascii_host(domain)}"


@lru_cache(maxsize=4096)
def ascii_host(host: str) -> str:
    """A host name in lower case and ASCII (IDNA 2008, UTS 46 mapping); as written where it cannot be."""
    host = host.strip(".").lower()
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError, ValueError):
        return host


@lru_cache(maxsize=4096)
def is_valid(address: str) -> bool:
    """Whether the syntax of an address holds (RFC 5321, 5322, 6531), whoever it belongs to."""
    try:
        validate_email(
            address,
            check_deliverability=False,
            globally_deliverable=False,
            test_environment=True,
            allow_quoted_local=True,
            allow_domain_literal=True,
        )
    except (EmailNotValidError, ValueError):
        return False
    return True
