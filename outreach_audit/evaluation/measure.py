"""Joining verdicts with labels and making the figures from both."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from outreach_audit.codes import Label, Via
from outreach_audit.errors import UsageError
from outreach_audit.evaluation.intervals import wilson
from outreach_audit.ledger.record import Record
from outreach_audit.run.assess import Assessor
from outreach_audit.run.settings import Settings
from outreach_audit.sources import HeaderOnly, RawMessage, read

_NEGATIVE = frozenset({Label.OTHER, Label.ADVERT})
_BREAKDOWNS = ("language", "kind", "trap", "dest_country", "via")


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled message with the record that the program made of it (None where it was not found)."""

    label: dict[str, Any]
    record: Record | None

    @property
    def truth(self) -> Label:
        """The labelled verdict."""
        return Label(self.label["verdict"])

    @property
    def verdict(self) -> Label:
        """The program's verdict; ``other`` where the message was not found."""
        return self.record.verdict.label if self.record else Label.OTHER


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its interval."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, or None of nothing."""
        return self.hits / self.of if self.of else None

    def data(self) -> dict[str, Any]:
        """As written to JSON."""
        low, high = wilson(self.hits, self.of)
        return {"value": self.value, "hits": self.hits, "of": self.of, "low": low, "high": high}


def read_labels(path: Path) -> list[dict[str, Any]]:
    """Read labels as JSON lines.

    Raises:
        UsageError: with file:line of the first line that is no label.
    """
    labels = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            label = json.loads(line)
            Label(label["verdict"])
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{path}:{number}: not a label: {error}") from error
        labels.append(label)
    return labels


def judge_labelled(
    labels: Sequence[dict[str, Any]], folder: Path, make: Callable[[Settings], Assessor], settings: Settings
) -> list[Judged]:
    """Assess the mail under ``folder`` and join it with its labels.

    Args:
        labels: as `read_labels` gives them.
        folder: ``<home>/<folder>/*.mbox`` below it; home and folder are taken from the path.
        make: makes an assessor for the settings of one home country.
        settings: options; ``home`` is set for each country.

    Returns:
        One entry a label, in their order.
    """
    wanted: dict[tuple[str, str], dict[str, Any]] = {}
    for label in labels:
        for key in ("message_id", "inner_message_id"):
            if label.get(key):
                wanted[str(label.get("home", "")), str(label[key])] = label
    found: dict[int, Record] = {}
    for country in sorted(p for p in folder.iterdir() if p.is_dir() and len(p.name) == 2 and p.name.isupper()):  # noqa: PLR2004 - alpha-2
        assessor = make(replace(settings, home=country.name))
        for record in _records([country], assessor):
            keys = (record.message_id or "", record.carrier_message_id or "")
            matching = next((wanted[country.name, key] for key in keys if (country.name, key) in wanted), None)
            if matching is not None and (id(matching) not in found or record.via is Via.REPORT):
                found[id(matching)] = record
    return [Judged(label, found.get(id(label))) for label in labels]


def _records(paths: Sequence[Path], assessor: Assessor) -> Iterator[Record]:
    for item in read(paths):
        if isinstance(item, RawMessage | HeaderOnly):
            yield from assessor.assess(item).records


def _figures(judged: Sequence[Judged]) -> dict[str, Share]:
    positive = [j for j in judged if j.truth is Label.APPROACH]
    negative = [j for j in judged if j.truth in _NEGATIVE]
    hit = [j for j in positive if j.verdict is Label.APPROACH]
    false = [j for j in negative if j.verdict is Label.APPROACH]
    return {
        "precision": Share(len(hit), len(hit) + len(false)),
        "recall": Share(len(hit), len(positive)),
        "recall_with_unclear": Share(
            sum(j.verdict in {Label.APPROACH, Label.UNCLEAR} for j in positive), len(positive)
        ),
        "unclear_of_negatives": Share(sum(j.verdict is Label.UNCLEAR for j in negative), len(negative)),
        "false_approaches_of_negatives": Share(len(false), len(negative)),
    }


def _right(judged: Sequence[Judged]) -> dict[str, Share]:
    """What is scored on positives judged ``approach``, and the recognition of reports."""
    hit = [
        (j.label, j.record) for j in judged if j.truth is Label.APPROACH and j.verdict is Label.APPROACH and j.record
    ]

    def share(test: Callable[[dict[str, Any], Record], bool]) -> Share:
        return Share(sum(test(label, record) for label, record in hit), len(hit))

    reports = [j for j in judged if j.label.get("via") == Via.REPORT]
    return {
        "kind": share(lambda la, r: r.verdict.kind in {la.get("kind"), *la.get("more_kinds", [])}),
        "country": share(lambda la, r: (r.attribution.dest_country.value or "ZZ") == la.get("dest_country")),
        "country_wrong": share(
            lambda la, r: (r.attribution.dest_country.value or "ZZ") not in {la.get("dest_country"), "ZZ"}
        ),
        "foreign": share(lambda la, r: r.foreign == la.get("foreign")),
        "sender_type": share(lambda la, r: r.attribution.sender_type == la.get("sender_type")),
        "language": share(lambda la, r: r.language == la.get("language")),
        "personalisation": share(lambda la, r: r.verdict.personalisation == la.get("personalisation")),
        "reports_recognised": Share(sum(bool(j.record and j.record.via is Via.REPORT) for j in reports), len(reports)),
    }


def _cues(judged: Iterable[Judged]) -> dict[str, Share]:
    wanted = found = both = 0
    for j in judged:
        if j.truth is Label.APPROACH and j.verdict is Label.APPROACH and j.record:
            labelled = set(j.label.get("cues", ())) - {"known_template"}
            shown = {cue.value for cue in j.record.verdict.cues} - {"known_template"}
            wanted, found, both = wanted + len(labelled), found + len(shown), both + len(labelled & shown)
    return {"cue_precision": Share(both, found), "cue_recall": Share(both, wanted)}


def measure(judged: Sequence[Judged]) -> dict[str, Any]:
    """Make all figures of definitions section 5.

    Args:
        judged: labels with records.

    Returns:
        ``overall``, one entry for each breakdown, and the list of disagreements, as plain data.
    """
    breakdowns: dict[str, dict[str, Any]] = {}
    for name in _BREAKDOWNS:
        values = sorted({str(j.label.get(name)) for j in judged if j.label.get(name) is not None})
        breakdowns[name] = {
            value: _data(_figures([j for j in judged if str(j.label.get(name)) == value])) for value in values
        }
    return {
        "messages": len(judged),
        "not_found": [j.label.get("id") for j in judged if j.record is None],
        "overall": _data(_figures(judged) | _right(judged) | _cues(judged)),
        "by": breakdowns,
        "disagreements": [_disagreement(j) for j in judged if j.truth is not j.verdict],
    }


def _data(figures: dict[str, Share]) -> dict[str, Any]:
    return {name: share.data() for name, share in figures.items()}


def _disagreement(judged: Judged) -> dict[str, Any]:
    record = judged.record
    return {
        "id": judged.label.get("id"),
        "label": judged.truth,
        "verdict": judged.verdict,
        "trap": judged.label.get("trap"),
        "language": judged.label.get("language"),
        "score": record.verdict.score if record else None,
        "subject": record.subject if record else None,
        "finding": record.finding if record else None,
        "signals": [f"{hit.signal} {hit.weight:+.1f}" for hit in record.verdict.hits] if record else [],
    }
