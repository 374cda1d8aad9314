import json
import random
import re
from html import unescape
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.attribution.domains import registrable
from outreach_audit.campaigns import Member, cluster

TEMPLATE = (
    "Dear Professor {name},\n\nyour work on {field} has come to our attention. We are at present collecting"
    " applications for the {year} round of the Visiting Experts Fund, open to scientists of every nationality who work"
    " abroad. A selected scholar is placed with a host university, a national laboratory or an enterprise research"
    " centre, and receives a yearly income of {pay}, a settlement allowance and an apartment. If this is of interest,"
    " kindly reply with your CV.\n\n{name2}\nSenior Consultant"
)
FIELDS = [
    "membrane fouling",
    "the theory of inverse problems in seismology",
    "colloidal synthesis",
    "gene editing in rice",
]


def variant(number: int) -> str:
    return TEMPLATE.format(
        name=f"Name{number}",
        field=FIELDS[number % 4],
        year=2026 + number % 2,
        pay=f"EUR {number},000",
        name2=f"N{number} M.",
    )


def test_variants_of_one_template_are_one_campaign_and_say_why():
    found = cluster(Member(f"m{n}", variant(n)) for n in range(40))
    assert len(found.members()) == 1
    reasons = [joined.reason for joined in found.joined.values()]
    assert reasons.count("first") == 1
    assert reasons.count("equal") == 36
    assert reasons.count("text") == 3
    for joined in found.joined.values():
        assert joined.near in found.joined
        assert (joined.distance == 0) == (joined.reason in ("first", "equal"))


def test_korean_text_is_compared_by_characters():
    text = "현재 {} 기업에서 비상근 기술고문으로 모실 분을 찾고 있어 연락드립니다. 지금 직장은 유지하시면 됩니다."
    found = cluster([Member("a", text.format("첨단 패키징")), Member("b", text.format("수소 설비"))])
    assert found.joined["a"].campaign == found.joined["b"].campaign


REMINDER = (
    "A short reminder of the Visiting Experts Fund: kindly reply with your CV, since places are limited and few remain."
)


def test_a_landing_host_joins_whatever_the_wording():
    letter = Member("letter", variant(1), ("experts-fund.example",))
    reminder = Member("reminder", REMINDER, ("experts-fund.example",))
    translated = Member(
        "translated", "해외 우수 연구자 기금에 박사님을 초청합니다. 이력서를 보내 주십시오.", ("experts-fund.example",)
    )
    stranger = Member(
        "stranger", "The canteen is closed on Friday because the kitchen is being painted, says the house."
    )
    found = cluster([letter, reminder, translated, stranger])
    assert len({found.joined[key].campaign for key in ("letter", "reminder", "translated")}) == 1
    assert found.joined["stranger"].campaign != found.joined["letter"].campaign
    told = next(joined for joined in found.joined.values() if joined.reason == "host")
    assert told.host == "experts-fund.example"


def test_a_common_host_shows_nothing():
    members = [Member("letter", variant(1), ("mail.example",)), Member("reminder", REMINDER, ("mail.example",))]
    found = cluster(members, is_common="mail.example".__eq__)
    assert found.joined["letter"].campaign != found.joined["reminder"].campaign


def test_texts_that_say_too_little_stay_apart():
    found = cluster([Member("a", "see attachment"), Member("b", "see attachment"), Member("c", ""), Member("d", "")])
    assert len(found.members()) == 4


def test_a_name_changes_no_campaign():
    plain = cluster([Member("a", variant(1)), Member("b", variant(2))])
    renamed = cluster([Member("a", variant(1).replace("Name1", "Wolfeschlegelstein")), Member("b", variant(2))])
    assert plain.joined["a"].campaign == renamed.joined["a"].campaign


@given(st.permutations(range(24)))
@settings(deadline=None, max_examples=50)
def test_order_makes_no_difference(order):
    def member(number: int) -> Member:
        if number < 16:
            return Member(f"m{number}", variant(number), ("experts-fund.example",) if number % 3 else ())
        return Member(f"m{number}", REMINDER + str(number) * (number - 15), ("experts-fund.example",))

    assert cluster(map(member, order)) == cluster(map(member, range(24)))


def test_many_members():
    draw = random.Random(7)
    words = ["".join(draw.choices("abcdefghij", k=6)) for _ in range(3000)]
    bases = [draw.choices(words, k=120) for _ in range(20)]
    truth = {}
    members = []
    for number in range(2000):
        base = bases[number % 20] if number % 2 else draw.choices(words, k=120)
        changed = [draw.choice(words) if draw.random() < 0.03 else word for word in base]
        members.append(Member(str(number), " ".join(changed)))
        truth[str(number)] = number % 20 if number % 2 else number + 1000
    found = cluster(members)
    by_truth: dict[int, set[str]] = {}
    for key, group in truth.items():
        by_truth.setdefault(group, set()).add(found.joined[key].campaign)
    assert all(len(campaigns) == 1 for campaigns in by_truth.values())
    assert len(found.members()) == len(by_truth)


def own_text(message: dict) -> str:
    if message["text"]:
        return message["text"]
    page = re.sub(r"<style.*?</style>|<!--.*?-->", "", message["html"] or "", flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<(p|div|li|tr|br|h\d)(?=[ />])", r"\n<\1", page)))


def test_labelled_campaigns(shared):
    lines = (shared / "labelled" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    found = [message for message in found if message["label"]["verdict"] in ("approach", "unclear")]
    members = []
    for message in found:
        links = re.findall(r"https?://([^/\s\"'<>?#]+)", f"{message['text']} {message['html']}")
        members.append(Member(message["id"], own_text(message), tuple({registrable(host) for host in links})))
    joined = cluster(members, is_common={"w3.org", "linkedin.com", "licdn.com"}.__contains__).joined
    right = wrong = missed = 0
    for one, other in combinations(found, 2):
        same = one["label"]["campaign"] is not None and one["label"]["campaign"] == other["label"]["campaign"]
        told = joined[one["id"]].campaign == joined[other["id"]].campaign
        right, wrong, missed = right + (same and told), wrong + (told and not same), missed + (same and not told)
    assert right / (right + wrong) >= 0.98
    assert right / (right + missed) >= 0.95
