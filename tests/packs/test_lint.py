"""The lints of ``packs check``: each finds its case, with file and line, and says nothing of a sound pack."""

import pytest

from outreach_audit.errors import InvalidPackError
from outreach_audit.packs.check import check_packs
from outreach_audit.packs.lint import faults_of, remarks_on
from outreach_audit.packs.load import load_packs
from outreach_audit.packs.new import new_pack
from outreach_audit.packs.pattern import plain_forms


@pytest.fixture(autouse=True)
def small_core(tmp_path, monkeypatch):
    """A core pack of a few lines: loading the real one would take most of the time of these tests."""
    core = tmp_path / "core"
    (core / "lexicon").mkdir(parents=True)
    (core / "pack.toml").write_text(
        'id = "core"\nversion = "1"\ntitle = "x"\n[thresholds]\napproach = 2.5\nunclear = 1.2\n'
    )
    (core / "concepts.csv").write_text("id,title\ninvite,x\napply_call,x\n")
    (core / "lexicon" / "en.csv").write_text("concept,pattern\ninvite,invit*\napply_call,apply for\n")
    (core / "lexicon" / "ko.csv").write_text("concept,pattern\ninvite,초청\n", encoding="utf-8")
    columns = "code,en,native,ko,ja,zh,ru,other,adjectives,phones,tlds\n"
    (core / "countries.csv").write_text(columns + "".join(f"{c},{c}land,,,,,,,,,\n" for c in ("KR", "CN", "DE")))
    organisations = "id,name_native,name_en,aliases,country,kind,domains\nkr-kaist,,KAIST,,KR,university,kaist.ac.kr\n"
    (core / "organisations.csv").write_text(organisations)
    monkeypatch.setattr("outreach_audit.packs.load.CORE", core)


@pytest.fixture
def mine(tmp_path):
    new_pack(tmp_path / "mine")
    return tmp_path / "mine"


def add(path, text):
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def faults(folder):
    try:
        found = faults_of(load_packs([folder]), [folder])
    except InvalidPackError as error:
        found = str(error).splitlines()
    return [line.replace(f"{folder}/", "") for line in found]


def remarks(folder):
    assert not faults(folder)
    return [line.replace(f"{folder}/", "") for line in remarks_on(load_packs([folder]), [folder])]


def test_the_check_tells_failing_examples_and_lints_together(mine):
    add(mine / "organisations.csv", "uk-x,,X Institute,,UK,institute,x.example\n")
    path = mine / "signals.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "The space summer school was fun", "We invite you to the space summer school"
        )
    )
    with pytest.raises(InvalidPackError) as error:
        check_packs([mine])
    assert [line.split(":")[2].strip() for line in str(error.value).splitlines()] == [
        "signal my.space_school",
        "the country 'UK' stands in no countries.csv",
    ]


def test_a_country_code_that_no_table_has(mine):
    add(
        mine / "organisations.csv",
        "uk-x,,X Institute,,UK,institute,x.example\nuk-y,,Y Institute,,UK,institute,y.example\n",
    )
    (line,) = faults(mine)
    assert line == "organisations.csv:3: the country 'UK' stands in no countries.csv"


@pytest.mark.parametrize(
    ("file", "row", "told"),
    [
        ("en", "space_school,re:[0-9]+ Euro", "'E' is folded to 'e'"),
        ("en", "space_school,re:[0-9]+ größere", "'ö' is folded to 'o'"),
        ("ko", "space_school,re:[0-9]+ 萬", "'萬' is folded to '万'"),
        ("en", "space_school,fill in .. form", None),
        ("en", "space_school,우주 여름 .. 학교", "hits nothing"),
    ],
)
def test_a_phrase_that_hits_nothing(mine, file, row, told):
    add(mine / "lexicon" / f"{file}.csv", row + "\n")
    if told is None:
        assert faults(mine) == []
        return
    (line,) = faults(mine)
    assert line.startswith(f"lexicon/{file}.csv:3: ")
    assert told in line


def test_expressions_with_classes_and_escapes_are_no_text(mine):
    add(mine / "lexicon" / "en.csv", r'space_school,"re:\b[A-Z]{2,3}\S+ \x{ff10}\pL(?P<Sum>[0-9]+) euro"' + "\n")
    assert faults(mine) == []


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("space (the |this) .. school", "does not hit 'space the"),
        ("beside (the|this) ?school", "'?' means something only behind a bracket"),
        ("do you come?", None),
        ("(do )?you come", None),
    ],
)
def test_an_alternative_that_never_hits(mine, pattern, told):
    add(mine / "lexicon" / "en.csv", f"space_school,{pattern}\n")
    found = remarks(mine)
    assert len(found) == (told is not None)
    assert all(line.startswith("lexicon/en.csv:3: ") and told in line for line in found)


def test_a_lexicon_of_no_language(mine):
    (mine / "lexicon" / "english.csv").write_text("concept,pattern\nspace_school,lunar academy\n")
    assert [line.split(" a lexicon")[0] for line in faults(mine)] == ["lexicon/english.csv:1:"]


def test_a_phrase_said_twice(mine):
    add(mine / "lexicon" / "en.csv", "space_school,(Orbital|SPACE) summer (school|academy)\n")
    assert remarks(mine) == ["lexicon/en.csv:3: '(Orbital|SPACE) summer (school|academy)' says the same as en.csv:2"]


def test_a_signal_without_an_example(mine):
    add(mine / "signals.toml", '\n[[signal]]\nid = "my.more"\ntitle = "x"\nweight = 1\nnear = ["space_school"]\n')
    (line,) = remarks(mine)
    assert "signal my.more: no example" in line
    add(mine / "signals.toml", 'status = "draft"\n')
    assert remarks(mine) == []


def test_concepts_that_do_nothing(mine):
    add(mine / "concepts.csv", "moon_school,on the moon\n")
    assert remarks(mine) == [
        "concepts.csv:3: no phrase shows the concept moon_school",
        "concepts.csv:3: no signal and no kind uses the concept moon_school",
    ]


def test_faults_of_pack_toml_all_at_once(mine):
    add(
        mine / "pack.toml",
        'moon_school = 1\nspace_school2 = "x"\ninvite = "much"\n'
        "[kinds.nonsense]\nx = 1\n[thresholds]\napproach = 1.0\nunclear = 1.5\n",
    )
    lines = faults(mine)
    text = (mine / "pack.toml").read_text(encoding="utf-8").splitlines()
    for line, begin in zip(
        lines, ("moon_school", "space_school2", "invite", "[kinds.nonsense]", "[thresholds]"), strict=True
    ):
        assert text[int(line.split(":")[1]) - 1].startswith(begin), line


@pytest.mark.parametrize(
    "content", ["[thresholds]\napproach = 1\n", "[thresholds]\napproach = true\nunclear = 0\n", "fallback = 1\n"]
)
def test_values_of_the_wrong_type(mine, content):
    path = mine / "pack.toml"
    head, _, _ = path.read_text(encoding="utf-8").partition("[kinds")
    path.write_text(head + content, encoding="utf-8")
    (line,) = faults(mine)
    assert line.startswith("pack.toml:")


def test_what_is_no_list_of_signals_is_told(mine):
    (mine / "signals.toml").write_text('signal = "x"\n')
    (line,) = faults(mine)
    assert line == "signals.toml:1: signals are written as [[signal]]"


@pytest.mark.parametrize("name", ["concepts.csv", "signals.toml", "organisations.csv"])
def test_a_file_that_is_no_utf8_is_told(mine, name):
    path = mine / name
    path.write_bytes(path.read_bytes() + b"\n\xff\xfe,x\n")
    assert any(line.startswith(f"{name}:") for line in faults(mine))


def test_a_fallback_pack_gives_way(mine, tmp_path):
    other = tmp_path / "other"
    new_pack(other)
    path = other / "pack.toml"
    path.write_text(
        path.read_text(encoding="utf-8")
        .replace("[kinds", "fallback = true\n\n[kinds", 1)
        .replace("my-institute", "other")
    )
    rows = (
        "a,,Kaist Too,,KR,institute,kaist.ac.kr\nb,,Below,,KR,institute,lab.kaist.ac.kr\n"
        "c,,Abroad,,DE,institute,de.kaist.ac.kr\nd,,New One,,KR,institute,newone.re.kr\n"
    )
    (other / "organisations.csv").write_text("id,name_native,name_en,aliases,country,kind,domains\n" + rows)
    for folders in ([other, mine], [mine, other]):
        knowledge = load_packs(folders).knowledge
        assert [knowledge.organisation_of_id(key) is not None for key in "abcd"] == [False, False, True, True]


def test_plain_forms_are_what_a_pattern_says():
    assert plain_forms("invit* (you|him) .. (to )?talk") == [
        "invit you   to talk",
        "invit you   talk",
        "invit him   to talk",
        "invit him   talk",
    ]


def test_faults_of_loading_linting_and_examples_are_told_at_once(mine):
    add(
        mine / "signals.toml",
        '\n[[signal]]\nid = "my.wrong"\ntitle = "x"\nweight = "2"\nnear = ["invit"]\n'
        '\n[[signal]]\nid = "my.silent"\ntitle = "x"\nweight = 1.0\nnear = "invite"\n'
        '\n[[signal]]\nid = "my.example"\ntitle = "x"\nweight = 1.0\nnear = ["invite"]\nmust_hit = ["nothing of the kind"]\n',
    )
    add(mine / "domains.csv", "agency.example,recruiter,CN,,,x\n")
    add(mine / "organisations.csv", "alp,Alpen,Alpine,,UK,institute,alpen.example\n")
    (mine / "suppressions.toml").write_text('[[suppression]]\nfinding = "a"\n')
    with pytest.raises(InvalidPackError) as error:
        check_packs([mine])
    lines = [line.removeprefix(f"{mine}/") for line in str(error.value).splitlines()]
    for start in (
        "signals.toml:19: signal my.wrong: weight must be a number",
        "signals.toml:19: signal my.wrong: unknown concept 'invit'; is 'invite' meant?",
        "signals.toml:25: signal my.silent: near must be a list of texts",
        "signals.toml:31: signal my.example: must hit and does not",
        "domains.csv:3: unknown kind 'recruiter'",
        "organisations.csv:3: the country 'UK'",
        "suppressions.toml:1: suppression: expires is missing",
    ):
        assert any(line.startswith(start) for line in lines), (start, lines)


def test_a_concept_whose_row_has_a_fault_is_told_once(mine):
    (mine / "concepts.csv").write_text("id,title\nspace_school,a school, for some\n")
    with pytest.raises(InvalidPackError) as error:
        check_packs([mine])
    assert str(error.value).splitlines() == [
        f"{mine}/concepts.csv:2: 3 columns where 2 are expected (quote a field that holds a comma)"
    ]


def test_watchlists_are_checked_beside_packs(mine, tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("id,type,value,since,until,reference\nw,domain,agency.example,,,r\n")
    bad.write_text("id,type,value,since,until,reference\nw,domain,com,,,r\n")
    checked = check_packs([mine, good])
    assert (checked.indicators, checked.remarks) == (1, ())
    with pytest.raises(InvalidPackError, match=r"bad\.csv:2: "):
        check_packs([mine, bad])
