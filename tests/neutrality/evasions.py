"""Ways in which a writer hides words from a program and not from a person; each makes another message of a message."""

import html
import re
from collections.abc import Callable, Iterator
from itertools import cycle

from tests.neutrality.bench import Spec, assessor, rewritten

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_LATIN, _CYRILLIC = "aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ"
TO_CYRILLIC, TO_LATIN = str.maketrans(_LATIN, _CYRILLIC), str.maketrans(_CYRILLIC, _LATIN)
TO_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
# Katakana as the old half-width forms.
_KATAKANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンー"
_HALF_WIDTH = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝｰ"
TO_HALF_WIDTH = str.maketrans(_KATAKANA, _HALF_WIDTH)
# Addresses stay as they are, or nobody could answer.
_ADDRESS = re.compile(r"(\S+@\S+|https?://\S+|www\.\S+)")
_WORD = re.compile(r"[^\W\d_]+")
_CJK = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])(?=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])")
# What the mail of a student, of a list and of a journal says, in words that no reader sees.
INNOCENT = (
    "I am a master student and would like to join your laboratory as a doctoral student next year; my CV and "
    "transcripts are attached. You receive this newsletter because you are subscribed to the list; unsubscribe here. "
    "Call for papers: manuscripts for the special issue are due on 1 May, the article processing charge is 1200 USD. "
    "Please report suspicious mails to the security office."
)
HIDDEN = (
    '<div style="display:none">{}</div>', '<div style="font-size:0;line-height:0;color:#ffffff">{}</div>',
    '<span style="visibility:hidden">{}</span>', '<div style="max-height:0;overflow:hidden;opacity:0">{}</div>',
    '<p style="position:absolute;left:-9999px">{}</p>', "<div hidden>{}</div>",
)  # fmt: skip
PARAPHRASE = {
    "en": "our new scheme for researchers from abroad", "ko": "해외 연구자를 위한 저희의 새 제도",
    "zh": "我们面向海外学者的新计划", "ja": "海外の研究者の方のための新しい制度",
    "de": "unser neues Vorhaben für Forschende aus dem Ausland",
    "fr": "notre nouveau dispositif pour chercheurs de l'étranger", "ru": "наша новая схема для учёных из-за рубежа",
    "es": "nuestro nuevo plan para investigadores del extranjero",
}  # fmt: skip


def _words(change: Callable[[str], str]) -> Callable[[str], str]:
    """Apply ``change`` to all words of a text, but not to addresses."""

    def in_text(text: str) -> str:
        pieces = _ADDRESS.split(text)
        return "".join(
            piece if index % 2 else _WORD.sub(lambda match: change(match.group()), piece)
            for index, piece in enumerate(pieces)
        )

    return in_text


def _zero_width(word: str) -> str:
    marks = cycle(ZERO_WIDTH)
    return "".join(character + (next(marks) if index % 2 else "") for index, character in enumerate(word))


def _one_look_alike(word: str) -> str:
    """The first letter that has a look-alike in the other script is exchanged, the rest shows what script is meant."""
    table = TO_LATIN if re.search("[а-яА-Я]", word) else TO_CYRILLIC
    place = next((index for index, character in enumerate(word) if ord(character) in table), None)
    return word if place is None or len(word) < 3 else word[:place] + word[place].translate(table) + word[place + 1 :]


def _all_look_alikes(word: str) -> str:
    return word.translate(TO_LATIN if re.search("[а-яА-Я]", word) else TO_CYRILLIC)


def _full_width(text: str) -> str:
    return "".join(
        piece
        if index % 2
        else "".join(line.translate(TO_FULL_WIDTH).translate(TO_HALF_WIDTH) for line in piece.splitlines(keepends=True))
        for index, piece in enumerate(_ADDRESS.split(text))
    )


def zero_width(spec: Spec) -> Spec:
    """Characters without width after every second letter."""
    return rewritten(spec, _words(_zero_width))


def one_homoglyph(spec: Spec) -> Spec:
    """One letter of each word from the other script."""
    return rewritten(spec, _words(_one_look_alike))


def all_homoglyphs(spec: Spec) -> Spec:
    """Every letter that has a look-alike from the other script."""
    return rewritten(spec, _words(_all_look_alikes))


def full_width(spec: Spec) -> Spec:
    """Latin letters, digits, signs and blanks in full width, Katakana in half width."""
    return rewritten(spec, _full_width)


def spaced_subject(spec: Spec) -> Spec:
    """The letters of every word of the subject apart, the words further apart."""
    return {**spec, "subject": "   ".join(" ".join(word) for word in spec["subject"].split())}


def spaced_cjk(spec: Spec) -> Spec:
    """Blanks between CJK characters, in all texts."""
    return rewritten(spec, lambda text: _CJK.sub(" ", text))


def no_subject(spec: Spec) -> Spec:
    """What the subject said stands in an image."""
    picture = '<img src="cid:subject" alt="">'
    return {**spec, "subject": "", "html": picture + spec["html"]} if spec.get("html") else {**spec, "subject": ""}


def _padding(spec: Spec) -> str:
    return HIDDEN[sum(map(ord, spec["id"])) % len(HIDDEN)].format(INNOCENT)


def _as_html(spec: Spec) -> str:
    """The HTML of a message, or its text as mail programs make HTML of it."""
    if spec.get("html"):
        return spec["html"]
    paragraphs = (html.escape(part).replace("\n", "<br>\n") for part in (spec.get("text") or "").split("\n\n"))
    return "<html><body>" + "".join(f"<p>{part}</p>\n" for part in paragraphs) + "</body></html>"


def _inside_body(document: str, before: str, after: str) -> str:
    opened = re.search(r"(?i)<body[^>]*>", document)
    begin = opened.end() if opened else 0
    closed = document.lower().rfind("</body>")
    end = closed if closed >= begin else len(document)
    return document[:begin] + before + document[begin:end] + after + document[end:]


def hidden_before(spec: Spec) -> Spec:
    """Innocent words that are not shown before the text, in an HTML mail."""
    return {**spec, "text": None, "html": _inside_body(_as_html(spec), _padding(spec), "")}


def hidden_after(spec: Spec) -> Spec:
    """Innocent words that are not shown after the text, in an HTML mail."""
    return {**spec, "text": None, "html": _inside_body(_as_html(spec), "", _padding(spec))}


def _programme_names() -> Iterator[str]:
    for programme in assessor().pack.knowledge.programmes:
        yield from (programme.name, *programme.names)


def paraphrased_programme(spec: Spec) -> Spec:
    """The name of every known programme told in other words."""
    language = (spec["label"].get("language") or "en").partition("-")[0]
    shown = str(
        [spec["subject"], spec.get("text"), spec.get("html"), spec.get("attachments"), spec.get("forwarded")]
    ).lower()
    names = sorted(
        {name for name in _programme_names() if len(name) > 2 and name.lower() in shown}, key=len, reverse=True
    )
    if not names:
        return spec
    finder = re.compile("|".join(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])" for name in names), re.IGNORECASE)
    return rewritten(spec, lambda text: finder.sub(PARAPHRASE.get(language, PARAPHRASE["en"]), text))


EVASIONS: tuple[Callable[[Spec], Spec], ...] = (
    zero_width, one_homoglyph, all_homoglyphs, full_width, spaced_subject, spaced_cjk, no_subject, hidden_before,
    hidden_after, paraphrased_programme,
)  # fmt: skip
