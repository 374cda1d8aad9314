"""Whose host it is: the one owner among those who give a host as their website, or nobody.

A website says less than it seems to: hundreds of institutes are guests on their university's host, authorities share
one government portal, and some give a page on a platform. A wrong owner makes a wrong institute and a wrong country,
so a host without one clear owner belongs to nobody here.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import urlsplit

import idna
import tldextract

from outreach_audit.attribution.domains import DOMAIN, parents

_WWW = re.compile(r"^www\d?\.")
# A page that a site opens by itself: a language, an index, a start page.
_FRONT = re.compile(
    r"(?:index|default|home|main|start)(?:\.[a-z]{2,5})?|[a-z]{2}(?:[-_][a-z]{2})?|eng|english", re.IGNORECASE
)
_MOST_CLAIMS = 20
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)

# Hosts on which anybody has a page, owned by registered companies all the same; what the Public Suffix List names as
# such (github.io, blogspot.com) is known from there.
_PLATFORMS = frozenset(
    (
        *("google.com", "facebook.com", "linkedin.com", "twitter.com", "x.com", "instagram.com", "youtube.com"),
        *("github.com", "gitlab.com", "bitbucket.org", "medium.com", "wikipedia.org", "wikimedia.org", "archive.org"),
        *("wordpress.com", "wix.com", "weebly.com", "squarespace.com", "tumblr.com", "linktr.ee", "academia.edu"),
        *("researchgate.net", "orcid.org", "microsoft.com", "office.com", "live.com", "sharepoint.com", "apple.com"),
        *("amazon.com", "dropbox.com", "zoom.us", "yahoo.com", "naver.com", "daum.net", "kakao.com", "notion.so"),
        *("qq.com", "163.com", "weibo.com", "baidu.com", "aliyun.com", "alibaba.com", "sina.com.cn", "sohu.com"),
        *("yandex.ru", "mail.ru", "vk.com", "mozilla.org", "cloudflare.com", "webs.com", "jimdo.com", "strikingly.com"),
    )
)


class Grade(IntEnum):
    """How sure it is that a host is an organisation's own; the lowest is the surest."""

    LISTED = 0
    """The registry lists the domain as the organisation's."""
    FRONT = 1
    """The website is the front page of the host."""
    PAGE = 2
    """The website is a page somewhere on the host."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One organisation gives one host as its own."""

    host: str
    grade: Grade


def claims_of(domains: Iterable[str], sites: Iterable[str]) -> tuple[Claim, ...]:
    """The hosts that an organisation gives, each once with its surest grade.

    Args:
        domains: domains that the registry lists.
        sites: addresses of websites.
    """
    found: dict[str, Grade] = {}
    listed = [(host_of(domain), Grade.LISTED) for domain in domains]
    for host, grade in [*listed, *(_of_site(site) for site in sites)][:_MOST_CLAIMS]:
        if host:
            found[host] = min(grade, found.get(host, grade))
    return tuple(Claim(host, grade) for host, grade in sorted(found.items()))


def host_of(name: str) -> str:
    """The host as mail and links write it (lower case, A-labels, no ``www``); ``''`` where nobody can own it.

    Nobody owns a public suffix (``edu.cn``, ``gov.uk``, ``github.io``), an IP address, or a platform.
    """
    try:
        name = idna.encode(name.strip().rstrip("."), uts46=True).decode().lower() if not name.isascii() else name
    except (idna.IDNAError, UnicodeError):
        return ""
    host = _WWW.sub("", name.strip().rstrip(".").lower())
    if not DOMAIN.fullmatch(host):
        return ""
    found = _suffixes(host)
    if not (found.domain and found.suffix) or any(name in _PLATFORMS for name in parents(host)):
        return ""
    return host


def _of_site(site: str) -> tuple[str, Grade]:
    try:
        parts = urlsplit(site.strip() if "//" in site else f"//{site.strip()}")
        host = host_of(parts.hostname or "")
    except ValueError:
        return "", Grade.PAGE
    page = [segment for segment in parts.path.split("/") if segment and not _FRONT.fullmatch(segment)]
    return host, Grade.PAGE if page or parts.query else Grade.FRONT


def owners(
    claims: Mapping[str, Iterable[Claim]], parts_of: Mapping[str, Iterable[str]], countries: Mapping[str, str]
) -> dict[str, str]:
    """Who owns which host.

    Args:
        claims: organisation id → its claims.
        parts_of: organisation id → ids of what it is part of, directly.
        countries: organisation id → country.

    Returns:
        Host → organisation id. Of several it is the one of which most of the others are part, then the one with the
        surest grade; where that is not one alone, nobody. A page shows no owner, unless others who claim the host
        are part of it. A host below that of an owner in the same country belongs to that owner and is left out.
    """
    by_host: dict[str, dict[str, Grade]] = defaultdict(dict)
    for organisation, own in claims.items():
        for claim in own:
            by_host[claim.host][organisation] = claim.grade
    owned = {}
    for host, claimed in by_host.items():
        parts = Counter(parent for organisation in claimed for parent in set(parts_of.get(organisation, ())))
        ranks = {organisation: (-parts[organisation], grade) for organisation, grade in claimed.items()}
        best = min(ranks.values())
        first, *others = [organisation for organisation, rank in ranks.items() if rank == best]
        if not others and best < (0, Grade.PAGE):
            owned[host] = first
    return {
        host: organisation for host, organisation in owned.items() if not _below(host, organisation, owned, countries)
    }


def _below(host: str, organisation: str, owned: Mapping[str, str], countries: Mapping[str, str]) -> bool:
    above = (owned[name] for name in parents(host) if name != host and name in owned)
    return next((countries[other] == countries[organisation] for other in above), False)
