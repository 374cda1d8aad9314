"""Rates: persons approached of the staff, where the roster tells how many there are."""

from datetime import UTC, datetime

from outreach_audit.codes import Via
from outreach_audit.ledger import Ledger
from outreach_audit.ledger.roster import Person, Roster, set_roster
from outreach_audit.tally import Column, Section, tables
from outreach_audit.tally.rates import staff_of
from tests.ledger.make import record


def made(records, roster, **named):
    with Ledger.open() as ledger:
        ledger.add(records)
        set_roster(ledger, roster)
        ledger.assign_campaigns()
        return {table.name: table for table in tables(ledger, **named)}


def figures(table, rows=None):
    return {
        (row.section, row.value): tuple(count.value for count in row.counts)
        for row in (table.rows if rows is None else rows)
    }


PROFESSORS = {f"p{n}@home.example": Person(f"p{n}", "", "Professor") for n in range(666)}


def test_149_of_666():
    roster = Roster(PROFESSORS, {("", "Professor"): 666, ("", "Staff scientist"): 300})
    found = made([record(f"m{n}", f"p{n}@home.example") for n in range(149)], roster)
    assert [column.value for column in found["rate_staff_group"].columns] == [
        "staff", "recipients", "approaches", "recipients_per_1000", "approaches_per_1000",
    ]  # fmt: skip
    assert figures(found["rate_staff_group"]) == {
        (Section.FOREIGN, "Professor"): (666, 149, 149, 224, 224),
        (Section.FOREIGN, "Staff scientist"): (300, 0, 0, 0, 0),
    }
    assert figures(found["rate_institute"]) == {(Section.FOREIGN, "ror:1"): (966, 149, 149, 154, 154)}
    assert len({count.unit for row in found["rate_institute"].rows for count in row.counts}) == 5


def test_persons_of_groups_without_a_headcount_are_in_no_rate():
    roster = Roster(PROFESSORS, {("", "Professor"): 666})
    records = [record("m1", "p1@home.example"), record("m2", "stranger@home.example")]
    found = made(records, roster)
    assert figures(found["rate_institute"])[Section.FOREIGN, "ror:1"][:2] == (666, 1)
    assert "1 recipients belong to no group of known headcount and are in no rate." in found["rate_institute"].notes
    whole = made(records, Roster(PROFESSORS, {("ror:1", ""): 1000, ("ror:1", "Professor"): 666}))
    assert figures(whole["rate_institute"])[Section.FOREIGN, "ror:1"] == (1000, 2, 2, 2, 2)
    assert figures(whole["rate_staff_group"])[Section.FOREIGN, "Professor"][:2] == (666, 1)


def test_staff_groups_of_several_institutes_are_one_group_and_totals_are_counted_anew():
    people = {"a@x.example": Person("a", "ror:1", "Professor"), "b@y.example": Person("b", "ror:2", "Professor")}
    counts = {("ror:1", "Professor"): 10, ("ror:2", "Professor"): 30, ("ror:2", "Engineer"): 60}
    both = [
        record("m1", "a@x.example"),
        record("m2", "b@y.example", institute="ror:2"),
        record("m3", "b@y.example", institute="ror:2", text="Another text altogether, of which nothing is the same."),
    ]
    found = made(both, Roster(people, counts))
    assert figures(found["rate_staff_group"])[Section.FOREIGN, "Professor"] == (40, 2, 3, 50, 75)
    totals = figures(found["rate_institute"], found["rate_institute"].totals)
    assert totals == {(Section.FOREIGN, "total"): (100, 2, 3, 20, 30)}


def test_reports_and_other_months_are_in_no_rate():
    march, april = datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC)
    records = [
        record("m1", "p1@home.example", date=march),
        record("m2", "p2@home.example", date=april),
        record("m3", "p3@home.example", date=march, via=Via.REPORT),
    ]
    found = made(records, Roster(PROFESSORS, {("", "Professor"): 666}), month="2026-03")
    assert figures(found["rate_staff_group"])[Section.FOREIGN, "Professor"][:2] == (666, 1)


def test_without_headcounts_there_are_no_rates_and_without_a_roster_no_groups():
    found = made([record("m1", "p1@home.example")], Roster(PROFESSORS, {}))
    assert "rate_institute" not in found
    assert [row.value for row in found["staff_group"].rows] == ["Professor"]
    assert [row.value for row in found["age_band"].rows] == ["not_known"]
    without = made([record("m1")], Roster({}, {}))
    assert not {"staff_group", "age_band", "rate_institute"} & without.keys()


def test_senders_and_grades_are_broken_down():
    found = made([record("m1")], Roster({}, {}))
    assert [row.value for row in found["sender_type"].rows] == ["agency"]
    assert [row.value for row in found["grade"].rows] == ["strong"]
    assert [count.unit for count in found["grade"].rows[0].counts] == [column.unit for column in found["grade"].columns]
    assert Column.STAFF not in found["grade"].columns


def test_the_staff_of_institutes():
    with Ledger.open() as ledger:
        ledger.add([record("m1")])
        set_roster(ledger, Roster({}, {("", "Professor"): 5, ("", "Engineer"): 7}))
        coverage = tables(ledger)[0].coverage
        assert staff_of(ledger.connection, coverage) == {"ror:1": 12}
