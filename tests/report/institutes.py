"""Institutes with ledgers of their own, and one ledger of all their mail together, for tests of publications."""

from random import Random

from outreach_audit.codes import Folder, Kind, Label, Via
from outreach_audit.ledger import FileAccount, Ledger
from outreach_audit.report.document import Document, make_document
from outreach_audit.report.exchange import key_id, project_pseudonym
from outreach_audit.report.publish import Terms, publish
from outreach_audit.tally import Period
from outreach_audit.tally.shared import fingerprints, foreign_recipients
from tests.ledger.make import record

KEY = b"a key that the institutes agreed on"
TEXTS = tuple(
    f"Dear colleague, the {what} of our city invites scientists who work abroad to {deed}, with {gift} paid by the"
    f" {payer}, and asks those who are interested to {step} before the {term} closes; further rounds follow as announced."
    for what, deed, gift, payer, step, term in (
        (
            "talent office",
            "apply for its fund of visiting experts",
            "housing and salary",
            "district",
            "send a curriculum vitae",
            "call",
        ),
        (
            "university of technology",
            "take up a chair in its new school",
            "a laboratory and students",
            "rector",
            "name two referees",
            "selection",
        ),
        (
            "science park",
            "found a company on its premises",
            "offices free of rent",
            "municipal bank",
            "hand in a business plan",
            "window",
        ),
        (
            "academy of engineering",
            "lecture for two weeks every summer",
            "a fee and travel",
            "foundation",
            "propose a syllabus",
            "term",
        ),
        (
            "institute of materials",
            "advise its engineers twice a month",
            "a retainer",
            "holding",
            "agree on a first meeting",
            "quarter",
        ),
        (
            "provincial ministry",
            "join a forum on recruiting",
            "flights and hotels",
            "organisers",
            "register with a passport",
            "list",
        ),
    )
)
COUNTRIES = ("CN", "FR", "US", "KR", "ZZ")
KINDS = (Kind.TALENT_FUND, Kind.RESEARCH_POST, Kind.VENTURE, Kind.TEACHING, Kind.CONSULTING, Kind.RECRUITMENT_EVENT)


def records(institute: str, seed: int, size: int = 40, people: int = 60):
    """Mail of one institute: approaches of a few campaigns, reports, and mail that is none."""
    from datetime import UTC, datetime

    random = Random(f"{institute} {seed}")
    for n in range(random.randint(0, size)):
        campaign = min(random.randrange(6), random.randrange(6))
        country = COUNTRIES[campaign % 5]
        foreign = None if country == "ZZ" else country != "KR"
        yield record(
            f"{institute}-{n}",
            f"p{random.randrange(people)}@{institute}.example",
            random.choice((Label.APPROACH,) * 8 + (Label.UNCLEAR, Label.ADVERT)),
            via=random.choice((Via.DIRECT,) * 9 + (Via.REPORT,)),
            date=datetime(2026, random.choice((3, 3, 4)), random.randint(1, 28), 9, tzinfo=UTC),
            folder=random.choice((Folder.INBOX, Folder.INBOX, Folder.SPAM, Folder.QUARANTINE)),
            text=TEXTS[campaign],
            kind=KINDS[campaign],
            country=country,
            foreign=foreign,
            institute=institute,
            domain=f"agency{campaign}.example",
            offset=n,
        )
    for n in range(random.randint(0, 30)):
        yield record(f"{institute}-o{n}", f"p{n}@{institute}.example", Label.OTHER, institute=institute, offset=900 + n)


def counted(found, *, exchange: bool = False, **named) -> Document:
    """The result of records; with ``exchange`` published, with what makes it comparable."""
    threshold, prepare = named.pop("threshold", 5), named.pop("prepare", None)
    with Ledger.open() as ledger:
        ledger.begin_run({"date_basis": "received"})
        found = list(found)
        ledger.add(found)
        if prepare:
            prepare(ledger)
        ledger.assign_campaigns()
        ledger.add_accounting([FileAccount("inbox.mbox", found=len(found), read=len(found))])
        document = make_document(ledger, **named)
        if not exchange:
            return document
        return shared(publish(document, Terms(threshold)), ledger)


def shared(published: Document, ledger: Ledger) -> Document:
    """A publication with fingerprints and pseudonyms, as the command makes it."""
    from dataclasses import replace

    from outreach_audit.cli.publishing import _tells_recipients

    coverage = published.coverage
    period = Period.of(month=None, since=coverage.since, until=coverage.until, tz=coverage.timezone)
    foreign = [one.id for one in published.campaigns if one.section == "foreign"]
    people = foreign_recipients(ledger, period) if _tells_recipients(published) else ()
    made = replace(
        published.publication,
        fingerprints=fingerprints(ledger, foreign),
        key=key_id(KEY),
        recipients=tuple(sorted(project_pseudonym(KEY, one) for one in people)),
    )
    return replace(published, publication=made)
