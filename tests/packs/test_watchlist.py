"""Watchlists: what is accepted, and every fault at once with file and line."""

from datetime import date

import pytest

from outreach_audit.campaigns import fingerprint
from outreach_audit.errors import InvalidPackError
from outreach_audit.packs.watchlist import Type, load_watchlists

HEAD = 'id = "authority"\nversion = "2026.1"\ntitle = "Known invitations"\n'
CSV = "id,type,value,since,until,reference\n"


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_both_forms_say_the_same(tmp_path):
    toml = write(
        tmp_path / "a.toml",
        HEAD
        + '[[indicator]]\nid = "w1"\ntype = "domain"\nvalue = "Agency.Example"\nsince = 2026-01-01\nuntil = "2026-12-31"\n'
        'reference = "circular 1"\n[[indicator]]\nid = "w2"\ntype = "phrase"\nvalue = "우리 재단의 초빙 사업"\nreference = "r"\n',
    )
    csv = write(
        tmp_path / "b.csv",
        CSV + "w1,domain,agency.example,2026-01-01,2026-12-31,circular 1\nw2,phrase,우리 재단의  초빙사업,,,r\n",
    )
    first, second = load_watchlists([toml]), load_watchlists([csv])
    assert [(i.id, i.type, i.value, i.since, i.until, i.reference) for i in first] == [
        (i.id, i.type, i.value, i.since, i.until, i.reference) for i in second
    ]
    assert first[0].since == date(2026, 1, 1)
    assert first[0].watchlist.startswith("authority 2026.1 (")
    assert second[0].watchlist.startswith("b (")
    assert first[0].place == f"{toml}:4"


def test_a_list_without_indicators_is_one(tmp_path):
    assert load_watchlists([write(tmp_path / "a.csv", CSV), write(tmp_path / "b.toml", HEAD)]) == ()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("w,domain,edu.cn,,,r", "public suffix"),
        ("w,domain,*.agency.example,,,r", "no domain"),
        ("w,host,https://agency.example/x,,,r", "no domain"),
        ("w,subject,offer,,,r", "too short"),
        ("w,phrase,We invite you. Please apply now.,,,r", "one sentence"),
        ("w,template,t1:00,,,r", "no fingerprint"),
        ("w,sender,agency.example,,,r", "unknown type 'sender'"),
        (",domain,agency.example,,,r", "id must be"),
        ("w,domain,agency.example,,,", "reference must be"),
        ("w,domain,agency.example,2026-13-01,,r", "since must be a day"),
        ("w,domain,agency.example,2026-02-01,2026-01-01,r", "lies before"),
        ("total,domain,agency.example,,,r", "last row"),
        ("w,domain,agency.example", "3 columns where 6"),
    ],
)
def test_each_fault_is_told_with_its_line(tmp_path, row, said):
    path = write(tmp_path / "a.csv", f"{CSV}ok,domain,other.example,,,r\n{row}\n")
    with pytest.raises(InvalidPackError) as error:
        load_watchlists([path])
    assert f"{path}:3: " in str(error.value)
    assert said in str(error.value)


def test_all_faults_of_all_files_are_told_at_once(tmp_path):
    one = write(
        tmp_path / "a.csv",
        CSV + "w,domain,com,,,r\nw,domain,a.example,,,r\nw,domain,b.example,,,r\nv,domain,a.example,,,r\n",
    )
    two = write(tmp_path / "b.toml", 'id = "x"\n[[indicator]]\nid = "w9"\ncolour = 1\n')
    three = write(tmp_path / "c.toml", "id = \n")
    (tmp_path / "d.csv").write_bytes(CSV.encode() + b"\xff\xfe\n")
    with pytest.raises(InvalidPackError) as error:
        load_watchlists([one, two, three, tmp_path / "d.csv", tmp_path / "none.toml", write(tmp_path / "e.csv", "")])
    lines = str(error.value).splitlines()
    for start in (
        f"{one}:2: ", f"{one}:4: the id w stands twice", f"{one}:5: v says the same as w", f"{two}:1: version missing",
        f"{two}:2: indicator w9: unknown field 'colour'", f"{two}:2: indicator w9: reference", f"{three}:1: ",
        f"{tmp_path / 'd.csv'}:2: this is not UTF-8", f"{tmp_path / 'none.toml'}:1: there is no such file",
        f"{tmp_path / 'e.csv'}:1: holds nothing",
    ):  # fmt: skip
        assert any(line.startswith(start) for line in lines), (start, lines)


def test_a_template_is_written_as_a_fingerprint(tmp_path):
    value = fingerprint(" ".join(f"word{letter}" for letter in "abcdefghijklmnopqrst"))
    (found,) = load_watchlists(
        [write(tmp_path / "a.csv", f"{CSV}w,template,{value.upper().replace('T1', 't1')},,,r\n")]
    )
    assert (found.type, found.value) == (Type.TEMPLATE, value)
