"""The language of a text, for breakdowns only: script first, then the small words of languages in Latin letters."""

import re
from collections import Counter

from outreach_audit.attribution.chinese import simplified_only, traditional_only

_MAX_TEXT = 20_000
_WORD = re.compile(r"[^\W\d_]{1,20}")
_LEAST_LETTERS = 12
_LEAST_WORDS = 2

_SMALL_WORDS = {
    "en": "the of and to in for is you your we with are be this that from our have will on as or it would an by",
    "de": "der die und das ist nicht mit für sie ich wir ein eine von auf zu den dem des im ihre ihr haben sich bei",
    "fr": "de le la les et des une est vous votre nous pour dans que qui sur avec du au aux ce cette pas être par",
    "es": "el los las una que para con por y de la del su se es usted en más está nuestro al como sus nos le",
    "pt": "de o os as um uma que para com por do da dos das em não é você seu sua nos ao à são mais como",
    "it": "il lo la gli un una nella nostra che per con di del della sono non è suo sua nel alla dei ci più questo",
    "nl": "de het een van en is dat niet met voor op te zijn aan ik u uw wij bij ook als naar om onze er je",
    "sv": "och att det som en på är för av inte med den till du vi har om ett kan din er",
    "da": "og at det som en på er for af ikke med den til du vi har om et kan din jeg",
    "no": "og å det som en på er for av ikke med den til du vi har om et kan din jeg",
    "fi": "ja on ei että se hän olen ovat tai kun mutta sekä kuin myös tämä",
    "pl": "i w z na do nie że się jest to oraz jako dla za przez od pan pani",
    "cs": "a v je na se že to s z do pro jako by ve jsem jsou nebo vás",
    "hu": "a az és hogy nem egy is meg van ön ez azt mint vagy",
    "ro": "și în că este sunt pentru din sau vă să mai fi prin dumneavoastră",
    "tr": "ve bir bu için ile da de olarak olan sizin size çok daha ya en",
    "id": "dan yang di untuk dengan dari ini pada tidak adalah akan kami anda atau saya",
    "vi": "và của là các có trong cho không được với một những người này tôi",
}
_TABLES = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_RANGES = (
    ("hangul", "\uac00", "\ud7a3"),
    ("kana", "\u3040", "\u30ff"),
    ("han", "\u3400", "\u9fff"),
    ("cyrillic", "\u0400", "\u04ff"),
    ("arabic", "\u0600", "\u06ff"),
    ("hebrew", "\u0590", "\u05ff"),
    ("greek", "\u0370", "\u03ff"),
    ("thai", "\u0e00", "\u0e7f"),
    ("devanagari", "\u0900", "\u097f"),
)
_BY_SCRIPT = {"hebrew": "he", "greek": "el", "thai": "th", "devanagari": "hi"}
# one character of these writes about as much as this many Latin letters
_DENSE = {"hangul": 2.5, "kana": 2.0, "han": 4.0}


def language_of(text: str) -> str:
    """Name the language of a text: ISO 639-1, Chinese as ``zh-Hans`` or ``zh-Hant``; ``''`` where nothing tells.

    For breakdowns only: no decision may ask it.
    """
    text = text[:_MAX_TEXT]
    scripts: Counter[str] = Counter()
    latin = 0
    for char in text:
        if char.isascii() or not char.isalpha():
            latin += char.isascii() and char.isalpha()
            continue
        script = next((name for name, first, last in _RANGES if first <= char <= last), "")
        scripts[script or "latin"] += 1
    latin += scripts.pop("latin", 0)
    east = scripts["hangul"] + scripts["kana"] + scripts["han"]
    weighed = {script: count * _DENSE.get(script, 1.0) for script, count in scripts.items()}
    asian = weighed.get("hangul", 0) + weighed.get("kana", 0) + weighed.get("han", 0)
    others = [(count, script) for script, count in weighed.items() if script not in _DENSE]
    top, script = max(others, default=(0.0, ""))
    if asian >= max(latin, top) and east > 1:
        return _east_asian(text, scripts)
    if top > latin:
        return _by_letters(text, script)
    return _latin(text, latin)


def _east_asian(text: str, scripts: Counter[str]) -> str:
    east = scripts["hangul"] + scripts["kana"] + scripts["han"]
    if scripts["hangul"] * 4 >= east:
        return "ko"
    if scripts["kana"] * 10 >= east:
        return "ja"
    traditional = sum(char in traditional_only() for char in text)
    simplified = sum(char in simplified_only() for char in text)
    return "zh-Hant" if traditional > simplified else "zh-Hans"


def _by_letters(text: str, script: str) -> str:
    if script == "cyrillic":
        if any(char in "іїєґІЇЄҐ" for char in text) and "ы" not in text:
            return "uk"
        return "kk" if sum(char in "әғқңөұүһ" for char in text.lower()) > len(text) // 100 + 1 else "ru"
    if script == "arabic":
        return "fa" if sum(char in "پچژگکی" for char in text) * 40 > len(text) else "ar"
    return _BY_SCRIPT.get(script, "")


def _latin(text: str, letters: int) -> str:
    if letters < _LEAST_LETTERS:
        return ""
    words = Counter(word.lower() for word in _WORD.findall(text))
    scores = {language: sum(words[word] for word in table) for language, table in _TABLES.items()}
    best = max(scores.values())
    return next(language for language, score in scores.items() if score == best) if best >= _LEAST_WORDS else ""
