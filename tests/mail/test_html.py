import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.mail.html import html_to_text
from outreach_audit.mail.inline import inline_forwards
from outreach_audit.mail.model import Link, Scope
from outreach_audit.mail.scopes import segment


def visible(markup: str) -> str:
    return html_to_text(markup).visible


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>tal<b></b>ent 人<span>才</span>计<font color=red>划</font> a<wbr>b</p>", "talent 人才计划 ab"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<p class=MsoNormal>a</p>\n<p class=MsoNormal><o:p>&nbsp;</o:p></p>\n<p class=MsoNormal>b</p>", "a\n\nb"),
        ('<p style="margin:0">a</p><p style="margin: 0px 0cm">b</p>', "a\nb"),
        ('<p style="margin:0 0 14px">a</p><p style="margin:0 0 14px">b</p>', "a\n\nb"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<ol><li>a<li>b</ol>", "1. a\n2. b"),
        ("R&amp;D &lt;x&gt; &#44544;&nbsp;&euro;", "R&D <x> 글 €"),
        ("<title>t</title><style>p{}</style><script>x</script><!-- c -->d<noscript>n</noscript>", "dn"),
        ("a\u200bb&#8203;c", "a\u200bb\u200bc"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<button>Apply</button>", "[ Apply ]"),
        ("unclosed <b>everything <td> here", "unclosed everything here"),
        ("", ""),
    ],
)
def test_text_is_laid_out_as_it_is_seen(markup: str, text: str) -> None:
    assert visible(markup) == text


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "DISPLAY : none !important",
        "visibility:hidden",
        "font-size:0",
        "font-size: 1px",
        "max-height:0px;overflow:hidden",
        "height:0;overflow:hidden",
        "opacity:0",
        "opacity:0.01",
        "mso-hide:all",
        "text-indent:-9999px",
        "position:absolute;left:-5000px",
        "color:#fff",
        "color:#FEFEFE;background:#ffffff",
        "color:rgb(20,20,20);background-color:#141414",
        "color:transparent",
        "color:rgba(0,0,0,0)",
    ],
)
def test_hidden_text_is_told_apart(style: str) -> None:
    found = html_to_text(f'<p>seen</p><div style="{style}">preheader <b>words</b></div><p>also</p>')
    assert found.visible == "seen\n\nalso"
    assert found.hidden.split() == ["preheader", "words"]


@pytest.mark.parametrize(
    "markup",
    [
        "<p hidden>x</p>",
        '<table style="display:none"><tr><td>x</td></tr></table>',
        '<table><tr style="display:none"><td>x</td><td></td></tr></table>',
        "<style>.pre{display:none}</style><span class=pre>x</span>",
        "<style>/* c */ #p, span.pre { font-size:0 }</style><span class=pre>x</span>",
        '<div style="font-size:0"><div>x</div></div>',
        "<font color=white>x</font>",
        '<table><tr><td bgcolor="#222222"><font color="#222222">x</font></table>',
        '<div style="display:none">x<div style="font-size:14px">x</div></div>',
    ],
)
def test_hidden_elements_of_other_forms(markup: str) -> None:
    found = html_to_text(f"seen{markup}")
    assert found.visible.strip() == "seen"
    assert found.hidden.split("\n")[0] == "x"


@pytest.mark.parametrize(
    "markup",
    [
        '<td bgcolor="#115599"><a href="http://h.example/" style="color:#fff">x</a></td>',
        '<div style="background:#000"><p style="color:white">x</p></div>',
        '<div style="background:url(a.png)"><p style="color:white">x</p></div>',
        '<td background="a.png"><font color=white>x</font></td>',
        '<div style="font-size:0px"><div style="font-size:14px">x</div></div>',
        '<div style="color:#fff"><span style="color:#333">x</span></div>',
        "<style>@media (max-width:600px){.w{display:none}}</style><p class=w>x</p>",
        '<p style="text-decoration:none;overflow:hidden;opacity:1;color:#333">x</p>',
        '<p style="font-size:small;line-height:0">x</p>',
        '<p style="background-color:#fff;color:#000">x</p>',
    ],
)
def test_what_is_seen_is_not_hidden(markup: str) -> None:
    found = html_to_text(f"<table><tr>{markup}</tr></table>" if markup.startswith("<td") else markup)
    assert (found.visible, found.hidden) == ("x", "")


def test_links_with_host_and_visible_text() -> None:
    found = html_to_text(
        '<a href=" https://Example.COM/a?b=1&amp;c=2 ">apply <b>here</b></a> <a href="#top">up</a>'
        '<a href="mailto:a@b.example">mail</a><area href="http://x.example/"><a>none</a>'
    )
    assert found.links == (
        Link("https://Example.COM/a?b=1&c=2", "example.com", "apply here"),
        Link("mailto:a@b.example", "", "mail"),
        Link("http://x.example/", "x.example", ""),
    )
    assert found.visible == "apply here upmailnone"


def test_tracking_pixels_are_counted() -> None:
    pixels = '<img src=a width=1 height=1><img src=b style="width:1px;height:1px"><img src=c style="display:none">'
    assert html_to_text(f"x{pixels}<img src=d width=600 height=80 alt=logo><img src=e>").tracking_pixels == 3


def sample(name: str) -> str:
    """The HTML of a mail as a program writes it."""
    return (Path(__file__).parent / "html_samples" / f"{name}.html").read_text(encoding="utf-8")


def scopes(markup: str, *, forward: bool | None = None) -> list[tuple[Scope, str]]:
    return [(part.scope, " ".join(part.text.split())) for part in segment(visible(markup), forward=forward)]


def test_reply_of_gmail_is_quoted_and_what_follows_is_not() -> None:
    assert scopes(sample("gmail_reply"), forward=False) == [
        (Scope.BODY, "Yes."),
        (
            Scope.QUOTED,
            "On Mon, Mar 2, 2026 at 9:14 AM Li Hua <l@u.example> wrote: > Will you come? > We pay. > > older",
        ),
        (Scope.BODY, "PS from me"),
    ]


def test_reply_of_netease_is_quoted() -> None:
    assert [scope for scope, _ in scopes(sample("netease_reply"), forward=False)] == [Scope.BODY, Scope.QUOTED]


def test_reply_of_outlook_is_quoted() -> None:
    assert [scope for scope, _ in scopes(sample("outlook_header"), forward=False)] == [Scope.BODY, Scope.QUOTED]


@pytest.mark.parametrize(
    "markup",
    [
        sample("gmail_forward"),
        sample("outlook_header"),
        sample("apple_forward"),
        sample("thunderbird_forward"),
        sample("netease_forward"),
    ],
)
def test_forwards_keep_their_header_block(markup: str) -> None:
    (found,) = inline_forwards(visible(markup), forward=True)
    assert (found.sender, found.subject) == ("Li Hua <l@u.example>", "Post")
    assert "9:14" in found.date
    assert found.body.strip().startswith("Dear Dr. Kim,")
    assert scopes(markup, forward=True)[0][0] is Scope.BODY
    assert scopes(markup, forward=True)[1][0] is Scope.FORWARDED


def test_an_indented_paragraph_is_no_quote() -> None:
    markup = '<p>we offer:</p><blockquote style="margin:0 0 0 40px;border:none">a post</blockquote>'
    assert visible(markup) == "we offer:\n\na post"


def test_marks_in_the_input_mean_nothing() -> None:
    found = html_to_text("<p hidden>x</p>a\ufdd0b&#xFDD0;c&#64976;d\ud800e\x00f")
    assert found.visible == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf"


def test_a_limit_is_told() -> None:
    assert html_to_text("<p>" + "a" * 100, max_chars=50).defects == ("HTML text was cut at 50 characters",)


HOSTILE = {
    "nested": "<div>" * 100_000 + "x",
    "open tags": "<a " * 50_000,
    "open comments": "<!--" * 500_000,
    "attributes": "<a " + " ".join(f"b{number}" for number in range(20_000)) + ">x</a>",
    "attributes in many tags": ("<a " * 99 + ">") * 6_000,
    "attributes with values": "<a " + " ".join(f'b{number}=">"' for number in range(20_000)) + ">x</a>",
    "unclosed quote": "<a " * 90 + 'x="' + "y" * 1_500_000,
    "stray end tags": "<span>" * 50_000 + "</x>" * 50_000,
    "reopened": "".join(f"<p><font color={number}></p>" for number in range(30_000)),
    "reopened behind comments": "".join(f"<p><i b={number}><!--</i>--></p>" for number in range(30_000)),
    "reopened behind values": "".join(f"<p><i b={number}><u c='</i>'></u></p>" for number in range(30_000)),
    "reopened behind tables": "".join(f"<p><i b={number}><table></i></table></p>" for number in range(30_000)),
    "entities": "&amp;" * 400_000,
    "half entities": "&" * 2_000_000,
    "zeros": "&#" + "0" * 1_000_000,
    "quotes": ("<blockquote type=cite>x\n" * 400 + "</blockquote>" * 400) * 40,
    "hidden": '<p style="display:none">x</p>' * 20_000,
    "links": "<a href=x>y</a>" * 60_000,
    "rules": "<style>"
    + "".join(f".a{n}{{display:none}}" for n in range(9_000))
    + "</style>"
    + "<p class=a1>x</p>" * 20_000,
    "braces": "<style>" + "a{" * 500_000,
    "no braces": "<style>" + "a " * 500_000,
    "margin": '<p style="margin:' + "0 " * 500_000 + '">',
    "lines": "<blockquote type=cite>" * 8 + "x<br>" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markup_takes_bounded_time(name: str) -> None:
    begin = time.process_time()
    found = html_to_text(HOSTILE[name])
    segment(found.visible)
    # a machine under load, and the slowest of these takes a second: quadratic work would take minutes
    assert time.process_time() - begin < 8


def test_text_is_kept_where_the_layout_is_not() -> None:
    found = html_to_text("<div>" * 100_000 + 'tal<b>ent</b> <a href="http://x.example/?a=1&amp;b">link</a><br>R&amp;D')
    assert found.visible == "talent link\nR&D"
    assert found.links == (Link("http://x.example/?a=1&b", "x.example"),)
    assert found.defects == ("HTML was read without its layout: elements are nested or left open by the thousand",)


PIECES = st.sampled_from(
    [
        "<div>",
        "</div>",
        "<p>",
        "<b>",
        "</b>",
        "<td>",
        "<tr>",
        "<table>",
        "</table>",
        "<blockquote>",
        "<blockquote type=cite>",
        "</blockquote>",
        "<a href=x>",
        "</a>",
        "<!--",
        "-->",
        "<style>",
        "</style>",
        "<select>",
        "<svg>",
        "&amp;",
        "&#",
        "<",
        ">",
        '"',
        "'",
        "x",
        "\ufdd0",
        "\ud800",
        "人才",
        "<br>",
        "<tr style=display:none>",
        "<div style=font-size:0>",
        "<span style=color:#fff>",
        "<font color=white>",
        "<template>",
        "<li>",
        "<pre>",
    ]
)


@settings(deadline=None, max_examples=100)
@given(st.lists(PIECES, max_size=40).map(" ".join) | st.text(max_size=200))
def test_any_markup_becomes_text(markup: str) -> None:
    found = html_to_text(markup)
    for text in (found.visible, found.hidden):
        text.encode("utf-8")
        assert not any(0xFDD0 <= ord(character) <= 0xFDEF or character == "\x00" for character in text)
    assert found == html_to_text(markup)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.sampled_from(["人才", "talent", "Kim", "R"]), min_size=1, max_size=8),
    st.sampled_from(["b", "i", "font", "span"]),
)
def test_inline_elements_never_tear_words(words: list[str], tag: str) -> None:
    marked = "".join(f"{word[:1]}<{tag}>{word[1:]}</{tag}>" for word in words)
    assert visible(f"<p>{marked}</p>") == "".join(words)


def test_labelled_mail_has_no_hidden_text_but_pixels(shared) -> None:
    specs = [json.loads(line) for line in (shared / "labelled" / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [html_to_text(spec["html"]) for spec in specs if spec.get("html")]
    assert sum(text.tracking_pixels > 0 for text in found) == sum(
        "width=1 " in (spec.get("html") or "").replace('"', "") for spec in specs
    )
    assert not any(text.hidden or text.defects for text in found)
