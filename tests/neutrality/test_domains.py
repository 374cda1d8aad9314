"""Where a sender is, and where an offer leads, changes no verdict.

The sender's domain is exchanged for one of the same kind in another country, the provider that carries the mail for
another country's, the country of the destination for another. Every second labelled message is tried with one of the
others in turn, or all of them with all under ``OUTREACH_AUDIT_NEUTRALITY=all``.
"""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach_audit.attribution.domains import registrable
from outreach_audit.attribution.records import DomainKind
from outreach_audit.mail import parse
from outreach_audit.signals.facts import Reader, facts
from tests.neutrality.bench import ALL, Spec, assessor, judge, judged_as_written, labelled, render, replaced, rewritten

COUNTRIES = tomllib.loads(Path(__file__).with_name("countries.toml").read_text(encoding="utf-8"))
INSTITUTIONS = (
    "hanbitsan.ac.kr", "linhai.edu.cn", "kitayama.ac.jp", "wattle.edu.au", "uni-eichfeld.de", "marlow.ac.uk",
    "formosa.edu.tw", "univ-lorval.fr", "alderon.edu", "lorval.ac.ae",
)  # fmt: skip
FREEMAIL = (
    "qq.com",
    "naver.com",
    "gmail.com",
    "web.de",
    "mail.ru",
    "yahoo.co.jp",
    "libero.it",
    "orange.fr",
    "163.com",
    "proton.me",
)
SUFFIXES = ("cn", "co.kr", "de", "sg", "ae", "co.jp", "fr", "ru", "es", "co.uk", "com.tw")
# What the programs and servers of mail providers write into headers; none of them tells that a mail went to many.
PROVIDERS = {
    "cn": {"X-CM-TRANSID": "AQAAfwD3", "X-Coremail-Antispam": "1UD129KBjvJX", "X-Mailer": "Coremail Server XT6"},
    "cn-free": {"X-QQ-mid": "webmail123t", "X-Mailer": "QQMail 2.x"},
    "cn-desktop": {"X-Mailer": "Foxmail 7.2.25.375[cn]", "X-NTES-SC": "AL_Qu2a"},
    "kr": {"X-Mailer": "Naver Mail 1.0", "X-Originating-IP": "211.249.40.1"},
    "jp": {"X-Mailer": "Becky! ver. 2.81.08 [ja]"},
    "de": {"X-Provags-ID": "V03:K1:abc", "X-UI-Message-Type": "mail"},
    "ru": {"X-Yandex-Fwd": "1", "X-Mailer": "Yamail [ http://yandex.ru ] 5.0"},
    "us": {"X-MS-Exchange-Organization-SCL": "1", "X-MS-Exchange-CrossTenant-id": "0b1d"},
}  # fmt: skip
PROVIDER_HEADERS = re.compile(
    r"(?i)^(?:x-(?:mailer|coremail|cm|qq|ntes|netease|ms|gm|google|yandex|naver|provags|ui|originating)|thread)"
)


# Money is no destination: a Singapore dollar stays one.
MONEY = " ?(?:[Dd]ollar|달러|元|ドル|доллар|[Dd]ólar|[Ww]on|[Yy]en|円|원)"


def exchanged_domains(spec: Spec) -> dict[str, Callable[[int], str]]:
    """For each domain of the sender what stands for it in another country, by number."""
    knowledge = assessor().pack.knowledge
    readers = {registrable(address.rpartition("@")[2]) for _, address in spec.get("to") or []}
    sender = spec.get("forwarded") or spec
    answer = sender.get("reply_to") or ""
    addresses = (sender["from_addr"], answer if isinstance(answer, str) else answer[1])
    found: dict[str, Callable[[int], str]] = {}
    for domain in (registrable(address.rpartition("@")[2].strip("> ").lower()) for address in addresses):
        kind = knowledge.domain_kind(domain) if domain else None
        if not domain or domain in readers:
            continue
        if kind is DomainKind.FREEMAIL:
            found[domain] = lambda number: FREEMAIL[number % len(FREEMAIL)]
        elif kind is DomainKind.INSTITUTION:
            found[domain] = lambda number: INSTITUTIONS[number % len(INSTITUTIONS)]
        elif kind in {DomainKind.OTHER, DomainKind.COINED}:
            name = domain.partition(".")[0]
            found[domain] = lambda number, name=name: f"{name}.{SUFFIXES[number % len(SUFFIXES)]}"
    return found


def moved(spec: Spec, number: int) -> Spec | None:
    """The message from domains of other countries; None where its sender has none that can be exchanged."""
    domains = exchanged_domains(spec)
    # Two domains must not become one, and one that told kinds apart must stay apart.
    names = {old: new(number + 3 * index) for index, (old, new) in enumerate(domains.items())}
    return replaced(spec, names) if names else None


def carried(spec: Spec, number: int) -> Spec:
    """The message as another country's provider carries it."""
    kept = {name: value for name, value in (spec.get("headers") or {}).items() if not PROVIDER_HEADERS.match(name)}
    return {**spec, "headers": kept | list(PROVIDERS.values())[number % len(PROVIDERS)]}


def relocated(spec: Spec, number: int) -> Spec | None:
    """The message with another country as destination; None where the texts do not name it."""
    code, language = spec["label"].get("dest_country"), (spec["label"].get("language") or "").partition("-")[0]
    if code not in COUNTRIES or language not in COUNTRIES[code]:
        return None
    others = [country for country in COUNTRIES if country != code]
    old, new = COUNTRIES[code], COUNTRIES[others[number % len(others)]]
    names = {form: new[key][i] for key in ("en", language) for i, form in reversed(list(enumerate(old[key])))}
    forms = "|".join(re.escape(form) for form in sorted(names, key=len, reverse=True))
    finder = re.compile(rf"(?<![A-Za-zА-Яа-я])(?:{forms})(?!{MONEY})")
    other = rewritten(spec, lambda text: finder.sub(lambda match: names[match.group()], text))
    return other if other != spec else None


def changed_labels(change: Callable[[Spec, int], Spec | None], choices: int) -> tuple[dict[str, str], int]:
    """Which labels a change alters, and how many were tried."""
    changed, tried = {}, 0
    for position, spec in enumerate(labelled()):
        for number in range(choices) if ALL else [position]:
            other = change(spec, number)
            if other is None:
                continue
            tried += 1
            before, after = judged_as_written()[spec["id"]], judge(other)
            if [verdict.label for verdict in before] != [verdict.label for verdict in after]:
                changed[f"{spec['id']}/{number % choices}"] = (
                    f"{before[0].label} {before[0].score} -> {after[0].label} {after[0].score}"
                )
    return changed, tried


def test_no_country_of_the_sender_changes_a_verdict():
    changed, tried = changed_labels(moved, len(SUFFIXES))
    assert tried > 120
    assert not changed


BULK = "facts.py counts the mark of any mail service as bulk, also of those by which people write to one another"


@pytest.mark.xfail(reason=BULK + ": 4 of 3056 labels change, all of one message", strict=False)
def test_no_provider_changes_a_verdict():
    changed, tried = changed_labels(carried, len(PROVIDERS))
    assert tried > 150
    assert not changed


@pytest.mark.parametrize(
    "provider",
    [
        pytest.param(name, marks=pytest.mark.xfail(reason=BULK, strict=False))
        if name in {"cn", "cn-free", "cn-desktop", "us"}
        else name
        for name in PROVIDERS
    ],
)
def test_no_provider_of_personal_mail_is_a_bulk_sender(provider):
    mail = parse(
        render({"subject": "Hello", "from_addr": "a@b.example", "text": "Hello", "headers": PROVIDERS[provider]})
    )
    assert "fact.bulk" not in facts(mail, Reader(), assessor().pack.knowledge)


def test_no_country_of_destination_changes_a_verdict():
    changed, tried = changed_labels(relocated, len(COUNTRIES) - 1)
    assert tried > 20
    assert not changed
