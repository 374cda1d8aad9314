"""Which mail provider carried a message: header fingerprints, weak evidence and no sign of intent."""

from collections.abc import Sequence
from dataclasses import replace

from outreach_audit.attribution.model import Claim, Grade
from outreach_audit.mail.authentication import trusted
from outreach_audit.mail.model import Mail

# provider and header field that only this provider writes; then provider and servers that hand its mail over
_FIELDS = (
    ("Tencent QQ Mail", "x-qq-mid"),
    ("Tencent QQ Mail", "x-qq-ssf"),
    ("Tencent Exmail", "x-bizmail-id"),
    ("Alibaba Direct Mail", "x-alidm-settings"),
    ("Alibaba Mail", "x-alimail-antispam"),
    ("Coremail", "x-cm-transid"),
    ("Coremail", "x-cm-senderinfo"),
    ("Coremail", "x-coremail-antispam"),
    ("Amazon SES", "x-ses-outgoing"),
    ("SendGrid", "x-sg-eid"),
    ("Mailchimp", "x-mc-user"),
    ("Mailgun", "x-mailgun-sid"),
    ("Brevo", "x-sib-id"),
    ("SparkPost", "x-msfbl"),
    ("Microsoft 365", "x-ms-exchange-crosstenant-id"),
    ("Google", "x-google-dkim-signature"),
    ("Yandex Mail", "x-yandex-fwd"),
    ("Mail.ru", "x-mru-bl"),
    ("Naver Mail", "x-naver-ciip"),
)
_ROUTES = (
    ("Tencent Exmail", "bizesmtp.qq.com"),
    ("Tencent QQ Mail", ".qq.com"),
    ("Alibaba Direct Mail", ".aliyun-inc.com"),
    ("Alibaba Mail", ".mxhichina.com"),
    ("Amazon SES", ".amazonses.com"),
    ("SendGrid", ".sendgrid.net"),
    ("Mailchimp", ".mcsv.net"),
    ("Mailgun", ".mailgun.net"),
    ("NetEase", ".163.com"),
    ("NetEase", ".126.com"),
    ("Google", ".google.com"),
    ("Microsoft 365", ".outbound.protection.outlook.com"),
    ("Naver Mail", ".naver.com"),
    ("Daum Mail", ".daum.net"),
    ("Yandex Mail", ".yandex.net"),
    ("Mail.ru", ".mail.ru"),
)
_MAX_RECEIVED, _LONGEST, _MAX_RESULTS = 30, 2000, 10


def technical_origin(mail: Mail, trusted_servers: Sequence[str] = ()) -> Claim:
    """Name the provider that carried the mail; always weak, because a header can be forged and a provider rented.

    The reason ends with what the institute's own servers found on receipt (RFC 8601), where one of them is named.
    """
    claim = _provider(mail)
    results = next((found for server in trusted_servers if (found := trusted(mail, server))), ())
    if not results:
        return claim
    told = ", ".join(f"{r.method} {r.result}{f' ({r.domain})' if r.domain else ''}" for r in results[:_MAX_RESULTS])
    return replace(claim, reason=f"{claim.reason} On receipt {results[0].server} found: {told}.")


def _provider(mail: Mail) -> Claim:
    names = {name for name, _ in mail.headers}
    for provider, field in _FIELDS:
        if field in names:
            return Claim(provider, Grade.WEAK, f"The header field {field} is written by {provider}.")
    received = [value[:_LONGEST].lower() for value in mail.all_headers("received")[:_MAX_RECEIVED]]
    if any("(coremail)" in value for value in received):
        return Claim("Coremail", Grade.WEAK, "A Received line was written by Coremail.")
    handed_over = [value.partition(" by ")[0] for value in received]
    for provider, host in _ROUTES:
        if any(host in value for value in handed_over):
            return Claim(provider, Grade.WEAK, f"A Received line names a server of {provider} ({host.strip('.')}).")
    return Claim(reason="No header names a provider that is known.")
