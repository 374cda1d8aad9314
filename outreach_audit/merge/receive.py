"""Which tallies are merged, which stand beside the others, and which are refused: rule by rule (docs/publishing.md)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from outreach_audit.errors import TallyRefusedError
from outreach_audit.report.document import Document
from outreach_audit.report.exchange import Publication
from outreach_audit.report.tally_json import read_exchanged

_CORE = "core"


@dataclass(frozen=True, slots=True)
class Tally:
    """One published tally: its file, what it holds, its digest; ``aside`` says why it stands beside the others."""

    name: str
    document: Document
    digest: str
    aside: str = ""

    @property
    def publication(self) -> Publication:
        """How it was made fit to leave."""
        assert self.document.publication is not None
        return self.document.publication


@dataclass(slots=True)
class Received:
    """What came: the tallies that are counted, those beside them, and what happened to the other files."""

    counted: list[Tally] = field(default_factory=list)
    aside: list[Tally] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    repeated: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What tallies must have in common: its name, how to ask for it, and how to say it."""

    what: str
    of: Callable[[Document], Hashable]
    said: Callable[[Document], str]
    refuses: bool = False


def _definitions(document: Document) -> str:
    return document.publication.definitions if document.publication else ""


def _core(document: Document) -> tuple[str, ...]:
    return tuple(pack for pack in document.coverage.packs if pack.split(" ")[0] == _CORE)


_RULES = (
    _Rule("definitions", _definitions, lambda d: f"those of {d.generator}, {_definitions(d)[:15]}…", refuses=True),
    _Rule(
        "period",
        lambda d: (d.coverage.since, d.coverage.until),
        lambda d: f"{d.coverage.since or 'first message'} to {d.coverage.until or 'last message'}",
        refuses=True,
    ),
    _Rule("time zone", lambda d: d.coverage.timezone, lambda d: d.coverage.timezone),
    _Rule("date basis", lambda d: d.coverage.date_basis, lambda d: d.coverage.date_basis or "not known"),
    _Rule("home country", lambda d: d.coverage.homes, lambda d: ", ".join(d.coverage.homes) or "not known"),
    _Rule("core pack", _core, lambda d: ", ".join(_core(d)) or "none"),
)
"""In this order; the value that most of the tallies have is the one that holds, at a tie that of the first."""


def receive(paths: Sequence[Path]) -> Received:
    """Read tallies, and sort them by what can be done with them; none stops the others.

    Args:
        paths: the files, ``tally.json`` of any institutes.
    """
    found = Received()
    known: dict[str, Tally] = {}
    for path in paths:
        try:
            tally = _read(path)
        except TallyRefusedError as error:
            found.refused.append((str(path), str(error).removeprefix(f"{path}").removeprefix(":").strip()))
            continue
        if tally.digest in known:
            found.repeated.append((tally.name, f"the same as {known[tally.digest].name}, counted once"))
        known.setdefault(tally.digest, tally)
    left = _without_conflicts(list(known.values()), found)
    for rule in _RULES:
        left = _applied(rule, left, found)
    found.counted = [tally for tally in left if not tally.aside]
    found.aside = [tally for tally in left if tally.aside]
    return found


def _read(path: Path) -> Tally:
    """The tally of a file.

    Raises:
        TallyRefusedError: it cannot be read, was altered, or is no publication of an institute.
    """
    document, digest = read_exchanged(path)
    if document.merge:
        raise TallyRefusedError("is a merge itself: give the tallies that it was made of")
    if document.publication is None:
        raise TallyRefusedError("is an institute's own result: publish it there with report --publish")
    if not document.coverage.institutes:
        raise TallyRefusedError("names no institute: scan with --institute, and publish again")
    return Tally(str(path), document, digest)


def _without_conflicts(tallies: Iterable[Tally], found: Received) -> list[Tally]:
    """The tallies of which no institute is in another one: nobody can tell which of two different ones holds."""
    tallies = list(tallies)
    holders: defaultdict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        for institute in tally.document.coverage.institutes:
            holders[institute].append(tally)
    kept = []
    for tally in tallies:
        rivals = {
            (institute, other.name)
            for institute in tally.document.coverage.institutes
            for other in holders[institute]
            if other is not tally
        }
        if rivals:
            institute, other = min(rivals)
            found.refused.append(
                (tally.name, f"differs from {other}, which is of {institute}, too: give one of the two")
            )
        else:
            kept.append(tally)
    return kept


def _applied(rule: _Rule, tallies: list[Tally], found: Received) -> list[Tally]:
    """The tallies that a rule leaves; who fails a rule that does not refuse stands aside."""
    values = Counter(rule.of(tally.document) for tally in tallies if not tally.aside)
    if len(values) <= 1 and not any(tally.aside for tally in tallies):
        return tallies
    holds = values.most_common(1)[0][0]
    usual = next(rule.said(tally.document) for tally in tallies if rule.of(tally.document) == holds)
    left = []
    for tally in tallies:
        reason = f"{rule.what}: {rule.said(tally.document)}; the others have {usual}"
        if tally.aside or rule.of(tally.document) == holds:
            left.append(tally)
        elif rule.refuses:
            found.refused.append((tally.name, reason))
        else:
            left.append(replace(tally, aside=reason))
    return left
