"""The form of domain names: what can be told without knowing whose they are."""

import re
from functools import lru_cache

import tldextract

DOMAIN = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}")

# second-level labels under which registries admit academic, research and government bodies only
_RESERVED = re.compile(r"(?:^|\.)(?:ac|edu|re|go|gov|gob|gouv|gv|govt|mil|res|sch)\.[a-z]{2}$")
_PUBLIC = re.compile(r"(?:^|\.)(?:(?:go|gov|gob|gouv|gv|govt|mil)\.[a-z]{2}|gov|mil)$|\.gc\.ca$")
_RESERVED_TOP = (".edu", ".gov", ".mil", ".gc.ca", ".int")
_UNIVERSITY_LABEL = re.compile(
    r"^(?:(?:uni|univ|tu|th|hs|fh|ku|ens|polytech|insa|inp|upc|imt|usi|iit|nit|iisc|iiser)-[a-z0-9-]+"
    r"|[a-z0-9-]*univ(?:ersity|ersitat|ersitaet|ersidad|ersite)?|universite-[a-z0-9-]+)$"
)
_COINED = re.compile(
    r"1000[a-z]{2,}|talent|scholar|recruit|expert|fellowship|headhunt|elite|career|brain(?:gain|bridge|link|hub)"
)

_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=65536)
def parents(domain: str) -> tuple[str, ...]:
    """The domain and every name above it, longest first (bounded)."""
    labels = domain.lower().rstrip(".").split(".")[-12:]
    return tuple(".".join(labels[start:]) for start in range(len(labels)))


@lru_cache(maxsize=65536)
def registrable(domain: str) -> str:
    """The registrable domain by the Public Suffix List that comes with tldextract; ``''`` where there is none."""
    found = _extract(domain)
    return f"{found.domain}.{found.suffix}" if found.domain and found.suffix else ""


def label(domain: str) -> str:
    """The label that its owner chose: ``example`` of ``mail.example.co.jp``."""
    return registrable(domain).partition(".")[0]


def is_academic(domain: str) -> bool:
    """Whether the name lies where only academic, research or government bodies are admitted.

    Also names as universities form them (``uni-…``, ``univ-…``) under a country's own top level.
    """
    if _RESERVED.search(domain) or domain.endswith(_RESERVED_TOP):
        return True
    top = domain.rpartition(".")[2]
    return len(top) == 2 and bool(_UNIVERSITY_LABEL.match(label(domain)))  # noqa: PLR2004 - alpha-2


def is_public(domain: str) -> bool:
    """Whether the name lies where only public authorities are admitted."""
    return bool(_PUBLIC.search(domain))


def is_coined(domain: str, *, generic: bool) -> bool:
    """Whether a talent word stands in a name under a top level that is sold to everyone."""
    return generic and bool(_COINED.search(label(domain)))
