"""Which mail provider carried a message: header fingerprints, weak evidence and no sign of intent."""

from outreach_audit.attribution.model import Claim, Grade
from outreach_audit.mail.model import Mail

# provider, header field name or part of a value that only this provider writes (docs/attribution.md)
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
    ("Coremail", "(coremail)"),
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
_MAX_RECEIVED = 30


def technical_origin(mail: Mail) -> Claim:
    """Name the provider that carried the mail; always weak, because a header can be forged and a provider rented."""
    names = {name for name, _ in mail.headers}
    for provider, field in _FIELDS:
        if field in names:
            return Claim(provider, Grade.WEAK, f"The header field {field} is written by {provider}.")
    received = [value.lower() for value in mail.all_headers("received")[:_MAX_RECEIVED]]
    for provider, part in _ROUTES:
        if any(
            part in value[:2000].partition(" by ")[0] or f"({part.strip('()')})" in value[:2000] for value in received
        ):
            return Claim(provider, Grade.WEAK, f"A Received line names {part.strip('().')}, a server of {provider}.")
    return Claim(reason="No header names a provider that is known.")
