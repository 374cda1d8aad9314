"""Documents for tests, made through a ledger."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

from outreach_audit.codes import Folder, Kind, Label, Via
from outreach_audit.ledger import FileAccount, Ledger
from outreach_audit.report import Document, make_document
from tests.ledger.make import OFFER, other, record
from tests.report.payloads import PAYLOADS

NAMES = {
    "kr-kaist": "한국과학기술원 / KAIST",
    "kr-kisti": "한국과학기술정보연구원 / Korea Institute of Science and Technology Information",
    "CN": "China",
    "FR": "France",
    "KR": "South Korea",
}
DOMESTIC = "국내 기업에서 비상근 기술고문으로 모실 분을 찾고 있어 연락드립니다. 지금 직장은 유지하시면 됩니다."
SECRET = (
    "Our client seeks a chief scientist of your field in a country that we may not name before you sign an agreement"
    " with us, after which a first visit of two weeks would be arranged and paid."
)


@cache
def document(**named) -> Document:
    """149 persons in one campaign with reminders, and a few of everything else."""
    with Ledger.open() as ledger:
        ledger.begin_run({"date_basis": "received"})
        ledger.add(list(_records()))
        ledger.assign_campaigns()
        ledger.add_accounting(
            [
                FileAccount("inbox.mbox", found=1_230, read=1_210, read_with_defects=12, partly_read=5, unreadable=3),
                FileAccount("a.png", skipped="no mail: a PNG picture"),
                FileAccount("b.png", skipped="no mail: a PNG picture"),
            ]
        )
        return make_document(ledger, names=NAMES, **named)


def _records():
    march, april = datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 4, 4, tzinfo=UTC)
    at_kaist = {"institute": "kr-kaist", "country": "CN"}
    for n in range(149):
        yield record(f"first-{n}", f"p{n}@kaist.example", date=march, domain=f"talent{n % 40}.example", **at_kaist)
    for n in range(77):
        text = OFFER.format(year=2027)
        yield record(f"again-{n}", f"p{n}@kaist.example", date=april, text=text, folder=Folder.SPAM, **at_kaist)
    for n in range(5):
        yield record(f"q{n}", f"q{n}@kaist.example", via=Via.REPORT, folder=Folder.REPORTS, **at_kaist)
    for n in range(3):
        yield record(
            f"d{n}", f"s{n}@kisti.example", institute="kr-kisti", country="KR", foreign=False, text=DOMESTIC,
            kind=Kind.CONSULTING,
        )  # fmt: skip
    yield record("u", "s9@kisti.example", institute="kr-kisti", country="ZZ", foreign=None, text=SECRET, kind=None)
    yield record("doubt", "s8@kisti.example", Label.UNCLEAR, institute="kr-kisti")
    for n in range(996):
        yield replace(other(n), institute="kr-kisti")


@cache
def hostile(texts=PAYLOADS) -> Document:
    """A document whose every field from outside holds each of the texts."""
    with Ledger.open() as ledger:
        ledger.add(
            [
                replace(
                    record(f"m{n}", f"p{n}@home.example", institute=text, country=text, domain=text),
                    home=text,
                    pack=text,
                )
                for n, text in enumerate(texts)
            ]
        )
        ledger.assign_campaigns()
        ledger.add_accounting([FileAccount(text, skipped=text) for text in texts])
        return make_document(ledger, since=date(2026, 1, 1), names={text: text for text in texts[::2]})


def uncertain() -> Document:
    """A document whose first figure has an interval."""
    known = document()
    table = known.tables[0]
    row = table.rows[0]
    counts = (replace(row.counts[0], interval=(200, 1_250), reviewed=60), *row.counts[1:])
    changed = replace(table, rows=(replace(row, counts=counts), *table.rows[1:]))
    return replace(known, tables=(changed, *known.tables[1:]))
