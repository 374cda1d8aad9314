"""The English words of codes, columns and sections: everything that a reader sees instead of a code."""

from collections.abc import Mapping

from outreach_audit.tally import Column, Coverage, Section

HEADS = {
    Column.DELIVERIES: "deliveries",
    Column.MESSAGES: "messages",
    Column.RECIPIENTS: "recipients",
    Column.APPROACHES: "approaches",
    Column.CAMPAIGNS: "campaigns",
    Column.REPORTS: "reports",
    Column.REPORTS_RECEIVED: "reports received",
    Column.FOUND: "copies found",
}
BROKEN_HEADS = {
    Column.DELIVERIES: "deliv-\neries",
    Column.MESSAGES: "mes-\nsages",
    Column.RECIPIENTS: "recip-\nients",
    Column.APPROACHES: "appro-\naches",
    Column.CAMPAIGNS: "cam-\npaigns",
    Column.REPORTS: "reports",
    Column.REPORTS_RECEIVED: "reports\nreceived",
    Column.FOUND: "copies\nfound",
}
"""The same words, set in two lines where the page is narrow."""

MEANINGS = {
    Column.DELIVERIES: "copies in mailboxes: one message in one mailbox is one delivery",
    Column.MESSAGES: "different mails: one mail sent to 30 persons is 30 deliveries and 1 message",
    Column.RECIPIENTS: "different persons approached",
    Column.APPROACHES: "different pairs of campaign and recipient: reminders and second copies are no new approach",
    Column.CAMPAIGNS: "templates from which messages were built, whatever the sender address",
    Column.REPORTS: "approaches known only because a member of staff reported them; in no other column",
    Column.REPORTS_RECEIVED: "all reports of approaches, also of those that were found in a mailbox",
    Column.FOUND: "messages found in the files, second copies of one delivery included",
}

SECTIONS = {
    Section.FOREIGN: "Foreign",
    Section.DOMESTIC: "Domestic",
    Section.UNDETERMINED: "Undetermined",
    Section.ALL: "All mail",
}
SECTION_MEANINGS = {
    Section.FOREIGN: "the offer leads to another country than the institute's own",
    Section.DOMESTIC: "other organisations of the home country recruit",
    Section.UNDETERMINED: "the mail does not tell to which country the offer leads",
    Section.ALL: "not divided by country",
}

DIMENSIONS = {
    "institute": "institute",
    "month": "month",
    "kind": "kind of offer",
    "dest_country": "destination",
    "sender_domain": "sender domain",
    "folder": "folder",
    "verdict": "verdict",
    "reading": "reading",
}

_LABELS = {
    "kind": {
        "research_post": "Research or professorial post",
        "talent_fund": "Talent programme or fund",
        "short_term": "Visit or short project",
        "consulting": "Consulting or advising",
        "teaching": "Teaching",
        "dual_affiliation": "Second affiliation",
        "venture": "Venture or technology park",
        "recruitment_event": "Recruitment event",
        "expert_network": "Paid interviews",
        "joint_lab": "Joint laboratory",
        "honorific": "Title or academy membership",
        "referral": "Recommending others",
    },
    "folder": {
        "inbox": "Inbox",
        "spam": "Spam",
        "quarantine": "Quarantine",
        "sent": "Sent",
        "reports": "Reports by staff",
        "other": "Other folders",
    },
    "verdict": {
        "approach": "Approach",
        "unclear": "Unclear: a person should look",
        "advert": "Advertisement to many",
        "other": "Other mail",
    },
    "reading": {
        "read": "Read",
        "read_with_defects": "Read with defects",
        "partly_read": "Partly read",
        "unreadable": "Unreadable",
    },
}
_SPECIAL = {"not_known": "Not known", "undated": "No usable date", "total": "Total", "ZZ": "Not determined"}


def label_of(dimension: str, value: str, names: Mapping[str, str]) -> str:
    """What a row is called: the name that belongs to its value, the value itself where there is none."""
    if value in _SPECIAL:
        return _SPECIAL[value]
    if dimension in {"institute", "dest_country"}:
        return names.get(value, value)
    return _LABELS.get(dimension, {}).get(value, value)


def coverage_brief(coverage: Coverage) -> str:
    """What the figures of one table rest on, in a line."""
    unread = coverage.partly_read + coverage.unreadable
    period = f"{coverage.since or 'First message'} to {coverage.until or 'last'}"
    return (
        f"{period} ({coverage.timezone}, {coverage.date_basis or 'either'} date);"
        f" {unread:,} of {coverage.found:,} messages not fully read; {coverage.files_skipped:,} files skipped."
    )
