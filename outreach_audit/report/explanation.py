"""An explanation as a tree on a terminal, in words that the person concerned understands."""

from collections.abc import Container, Iterator, Sequence

from rich.text import Text
from rich.tree import Tree

from outreach_audit.codes import Label
from outreach_audit.explanation import Change, Explanation, Reason
from outreach_audit.ledger import Record
from outreach_audit.report.safe import rich_text, safe

_LABELS = {
    Label.APPROACH: "an approach: the reader is invited to something by another organisation",
    Label.UNCLEAR: "unclear: some elements of an approach, too little to decide; a person should look",
    Label.ADVERT: "an advertisement to many, not addressed to the reader",
    Label.OTHER: "no approach",
}
_WOULD_BE = {
    Label.APPROACH: "an approach",
    Label.UNCLEAR: "unclear",
    Label.ADVERT: "an advertisement to many",
    Label.OTHER: "no approach",
}


def explanation_tree(explanation: Explanation) -> Tree:
    """The tree of one explanation; the words that fired stand out in their sentences."""
    record, verdict = explanation.record, explanation.record.verdict
    tree = Tree(rich_text(record.subject or "(no subject)", "bold"))
    parties = f"from {record.sender or 'unknown'} to {record.recipient or 'unknown'}"
    tree.add(rich_text(f"{parties}, {record.date or 'undated'}, folder {record.folder}"))
    judged = tree.add(rich_text(f"Judged: {_LABELS[verdict.label]}", "bold"))
    for reason in verdict.reasons:
        judged.add(rich_text(reason))
    for counter, title in ((False, "What speaks for an approach"), (True, "What speaks against")):
        _add_reasons(judged, title, [one for one in explanation.reasons if one.counter is counter])
    if not explanation.reasons and (record.subject or record.sender):
        judged.add("No evidence either way was found")
    if explanation.changes:
        branch = tree.add("What would have changed this")
        for change in explanation.changes:
            branch.add(rich_text(_sentence(change, explanation)))
    if explanation.trap:
        code, what, apart = explanation.trap
        branch = tree.add(rich_text(f"The look-alike it resembles most: {what} ({code})"))
        if apart:
            branch.add(rich_text(f"told apart by: {apart}"))
    _add_offer(tree, record)
    _add_behind(tree, record)
    for note in explanation.notes:
        tree.add(rich_text(note))
    tree.add(rich_text(f"Reading: {record.reading}{': ' + '; '.join(record.defects) if record.defects else ''}"))
    place = record.ref.source + (f"!{record.ref.member}" if record.ref.member else "")
    tree.add(rich_text(f"Finding {record.finding}, judged by pack {record.pack}; {place} at byte {record.ref.offset}"))
    return tree


def _add_reasons(tree: Tree, title: str, reasons: Sequence[Reason]) -> None:
    if not reasons:
        return
    branch = tree.add(rich_text(f"{title} ({sum(one.points for one in reasons):+.1f} points)"))
    shown: set[tuple[str, str]] = set()
    for one in reasons:
        line = branch.add(rich_text(f"{one.points:+.1f}  {one.title}"))
        for text in _quoted(one, shown):
            line.add(text)
        shown.update(one.sentences)


def _quoted(reason: Reason, shown: Container[tuple[str, str]]) -> Iterator[Text]:
    """The sentences with the words that fired; the words alone where a sentence was shown before, or has them not."""
    new = [one for one in reason.sentences if one not in shown]
    for scope, sentence in new:
        quoted = rich_text(f"{scope}: “{sentence}”")
        quoted.highlight_words([safe(word) for word in reason.words], "bold")
        yield quoted
    left = [word for word in reason.words if not any(word in sentence for _, sentence in new)]
    if left:
        yield rich_text(" … ".join(left), "bold")


def _sentence(change: Change, explanation: Explanation) -> str:
    """``Without “…” (+3.2) it would be unclear.``."""
    points = {one.signal: one.points for one in explanation.reasons}
    verdict = _WOULD_BE[change.label]
    if change.added:
        return f"If this were found too, it would be {verdict}: “{explanation.titles.get(change.added, change.added)}”"
    gone = [f"“{explanation.titles.get(name, name)}” ({points[name]:+.1f})" for name in change.removed]
    together = "all of these together: " if len(gone) > 1 else ""
    return f"Without {together}{', '.join(gone)} it would be {verdict}"


def _add_offer(tree: Tree, record: Record) -> None:
    """What is offered, on which conditions."""
    verdict = record.verdict
    if verdict.kind:
        more = f" (also {', '.join(verdict.more_kinds)})" if verdict.more_kinds else ""
        tree.add(rich_text(f"Kind of offer: {verdict.kind}{more}"))
    if record.cues:
        tree.add(rich_text(f"Conditions in the text: {', '.join(record.cues)}"))


def _add_behind(tree: Tree, record: Record) -> None:
    """Who is behind it: told apart from the verdict, which does not know it."""
    branch = tree.add("Who is behind it (computed after the verdict, and no part of it)")
    attribution = record.attribution
    foreign = {True: "abroad", False: "the home country", None: "undetermined"}[record.foreign]
    for name, claim in (
        (f"destination ({foreign})", attribution.dest_country),
        ("claimed sponsor", attribution.claimed_sponsor),
        ("sending organisation", attribution.sender_org),
        ("technical origin", attribution.technical_origin),
    ):
        line = branch.add(rich_text(f"{name}: {claim.value or 'cannot be told'} ({claim.grade})"))
        if claim.reason:
            line.add(rich_text(claim.reason))
    branch.add(rich_text(f"sender: {attribution.sender_type}, domain {attribution.sender_domain or 'unknown'}"))
