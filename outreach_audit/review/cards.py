"""What stands on the card of one item, as plain text with its style; nothing in it is made harmless yet."""

from collections.abc import Iterator

from outreach_audit.codes import Label, Via
from outreach_audit.ledger.decisions import Decision, Opinion
from outreach_audit.review.items import Item, in_context, masked
from outreach_audit.review.source import Reread

Line = tuple[str, str]
"""A text and its Rich style."""

SAID = {
    Opinion.CONFIRM: "confirmed: an approach",
    Opinion.REJECT: "rejected: no approach",
    Opinion.UNSURE: "unsure",
    Opinion.UNDO: "taken back",
}
_FOREIGN = {True: "abroad", False: "home country", None: "undetermined"}


def title(item: Item) -> str:
    """What an item is, in a line."""
    number = len(item.records)
    what = f"{item.scope} {item.target[:16]}"
    return f"{what} · judged {item.judged} · {number:,} {'delivery' if number == 1 else 'deliveries'}"


def decision_line(decision: Decision | None) -> str:
    """What a reviewer decided, in a line."""
    if decision is None:
        return "not reviewed"
    more = [str(value) for value in (decision.kind, decision.country, decision.note) if value]
    return f"{SAID[decision.opinion]}{' (' + '; '.join(more) + ')' if more else ''}"


def subject_of(item: Item) -> str:
    """The subject as the ledger keeps it, without its recipient."""
    return masked(item.shown, item.shown.subject)


def head(item: Item, reread: Reread | None) -> list[Line]:
    """From whom, to whom, when, and what the program makes of it."""
    record = item.shown
    dates = sorted(one.date for one in item.records if one.date)
    when = f"{dates[0]:%Y-%m-%d}{f' to {dates[-1]:%Y-%m-%d}' if dates[-1] > dates[0] else ''}" if dates else "undated"
    subject = record.subject or (reread.subject if reread else "")
    sender = record.sender or (reread.sender if reread else "") or record.attribution.sender_domain
    lines = [
        (masked(record, subject) or "(no subject)", "bold"),
        (f"from {masked(record, sender) or 'unknown'}", ""),
        (f"to {item.recipients()}, {when}, {', '.join(sorted({one.folder for one in item.records}))}", "dim"),
    ]
    if record.via is Via.REPORT:
        lines.append(("handed on by a colleague: judge the mail as it was received", "dim"))
    if record.verdict.label in {Label.APPROACH, Label.UNCLEAR}:
        country = record.attribution.dest_country
        kind = record.verdict.kind or "kind not known"
        lines.append((f"{kind}; leads to {country.value or 'ZZ'} ({country.grade}), {_FOREIGN[record.foreign]}", ""))
    return lines


def evidence(item: Item, most: int = 12) -> Iterator[tuple[Line, Line, Line]]:
    """The weightiest evidence, each as points and signal, and the words between what stands around them."""
    for quoted in in_context(item.shown)[:most]:
        hit, style = quoted.hit, "green" if quoted.hit.counter else "yellow"
        before, after = (masked(item.shown, text) for text in (quoted.before, quoted.after))
        yield (
            (f"{hit.weight:+.1f} {hit.signal} ({hit.scope}) {before}", "dim"),
            (masked(item.shown, hit.text), f"bold {style}"),
            (after, "dim"),
        )


def text_of(item: Item, reread: Reread | None) -> str:
    """The text to judge: as the ledger keeps it, else as it stands in the source."""
    return masked(item.shown, item.shown.offer_text or (reread.text if reread else ""))


def needs_source(item: Item) -> bool:
    """Whether the ledger keeps too little to judge by: adverts and other mail, and what was forgotten."""
    return not item.shown.offer_text
