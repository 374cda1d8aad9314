"""What is marked beside the verdicts once a run has read its mail: hits of watchlists, and suppressions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from outreach_audit.attribution.domains import registrable
from outreach_audit.campaigns.fingerprint import MOST_TEXT
from outreach_audit.codes import Label
from outreach_audit.ledger import Ledger, Record, watched
from outreach_audit.packs.fold import fold
from outreach_audit.packs.suppressions import Suppression
from outreach_audit.packs.watchlist import Indicator, Type
from outreach_audit.run.watch import Traits, Watch, is_valid
from outreach_audit.signals.sentences import sentences

_FOUND = frozenset(Label) - {Label.OTHER}


def set_watchlist(ledger: Ledger, watchlist: Sequence[Indicator] | None) -> Watch:
    """Puts indicators in force for all that is added from now on; None for those that the ledger holds."""
    with ledger.transaction():
        watch = Watch(watched.indicators(ledger.connection) if watchlist is None else watchlist)
        ledger.watching = watched.set_indicators(ledger.connection, watch.indicators)
    return watch


def mark(ledger: Ledger, watch: Watch, suppressions: Sequence[Suppression], today: date) -> Iterator[str]:
    """Marks what the watchlist and the suppressions say of the whole ledger; yields a line of each remark."""
    if watch.indicators:
        left = compare_earlier(ledger, watch)
        if left:
            yield (
                f"watchlist: {left:,} deliveries were read before it was what it is, and the ledger does not keep all"
                " that it asks for: they need a rescan (touch their files)"
            )
    done = suppress(ledger, suppressions, today)
    if done.findings:
        yield f"suppressed, and counted apart: {done.findings:,} findings"
    for text, some in (("cover no finding", done.unused), ("have expired and do not apply", done.expired)):
        if some:
            yield f"suppressions that {text}: {'; '.join(f'{one.what} ({one.place})' for one in some)}"


def compare_earlier(ledger: Ledger, watch: Watch) -> int:
    """Compares mail that was read earlier with the indicators that came later, as far as the ledger tells.

    Args:
        ledger: open for writing, the indicators in force set.
        watch: the indicators.

    Returns:
        How many deliveries the ledger tells too little of: they need to be read again.
    """
    connection, newest = ledger.connection, ledger.watching
    with ledger.transaction():
        _compare_domains(ledger, watch)
        waiting = watched.pending(connection)
        for record in ledger.records(_FOUND) if waiting else ():
            place = waiting.get((record.finding, record.via.value))
            if place is None:
                continue
            delivery, upto = place
            watched.add_hits(connection, delivery, watch.hits(_traits(record)))
            names = watched.newer(connection, upto)
            if all(_is_told(one, record) for one in watch.indicators if one.id in names):
                watched.set_checked(connection, [delivery], newest)
        watched.settle_other(connection)
        return watched.count_pending(connection)


def _compare_domains(ledger: Ledger, watch: Watch) -> None:
    """The sender's domain is known of every delivery."""
    by_id = {one.id: one for one in watch.indicators}
    for number, domain in watched.pending_domains(ledger.connection):
        hits = watch.hits(Traits(None, sender_domain=domain))
        for delivery, moment in watched.pending_from(ledger.connection, number) if hits else ():
            valid = [name for name in hits if is_valid(by_id[name], moment)]
            watched.add_hits(ledger.connection, delivery, valid)


def _traits(record: Record) -> Traits:
    """What a ledger keeps of a found message."""
    text = "\n".join(line.lstrip("> ") for line in record.offer_text.splitlines())
    return Traits(
        record.date,
        sender_domain=record.attribution.sender_domain,
        hosts=record.hosts,
        subject=record.subject,
        sentences=tuple(fold(one) for one in (*sentences(record.subject), *sentences(text))),
        text=record.offer_text,
    )


def _is_told(indicator: Indicator, record: Record) -> bool:
    """Whether the ledger keeps of a found message all that this indicator is compared with."""
    if indicator.type is Type.DOMAIN:
        return True
    if not record.subject and not record.sender:  # forgotten
        return False
    if indicator.type is Type.SUBJECT:
        return True
    if not record.offer_text or len(record.offer_text) >= MOST_TEXT:
        return indicator.type is Type.TEMPLATE and bool(record.offer_text)
    # hosts are kept as registrable domains: whether it was a name below one that is kept cannot be told
    if indicator.type is not Type.HOST:
        return True
    above = registrable(indicator.value)
    return above != "" and (above == indicator.value or above not in record.hosts)


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What suppressions did: how many findings they cover, which cover none, which have expired."""

    findings: int
    unused: tuple[Suppression, ...]
    expired: tuple[Suppression, ...]


def suppress(ledger: Ledger, suppressions: Sequence[Suppression], today: date, *, write: bool = True) -> Suppressed:
    """Applies the suppressions of the packs in use to all findings of a ledger; they replace those of an earlier run.

    Args:
        ledger: its campaigns assigned.
        suppressions: of all packs.
        today: decides which have expired.
        write: False to look only.
    """
    in_force = [one.applies(today) for one in suppressions]
    joined = ledger.campaigns().joined if suppressions else {}
    found: list[tuple[str, str, int]] = []
    used: set[int] = set()
    for record in ledger.records(_FOUND) if suppressions else ():
        campaign = joined.get(record.message_key)
        covering = [
            number
            for number, one in enumerate(suppressions)
            if one.covers(
                finding=record.finding,
                message_ids={record.message_id, record.carrier_message_id},
                campaign=campaign.campaign if campaign else "",
                signals={hit.signal for hit in record.verdict.hits},
                domain=record.attribution.sender_domain,
            )
        ]
        used.update(covering)
        applying = [number for number in covering if in_force[number]]
        if applying:
            found.append((record.finding, record.via.value, applying[0]))
    if write:
        with ledger.transaction():
            watched.set_suppressions(ledger.connection, list(zip(suppressions, in_force, strict=True)), found)
    return Suppressed(
        findings=len(found),
        unused=tuple(one for number, one in enumerate(suppressions) if number not in used),
        expired=tuple(one for one, applies in zip(suppressions, in_force, strict=True) if not applies),
    )
