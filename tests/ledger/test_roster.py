"""Reading the list of staff: all faults at once; keeping it, also when a person was forgotten."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.errors import InvalidPackError
from outreach_audit.ledger import Ledger
from outreach_audit.ledger.keep import forget_person
from outreach_audit.ledger.roster import Person, Roster, load_roster, set_roster
from outreach_audit.tally import Column, Section, tables
from tests.ledger.make import record


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "staff.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_persons_with_several_addresses_and_headcounts(tmp_path):
    roster = load_roster(
        written(
            tmp_path,
            "\ufeffperson,address,institute,staff_group,age_band,headcount\r\n"
            'p1,"Kim@home.example; mk@cs.home.example",ror:1,Professor,45-54,\r\n'
            "p1,kim.m@home.example,ror:1,Professor,45-54,\r\n"
            "\r\n"
            ",lee@home.example,ror:1,연구원,,\r\n"
            ",,ror:1,Professor,,666\r\n"
            ",,ror:1,,,4000\r\n",
        )
    )
    kim = Person("p1", "ror:1", "Professor", "45-54")
    assert roster.people == {
        "kim@home.example": kim,
        "mk@cs.home.example": kim,
        "kim.m@home.example": kim,
        "lee@home.example": Person("lee@home.example", "ror:1", "연구원"),
    }
    assert roster.headcounts == {("ror:1", "Professor"): 666, ("ror:1", ""): 4000}


def test_the_roster_of_the_sample_mailboxes_can_be_read(request):
    roster = load_roster(request.config.rootpath / "sample_mailboxes" / "roster.csv")
    assert len(roster.people) == 666
    assert roster.headcounts == {}


def test_every_fault_is_told_with_its_line(tmp_path):
    path = written(
        tmp_path,
        "person,address,staff_group,headcount\n"
        "p1,a@x.example,Professor,\n"
        "p2,a@x.example,Professor,\n"
        "p1,b@x.example,Student,\n"
        ",nobody,,\n"
        ",,Professor,many\n"
        ",,Student,3\n"
        ",,Student,4\n"
        "p9,,,\n"
        "p8,c@x.example,,9\n"
        "too,many,columns,here,now\n",
    )
    with pytest.raises(InvalidPackError) as told:
        load_roster(path)
    lines = str(told.value).splitlines()
    assert [int(line.removeprefix(f"{path}:").split(":")[0]) for line in lines] == [3, 4, 5, 6, 8, 9, 10, 11]
    assert lines[0].endswith("a@x.example is another person's in line 2")
    assert told.value.exit_code == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mail,group\na@x.example,P\n", "'mail', 'group': the columns are"),
        ("address;staff_group\n", "separated by commas"),
        ("", "address is needed"),
        ('address\n"a@x.example\n', "1: |2: "),
    ],
)
def test_a_file_that_is_no_roster(tmp_path, text, told):
    with pytest.raises(InvalidPackError, match=told):
        load_roster(written(tmp_path, text))


def test_another_encoding_is_told(tmp_path):
    with pytest.raises(InvalidPackError, match=r":2: this is not UTF-8"):
        load_roster(written(tmp_path, "address,staff_group\na@x.example,교수\n", "cp949"))


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=50)
def test_any_text_is_a_roster_or_told(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("roster") / "staff.csv"
    path.write_text("person,address,headcount\n" + text, encoding="utf-8", errors="replace", newline="")
    with suppress(InvalidPackError):
        assert isinstance(load_roster(path), Roster)


def test_one_forgotten_takes_all_addresses_and_every_count_stays(tmp_path):
    kim = Person("p1", "", "Professor", "45-54")
    roster = Roster({"kim@home.example": kim, "mk@home.example": kim, "lee@home.example": Person("p2")}, {})
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        ledger.add(
            [record("m1", "kim@home.example"), record("m2", "mk@home.example"), record("m3", "lee@home.example")]
        )
        set_roster(ledger, roster)
        ledger.assign_campaigns()
        before = tables(ledger)
        assert forget_person(ledger, "MK@home.example") == 2
        for _ in range(2):
            assert tables(ledger) == before
            assert not {one.recipient for one in ledger.records()} & {"kim@home.example", "mk@home.example"}
            held = ledger.connection.execute("SELECT address, person FROM roster").fetchall()
            assert not {"kim@home.example", "mk@home.example", "p1"} & {text for row in held for text in row}
            set_roster(ledger, Roster({"lee@home.example": Person("p2")}, {}))
        found = {table.name: table for table in tables(ledger)}
        total = next(row for row in found["institute"].totals if row.section is Section.FOREIGN)
        assert total.counts[[*Column].index(Column.RECIPIENTS)].value == 2
