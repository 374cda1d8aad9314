"""A small edition of benchmarks/ledger.py: the room of a delivery, and what the report looks at."""

from benchmarks.ledger import MONTH, bytes_a_delivery, generate
from outreach_audit.codes import Label
from outreach_audit.ledger import Ledger
from outreach_audit.report import make_document
from outreach_audit.tally import tables


def test_a_delivery_takes_less_than_300_bytes_and_the_report_passes_over_none(tmp_path):
    path = tmp_path / "ledger.sqlite"
    generate(path, 30_000, 0.01)
    with Ledger.open(path, write=False) as ledger:
        found = {table.name: table for table in tables(ledger, month=MONTH)}
        first = make_document(ledger, month=MONTH)
        counted = dict(ledger.connection.execute("SELECT label, sum(number) FROM total GROUP BY label").fetchall())
        assert counted == dict(
            ledger.connection.execute("SELECT label, count(*) FROM delivery GROUP BY label").fetchall()
        )
        shared = ledger.connection.execute("SELECT sum(length(text) * 2 + 24) FROM word").fetchone()[0]
        steps = []
        ledger.connection.set_progress_handler(lambda: steps.append(1), 1000)
        assert make_document(ledger, month=MONTH) == first
        ledger.connection.set_progress_handler(None, 0)
    # texts that deliveries share weigh more in a small ledger
    assert bytes_a_delivery(path) - shared / 30_000 < 300
    assert found["institute"].totals
    assert counted[Label.OTHER] > 29_000
    # in thousands of SQLite's steps: one pass over all deliveries takes more than these by itself
    assert len(steps) < 600
