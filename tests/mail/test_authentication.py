"""Authentication results, and the marks of sending services."""

from outreach_audit.mail import parse
from outreach_audit.mail.authentication import Result, authentication_results, fingerprints, trusted

GOOGLE = (
    "mx.google.com; dkim=pass header.i=@example.org header.s=s header.b=abc; spf=pass (google.com: domain of"
    " a@mail.example.org designates 1.2.3.4 as permitted sender) smtp.mailfrom=a@mail.example.org;"
    " dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=example.org"
)


def test_results_are_read() -> None:
    assert authentication_results([GOOGLE]) == (
        Result("mx.google.com", "dkim", "pass", "example.org"),
        Result("mx.google.com", "spf", "pass", "mail.example.org"),
        Result("mx.google.com", "dmarc", "pass", "example.org"),
    )


def test_results_without_a_server_are_read() -> None:
    value = (
        "spf=fail (sender IP is 1.2.3.4) smtp.mailfrom=example.org; dkim=none (not signed) header.d=none;compauth=fail"
    )
    assert authentication_results([value]) == (
        Result("", "spf", "fail", "example.org"),
        Result("", "dkim", "none", ""),
        Result("", "compauth", "fail", ""),
    )


def test_other_fields_give_nothing() -> None:
    assert authentication_results(["", ";", "mx.example; none", "mx.example 1; x=y", "\u2028 = ="]) == ()


def test_only_the_topmost_field_of_the_own_server_is_trusted() -> None:
    mail = parse(
        b"Authentication-Results: other.example; spf=pass smtp.mailfrom=other.example\n"
        b"Authentication-Results: mx.institute.example 1; spf=fail smtp.mailfrom=example.org\n"
        b"Authentication-Results: mx.institute.example; spf=pass smtp.mailfrom=example.org\n\nbody"
    )
    assert [result.result for result in trusted(mail, "MX.institute.example")] == ["fail"]
    assert trusted(mail, "") == ()
    assert trusted(mail, "mx.other.example") == ()


def test_fingerprints_of_sending_services() -> None:
    assert fingerprints(parse(b"X-SG-EID: abc\nPrecedence: bulk\n\nbody")) == ("SendGrid", "bulk precedence")
    assert fingerprints(parse(b"X-Mailer: QQMail 2.x\n\nbody")) == ("QQ Mail",)
    assert fingerprints(parse(b"X-CM-TRANSID: 1\nX-AliDM-RcptTag: 2\n\nbody")) == ("Alibaba DirectMail", "Coremail")
    assert fingerprints(parse(b"List-Unsubscribe: <https://x.us1.list-manage.com/u>\n\nbody")) == ("Mailchimp",)
    assert fingerprints(parse(b"Subject: X-SG-EID\n\nbody")) == ()
