"""Sending organisation, claimed sponsor, sender type and technical origin."""

from pathlib import Path

import pytest

from outreach_audit.attribution import attribute, load_knowledge
from outreach_audit.attribution.model import Attribution, Grade
from outreach_audit.codes import SenderType
from outreach_audit.mail.model import Address, Mail, Scope, Text

CORE = load_knowledge(Path(__file__).parents[2] / "outreach_audit/packs/core")


def attributed(name: str, address: str, text: str, reply: str = "") -> Attribution:
    mail = Mail(
        sender=Address(name, address),
        reply_to=(Address("", reply),) if reply else (),
        texts=(Text(Scope.BODY, text),),
    )
    return attribute(mail, CORE, reader_domains=frozenset({"kist.re.kr"}), home="KR", offer_text=text)


@pytest.mark.parametrize(
    ("name", "address", "text", "kind"),
    [
        ("Li Wei", "liwei@tju.edu.cn", "Please come to my group.", SenderType.ACADEMIC),
        ("人力资源处", "rsc@tju.edu.cn", "诚聘英才。", SenderType.UNIVERSITY),
        ("", "dean_office@fudan.edu.cn", "A letter of the dean.", SenderType.UNIVERSITY),
        ("Kim", "kim@kist.re.kr", "Internal.", SenderType.HOME_INSTITUTE),
        ("Anna via LinkedIn", "messages-noreply@linkedin.com", "A message.", SenderType.PLATFORM),
        ("Suzhou Talent Office", "sz@163.com", "Come to Suzhou.", SenderType.LOCAL_TALENT_OFFICE),
        ("江苏海外人才服务中心", "js@qq.com", "诚邀您申报。", SenderType.LOCAL_TALENT_OFFICE),
        ("Organizing Committee", "info@pioneer-cup.org", "Join the final.", SenderType.EVENT),
        ("재독한인과학자협회", "office@verein-x.de", "초대합니다.", SenderType.ASSOCIATION),
        ("National Fund", "a@nsfc.gov.cn", "Apply.", SenderType.PROGRAMME_OFFICE),
        ("Mia", "mia@talent-rise.online", "A position for you.", SenderType.AGENCY),
        ("Mia", "mia@gmail.com", "Our client, a university, is hiring.", SenderType.AGENCY),
        ("Mia", "mia@gmail.com", "Hello.", SenderType.UNKNOWN),
        ("Dr. Wang", "wang@qq.com", "I am now a professor; my university invites you.", SenderType.ACADEMIC),
        ("Jan", "jan@nordceram.se", "Our company makes ceramics.", SenderType.COMPANY),
    ],
)
def test_sender_type(name, address, text, kind):
    assert attributed(name, address, text).sender_type is kind


def test_the_owner_of_the_domain_is_the_sending_organisation():
    claim = attributed("Li Wei", "liwei@mail.tju.edu.cn", "Hello").sender_org
    assert (claim.value, claim.grade) == ("Tianjin University", Grade.STRONG)


def test_a_signature_like_the_domain_names_the_organisation():
    text = "We have a post for you.\n\nJane Doe\nConsultant, Bright Star Partners"
    assert attributed("Jane Doe", "jane@bright-star.com", text).sender_org.value == "Bright Star Partners"
    assert attributed("J", "j@mailer-77.com", text, reply="x@brightstar.com").sender_org.value == "Bright Star Partners"


def test_a_mail_providers_address_names_no_organisation_unless_one_signs():
    assert attributed("Jane Doe", "jane@gmail.com", "Hello.\n\nJane Doe").sender_org.value is None
    signed = attributed("Jane Doe", "jane@gmail.com", "Hello.\n\nJane Doe\nFudan University").sender_org
    assert (signed.value, signed.grade) == ("Fudan University", Grade.MEDIUM)


def test_a_look_alike_domain_is_weak():
    claim = attributed("HR", "hr@kaust-jobs.com", "Hello").sender_org
    assert claim.grade is Grade.WEAK
    assert claim.value == "King Abdullah University of Science and Technology"


def test_sponsor_is_what_the_text_says():
    named = attributed("", "a@x.com", "Please apply to the Qiming Program through us.").claimed_sponsor
    assert (named.value, named.grade) == ("Qiming Program", Grade.STRONG)
    coined = attributed("", "a@x.com", "You may apply for the Global Bright Minds Fund.").claimed_sponsor
    assert (coined.value, coined.grade) == ("Global Bright Minds Fund", Grade.MEDIUM)
    assert attributed("", "a@x.com", "Come to us.").claimed_sponsor.value is None


@pytest.mark.parametrize(
    ("headers", "provider"),
    [
        ((("x-qq-mid", "bizesmtp1"),), "Tencent QQ Mail"),
        ((("received", "from a (unknown) by app1 (Coremail) with SMTP id x"),), "Coremail"),
        ((("received", "from a8-1.smtp-out.amazonses.com (a8-1.smtp-out.amazonses.com) by mx"),), "Amazon SES"),
        ((("received", "from mail.kist.re.kr by mx.kist.re.kr"),), None),
        ((), None),
    ],
)
def test_technical_origin_is_weak(headers, provider):
    mail = Mail(sender=Address("", "a@b.com"), headers=headers)
    claim = attribute(mail, CORE, reader_domains=frozenset(), home="KR", offer_text="").technical_origin
    assert claim.value == provider
    assert claim.grade in {Grade.WEAK, Grade.NONE}
