"""Address fields: no address is lost, and no display name is believed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.mail.addresses import ascii_host, is_valid, normalise, parse_addresses


def pairs(text: str) -> list[tuple[str, str]]:
    return [(address.name, address.address) for address in parse_addresses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@example.org", [("", "a@example.org")]),
        ("Kim <Kim@Example.ORG>", [("Kim", "kim@example.org")]),
        ("a@example.org (Kim)", [("Kim", "a@example.org")]),
        ('"Kim, Min-su" <a@example.org>', [("Kim, Min-su", "a@example.org")]),
        ("Kim, Min-su <a@example.org>", [("Kim, Min-su", "a@example.org")]),
        ("Kim, Min-su <a@example.org>, b@example.org", [("Kim, Min-su", "a@example.org"), ("", "b@example.org")]),
        ("a@example.org b@example.org", [("", "a@example.org"), ("", "b@example.org")]),
        ("a@example.org; b@example.org", [("", "a@example.org"), ("", "b@example.org")]),
        (
            "staff: a@example.org, B <b@example.org>;, c@example.org",
            [("", "a@example.org"), ("B", "b@example.org"), ("", "c@example.org")],
        ),
        ("undisclosed-recipients:;", []),
        ("", []),
        (", ,", []),
        ("Kim", [("Kim", "")]),
        ("=?utf-8?B?5byg5LiJ?= <a@example.org>", [("张三", "a@example.org")]),
        # an encoded comma or bracket is no structure
        (
            "=?utf-8?Q?x@evil.example,_<y@evil.example>?= <a@example.org>",
            [("x@evil.example, <y@evil.example>", "a@example.org")],
        ),
        ('"=?utf-8?B?5byg5LiJ?=" <a@example.org>', [("张三", "a@example.org")]),
        ("<mailto:a@example.org>", [("", "a@example.org")]),
        ("<@relay.example:a@example.org>", [("", "a@example.org")]),
        ("a @ example . org", [("", "a@example.org")]),
        ("user at example.org", [("", "user@example.org")]),
        ("user at example.org (Kim Min-su)", [("Kim Min-su", "user@example.org")]),
        ("<a@example.org", [("", "a@example.org")]),
        ('"Kim <a@example.org>', [("Kim", "a@example.org")]),
        ("Kim (a <a@example.org>", [("Kim a", "a@example.org")]),
        ("HR: Kim <a@example.org>", [("HR: Kim", "a@example.org")]),
        ('"a b"@example.org', [("", '"ab"@example.org')]),
        ("a@例子.公司.cn", [("", "a@xn--fsqu00a.xn--55qx5d.cn")]),
        ("a@xn--fsqu00a.cn", [("", "a@xn--fsqu00a.cn")]),
        ("<a@example.org> <b@example.org>", [("", "a@example.org"), ("", "b@example.org")]),
    ],
)
def test_addresses(text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        '"president@institute.example" <real@example.org>',
        "president@institute.example <real@example.org>",
        '"<president@institute.example>" <real@example.org>',
        '"a\\"b <president@institute.example>" <real@example.org>',
        "(president@institute.example) real@example.org",
        '"president@institute.example" real@example.org',
        "real@example.org (<president@institute.example>)",
    ],
)
def test_a_display_name_is_never_the_address(text: str) -> None:
    assert [address.address for address in parse_addresses(text)] == ["real@example.org"]


def test_the_limit_holds() -> None:
    assert len(parse_addresses("a@example.org, " * 50, 7)) == 7


def test_hosts_become_ascii() -> None:
    assert ascii_host("Bücher.Example.") == "xn--bcher-kva.example"
    assert ascii_host("a_b.example") == "a_b.example"
    assert ascii_host("x" * 100 + "é.example").endswith(".example")


def test_validity_is_only_a_mark() -> None:
    assert is_valid("a@example.org")
    assert is_valid("a@host.test")
    assert not is_valid("a..b@example.org")
    assert normalise("a..b@example.org") == "a..b@example.org"


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet='ab@.,;:<>()"\\ é=?', max_size=80))
def test_any_text_gives_clean_addresses(text: str) -> None:
    for address in parse_addresses(text):
        assert address.address == "" or "@" in address.address
        assert address.address == address.address.lower()


@settings(deadline=None, max_examples=50)
@given(st.lists(st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.org", fullmatch=True), min_size=1, max_size=8))
def test_every_written_address_is_found(addresses: list[str]) -> None:
    text = ", ".join(f'"Name, {n}" <{address}>' for n, address in enumerate(addresses))
    assert [address.address for address in parse_addresses(text)] == addresses
