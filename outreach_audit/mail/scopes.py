"""A message's text, cut into what its writer wrote, quoted, handed on, signed, and what programs added."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from outreach_audit.mail import markers
from outreach_audit.mail.model import Scope
from outreach_audit.mail.subjects import is_forward_subject, is_reply_subject
from outreach_audit.mail.trails import find_trails

__all__ = ["Segment", "is_forward_subject", "is_reply_subject", "segment"]

_SIGNATURE_LINES = 25
_LONGEST_CONTACT_LINE = 140
_NAME_LINE = 60
_BANNER_LINES = 5
_DISCLAIMER_LINES = 40
_DISCLAIMER_WORDS = 2
_BLOCK_LINES = 8


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of the text, as written, with its scope."""

    scope: Scope
    text: str


def segment(text: str, *, forward: bool | None = None, recipients: frozenset[str] = frozenset()) -> tuple[Segment, ...]:
    """Cut a text into segments; their texts, joined, are the whole text.

    Args:
        text: the text of a message; of HTML what :func:`~outreach_audit.mail.html.html_to_text` gives.
        forward: what the subject says: ``True`` for a forward prefix, ``False`` for a reply prefix, ``None`` for
            neither; it decides header blocks that programs write above answers and forwards alike.
        recipients: the addresses to which the message goes, in lower case: they decide where the subject does not.
    """
    lines, banners = _split_banners(text)
    scopes: list[Scope | None] = [Scope.BODY] * len(lines)
    for trail in find_trails([line.rstrip("\r\n") for line in lines], forward=forward, recipients=recipients):
        scope = Scope.FORWARDED if trail.forwarded else Scope.QUOTED
        scopes[trail.start : trail.end] = [scope] * (trail.end - trail.start)
    at = 0
    for run, group in groupby(scopes[:]):
        end = at + sum(1 for _ in group)
        if run is Scope.BODY:
            scopes[at:end] = _own_scopes(lines[at:end], banners[at:end])
        at = end
    return tuple(
        Segment(scope, "".join(line for _, line in group))
        for scope, group in groupby(zip(_filled(scopes), lines, strict=True), key=lambda pair: pair[0])
    )


def _split_banners(text: str) -> tuple[list[str], list[bool]]:
    """The lines, and which are banners; a banner's tag before the sender's own words is a line of its own."""
    lines: list[str] = []
    banners: list[bool] = []
    for line in text.splitlines(keepends=True):
        length = markers.banner_length(line)
        parts = [line[:length], line[length:]] if 0 < length < len(line.rstrip()) else [line]
        lines += parts
        banners += [length > 0, False][: len(parts)]
    return lines, banners


def _filled(scopes: Sequence[Scope | None]) -> Iterator[Scope]:
    """Every line's scope: blank lines go with the line before them."""
    current = Scope.BODY
    for scope in scopes:
        current = scope or current
        yield current


def _own_scopes(lines: Sequence[str], banners: Sequence[bool]) -> list[Scope | None]:
    """The scope of each line of the writer's own text, ``None`` for blank lines."""
    scopes: list[Scope | None] = [Scope.BODY if line.strip() else None for line in lines]
    _mark_banners(lines, banners, scopes)
    _mark_disclaimers(lines, scopes)
    _mark_signature(lines, scopes)
    return scopes


def _mark_banners(lines: Sequence[str], banners: Sequence[bool], scopes: list[Scope | None]) -> None:
    for at in (at for at, banner in enumerate(banners) if banner):
        scopes[at] = Scope.BANNER
        for behind in range(at + 1, min(len(lines), at + _BANNER_LINES)):
            if not lines[behind].strip() or not markers.banner_advice(lines[behind]):
                break
            scopes[behind] = Scope.BANNER


def _mark_disclaimers(lines: Sequence[str], scopes: list[Scope | None]) -> None:
    at = 0
    while at < len(lines):
        if scopes[at] is Scope.BODY and markers.disclaimer_opener(lines[at]):
            end = at
            while end < min(len(lines), at + _DISCLAIMER_LINES) and scopes[end] is Scope.BODY:
                end += 1
            if markers.disclaimer_words(" ".join(line.strip() for line in lines[at:end])) >= _DISCLAIMER_WORDS:
                scopes[at:end] = [Scope.DISCLAIMER] * (end - at)
                at = end
        at += 1


def _mark_signature(lines: Sequence[str], scopes: list[Scope | None]) -> None:
    own = [at for at, scope in enumerate(scopes) if scope is Scope.BODY]
    for at in own[-_SIGNATURE_LINES:]:
        if markers.device(lines[at]):
            scopes[at] = Scope.SIGNATURE
    own = [at for at in own if scopes[at] is Scope.BODY]
    start, end = _tail(lines, own)
    if start == end:
        start, end = _block(lines, own)
    for at in own[start:end]:
        scopes[at] = Scope.SIGNATURE


def _tail(lines: Sequence[str], own: Sequence[int]) -> tuple[int, int]:
    """The signature below a rule, a closing or with a signed name, as positions in ``own``: the longest there is."""
    first = max(0, len(own) - _SIGNATURE_LINES)
    end = len(own)
    for at in range(len(own) - 1, first - 1, -1):
        line = lines[own[at]]
        if markers.postscript(line):
            end = at
        elif _prose(line):
            first = at + 1
            break
    for at in range(first, end):
        line = lines[own[at]]
        if _separator(line) or markers.signed_name(line):
            return at, end
        if markers.closing(line):
            behind = at + 1
            while behind < end and markers.closing(lines[own[behind]]):
                behind += 1
            return behind, end
    return 0, 0


def _block(lines: Sequence[str], own: Sequence[int]) -> tuple[int, int]:
    """A contact block without a closing: the last paragraph, of short lines, one of which only such blocks hold."""
    start = len(own)
    while start and (start == len(own) or own[start] == own[start - 1] + 1):
        start -= 1
    block = [lines[at].strip() for at in own[start:]]
    fits = (
        start > 0
        and 1 < len(block) <= _BLOCK_LINES
        and all(len(line) <= _NAME_LINE and not _listed(line) and not markers.money(line) for line in block)
        and "://" not in block[0]
        and any(markers.contact(line) for line in block)
        and not any(line.endswith((".", "?", "!", "。", "?", "!", "다", "요")) for line in block[:-1])
    )
    return (start, len(own)) if fits else (0, 0)


def _separator(line: str) -> bool:
    text = line.strip()
    return text in {"--", "---", "—", "––"} or (len(text) >= 10 and not text.strip("-_=*"))  # noqa: PLR2004 (a drawn rule)


def _listed(line: str) -> bool:
    return line.startswith(("- ", "* ", "• ", "· ", "1.", "2."))


def _prose(line: str) -> bool:
    """Whether the line is too long for a contact block, or names a sum."""
    return len(line.strip()) > _LONGEST_CONTACT_LINE or markers.money(line)
