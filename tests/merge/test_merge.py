"""Merging: unlike things are never added, and what comes out is what a scan of all mail together gives."""

import json
import time
from dataclasses import replace
from datetime import date

import jsonschema
import pytest

from outreach_audit.errors import UsageError
from outreach_audit.merge.combine import combine
from outreach_audit.merge.expected import read_expected
from outreach_audit.merge.national import national
from outreach_audit.merge.receive import receive
from outreach_audit.report.tally_json import schema, tally_text, write_tally
from outreach_audit.report.words import words_of
from outreach_audit.tally import Column, Section
from tests.report.attack import system_of
from tests.report.institutes import counted, records

IDS = [f"kr-{n:02}" for n in range(25)]
SINGLE = {Column.DELIVERIES, Column.REPORTS_RECEIVED, Column.REPORTS}
ACROSS = (Column.DELIVERIES, Column.RECIPIENTS, Column.APPROACHES, Column.REPORTS, Column.REPORTS_RECEIVED)


@pytest.fixture(scope="module")
def exact():
    """Every figure of 25 institutes, nothing withheld."""
    return {key: counted(records(key, 1), exchange=True, threshold=1) for key in IDS}


@pytest.fixture(scope="module")
def withheld():
    """The same with the usual threshold."""
    return {key: counted(records(key, 1), exchange=True) for key in IDS}


@pytest.fixture(scope="module")
def together():
    """All their mail in one ledger."""
    return counted(one for key in IDS for one in records(key, 1))


def written(folder, tallies):
    paths = []
    for name, document in tallies.items():
        paths.append(folder / f"{name}.json")
        write_tally(document, paths[-1])
    return paths


def merged(folder, tallies, expected=()):
    return combine(receive(written(folder, tallies)), dict.fromkeys(expected, ""))


def figures(document, name):
    """The figures other than 0 of a table: where something is, it is told the same way."""
    table = document.table(name)
    return {
        (row.section, row.value, column): count.value
        for row in (*table.rows, *table.totals)
        for column, count in zip(table.columns, row.counts, strict=True)
        if count.value != 0
    }


def test_the_merge_is_what_a_scan_of_all_mail_together_gives(tmp_path, exact, together):
    document = merged(tmp_path, exact)
    for name in ("institute", "campaign", "verdicts", "reading"):
        assert figures(document, name) == figures(together, name)
    for name in ("month", "kind", "country", "folder", "sender_type", "grade"):
        ours, theirs = figures(document, name), figures(together, name)
        assert ours.keys() == theirs.keys()
        # in one row a campaign of several institutes counts with each of them
        assert {k: v for k, v in ours.items() if k[2] is not Column.CAMPAIGNS or k[1] == "total"} == {
            k: v for k, v in theirs.items() if k[2] is not Column.CAMPAIGNS or k[1] == "total"
        }
    assert not document.publication.withheld
    assert not any(count.withheld for table in document.tables for row in table.totals for count in row.counts)


def test_what_is_withheld_makes_sums_lower_bounds(tmp_path, withheld, together):
    document = merged(tmp_path, withheld)
    truth = {(t.name, *key): value for t in document.tables for key, value in figures(together, t.name).items()}
    bounds = 0
    for table in document.tables:
        for row in (*table.rows, *table.totals):
            for column, count in zip(table.columns, row.counts, strict=True):
                true = truth.get((table.name, row.section, row.value, column), 0)
                if count.value is not None and (column in ACROSS or row.value == "total"):
                    assert count.value <= true if count.withheld else count.value == true, (table.name, row.value)
                bounds += bool(count.withheld)
    assert bounds


def test_a_merge_adds_only_what_is_published(tmp_path, withheld, exact):
    """A sum that holds a withheld figure is that of the others, so that no equation has an unknown in it."""
    truth = {key: system_of(json.loads(tally_text(one))).cells for key, one in exact.items()}
    systems = {key: system_of(json.loads(tally_text(one)), truth[key]) for key, one in withheld.items()}
    assert not [cell for one in systems.values() for cell in one.solved() if cell[0] != "campaigns that are not listed"]
    document = merged(tmp_path, withheld)
    for table in document.tables:
        if table.dimension in {"institute", "campaign"}:
            continue
        for row in (*table.rows, *table.totals):
            for column, count in zip(table.columns, row.counts, strict=True):
                if column in {Column.RECIPIENTS, Column.CAMPAIGNS} and row.value == "total":
                    continue
                total = row in table.totals
                shared = total and row.section is not Section.ALL
                place = ("" if shared else table.name, row.section.value, None if total else row.value, column.value)
                told = [one.cells[place] for one in systems.values() if place in one.cells]
                assert count.withheld == told.count(None) or len(told) == 1
                assert (count.value or 0) == sum(value or 0 for value in told)


def test_25_institutes_with_faults_merge_in_two_seconds(tmp_path, exact, together):
    left = {key: one for key, one in exact.items() if key != "kr-24"}
    paths = written(tmp_path, left)
    altered, broken, foreign = paths[0], paths[1], paths[2]
    altered.write_text(altered.read_text().replace('"value": "inbox"', '"value": "quarantine"', 1))
    broken.write_text(broken.read_text()[:-40])
    write_tally(counted(records("kr-02", 1)), foreign)
    paths.append(tmp_path / "again.json")
    paths[-1].write_bytes(paths[5].read_bytes())
    start = time.process_time()
    received = receive(paths)
    document = combine(received, dict.fromkeys(IDS, ""))
    tally_text(document)
    national(document, received.aside, words_of("en"))
    assert time.process_time() - start < 2
    assert [(name.rpartition("/")[2][:5], reason.split(" ")[1]) for name, reason in document.merge.refused] == [
        ("kr-00", "altered:"),
        ("kr-01", "no"),
        ("kr-02", "an"),
    ]
    assert len(document.merge.repeated) == 1
    assert document.merge.missing == ("kr-00", "kr-01", "kr-02", "kr-24")
    rest = [key for key in IDS if key not in document.merge.missing]
    direct = counted(one for key in rest for one in records(key, 1))
    assert figures(document, "institute") == figures(direct, "institute")


def test_the_order_of_the_files_makes_no_difference(tmp_path, withheld):
    paths = written(tmp_path, dict(list(withheld.items())[:6]))
    one, other = combine(receive(paths), {}), combine(receive(paths[::-1]), {})
    assert tally_text(one) == tally_text(other)


def test_a_person_whom_two_institutes_name_counts_once(tmp_path):
    same = [replace(one, institute="kr-b") for one in records("kr-a", 3, 200)]
    tallies = {"a": counted(records("kr-a", 3, 200), exchange=True), "b": counted(same, exchange=True)}
    number = tallies["a"].table("institute").totals[0].counts[2].value
    assert number
    assert figures(merged(tmp_path, tallies), "institute")[Section.FOREIGN, "total", Column.RECIPIENTS] == number
    without = {
        key: replace(one, publication=replace(one.publication, key="", recipients=())) for key, one in tallies.items()
    }
    document = merged(tmp_path, without)
    assert figures(document, "institute")[Section.FOREIGN, "total", Column.RECIPIENTS] == 2 * number
    assert any("not comparable" in note for note in document.table("institute").notes)


def test_a_campaign_is_known_by_its_fingerprint(tmp_path):
    def renamed(document):
        rows = document.table("campaign").rows
        ids = {row.value: f"{n:016x}" for n, row in enumerate(rows)}
        campaigns = tuple(replace(one, id=ids[one.id]) for one in document.campaigns)
        table = document.table("campaign")
        table = replace(table, rows=tuple(replace(row, value=ids[row.value]) for row in rows))
        tables = tuple(table if one.name == "campaign" else one for one in document.tables)
        prints = {ids[key]: value for key, value in document.publication.fingerprints.items()}
        return replace(document, tables=tables, campaigns=campaigns, publication=replace(document.publication, fingerprints=prints))  # fmt: skip

    one = counted(records("kr-a", 3), exchange=True, threshold=1)
    other = renamed(counted(records("kr-b", 3), exchange=True, threshold=1))
    document = merged(tmp_path, {"a": one, "b": other})
    direct = counted([*records("kr-a", 3), *records("kr-b", 3)])
    place = (Section.FOREIGN, "total", Column.CAMPAIGNS)
    assert figures(document, "institute")[place] == figures(direct, "institute")[place]


@pytest.mark.parametrize(
    ("named", "outcome", "said"),
    [
        ({"since": date(2026, 3, 1), "until": date(2026, 4, 15)}, "refused", "period"),
        ({"tz": "Asia/Seoul"}, "aside", "time zone"),
    ],
)
def test_other_periods_are_refused_and_other_zones_stand_aside(tmp_path, named, outcome, said):
    tallies = {key: counted(records(key, 1), exchange=True) for key in ("kr-a", "kr-b")}
    tallies["kr-c"] = counted(records("kr-c", 1), exchange=True, **named)
    received = receive(written(tmp_path, tallies))
    assert len(received.counted) == 2
    reasons = [reason for _, reason in received.refused] + [tally.aside for tally in received.aside]
    assert len(getattr(received, outcome)) == 1
    assert reasons[0].startswith(said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"date_basis": "header"}, "date basis"),
        ({"homes": ("DE",)}, "home country"),
        ({"packs": ("core 9.0.0",)}, "core pack"),
    ],
)
def test_what_was_counted_otherwise_stands_beside_the_others(tmp_path, change, said):
    tallies = {key: counted(records(key, 1), exchange=True) for key in ("kr-a", "kr-b", "kr-c")}
    tallies["kr-c"] = replace(tallies["kr-c"], coverage=replace(tallies["kr-c"].coverage, **change))
    received = receive(written(tmp_path, tallies))
    document = combine(received, {})
    assert [tally.aside.partition(":")[0] for tally in received.aside] == [said]
    assert "kr-c" not in {row.value for row in document.table("institute").rows}
    grid = national(document, received.aside, words_of("en"))[0]
    assert [line for line in grid.lines if line.cells[0] == "kr-c" and said in str(line.cells[-2])]


def test_other_packs_and_versions_are_no_hindrance(tmp_path):
    tallies = {key: counted(records(key, 1), exchange=True) for key in ("kr-a", "kr-b")}
    known = tallies["kr-b"]
    tallies["kr-b"] = replace(
        known, coverage=replace(known.coverage, packs=("core 1.0.0", "own 3")), generator="outreach-audit 9"
    )
    assert len(receive(written(tmp_path, tallies)).counted) == 2


def test_other_definitions_two_tallies_of_one_institute_and_merges_are_refused(tmp_path):
    tallies = {key: counted(records(key, 1), exchange=True) for key in ("kr-a", "kr-b", "kr-c", "kr-d")}
    tallies["defined"] = replace(
        tallies["kr-c"], publication=replace(tallies["kr-c"].publication, definitions="sha256:0")
    )
    del tallies["kr-c"]
    tallies["again"] = counted(records("kr-d", 2), exchange=True)
    tallies["merge"] = merged(tmp_path, {key: tallies[key] for key in ("kr-a", "kr-b")})
    received = receive(written(tmp_path, tallies))
    assert {one.document.coverage.institutes for one in received.counted} == {("kr-a",), ("kr-b",)}
    assert sorted(reason.split(" ")[0] for _, reason in received.refused) == [
        "definitions:",
        "differs",
        "differs",
        "is",
    ]


def test_the_merge_carries_no_pseudonyms_and_follows_the_schema(tmp_path, withheld):
    document = merged(tmp_path, withheld, [*IDS, "kr-99"])
    text = tally_text(document)
    data = json.loads(text)
    jsonschema.validate(data, schema())
    known = {one for tally in withheld.values() for one in tally.publication.recipients}
    assert known
    assert not [one for one in known if one in text]
    assert data["merge"]["missing"] == ["kr-99"]


def test_an_institute_without_any_approach_has_its_line(tmp_path):
    quiet = [one for one in records("kr-q", 1) if one.verdict.label == "other"]
    document = merged(tmp_path, {"a": counted(records("kr-a", 1), exchange=True), "q": counted(quiet, exchange=True)})
    grid = national(document, (), words_of("en"))[0]
    line = next(line for line in grid.lines if line.cells[0] == "kr-q")
    assert line.cells[1:8] == (0,) * 7


def test_lists_of_institutes(tmp_path):
    (tmp_path / "x.csv").write_text("institute,name\nkr-a,가 / A\nkr-b,\n", encoding="utf-8-sig")
    (tmp_path / "x.toml").write_text('institutes = ["kr-a", "kr-b"]\n')
    (tmp_path / "y.toml").write_text('[[institute]]\nid = "kr-a"\nname = "A"\n')
    assert read_expected(tmp_path / "x.csv") == {"kr-a": "가 / A", "kr-b": ""}
    assert read_expected(tmp_path / "x.toml") == {"kr-a": "", "kr-b": ""}
    assert read_expected(tmp_path / "y.toml") == {"kr-a": "A"}
    for name, text, said in (
        ("a.csv", "id\nx\n", "no column institute"),
        ("b.csv", "institute,name\n,x\n", "b.csv:2"),
        ("c.toml", "x = 1\n", "write institutes"),
        ("d.toml", "x = \n", "no list"),
        ("e.csv", "institute\n", "names no institute"),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(UsageError, match=said):
            read_expected(tmp_path / name)
    with pytest.raises(UsageError, match="cannot be read"):
        read_expected(tmp_path / "none.csv")
