from outreach_audit.mail.remembered import remembered


def test_short_texts_are_worked_out_once_and_long_ones_every_time():
    asked = []

    @remembered(2, 5)
    def shouted(text: str, times: int = 1) -> str:
        asked.append(text)
        return text.upper() * times

    assert [shouted("ab"), shouted("ab"), shouted("ab", 2)] == ["AB", "AB", "ABAB"]
    assert asked == ["ab", "ab"]
    assert [shouted("abcdef"), shouted("abcdef")] == ["ABCDEF", "ABCDEF"]
    assert asked[2:] == ["abcdef", "abcdef"]


def test_no_more_results_are_kept_than_told():
    asked = []

    @remembered(2, 5)
    def same(text: str) -> str:
        asked.append(text)
        return text

    for text in ("a", "b", "c", "a"):
        same(text)
    assert asked == ["a", "b", "c", "a"]
