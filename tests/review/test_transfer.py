"""Decisions as CSV and back."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.codes import Kind, Label
from outreach_audit.errors import OutreachAuditError
from outreach_audit.ledger.decisions import Decision, Opinion, Scope
from outreach_audit.report.safe import cell, from_cell, safe
from outreach_audit.review.deciding import note_text
from outreach_audit.review.transfer import COLUMNS, from_csv, to_csv

NOW = datetime(2026, 4, 1, 9, 30, 0, 123456, tzinfo=UTC)
KEYS = st.lists(st.binary(min_size=16, max_size=16).map(bytes.hex), min_size=1, max_size=3, unique=True).map(
    lambda keys: tuple(sorted(keys))
)
TEXT = st.text(st.sampled_from("=+-@|%;'\"` \ta한\x1b\u202e,\n"), max_size=12)
DECISIONS = st.lists(
    st.builds(
        Decision,
        time=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        reviewer=TEXT.map(lambda text: safe(f"k{text}").strip()),
        opinion=st.sampled_from([Opinion.CONFIRM]),
        scope=st.sampled_from(Scope),
        target=st.just("0123abcd"),
        keys=KEYS,
        judged=st.sampled_from(Label),
        pack=st.just("core 1.0.0"),
        kind=st.sampled_from([None, *Kind]),
        country=st.sampled_from([None, "CN", "ZZ"]),
        note=TEXT.map(note_text),
    ),
    max_size=4,
    unique_by=lambda one: one.time,
)


def decision(**named):
    given_ = {"time": NOW, "reviewer": "kim", "opinion": Opinion.CONFIRM, "scope": Scope.FINDING, "target": "ab"}
    return Decision(**given_ | {"keys": ("12ab",), "judged": Label.OTHER, "pack": "core 1.0.0"} | named)


def written(path, decisions, change=lambda rows: rows):
    text = to_csv(decisions).decode("utf-8-sig")
    rows = change(list(csv.reader(io.StringIO(text, newline=""))))
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    return path


@settings(deadline=None, max_examples=50)
@given(decisions=DECISIONS)
def test_decisions_come_back_as_they_were(decisions, tmp_path_factory):
    ordered = sorted(decisions, key=lambda one: one.time)
    taken = [
        Decision(
            one.time + timedelta(1), one.reviewer, Opinion.UNDO, one.scope, one.target, (), one.judged, one.pack,
            undoes=one.id,
        )
        for one in ordered[:1]
    ]  # fmt: skip
    history = sorted([*ordered, *taken], key=lambda one: one.time)
    path = tmp_path_factory.mktemp("csv") / "d.csv"
    path.write_bytes(to_csv(history))
    assert from_csv(path) == history
    assert [one.id for one in from_csv(path)] == [one.id for one in history]


@settings(deadline=None, max_examples=200)
@given(TEXT)
def test_cells_are_undone_exactly(text):
    assert from_cell(cell(text)) == safe(text)


def test_no_cell_is_a_formula():
    text = to_csv([decision(note="=HYPERLINK(1)", reviewer="@kim")]).decode("utf-8-sig")
    cells = [one for row in csv.reader(io.StringIO(text)) for one in row]
    assert "'=HYPERLINK(1)" in cells
    assert "'@kim" in cells


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("verdict", "yes", r":3: verdict 'yes' is none of confirm, reject, unsure, undo"),
        ("kind", "job", r":3: kind 'job' is none of research_post"),
        ("country", "China", r":3: 'CHINA' is no country"),
        ("time", "yesterday", r":3: time 'yesterday' is no moment"),
        ("time", "2026-04-01T09:00:00", r":3: time .* has no time zone"),
        ("reviewer", "", r":3: a reviewer's name has 1 to 100 characters"),
        ("scope", "mail", r":3: scope 'mail' is none of"),
        ("target", "", r":3: target is empty"),
        ("key", "", r":3: undoes names a decision"),
        ("key", "k" * 200, r":3: key is longer"),
        ("undoes", "abc", r":3: undoes names a decision"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(tmp_path, column, value, said):
    def change(rows):
        rows[2][COLUMNS.index(column)] = value
        return rows

    path = written(tmp_path / "d.csv", [decision(), decision(target="cd", keys=("34cd",))], change)
    with pytest.raises(OutreachAuditError, match=rf"nothing was imported: .*d\.csv{said}"):
        from_csv(path)


def test_rows_of_one_decision_must_say_the_same(tmp_path):
    def change(rows):
        rows[2][COLUMNS.index("note")] = "another"
        return rows

    path = written(tmp_path / "d.csv", [decision(keys=("12ab", "34cd"))], change)
    with pytest.raises(OutreachAuditError, match=r":3: decision \w+ does not say what it says in line 2"):
        from_csv(path)


def test_an_edited_decision_is_another_one(tmp_path):
    def change(rows):
        rows[1][COLUMNS.index("note")] = "edited"
        return rows

    (found,) = from_csv(written(tmp_path / "d.csv", [decision()], change))
    assert found == decision(note="edited")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", ":1: no column decision"),
        (b"a,b\n1,2\n", ":1: no column decision"),
        (b"\xff\xfe", "is not UTF-8"),
        (",".join(COLUMNS).encode() + b"\n1,2\n", ":2: 2 cells, the head has 13"),
        (",".join(COLUMNS).encode() + b'\n"1,2\n', "no CSV"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path, content, said):
    path = tmp_path / "d.csv"
    path.write_bytes(content)
    with pytest.raises(OutreachAuditError, match=said):
        from_csv(path)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(OutreachAuditError, match="cannot be read: No such file"):
        from_csv(tmp_path / "none.csv")


def test_an_undo_of_what_is_not_in_the_file_is_refused(tmp_path):
    path = tmp_path / "d.csv"
    path.write_bytes(to_csv([decision(opinion=Opinion.UNDO, keys=(), undoes="feed")]))
    with pytest.raises(OutreachAuditError, match="it undoes decision feed, which is not in the file"):
        from_csv(path)
