"""How a result was made fit to leave, and what it was merged of, in sentences."""

from outreach_audit.report.document import Document
from outreach_audit.report.exchange import Merge
from outreach_audit.report.words import Words


def exchange_lines(document: Document, words: Words) -> list[str]:
    """How a result was made fit to leave, and what it was merged of; nothing of an institute's own result."""
    if document.merge:
        return merge_lines(document.merge, words)
    made = document.publication
    if made is None:
        return []
    said = [
        words.t(
            "Published: {withheld} figures are withheld, so that none under {threshold} can be told.",
            withheld=words.number(made.withheld),
            threshold=words.number(made.threshold),
        )
    ]
    if made.left_out:
        said.append(words.t("Left out: {what}.", what=", ".join(words.t(what) for what in made.left_out)))
    return said


def merge_lines(merge: Merge, words: Words) -> list[str]:
    """What a result was merged of, what is missing, and what was refused and why."""
    counted = [one for one in merge.received if not one.aside]
    said = [words.n("{n} tally is merged here.", "{n} tallies are merged here.", len(counted))]
    if merge.expected:
        came = {institute for one in merge.received for institute in one.institutes}
        said.append(
            words.t(
                "{expected} institutes were expected, {received} of them received.",
                expected=words.number(len(merge.expected)),
                received=words.number(len(came.intersection(merge.expected))),
            )
        )
        if more := sorted(came.difference(merge.expected)):
            said.append(words.t("Not expected: {institutes}.", institutes=", ".join(more)))
    if merge.missing:
        said.append(words.t("Without a tally that counts: {institutes}.", institutes=", ".join(merge.missing)))
    said += [
        words.t("In no total: {institutes}, {reason}.", institutes=", ".join(one.institutes), reason=one.aside)
        for one in merge.received
        if one.aside
    ]
    said += [words.t("Refused: {file}: {reason}.", file=file, reason=reason) for file, reason in merge.refused]
    said += [words.t("Received again: {file}: {reason}.", file=file, reason=reason) for file, reason in merge.repeated]
    return said
