import pytest

from outreach_audit.mail import parse
from outreach_audit.mail.model import Mail, Scope
from tests.mail.client_forms import AROUND, FORWARDS, OFFER, OFFICE, READER, REPLIES, SUBJECT, WRITER

_OWN = {Scope.BODY, Scope.SIGNATURE, Scope.DISCLAIMER, Scope.BANNER}
_NEUTRAL = {"ko": "신고합니다", "zh": "可疑邮件", "ja": "不審なメール", "en": "Suspicious mail"}
_NEUTRAL |= {"de": "Verdächtige Mail", "fr": "Mail suspect", "ru": "Подозрительное письмо"}


def written(language: str, lines: str, subject: str, to: str = OFFICE, *, quoted: bool = False) -> Mail:
    """A mail in the language, with all that may stand around the writer's words, above those lines and the offer."""
    around = AROUND[language]
    fields = lines.format(name="Li Wei", address=WRITER, to=READER, subject=SUBJECT)
    offer = "\n".join(f"> {line}" if quoted else line for line in OFFER)
    own = [around.banner, "", around.own, "", around.closing, around.signature, "", around.disclaimer, "", ""]
    text = "\n".join([*own, fields, "" if not quoted else ">", offer, ""])
    head = f"From: Kim <{READER}>\nTo: {to}\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n"
    return parse((head + text).encode())


def check_own_words(mail: Mail, language: str) -> None:
    around = AROUND[language]
    found = {scope: " ".join(mail.text_of(scope).split()) for scope in _OWN}
    assert found[Scope.BANNER] == " ".join(around.banner.split())
    assert found[Scope.DISCLAIMER] == " ".join(around.disclaimer.split())
    assert found[Scope.SIGNATURE] == " ".join(around.signature.split())
    assert found[Scope.BODY] == f"{around.own} {around.closing}"


def test_there_are_forms_of_every_language_and_program() -> None:
    assert len(FORWARDS) >= 40
    assert {language for _, language in FORWARDS} == {language for _, language in REPLIES} == set(AROUND)


@pytest.mark.parametrize("way", ["prefix", "neutral"])
@pytest.mark.parametrize("form", FORWARDS, ids=" ".join)
def test_a_forward_is_unwrapped(form: tuple[str, str], way: str) -> None:
    language = form[1]
    subject = AROUND[language].forward + SUBJECT if way == "prefix" else _NEUTRAL[language]
    mail = written(language, FORWARDS[form], subject)
    check_own_words(mail, language)
    assert not mail.text_of(Scope.QUOTED)
    (inner,) = mail.inner
    assert inner.sender.address == WRITER
    assert inner.sender.name == "Li Wei"
    assert inner.subject in {SUBJECT, ""}
    assert bool(inner.subject) is ("{subject}" in FORWARDS[form])
    assert inner.dates.header is not None
    assert inner.dates.header.strftime("%Y-%m-%d %H:%M") == "2026-03-02 09:14"
    assert inner.text_of(Scope.BODY).split() == " ".join(OFFER).split()


@pytest.mark.parametrize("form", [*REPLIES, *(form for form in FORWARDS if "outlook" in form[0])], ids=" ".join)
def test_an_answer_hands_nothing_on(form: tuple[str, str]) -> None:
    language = form[1]
    quoted = form in REPLIES
    lines = REPLIES.get(form) or FORWARDS[form]
    for subject in (AROUND[language].reply + SUBJECT, f"Re: {SUBJECT}"):
        mail = written(language, lines, subject, WRITER, quoted=quoted)
        check_own_words(mail, language)
        assert not mail.inner
        assert not mail.text_of(Scope.FORWARDED)
        assert OFFER[1] in mail.text_of(Scope.QUOTED)


@pytest.mark.parametrize("form", [form for form in FORWARDS if "outlook" in form[0]], ids=" ".join)
def test_an_answer_under_a_new_subject_goes_to_the_one_who_is_quoted(form: tuple[str, str]) -> None:
    mail = written(form[1], FORWARDS[form], "The budget", f"Li Wei <{WRITER.title()}>")
    assert not mail.inner
    assert OFFER[1] in mail.text_of(Scope.QUOTED)
