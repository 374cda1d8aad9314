"""Watchlists and suppressions in a run: counted apart, and no verdict is touched."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.campaigns import fingerprint
from outreach_audit.codes import Cue, Label
from outreach_audit.ledger import Ledger
from outreach_audit.packs.load import load_packs
from outreach_audit.packs.suppressions import Suppression
from outreach_audit.packs.watchlist import Indicator, Type
from outreach_audit.report import Pseudonyms, finding
from outreach_audit.run.assess import Assessor
from outreach_audit.run.collect import collect
from outreach_audit.run.scan import Silent, scan
from outreach_audit.run.settings import Settings
from outreach_audit.tally import tables

PACK = load_packs()
ASSESSOR = Assessor(PACK, Settings())
TODAY = date(2026, 6, 1)
BODY = (
    "our university in Shenzhen, China, would like to invite you to join us as chair professor. The annual salary is"
    " RMB 900,000; an apartment and start-up funding are provided; see https://www.landing-example.com/a?id={number}."
    " Please send your CV before 30 June."
)


def letter(number, to="kim@kaist.ac.kr", body=BODY, subject="Chair professor", sender="hr@bridge.example.com"):
    return (
        f"From: Office <{sender}>\nTo: {to}\nSubject: {subject}\nMessage-ID: <m{number}@x.org>\n"
        f"Date: Mon, 4 Mar 2024 01:{number:02}:00 +0000\n\nDear Professor,\n\n{body.format(number=number)}\n"
    )


def mbox(*letters):
    return "".join(f"From a@b.org Mon Mar  4 01:00:00 2024\n{text}\n" for text in letters)


MAIL = mbox(
    letter(1),
    letter(2, to="lee@kaist.ac.kr"),
    letter(
        3, body="Lunch tomorrow at noon? The canteen has noodles.", subject="Lunch", sender="x@mail.watched.example.com"
    ),
    letter(4, body="It will be held on Monday in room 3.", subject="Election of the chair"),
)


def indicator(name, kind, value, since=None, until=None):
    return Indicator(name, kind, value, since, until, "circular 1", "authority 1 (0)", "a.toml:1")


ALL = (
    indicator("domain", Type.DOMAIN, "watched.example.com"),
    indicator("host", Type.HOST, "landing-example.com"),
    indicator("none", Type.HOST, "nowhere-example.com"),
    indicator("phrase", Type.PHRASE, "room 3"),
    indicator("past", Type.DOMAIN, "bridge.example.com", until=date(2023, 1, 1)),
    indicator("subject", Type.SUBJECT, "election of the chair"),
    indicator("template", Type.TEMPLATE, fingerprint(BODY)),
)


class Heard(Silent):
    def __init__(self):
        self.lines = []

    def say(self, text):
        self.lines.append(text)


def run(tmp_path, ledger, watchlist=None, pack=PACK, mail=MAIL):
    box = tmp_path / "inbox.mbox"
    if not box.exists() or box.read_text() != mail:  # else it is as it was
        box.write_text(mail)
    heard = Heard()
    scan([box], ledger, pack, ASSESSOR, observer=heard, watchlist=watchlist, today=TODAY)
    return heard.lines


def table(ledger, name):
    found = next((table for table in tables(ledger) if table.name == name), None)
    return found and {
        row.value: {column.value: count.value for column, count in zip(found.columns, row.counts, strict=True)}
        for row in (*found.rows, *found.totals)
    }


def verdicts(ledger):
    return [(r.finding, r.verdict) for r in ledger.records()]


def test_hits_are_counted_whatever_the_verdict_and_change_none(tmp_path):
    with Ledger.open() as plain, Ledger.open() as ledger:
        run(tmp_path, plain)
        assert table(plain, "watchlist") is None
        assert table(plain, "template") is None
        assert run(tmp_path, ledger, ALL) == []
        assert verdicts(ledger) == verdicts(plain)
        found = table(ledger, "watchlist")
        assert {name: (row["deliveries"], row["judged_approach"], row["judged_other"]) for name, row in found.items()} == {
            "domain": (1, 0, 1), "host": (2, 2, 0), "none": (0, 0, 0), "past": (0, 0, 0), "phrase": (1, 0, 1),
            "subject": (1, 0, 1), "template": (2, 2, 0), "total": (4, 2, 2),
        }  # fmt: skip
        assert found["host"]["recipients"] == 2
        assert [row["deliveries"] for row in table(ledger, "template").values()] == [2, 2]
        assert "known" in table(ledger, "template")
        told = [finding(record, None, Pseudonyms(None)) for record in ledger.records()]
        assert [one["watchlist"] for one in told if one["verdict"] == "approach"] == [["host", "template"]] * 2
        assert all((Cue.KNOWN_TEMPLATE.value in one["cues"]) == bool(one["watchlist"]) for one in told)


def test_a_new_template_stands_apart(tmp_path):
    with Ledger.open() as ledger:
        run(tmp_path, ledger, (indicator("w", Type.SUBJECT, "election of the chair"),))
        assert set(table(ledger, "template")) == {"new", "total"}


def test_a_list_that_grew_is_compared_with_mail_read_earlier_as_far_as_the_ledger_tells(tmp_path):
    with Ledger.open() as ledger:
        run(tmp_path, ledger)
        said = run(tmp_path, ledger, ALL)
        assert "2 deliveries were read before" in said[-1]
        found = table(ledger, "watchlist")
        # the ledger keeps text, subject and hosts of approaches, and of all other mail the sender's domain
        assert {name: row["deliveries"] for name, row in found.items()} == {
            "domain": 1, "host": 2, "none": 0, "past": 0, "phrase": 0, "subject": 0, "template": 2, "total": 3,
        }  # fmt: skip
        notes = next(table.notes for table in tables(ledger) if table.name == "watchlist")
        assert notes[-1].startswith("2 deliveries, of all dates, need a rescan")
    with Ledger.open() as ledger:
        run(tmp_path, ledger)
        # a domain is known of every delivery
        assert not any("rescan" in line for line in run(tmp_path, ledger, ALL[:1]))
        # what changed is another indicator, what is gone is gone
        run(tmp_path, ledger, (replace(ALL[0], value="bridge.example.com"),))
        assert {name: row["deliveries"] for name, row in table(ledger, "watchlist").items()} == {
            "domain": 3,
            "total": 3,
        }
        run(tmp_path, ledger, ())
        assert table(ledger, "watchlist") is None


def test_a_host_below_the_name_that_is_kept_cannot_be_told(tmp_path):
    with Ledger.open() as ledger:
        run(tmp_path, ledger, mail=mbox(letter(1)))
        deep = (
            indicator("deep", Type.HOST, "www.landing-example.com"),
            indicator("far", Type.HOST, "www.far-example.com"),
        )
        assert run(tmp_path, ledger, deep[1:], mail=mbox(letter(1)))[-1].startswith("not read again")
        assert run(tmp_path, ledger, deep, mail=mbox(letter(1)))[-1].startswith("watchlist: 1 deliveries")


def test_the_ledger_remembers_its_watchlist(tmp_path):
    with Ledger.open() as ledger:
        run(tmp_path, ledger, ALL, mail=mbox(letter(1)))
        run(tmp_path, ledger)
        assert table(ledger, "watchlist")["total"]["deliveries"] == 4
        with Ledger.open() as once:
            run(tmp_path, once, ALL)
            assert table(once, "watchlist") == table(ledger, "watchlist")


def test_a_rescan_tells_what_the_ledger_could_not(tmp_path):
    with Ledger.open() as ledger:
        run(tmp_path, ledger)
        run(tmp_path, ledger, ALL)
        ledger.drop(str(tmp_path / "inbox.mbox"))
        assert run(tmp_path, ledger, ALL) == []
        assert table(ledger, "watchlist")["total"]["deliveries"] == 4


def test_hits_go_with_their_deliveries(tmp_path):
    with Ledger.open() as ledger:
        run(tmp_path, ledger, ALL)
        ledger.drop(str(tmp_path / "inbox.mbox"))
        assert ledger.connection.execute("SELECT count(*) FROM watched").fetchone() == (0,)
        assert ledger.connection.execute("SELECT count(*) FROM checked").fetchone() == (0,)


def test_what_was_forgotten_needs_a_rescan(tmp_path):
    from outreach_audit.ledger.keep import forget_older

    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        run(tmp_path, ledger)
        forget_older(ledger, datetime(2025, 1, 1, tzinfo=UTC))
        assert "4 deliveries were read before" in run(tmp_path, ledger, ALL)[-1]


@settings(deadline=None, max_examples=15)
@given(st.lists(st.sets(st.sampled_from(range(len(ALL)))), min_size=1, max_size=4))
def test_lists_in_any_order_end_with_the_last(lists):
    domains = tuple(indicator(f"d{n}", Type.DOMAIN, f"s{n}.example.com") for n in range(len(ALL)))
    from tests.ledger.make import record

    with Ledger.open() as ledger:
        ledger.add([record(f"m{n}", domain=f"mail.s{n % 9}.example.com", label=Label.OTHER) for n in range(20)])
        for chosen in lists:
            scan([], ledger, PACK, ASSESSOR, watchlist=[domains[n] for n in sorted(chosen)], today=TODAY)
        found = table(ledger, "watchlist") or {"total": {"deliveries": 0}}
        wanted = sum(n % 9 in lists[-1] for n in range(20))
        assert found["total"]["deliveries"] == wanted
        assert found.keys() - {"total"} == {f"d{n}" for n in lists[-1]}


def suppression(expires=date(2026, 12, 31), **what):
    named = dict.fromkeys(("finding", "message_id", "campaign", "signal", "domain"), "")
    return Suppression(**(named | what), reason="an exercise", owner="security", expires=expires, place="p:1")


def test_suppressed_findings_stay_counted(tmp_path):
    with Ledger.open() as ledger:
        run(tmp_path, ledger)
        (first, _) = ledger.records({Label.APPROACH})
        pack = replace(PACK, suppressions=(suppression(finding=first.finding), suppression(finding="none")))
        said = run(tmp_path, ledger, pack=pack)
        assert said[-2:] == [
            "suppressed, and counted apart: 1 findings",
            "suppressions that cover no finding: finding none (p:1)",
        ]
        assert table(ledger, "institute")["total"]["deliveries"] == 1
        assert table(ledger, "verdicts")["approach"]["deliveries"] == 2
        assert table(ledger, "suppressed")["total"]["judged_approach"] == 1
        assert table(ledger, "suppressed")["finding none"]["deliveries"] == 0
        assert [finding(r, None, Pseudonyms(None))["suppressed"] for r in ledger.records({Label.APPROACH})] == [
            "an exercise", None,
        ]  # fmt: skip
        run(tmp_path, ledger)
        assert table(ledger, "institute")["total"]["deliveries"] == 2
        assert table(ledger, "suppressed") is None


@pytest.mark.parametrize(
    ("what", "left"),
    [
        ({"message_id": "<m1@x.org>"}, 1),
        ({"domain": "example.com", "signal": "FIRED"}, 0),
        ({"domain": "elsewhere.example.com", "signal": "FIRED"}, 2),
        ({"campaign": "CAMPAIGN"}, 0),
    ],
)
def test_what_is_suppressed_is_told_by_content(tmp_path, what, left):
    with Ledger.open() as ledger:
        run(tmp_path, ledger)
        first = next(ledger.records({Label.APPROACH}))
        campaign = ledger.campaigns().joined[first.message_key].campaign
        real = {"FIRED": first.verdict.hits[0].signal, "CAMPAIGN": campaign}
        pack = replace(PACK, suppressions=(suppression(**{key: real.get(v, v) for key, v in what.items()}),))
        run(tmp_path, ledger, pack=pack)
        # the same in another place of another mailbox
        (tmp_path / "inbox.mbox").unlink()
        run(tmp_path, ledger, pack=pack, mail=mbox(letter(9, body="Lunch?")) + MAIL)
        found = table(ledger, "institute") or {}
        assert found.get("total", {"deliveries": 0})["deliveries"] == left


def test_what_has_expired_does_not_apply_and_is_told(tmp_path):
    with Ledger.open() as ledger:
        pack = replace(PACK, suppressions=(suppression(message_id="<m1@x.org>", expires=date(2026, 5, 31)),))
        said = run(tmp_path, ledger, pack=pack)
        assert said == ["suppressions that have expired and do not apply: message <m1@x.org> (p:1)"]
        assert table(ledger, "institute")["total"]["deliveries"] == 2
        notes = next(table.notes for table in tables(ledger) if table.name == "suppressed")
        assert "1 of these suppressions have expired and do not apply." in notes


def test_a_watchlist_is_made_of_collected_mail(tmp_path):
    from outreach_audit.packs.watchlist import load_watchlists

    (tmp_path / "a.mbox").write_text(MAIL)
    made = collect([tmp_path / "a.mbox"], "kist")
    assert made.templates == 1
    assert len(made.remarks) == 2
    (tmp_path / "w.toml").write_text(made.toml)
    watchlist = load_watchlists([tmp_path / "w.toml"])
    with Ledger.open() as ledger:
        run(tmp_path, ledger, watchlist)
        assert table(ledger, "watchlist")["kist-001"]["judged_approach"] == 2


def test_hostile_text_does_not_leave_its_comment(tmp_path):
    import tomllib

    subject = "=?utf-8?q?a=0A=5B=5Bindicator=5D=5D=0Aid_=3D_1_=1B=5B31m?="
    (tmp_path / "a.eml").write_text(letter(1, subject=subject))
    made = collect([tmp_path / "a.eml"], 'x"\n[[indicator]]')
    assert len(tomllib.loads(made.toml)["indicator"]) == 1
    assert "\x1b" not in made.toml
