"""What the header says of authenticity and of the program that sent a message.

An Authentication-Results field (RFC 8601) is worth something only from the receiver's own server, which
the configuration names; every other one is the sender's own claim.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from outreach_audit.mail.model import Mail

_MAX_VALUE = 5_000
_METHODS = frozenset(
    {"spf", "dkim", "dmarc", "arc", "dkim-adsp", "compauth", "iprev", "auth", "sender-id", "bimi", "domainkeys"}
)
_RESULT = re.compile(r"([a-z][a-z0-9-]{1,15})\s{0,3}(?:/\s{0,3}\d{1,3}\s{0,3})?=\s{0,3}([a-z]{1,20})")
_DOMAIN = re.compile(
    r"(?:header\.d|header\.i|header\.from|smtp\.mailfrom|smtp\.helo|envelope-from|policy\.d)\s{0,3}=\s{0,3}\"?([^\s;\"()]{1,320})"
)
_COMMENT = re.compile(r"\([^()]{0,1000}\)")


@dataclass(frozen=True, slots=True)
class Result:
    """One result: the server that says so (``''`` where it does not name itself), method, result, domain."""

    server: str
    method: str
    result: str
    domain: str


def authentication_results(values: Iterable[str]) -> tuple[Result, ...]:
    """Read Authentication-Results fields, also those that break RFC 8601 (Microsoft 365 names no server).

    Args:
        values: The unfolded values.
    """
    return tuple(result for value in values for result in _results(value[:_MAX_VALUE].lower()))


def _results(value: str) -> Iterable[Result]:
    first, *others = _COMMENT.sub(" ", _COMMENT.sub(" ", value)).split(";")
    server = ""
    if "=" in first:
        others.insert(0, first)
    elif first.split():
        server = first.split()[0].rstrip(".")
    for statement in others:
        match = _RESULT.match(statement.strip())
        if match and match[1] in _METHODS:
            found = _DOMAIN.search(statement)
            domain = found[1].rpartition("@")[2].rstrip(".") if found else ""
            yield Result(server, match[1], match[2], domain if "." in domain else "")


def trusted(mail: Mail, server: str) -> tuple[Result, ...]:
    """The results of one server, which must be the receiver's own; none where it is not named.

    Only its topmost field counts: a sender can write fields in its name, but not above the receiver's own.
    """
    for value in mail.all_headers("authentication-results"):
        results = tuple(_results(value[:_MAX_VALUE].lower()))
        if server and results and results[0].server == server.lower().rstrip("."):
            return results
    return ()


# name of the sending service -> header names (a name ending in "-" is a prefix), or a value's words behind ": "
_SERVICES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Alibaba DirectMail",
        (
            "x-alidm-",
            "x-aliyun-dm",
            "x-mailer: alidm",
            "x-mailer: aliyundm",
            "received: .dm.aliyun.com",
            "received: smtpdm",
        ),
    ),
    ("Amazon SES", ("x-ses-", "feedback-id: amazonses", "received: amazonses.com")),
    ("Brevo", ("x-mailin-", "x-sib-id", "x-mailer: sendinblue", "x-mailer: brevo")),
    ("Campaign Monitor", ("x-cmail-", "x-mailer: createsend", "received: createsend.com")),
    ("Constant Contact", ("x-ctct-id", "x-roving-", "received: constantcontact.com")),
    ("Coremail", ("x-coremail-", "x-cm-transid", "x-cm-senderinfo", "x-mailer: coremail")),
    ("Foxmail", ("x-mailer: foxmail",)),
    ("HubSpot", ("x-hs-", "x-hubspot-", "received: hubspotemail.net")),
    ("Mailchimp", ("x-mc-user", "x-mandrill-user", "x-mailer: mailchimp", "list-unsubscribe: list-manage.com")),
    ("Mailgun", ("x-mailgun-", "received: mailgun.")),
    ("Mailjet", ("x-mj-", "x-mailjet-", "x-mailer: mailjet")),
    ("Microsoft 365", ("x-ms-exchange-organization-", "x-ms-exchange-crosstenant-")),
    ("NetEase", ("x-netease-", "x-ntes-", "received: m.mail.163.com", "x-mailer: netease")),
    ("Postmark", ("x-pm-message-id", "received: mtasv.net")),
    ("QQ Mail", ("x-qq-", "x-mailer: qqmail", "x-mailer: qq mail", "feedback-id: esmtp:qq", "x-mailer: exmail")),
    ("Sendcloud", ("x-sendcloud-", "x-sendcloud", "received: sendcloud.")),
    ("SendGrid", ("x-sg-eid", "x-sg-id", "x-sendgrid-", "received: sendgrid.net")),
    ("SparkPost", ("x-msys-api", "x-msfbl", "received: sparkpostmail.com")),
    ("Zoho Campaigns", ("x-zohomail", "x-campaignid: zcampaign", "x-mailer: zoho")),
    ("PHPMailer", ("x-mailer: phpmailer", "x-php-")),
    ("bulk precedence", ("precedence: bulk", "precedence: list", "precedence: junk")),
)


_MARKS = tuple((service, tuple(mark.partition(": ") for mark in marks)) for service, marks in _SERVICES)


def fingerprints(mail: Mail) -> tuple[str, ...]:
    """The sending services whose marks are in the header, by name, in alphabetical order of the table."""
    values: dict[str, str] = {}
    for name, value in mail.headers:
        values[name] = f"{values.get(name, '')}\n{value[:2000].lower()}"
    # each name between line ends, so that one search finds a whole name or the begin of one
    names = "".join(f"\n{name}\n" for name in values)
    return tuple(service for service, marks in _MARKS if any(_bears(mark, names, values) for mark in marks))


def _bears(mark: tuple[str, str, str], names: str, values: dict[str, str]) -> bool:
    name, colon, word = mark
    if colon:
        return word in values.get(name, "")
    return f"\n{name}" in names if name.endswith("-") else f"\n{name}\n" in names
