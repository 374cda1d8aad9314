"""Records for tests: everything that a test does not name has a plain value."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from outreach_audit.attribution.model import Attribution, Claim, Grade
from outreach_audit.codes import Cue, Folder, Kind, Label, Reading, SenderType, Trap, Via
from outreach_audit.ledger.record import Record
from outreach_audit.mail.model import Scope
from outreach_audit.signals.model import Hit
from outreach_audit.sources.model import Ref
from outreach_audit.verdict.model import Verdict

OFFER = (
    "We are at present collecting applications for the {year} round of the Visiting Experts Fund, which is open to"
    " scientists of every field who work abroad and covers salary, housing and a start-up grant agreed with the host."
    " If this is of interest, kindly reply with your current CV before the end of the month."
)


def digest(*parts: object) -> str:
    return sha256(repr(parts).encode()).hexdigest()[:32]


def record(
    message: str = "m1",
    recipient: str = "a@home.example",
    label: Label = Label.APPROACH,
    *,
    via: Via = Via.DIRECT,
    source: str = "inbox.mbox",
    offset: int = 0,
    date: datetime | None = datetime(2026, 3, 4, 0, 12, tzinfo=UTC),
    folder: Folder = Folder.INBOX,
    text: str | None = None,
    foreign: bool | None = True,
    country: str = "FR",
    kind: Kind | None = Kind.TALENT_FUND,
    institute: str = "ror:1",
    domain: str = "agency.example",
    hosts: tuple[str, ...] = (),
) -> Record:
    found = label is not Label.OTHER
    verdict = Verdict(label, -2.5, 1.0, trap=Trap.ORDINARY)
    attribution = Attribution(dest_country=Claim("ZZ"), sender_domain=domain)
    if found:
        verdict = Verdict(
            label,
            score=7.5,
            margin=2.5,
            core=True,
            kind=kind,
            more_kinds=(Kind.CONSULTING,),
            cues=(Cue.PAY_FIGURE,),
            personalisation=2,
            hits=(Hit("offer.fund", Scope.BODY, "apply for the 기금", 3.0, counter=False),),
            reasons=("an offer to the reader",),
        )
        sponsor = Claim("Fund", Grade.WEAK, "named in the text")
        attribution = Attribution(
            claimed_sponsor=sponsor,
            dest_country=Claim(country, Grade.STRONG, "domain"),
            sender_type=SenderType.AGENCY,
            sender_domain=domain,
        )
    offer = label in (Label.APPROACH, Label.UNCLEAR)
    return Record(
        finding=digest(message, recipient, via),
        message_key=digest(message),
        delivery_key=digest(message, recipient),
        message_id=f"<{message}@agency.example>",
        carrier_message_id=f"<{message}@agency.example>" if via is Via.DIRECT else f"<fw-{message}@home.example>",
        ref=Ref(source, None, offset, 100),
        date=date,
        date_header=date,
        date_received=None,
        folder=folder,
        recipient=recipient,
        institute=institute,
        home="KR",
        via=via,
        subject="Invitation 초청" if found else "",
        sender="Office <office@agency.example>" if found else "",
        language="en",
        header_only=False,
        reading=Reading.READ,
        defects=(),
        verdict=verdict,
        attribution=attribution,
        foreign=foreign if found else None,
        offer_text=(OFFER.format(year=2026) if text is None else text) if offer else "",
        hosts=hosts if offer else (),
        pack="core 1.0.0",
    )


def other(number: int) -> Record:
    plain = record(f"o{number}", f"r{number % 2000}@home.example", Label.OTHER, offset=number * 5000)
    return replace(
        plain,
        message_id=f"<{digest(number)}.{number}@mail.example.org>",
        carrier_message_id=f"<{digest(number)}.{number}@mail.example.org>",
    )
