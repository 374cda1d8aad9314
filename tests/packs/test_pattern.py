import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.packs.fold import fold
from outreach_audit.packs.model import Phrase
from outreach_audit.packs.pattern import PatternError, compile_pattern
from outreach_audit.signals.match import Matcher


def hits(pattern: str, text: str, language: str = "en") -> bool:
    return bool(Matcher([Phrase("c", pattern, language, "test")]).find([fold(text)]))


@pytest.mark.parametrize(
    ("pattern", "text", "language"),
    [
        ("advisory role", "An Advisory  Role for you", "en"),
        ("invit*", "You are invited", "en"),
        ("(adviser|consultant)", "our consultant", "en"),
        ("(very )?interested", "interested", "en"),
        ("keep .. post", "keep your present post", "en"),
        ("keep .. post", "keep post", "en"),
        ("send ... cv", "send us by the end of next week your latest cv", "en"),
        ("모시(고자|려고)", "교수님을 모 시 고자 합니다", "ko"),
        ("계획 .. 신청", "계획에 함께 신청", "ko"),
        ("诚邀 .. 加盟", "我校誠邀您加盟", "zh"),
        ("приглаша* Вас", "Мы приглашаем вас", "ru"),
        ("re:[0-9]+ ?km", "about 12 km away", "en"),
        ("qq", "加qq:1", "en"),
    ],
)
def test_a_pattern_hits(pattern, text, language):
    assert hits(pattern, text, language)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("role", "the roles"),
        ("role", "parole"),
        ("keep .. post", "keep all of your really very different things and then go to the post"),
        ("(adviser|consultant)", "consultants"),
        ("in .. us", "in the business"),
    ],
)
def test_a_pattern_misses(pattern, text):
    assert not hits(pattern, text)


@pytest.mark.parametrize("pattern", ["", "..", "(a|b", "a)", "a|b", "(a)?", "(word)?", "re:[", "x", "* .."])
def test_a_bad_pattern_is_refused(pattern):
    with pytest.raises(PatternError):
        compile_pattern(pattern, "en")


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab 가(|)?*.", max_size=20))
def test_reading_a_pattern_is_total(pattern):
    try:
        compiled = compile_pattern(pattern, "en")
    except PatternError:
        return
    assert all(c.anchors or c.expression for c in compiled)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(alphabet="abcde ", min_size=2, max_size=8).filter(lambda t: len(t.strip()) > 1), min_size=1, max_size=6
    )
)
def test_the_automaton_finds_what_a_plain_search_finds(words):
    text = fold(" and ".join(words))
    for word in words:
        folded = fold(word)
        if len(folded) > 1:
            assert hits(word, text) == (f" {folded} " in f" {text} ")
