"""Logs of gateways as items without a body."""

import gzip
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.errors import OutreachAuditError
from outreach_audit.sources import HeaderOnly, Item, Note, Skipped, read, read_at

EXCHANGE = """origin_timestamp_utc,sender_address,recipient_status,message_subject,total_bytes,message_id
2026-03-04T00:12:00.0Z,a@example.org,"b@kbsi.example##Receive, Deliver","Invitation, again",1200,<1@example.org>
2026-03-04T00:13:00.0Z,a@example.org,"c@kbsi.example##Receive, Deliver;d@kbsi.example##Fail",초청,900,<2@example.org>
"""
POWERSHELL = """"PSComputerName","MessageId","Received","SenderAddress","RecipientAddress","Subject","Status"
"x","<1@example.org>","3/4/2026 12:12:00 AM","a@example.org","b@kbsi.example","Hello","Delivered"
"""
TRACKING = """#Software: Microsoft Exchange Server
#Version: 15.0.0.0
#Fields: date-time,client-ip,source,event-id,message-id,recipient-address,message-subject,sender-address
2026-03-04T00:12:00.000Z,,SMTP,RECEIVE,<1@example.org>,b@kbsi.example;c@kbsi.example,Hello,a@example.org
"""
WORKSPACE = (
    "Message ID\tStart date\tSender\tMessage size\tSubject\tRecipient address\n<1@x>\t2026/03/04\ta@x\t1\tHi\tb@y\n"
)
MIMECAST = "Sent Date/Time;From (Envelope);To (Envelope);Subject\n2026-03-04 00:12;a@example.org;b@example.kr;Hello\n"
KOREAN = "날짜,보낸 사람,받는 사람,제목\n2026-03-04 00:12,a@example.org,b@example.kr,초청합니다\n"


def items(content: bytes, **options: object) -> list[Item]:
    return list(read(["-"], stdin=io.BytesIO(content), **options))  # type: ignore[arg-type]


def rows(content: bytes, **options: object) -> list[HeaderOnly]:
    return [item for item in items(content, **options) if isinstance(item, HeaderOnly)]


def test_exchange_message_trace() -> None:
    first, second = rows(EXCHANGE.encode())
    assert (first.sender, first.recipients, first.subject) == (
        "a@example.org",
        ("b@kbsi.example",),
        "Invitation, again",
    )
    assert (first.date, first.message_id) == ("2026-03-04T00:12:00.0Z", "<1@example.org>")
    assert (second.recipients, second.subject) == (("c@kbsi.example", "d@kbsi.example"), "초청")


@pytest.mark.parametrize("text", [POWERSHELL, TRACKING, WORKSPACE, MIMECAST, KOREAN])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_known_tables_in_their_encodings(text: str, encoding: str) -> None:
    (row,) = rows(text.replace("\n", "\r\n").encode(encoding))
    assert row.sender.startswith("a@")
    assert row.recipients[0].startswith("b@")
    assert row.subject in ("Hello", "Hi", "초청합니다")
    assert "2026" in row.date


def test_json_lines() -> None:
    proofpoint = {"sender": "a@x", "recipient": ["b@y", "c@y"], "subject": "Hi", "messageTime": "2026-03-04T00:12:00Z"}
    bigquery = {
        "event_info": {"timestamp_usec": "1772583120000000"},
        "message_info": {"subject": "Hi", "source": {"address": "a@x"}, "destination": [{"address": "b@y"}]},
    }
    for row in (proofpoint, bigquery):
        content = (json.dumps(row) + "\n").encode() * 2 + b"broken\n"
        found = items(content)
        assert [(item.sender, item.recipients[0]) for item in found[:2] if isinstance(item, HeaderOnly)] == [
            ("a@x", "b@y")
        ] * 2
        assert isinstance(found[2], Skipped)
        assert found[2].messages == 1


def test_own_columns_by_mapping() -> None:
    content = b"who,whom,when,what\na@x,b@y,2026-03-04,Hi\n"
    mapping = {"sender": "who", "recipients": "whom", "date": "when", "subject": "what"}
    assert not rows(content)
    assert rows(content, mapping=mapping)[0].subject == "Hi"


def test_a_row_can_be_read_again_by_its_ref(tmp_path) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(MIMECAST.encode()))
    (row,) = read([path])
    assert read_at(row.ref) == MIMECAST.encode().splitlines(keepends=True)[1]


def test_a_quote_that_never_ends_costs_a_stretch_and_is_told() -> None:
    line = "2026-03-04;a@x;b@y;Hello\n"
    content = MIMECAST + '2026-03-04;"a@x;b@y;Hello\n' + line * 20_000
    found = items(content.encode())
    assert any(isinstance(item, Skipped) and "could not be read" in item.reason for item in found)
    assert len(rows(content.encode())) > 10_000


@pytest.mark.parametrize(
    "content",
    [
        b"From,To,Amount\na,b,1\n",
        b"date,subject,grade\n2026,maths,A\n",
        b"Sender,Recipient,Weight,Date\nx,y,3,2026\n",
        b'{"from": "a", "to": "b"}\n',
        b'{"a": ' * 5000,
    ],
)
def test_other_tables_are_no_logs(content: bytes) -> None:
    (item,) = items(content)
    assert isinstance(item, Skipped)
    assert item.messages == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=30), st.just('"'), st.just("a;b;c;d")), max_size=8))
def test_any_rows_are_accounted_for(lines: list[str]) -> None:
    content = (MIMECAST + "\n".join(lines)).encode("utf-8", "replace")
    assert not any(isinstance(item, Note) for item in items(content))
    assert len(items(content)) >= 1


def test_a_row_of_mapped_columns_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("Absender;Ziel;Betreff;Zeit\na@x.example;k@y.example;Invitation;2024-03-04 01:00:00\n", "utf-8")
    mapping = {"sender": "Absender", "recipients": "ziel", "subject": "BETREFF", "date": "Zeit"}
    assert isinstance(next(iter(read([path]))), Skipped)
    (item,) = read([path], mapping=mapping)
    assert isinstance(item, HeaderOnly)
    assert (item.sender, item.recipients, item.subject) == ("a@x.example", ("k@y.example",), "Invitation")
    assert read_at(item.ref, mapping=mapping).startswith(b"a@x.example;")
    with pytest.raises(OutreachAuditError):
        read_at(item.ref)
