from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.signals.sentences import sentences


def test_sentences_end_where_their_marks_do():
    assert sentences("We met Dr. Kim. He left! Why? 우리는 갑니다. 诚邀您加盟。谢谢!") == [
        "We met Dr. Kim.",
        "He left!",
        "Why?",
        "우리는 갑니다.",
        "诚邀您加盟。",
        "谢谢!",
    ]


def test_days_and_abbreviated_amounts_end_nothing():
    assert sentences(
        "Bis 30. April bieten wir 1,2 Mio. Euro. Kommen Sie am 12. Dezember? In Raum 12. Danach Essen."
    ) == [
        "Bis 30. April bieten wir 1,2 Mio. Euro.",
        "Kommen Sie am 12. Dezember?",
        "In Raum 12.",
        "Danach Essen.",
    ]
    assert sentences("Мы предлагаем 3 млн. руб. в год.") == ["Мы предлагаем 3 млн. руб. в год."]


def test_wrapped_lines_are_joined_and_items_are_not():
    text = "This line was wrapped by the mail program of the\nsender in its middle.\n- first item of a list that is long enough to wrap\n- second\n"
    assert sentences(text) == [
        "This line was wrapped by the mail program of the sender in its middle.",
        "- first item of a list that is long enough to wrap",
        "- second",
    ]


def test_chinese_lines_join_without_a_blank():
    assert sentences("我们诚挚邀请您加入我们的团队,共同推进新型材料的研究与产业化,期待\n您的回复。") == [
        "我们诚挚邀请您加入我们的团队,共同推进新型材料的研究与产业化,期待您的回复。"
    ]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_nothing_but_blanks_is_lost(text):
    found = "".join(sentences(text))
    assert "".join(found.split()) == "".join(text.split())
    assert all(len(s) <= 600 for s in sentences(text))
