"""Links in text: where they lead, as host names that can be compared."""

import re
from collections.abc import Iterable

from outreach_audit.mail.addresses import ascii_host
from outreach_audit.mail.model import Link

_URL = re.compile(
    r"(?:https?|ftp)://[^\s<>\"'\[\]{}|\\^`，。；、！？（）《》「」【】]{1,2000}|\bwww\.[\w.-]{1,200}(?:/[^\s<>\"']{0,500})?",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(r"^(?:[a-z][a-z0-9+.-]{0,20}:)?//([^/?#\\]*)", re.IGNORECASE)
_TRAILING = ".,;:!?'\")]}>*_"
_MAX_HOST = 253


def text_links(text: str) -> tuple[Link, ...]:
    """The web addresses written in a text, in order, each once."""
    found: dict[str, Link] = {}
    if "://" not in text and "www." not in text.lower():
        return ()
    for match in _URL.finditer(text):
        url = match[0].rstrip(_TRAILING)
        if url not in found and (host := host_of(url)):
            found[url] = Link(url, host)
    return tuple(found.values())


def host_of(url: str) -> str:
    """The host of a URL, lower case and in ASCII (IDNA), as browsers understand it; ``''`` where it has none.

    Back-slashes count as slashes and everything before the last ``@`` is user information (WHATWG URL Standard).
    """
    url = url.strip().replace("\\", "/")
    if url.lower().startswith("www."):
        url = f"//{url}"
    match = _AUTHORITY.match(url)
    if match is None:
        return ""
    host = match[1].rpartition("@")[2]
    host = host.partition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    return ascii_host(host) if 0 < len(host) <= _MAX_HOST and not any(map(str.isspace, host)) else ""


def merged(links: Iterable[Link]) -> tuple[Link, ...]:
    """Links with the same target once, the first with a visible text preferred."""
    found: dict[str, Link] = {}
    for link in links:
        if link.url not in found or (link.text and not found[link.url].text):
            found[link.url] = link
    return tuple(found.values())
