"""Links and where they lead."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.mail.links import host_of, merged, text_links
from outreach_audit.mail.model import Link


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://Example.ORG/a?b", "example.org"),
        ("https://user:password@example.org:8080/", "example.org"),
        ("https://bank.example@evil.example/", "evil.example"),
        ("https:\\\\example.org\\a", "example.org"),
        ("//example.org/a", "example.org"),
        ("www.example.org/a", "www.example.org"),
        ("http://例子.cn/招聘", "xn--fsqu00a.cn"),
        ("http://xn--fsqu00a.cn./", "xn--fsqu00a.cn"),
        ("http://[2001:db8::1]:80/", "2001:db8::1"),
        ("mailto:a@example.org", ""),
        ("/relative", ""),
        ("http://", ""),
        ("http://a b/", ""),
    ],
)
def test_hosts(url: str, host: str) -> None:
    assert host_of(url) == host


def test_links_in_text() -> None:
    text = "请见 http://a.example/x。 (https://b.example/y?z=1), www.c.example! http://a.example/x again"
    assert [link.url for link in text_links(text)] == ["http://a.example/x", "https://b.example/y?z=1", "www.c.example"]
    assert text_links("no link") == ()


def test_the_same_target_is_one_link() -> None:
    links = merged([Link("u", "h"), Link("u", "h", "text"), Link("v", "h")])
    assert links == (Link("u", "h", "text"), Link("v", "h"))


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    for link in text_links(text + " http://" + text):
        assert link.host
        assert link.host == link.host.lower()
