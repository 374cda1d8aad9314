from dataclasses import replace
from datetime import UTC, date, datetime
from time import process_time

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.codes import Folder, Kind, Label, Reading, Via
from outreach_audit.ledger import FileAccount, Ledger
from outreach_audit.ledger.roster import Person, Roster, set_roster
from outreach_audit.tally import Column, Section, tables
from tests.ledger.make import OFFER, digest, other, record

SECOND_OFFER = "현재 해외 기업에서 비상근 기술고문으로 모실 분을 찾고 있어 연락드립니다. 지금 직장은 유지하시면 됩니다."


def made(records, roster=None, **named):
    with Ledger.open() as ledger:
        ledger.add(records)
        if roster:
            set_roster(ledger, roster)
        ledger.assign_campaigns()
        return {table.name: table for table in tables(ledger, **named)}


def figures(row):
    return dict(zip((*Column,), (count.value for count in row.counts), strict=False))


def totals(table):
    return {row.section: figures(row) for row in table.totals}


def test_one_template_to_149_persons_with_copies_reminders_and_reports():
    """149 persons of 666 got one template: 226 deliveries, since 77 were also reminded; 20 reported it."""
    people = [f"p{n}@home.example" for n in range(149)]
    first = [record(f"first-{n}", person) for n, person in enumerate(people)]
    reminders = [record(f"again-{n}", person, text=OFFER.format(year=2027)) for n, person in enumerate(people[:77])]
    copies = [replace(one, ref=replace(one.ref, source="archive.mbox")) for one in first[:50]]
    known = [record(f"first-{n}", people[n], via=Via.REPORT, folder=Folder.REPORTS) for n in range(15)]
    only = [record(f"inline-{n}", f"q{n}@home.example", via=Via.REPORT, folder=Folder.REPORTS) for n in range(5)]
    twice = [replace(only[0], delivery_key=digest("again"), finding=digest("again"))]
    found = made([*first, *reminders, *copies, *known, *only, *twice])
    assert totals(found["institute"]) == {
        Section.FOREIGN: {
            Column.DELIVERIES: 226,
            Column.MESSAGES: 226,
            Column.RECIPIENTS: 149,
            Column.APPROACHES: 149,
            Column.CAMPAIGNS: 1,
            Column.REPORTS: 5,
            Column.REPORTS_RECEIVED: 21,
        }
    }
    assert "50 records of approaches were found in more than one place and are counted once." in found["month"].notes
    assert totals(found["folder"])[Section.FOREIGN][Column.RECIPIENTS] == 149
    assert [row.value for row in found["folder"].rows] == ["inbox", "reports"]
    verdicts = {row.value: [count.value for count in row.counts] for row in found["verdicts"].rows}
    assert verdicts["approach"] == [226, 21]


def test_one_message_to_thirty_is_thirty_deliveries_and_one_message():
    found = made([record("m", f"p{n}@home.example") for n in range(30)])
    total = totals(found["institute"])[Section.FOREIGN]
    assert [total[column] for column in (Column.DELIVERIES, Column.MESSAGES, Column.RECIPIENTS)] == [30, 1, 30]


def test_totals_are_distinct_counts_and_not_sums_of_rows():
    march, april = datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC)
    found = made([record("m1", date=march), record("m2", date=april, kind=Kind.CONSULTING)])
    rows = [figures(row) for row in found["month"].rows]
    assert [row[Column.RECIPIENTS] for row in rows] == [1, 1]
    assert totals(found["month"])[Section.FOREIGN][Column.RECIPIENTS] == 1
    assert totals(found["month"])[Section.FOREIGN][Column.APPROACHES] == 1
    assert totals(found["kind"]) == totals(found["month"])


def test_two_campaigns_to_one_person_are_two_approaches():
    found = made([record("m1"), record("m2", text=SECOND_OFFER)])
    total = totals(found["institute"])[Section.FOREIGN]
    assert (total[Column.RECIPIENTS], total[Column.APPROACHES], total[Column.CAMPAIGNS]) == (1, 2, 2)


def test_domestic_and_undetermined_approaches_stand_apart():
    found = made(
        [
            record("m1"),
            record("m2", foreign=False, country="KR"),
            record("m3", foreign=None, country="ZZ"),
            record("m4", label=Label.UNCLEAR),
        ]
    )
    assert [(row.section, row.value) for row in found["country"].rows] == [
        (Section.FOREIGN, "FR"),
        (Section.DOMESTIC, "KR"),
        (Section.UNDETERMINED, "ZZ"),
    ]
    assert {section: figure[Column.DELIVERIES] for section, figure in totals(found["country"]).items()} == {
        Section.FOREIGN: 1,
        Section.DOMESTIC: 1,
        Section.UNDETERMINED: 1,
    }


def test_several_addresses_of_one_person_count_once_when_the_roster_says_so():
    both = [record("m1", "kim@home.example"), record("m2", "mk@cs.home.example")]
    assert totals(made(both)["institute"])[Section.FOREIGN][Column.RECIPIENTS] == 2
    person = Person("person 1")
    roster = Roster({"kim@home.example": person, "mk@cs.home.example": person}, {})
    total = totals(made(both, roster=roster)["institute"])[Section.FOREIGN]
    assert (total[Column.RECIPIENTS], total[Column.APPROACHES], total[Column.DELIVERIES]) == (1, 1, 2)


def test_a_report_is_known_by_a_delivery_of_another_month():
    delivered = record("m1", date=datetime(2026, 3, 30, tzinfo=UTC))
    reported = record("m1-inline", via=Via.REPORT, date=datetime(2026, 4, 2, tzinfo=UTC))
    april = totals(made([delivered, reported], month="2026-04")["month"])[Section.FOREIGN]
    assert (april[Column.REPORTS], april[Column.REPORTS_RECEIVED], april[Column.DELIVERIES]) == (0, 1, 0)


def test_the_time_zone_decides_the_month_and_what_has_no_date_is_said():
    late = record("m1", date=datetime(2026, 3, 31, 20, tzinfo=UTC))
    found = made([late, record("m2", date=None)], tz="Asia/Seoul")
    assert [row.value for row in found["month"].rows] == ["2026-04", "undated"]
    found = made([late, record("m2", date=None)], tz="Asia/Seoul", since=date(2026, 4, 1), until=date(2026, 4, 1))
    assert totals(found["month"])[Section.FOREIGN][Column.DELIVERIES] == 1
    assert found["month"].notes == ("1 records of approaches have no usable date and stand in no period.",)


def test_coverage_and_reading():
    with Ledger.open() as ledger:
        ledger.begin_run({"date_basis": "received"})
        ledger.add([record(), other(1)])
        ledger.add_accounting(
            [
                FileAccount("a.mbox", length=9, found=4, read=2, partly_read=1, unreadable=1, folders=(Folder.SPAM,)),
                FileAccount("a.mbox", offset=9, length=9, found=1, read_with_defects=1, header_only=1),
                FileAccount("b.jpg", skipped="a picture"),
            ]
        )
        found = {table.name: table for table in tables(ledger)}
    coverage = found["month"].coverage
    assert (coverage.files_scanned, coverage.files_skipped, coverage.found, coverage.header_only) == (1, 1, 5, 1)
    assert (coverage.folders, coverage.date_basis) == (("inbox", "spam"), "received")
    assert (coverage.institutes, coverage.homes, coverage.packs) == (("ror:1",), ("KR",), ("core 1.0.0",))
    reading = {row.value: row.counts[0].value for row in found["reading"].rows}
    assert reading == dict(zip(Reading, (2, 1, 1, 1), strict=True))
    assert found["reading"].totals[0].counts[0].value == 5
    assert found["month"].notes == (
        "1 messages have not been compared with others: each counts as a campaign of its own.",
    )


def test_tables_of_an_empty_ledger():
    found = made([])
    assert found["month"].rows == ()
    assert found["verdicts"].totals[0].counts[0].value == 0


def test_a_reader_makes_the_same_tables(tmp_path):
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        ledger.add([record()])
        ledger.assign_campaigns()
        with Ledger.open(path, write=False) as reader:
            assert tables(reader) == tables(ledger)


RECORDS = [
    record(
        f"m{message}",
        f"p{person}@home.example",
        label,
        via=via,
        source=source,
        folder=Folder.SPAM if source == "b.mbox" else Folder.INBOX,
        text=SECOND_OFFER if message % 3 == 0 else OFFER.format(year=message),
        foreign=(True, False, None)[message % 3],
        domain=f"d{message % 2}.example",
    )
    for message in range(6)
    for label in [(Label.APPROACH, Label.APPROACH, Label.UNCLEAR, Label.OTHER)[message % 4]]
    for person in range(2)
    for via in Via
    for source in ("a.mbox", "b.mbox")
]


@given(st.permutations(RECORDS), st.lists(st.integers(1, 20), min_size=1, max_size=10), st.integers(0, len(RECORDS)))
@settings(deadline=None, max_examples=40)
def test_any_order_any_batches_and_twice_give_the_same_tables(order, sizes, repeated):
    with Ledger.open() as ledger:
        rest = [*order, *order[:repeated]]
        while rest:
            size = sizes[len(rest) % len(sizes)]
            ledger.add(rest[:size])
            rest = rest[size:]
        ledger.assign_campaigns()
        assert tables(ledger) == EXPECTED


with Ledger.open() as _ledger:
    _ledger.add(RECORDS)
    _ledger.assign_campaigns()
    EXPECTED = tables(_ledger)


def test_many_other_deliveries_cost_little():
    with Ledger.open() as ledger:
        ledger.add([other(n) for n in range(20_000)])
        ledger.add([record(f"m{n}", f"p{n}@home.example") for n in range(500)])
        ledger.assign_campaigns()
        start = process_time()
        tables(ledger, month="2026-03")
        assert process_time() - start < 0.5
