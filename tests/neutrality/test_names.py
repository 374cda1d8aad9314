"""Whatever the people are called, the verdict is the same: names of twelve cultures in place of those in labelled mail.

A name is a whole word of a display name that is neither a title nor the name of an office. It is replaced wherever it
stands: in the display names, in the texts, and, in Latin letters, in the addresses of persons. With
``OUTREACH_AUDIT_NEUTRALITY=all`` every message is tried with every culture, otherwise every second one with one.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.neutrality.bench import (
    ALL,
    Judged,
    Spec,
    approaches,
    judge,
    judged_as_written,
    labelled,
    replaced,
    rewritten,
)

CULTURES = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
TITLES = re.compile(
    r"(?i)\b(?:a/prof|univ\.?-prof|prof|professor[ae]?|dr|dra|docteure?|pr|priv|pd|mr|mrs|ms|mme|madame|monsieur|m|herrn?|frau|lic|sra?|d|don"
    r"|em|ing|ir|г-н[уа]?)\b\.?|(?:교수님께|교수님|교수|책임연구원님|박사님|박사|선생님|님께|대표|이사)"
    r"|(?:教授|博士|老师|老師|研究员|研究員|小姐|先生|名誉教授|様|さん|くん|經理|協理)"
)
# Words that only offices, firms and groups have in their display names.
OFFICE = re.compile(
    r"(?i)office|dep(?:t|artment)|committee|secret|universit|institut|\blabs?\b|talent|recruit|expert|panel|forum|society|associa|journal|editor"
    r"|week|digest|bulletin|portal|desk|team|fund|index|immigration|llp|secur|serv|research|alumni|college|dean|president|faculty|resource"
    r"|affairs|section|presidium|linkedin|researchgate|euraxess|career|job|accelerator|school|chancellery|liaison|station|hub|xing|brightpath"
    r"|b[üu]ro|kanzlei|verein|sekretariat|rektorat|kommission|bundesamt|stelle|stellen|woche|finanzamt|abteilung|verlag|nachricht|stabs|beauftragt"
    r"|referat|personal|leitung|professorinnen|heads|members|staff|bureau|fonctionnaire|direction|program|cellule|incubateur|comit|lettre"
    r"|decanatura|ingenier|directeur|directrice|fondation|cabinet|délégation|liste|adh[ée]rents|tous|oficina|gerencia|academia|agencia|revista|fundaci|vicerrect|parque|comisi|bolet"
    r"|visa|anotac|annotac|pdi|fsd|nas$|ncp|\bgist\b|energie|solutions|partner|academy|secretariat|materials|-all|-users|jobs|rusphys"
    r"|人事部|部$|課$|担当|職員"
    r"|центр|отдел|оргкомитет|совет|рассылка|служба|приёмная|дирекция|поиск|издат|редакция|проект|сотрудник|декан"
    r"|팀|센터|재단|대학|학회|협회|위원|사업|지원|정보|보안|소식|장비|인재|구독|회원|직원|기관|연구|부서|국제|벤처|알림|공대|산학|교원|갤러리|한국|학술|인사"
    r"|중국|카이스트|글로벌|리멤버|하이브|인사이트|[中办辦校协協盟委处處室科部局网網報报讯訊社会會課各全所院者党团刊]|センター|チーム|フォーラム|事務|編集|担当|服务|服務"
    r"|同仁|教師|会员|會員|窓口|責任|通知|ダイジェスト|ブリッジ|スカウト|世話人|[&{}\d]"
)
SEPARATORS = re.compile(r"[,|()/«»《》]| - | – |\bvia\b|을 통한")
# A family name of one character is a name only before a title.
TITLED = r"(?=\s?(?:교수|박사|선생|대표|이사|教授|博士|老师|老師|研究|小姐|先生|様|さん))"
CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def shown_names(spec: Spec) -> Iterator[str]:
    """All display names of a message and of the one it forwards."""
    yield spec.get("from_name") or ""
    yield from (name or "" for name, _ in [*(spec.get("to") or []), *(spec.get("cc") or [])])
    if spec.get("forwarded"):
        yield from shown_names(spec["forwarded"])


def words_of(name: str) -> list[str]:
    """The words of a display name that are names of a person."""
    found = []
    for segment in SEPARATORS.split(name):
        bare = TITLES.sub(" ", segment)
        if bare.strip() and not OFFICE.search(bare):
            found += [
                word for word in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", bare) if len(word) > 1 or CJK.match(word)
            ]
    return found


def patterns_of(word: str) -> list[str]:
    """How a name is found in a text: as a whole word, in CJK also without the family name."""
    if not CJK.match(word):
        return [rf"(?<!\w){re.escape(word)}(?!\w)"]
    if len(word) == 1:
        return [_titled(word)]
    short = [_titled(word[0])] if 3 <= len(word) <= 4 else []
    given = [rf"(?<![가-힣]){re.escape(word[1:])}"] if len(word) == 3 and word[0] >= "가" else []
    return [re.escape(word), *given, *short]


def _titled(family: str) -> str:
    """A family name before a title; in Korean with a blank between, for without it a rank may be meant (정교수, 조교수)."""
    return rf"(?<![가-힣]){family}(?=\s){TITLED}" if family >= "가" else family + TITLED


def renamed(spec: Spec, culture: str) -> Spec | None:
    """The message with names of another culture; None where it shows no name of a person."""
    words = list(dict.fromkeys(word for name in shown_names(spec) for word in words_of(name)))
    if not words:
        return None
    new = CULTURES[culture]["words"]
    by_pattern = {pattern: new[index % len(new)] for index, word in enumerate(words) for pattern in patterns_of(word)}
    ordered = sorted(by_pattern, key=len, reverse=True)
    finder = re.compile("|".join(f"({pattern})" for pattern in ordered))

    def change(text: str) -> str:
        return finder.sub(lambda match: by_pattern[ordered[match.lastindex - 1]], text)

    return _with_addresses(_with_names(rewritten(spec, change), change), culture)


def _with_names(spec: Spec, change) -> Spec:
    new = {**spec, "from_name": _display(spec.get("from_name"), change)}
    for field in ("to", "cc"):
        if spec.get(field):
            new[field] = [[_display(name, change), address] for name, address in spec[field]]
    if spec.get("forwarded"):
        new["forwarded"] = _with_names(spec["forwarded"], change)
    return new


def _display(name: str | None, change) -> str:
    return change(name or "")


def _with_addresses(spec: Spec, culture: str) -> Spec:
    """Give persons addresses of their new names, also where the texts and headers show the address."""
    new = iter(CULTURES[culture]["addresses"])
    people = [[spec.get("from_name"), spec["from_addr"]], *(spec.get("to") or [])]
    exchanged = {
        address: f"{local}@{address.rpartition('@')[2]}"
        for (name, address), local in zip(people, new, strict=False)
        if name and words_of(name) and "noreply" not in address
    }
    return replaced(spec, exchanged)


def points(verdicts: tuple[Judged, ...]) -> list[tuple[str, float]]:
    return [(verdict.label.value, verdict.score) for verdict in verdicts]


@pytest.mark.parametrize("culture", CULTURES)
def test_no_name_changes_a_verdict_or_a_score(culture):
    turn = list(CULTURES).index(culture)
    changed = {}
    for number, spec in enumerate(labelled()):
        if not ALL and number % len(CULTURES) != turn:
            continue
        other = renamed(spec, culture)
        if other is None:
            continue
        before, after = points(judged_as_written()[spec["id"]]), points(judge(other))
        if before != after:
            changed[spec["id"]] = (before, after)
    assert not changed


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("배정훈", ["배정훈"]),
        ("LinkedIn을 통한 Regina Poon", ["Regina", "Poon"]),
        ("Prof. Dr. Imke Sundermann", ["Imke", "Sundermann"]),
        ("Faculty Affairs, Khalifa University", []),
        ("国際人材室", []),
        ("Cui Yiran", ["Cui", "Yiran"]),
        ("江子謙", ["江子謙"]),
        ("汤教授", ["汤"]),
        ("宁波市引才中心韩国站", []),
    ],
)
def test_only_names_of_persons_are_replaced(name, words):
    assert words_of(name) == words


@pytest.mark.xfail(
    reason="facts._GROUP takes du, ml, all, staff in an address for a group: 82 of 94 scores, 7 labels", strict=False
)
@pytest.mark.parametrize("local", ["du.wei", "wei-du", "du", "ml.kim", "kim-ml", "linda.staff", "omar.all"])
def test_no_name_in_an_address_is_taken_for_a_group(local):
    persons = [spec for spec in approaches() if len(spec.get("to") or []) == 1 and words_of(spec["to"][0][0])]
    changed = []
    for spec in persons[::10]:
        name, address = spec["to"][0]
        other = {**spec, "to": [[name, f"{local}@{address.rpartition('@')[2]}"]]}
        if points(judge(other)) != points(judged_as_written()[spec["id"]]):
            changed.append(spec["id"])
    assert not changed
