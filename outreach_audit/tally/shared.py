"""What a tally of one institute may hold so that those of several can be compared: templates and recipients."""

from collections.abc import Iterable

from outreach_audit.campaigns.fingerprint import fingerprint
from outreach_audit.ledger.connection import faults_told
from outreach_audit.ledger.store import Ledger
from outreach_audit.tally.period import Period
from outreach_audit.tally.reviewed import outcome_table, outcomes
from outreach_audit.tally.tables import _counted

_MOST_TEXTS = 20
_TEXTS = """
SELECT DISTINCT text FROM offer WHERE campaign = ? AND NOT forgotten AND text != '' ORDER BY text LIMIT ?
"""
# a person of several addresses stands under one of them, the same on every run
_RECIPIENTS = """
SELECT DISTINCT coalesce((SELECT min(p.address) FROM roster p WHERE p.person = c.recipient), c.recipient)
FROM counted c WHERE c.section = 'foreign' AND c.via = 'direct' AND c.recipient != '' ORDER BY 1
"""


def fingerprints(ledger: Ledger, campaigns: Iterable[str]) -> dict[str, str]:
    """The fingerprints of campaigns by id, of those whose texts are kept and long enough.

    Raises:
        OutreachAuditError: the ledger cannot be read.
    """
    found = {}
    with faults_told(ledger.path):
        for campaign in campaigns:
            texts = ledger.connection.execute(_TEXTS, (campaign, _MOST_TEXTS))
            made = next(filter(None, (fingerprint(text) for (text,) in texts)), "")
            if made:
                found[campaign] = made
    return found


def foreign_recipients(ledger: Ledger, period: Period) -> tuple[str, ...]:
    """The addresses to which foreign approaches of a period were delivered, one for each person.

    Raises:
        OutreachAuditError: the ledger cannot be read.
    """
    connection = ledger.connection
    with faults_told(ledger.path), outcome_table(connection, outcomes(ledger)), _counted(connection, period):
        return tuple(address for (address,) in connection.execute(_RECIPIENTS))
