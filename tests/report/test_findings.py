import csv
import io
import json
import re
from dataclasses import replace

from outreach_audit.codes import Label, Via
from outreach_audit.ledger import Ledger
from outreach_audit.mail.model import Scope
from outreach_audit.report import Pseudonyms, finding, write_findings_csv, write_json_lines
from outreach_audit.signals.model import Hit
from outreach_audit.sources.model import Ref
from tests.ledger.make import other, record
from tests.report.payloads import PAYLOADS

PSEUDONYMS = Pseudonyms(b"0123456789abcdef")


def lines(findings):
    file = io.StringIO()
    write_json_lines(findings, file)
    assert file.getvalue().endswith("\n")
    return file.getvalue().splitlines()


def hostile(payload):
    one = record("m", "p@home.example", institute=payload, domain=payload)
    hit = Hit("offer.fund", Scope.BODY, payload, 3.0, counter=False)
    claim = replace(one.attribution.claimed_sponsor, value=payload)
    return replace(
        one,
        message_id=payload,
        ref=Ref(payload, payload, 0, 1),
        verdict=replace(one.verdict, hits=(hit,)),
        attribution=replace(one.attribution, claimed_sponsor=claim, sender_org=claim),
    )


def test_a_finding_has_the_fields_of_the_contract_in_their_order():
    found = finding(record(), "c1", PSEUDONYMS)
    assert list(found) == [
        *("finding", "message_id", "source", "member", "offset", "length", "date", "folder", "recipient"),
        *("institute", "carrier_message_id", "language", "personalisation", "header_only", "verdict", "kind"),
        *("more_kinds", "via", "score", "margin", "foreign", "dest_country", "dest_country_grade"),
        *("claimed_sponsor", "sender_org", "sender_type", "sender_domain", "cues", "campaign", "trap", "evidence"),
        *("watchlist", "suppressed", "pack", "reading"),
    ]
    assert found["date"] == "2026-03-04T00:12:00Z"
    assert (found["verdict"], found["kind"], found["more_kinds"]) == ("approach", "talent_fund", ["consulting"])
    assert (found["foreign"], found["dest_country"], found["dest_country_grade"]) == (True, "FR", "strong")
    assert (found["score"], found["margin"], found["personalisation"], found["campaign"]) == (7.5, 2.5, 2, "c1")
    assert found["evidence"] == [
        {"signal": "offer.fund", "scope": "body", "text": "apply for the 기금", "weight": 3.0, "counter": False}
    ]


def test_a_report_names_the_mail_that_brought_it():
    found = finding(record("m", via=Via.REPORT), None, PSEUDONYMS)
    assert (found["via"], found["message_id"], found["carrier_message_id"], found["campaign"]) == (
        *("report", "<m@agency.example>", "<fw-m@home.example>"),
        None,
    )


def test_what_is_not_known_is_null():
    found = finding(replace(other(1), date=None, message_id=None), None, PSEUDONYMS)
    for name in ("date", "message_id", "kind", "campaign", "personalisation", "claimed_sponsor", "foreign", "member"):
        assert found[name] is None
    assert found["dest_country"] == "ZZ"
    assert found["verdict"] == "other"


def test_no_address_of_a_recipient_leaves():
    one = record("m", "secret.person@home.example")
    (line,) = lines([finding(one, None, PSEUDONYMS)])
    assert "secret" not in line
    assert json.loads(line)["recipient"] == PSEUDONYMS.of("secret.person@home.example", "ror:1")


def test_the_finding_from_the_ledger_is_that_of_the_record():
    with Ledger.open() as ledger:
        ledger.add([record("m")])
        (kept,) = ledger.records((Label.APPROACH,))
    assert finding(kept, "c", PSEUDONYMS) == finding(record("m"), "c", PSEUDONYMS)


def test_hostile_lines_of_json():
    written = lines(finding(hostile(payload), payload, PSEUDONYMS) for payload in PAYLOADS)
    assert len(written) == len(PAYLOADS)
    for payload, line in zip(PAYLOADS, written, strict=True):
        assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff\ud800-\udfff]", line)
        read = json.loads(line)
        json.dumps(read, ensure_ascii=False).encode()
        if not re.search("[\ud800-\udfff]", payload):
            assert read["evidence"][0]["text"] == read["source"] == read["sender_domain"] == payload


def test_the_table_of_findings(tmp_path):
    write_findings_csv([finding(record(), "c1", PSEUDONYMS), finding(other(1), None, PSEUDONYMS)], tmp_path / "f.csv")
    content = (tmp_path / "f.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert (rows[0]["foreign"], rows[0]["cues"], rows[0]["score"]) == ("yes", "pay_figure", "7.5")
    assert rows[0]["evidence"] == "offer.fund (+3, body): apply for the 기금"
    assert (rows[1]["foreign"], rows[1]["kind"], rows[1]["verdict"]) == ("", "", "other")
    assert set(rows[0]) == set(finding(record(), None, PSEUDONYMS))


def test_hostile_cells_of_findings(tmp_path):
    write_findings_csv((finding(hostile(text), text, PSEUDONYMS) for text in PAYLOADS), tmp_path / "f.csv")
    content = (tmp_path / "f.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert len(rows) == len(PAYLOADS)
    for row in rows:
        for value in row.values():
            assert value[:1] not in {"=", "+", "@", "|", "%", "＝", "＋", "＠"}
            assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]", value)


def test_a_cell_that_no_spreadsheet_holds_is_cut_and_says_so(tmp_path):
    write_findings_csv([finding(hostile("x" * 50_000), None, PSEUDONYMS)], tmp_path / "f.csv")
    (row,) = csv.DictReader(io.StringIO((tmp_path / "f.csv").read_bytes().decode("utf-8-sig"), newline=""))
    assert len(row["evidence"]) < 32_767
    assert row["evidence"].endswith("characters more)")
