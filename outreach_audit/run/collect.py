"""A watchlist out of collected mail: a fingerprint of each template, and beside it what else a person may choose."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach_audit.campaigns import Member, cluster, fingerprint
from outreach_audit.mail import parse
from outreach_audit.mail.attachments import AttachmentReader
from outreach_audit.mail.model import Mail
from outreach_audit.report.safe import json_text, safe
from outreach_audit.run.assess import offer_text
from outreach_audit.sources import RawMessage, Skipped, read

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Collected:
    """A watchlist as TOML, with what could not become part of it in words for a person."""

    toml: str
    templates: int
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sample:
    """One collected mail; ``place`` names it."""

    place: str
    mail: Mail
    text: str


def collect(paths: Sequence[Path], name: str, attachments: AttachmentReader | None = None) -> Collected:
    """Make a watchlist of the templates from which these mails were built.

    Args:
        paths: mail and folders of mail; of a forward the mail that it hands on is taken.
        name: the id of the watchlist, from which those of its indicators are made.
        attachments: reads attachments; None leaves them unread.
    """
    samples: dict[str, _Sample] = {}
    remarks: list[str] = []
    for item in read(paths):
        if isinstance(item, Skipped):
            remarks.append(f"{item.ref.source}: {item.reason}")
        if not isinstance(item, RawMessage):
            continue
        member = f"!{item.ref.member}" if item.ref.member else ""
        place = f"{item.ref.source}{member}" + (f" at byte {item.ref.offset}" if item.ref.offset else "")
        outer = parse(item.content, attachments=attachments)
        for mail in outer.inner or (outer,):
            samples[f"{len(samples):06}"] = _Sample(place, mail, offer_text(mail))
    known = {key: sample for key, sample in samples.items() if fingerprint(sample.text)}
    remarks += [
        f"{sample.place}: too little text for a fingerprint; a subject or phrase of it can be an indicator"
        for key, sample in samples.items()
        if key not in known
    ]
    campaigns = cluster(Member(key, sample.text) for key, sample in known.items()).members()
    groups = sorted(campaigns.values())
    head = [f"id = {json_text(name)}", 'version = "1"', 'title = "Templates of collected mail"']
    body = [line for number, keys in enumerate(groups, 1) for line in _lines(f"{name}-{number:03}", keys, known)]
    return Collected("\n".join([*head, *body]) + "\n", len(groups), tuple(remarks))


def _lines(name: str, keys: Sequence[str], known: dict[str, _Sample]) -> Iterator[str]:
    """One indicator, and as comments what else was seen: whether that shows anything is for a person to say."""
    samples = [known[key] for key in keys]
    more = f" and {len(samples) - 1} more" if len(samples) > 1 else ""
    yield ""
    yield "[[indicator]]"
    yield f"id = {json_text(name)}"
    yield 'type = "template"'
    yield f"value = {json_text(fingerprint(samples[0].text))}"
    yield f"reference = {json_text(f'collected: {samples[0].place}{more}')}"
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for sample in samples:
        seen["domain"].add(sample.mail.sender.domain)
        seen["host"] |= {link.host for link in sample.mail.links} | {a.domain for a in sample.mail.reply_to}
        seen["subject"].add(sample.mail.subject.strip())
    for kind, values in seen.items():
        for value in sorted(values - {""})[:_MOST_NAMED]:
            yield f"# seen: {kind} {json_text(safe(value))}"
