"""Reading pack folders: TOML and CSV into a `Pack`, with every fault told as file:line, all at once."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from outreach_audit.attribution.knowledge import Knowledge, load_knowledge
from outreach_audit.codes import Kind, Trap
from outreach_audit.errors import InvalidPackError
from outreach_audit.mail.model import Scope
from outreach_audit.packs.compiled import keep, recall
from outreach_audit.packs.files import Faults, read_rows, read_text, read_toml, tables
from outreach_audit.packs.model import Example, Pack, PackInfo, Phrase, Signal, Status, Thresholds
from outreach_audit.packs.pattern import PatternError, compile_pattern
from outreach_audit.packs.suppressions import FILE as SUPPRESSIONS
from outreach_audit.packs.suppressions import Suppression, read_suppressions
from outreach_audit.signals.facts import FACTS

CORE = Path(__file__).parent / "core"
_FIELDS: dict[type, tuple[str, ...]] = {
    str: ("id", "title", "trap", "status"),
    float: ("weight", "prior"),
    int: ("count", "window"),
    bool: ("counter", "core"),
    list: (
        *("near", "message", "of", "without", "without_near", "scopes"),
        *("references", "must_hit", "must_miss"),
    ),
}
_WRITTEN = {
    str: 'a text, as "x"',
    float: "a number, as 1.5",
    int: "a whole number",
    bool: "true or false",
    list: 'a list of texts, as ["x"]',
}
_SIGNAL_KEYS = frozenset(key for keys in _FIELDS.values() for key in keys)
_Kinds = dict[Kind, dict[str, float]]


def _lines_of(text: str, key: str) -> Callable[[str], int]:
    """A function that tells on which line ``key = "value"`` stands."""
    places = {
        m.group(1): text.count("\n", 0, m.start()) + 1
        for m in re.finditer(rf'^{key}\s*=\s*"([^"]*)"', text, re.MULTILINE)
    }
    return lambda value: places.get(value, 1)


def _groups(items: Iterable[object] | None) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(str(item).split("|")) for item in items or ())


def _signal(data: dict[str, Any], place: str) -> Signal:
    examples = [Example(t, hit=True) for t in data.get("must_hit", ())] + [
        Example(t, hit=False) for t in data.get("must_miss", ())
    ]
    return Signal(
        id=str(data["id"]),
        title=str(data["title"]),
        weight=float(data["weight"]),
        prior=float(data.get("prior", data["weight"])),
        near=_groups(data.get("near")),
        message=_groups(data.get("message")),
        of=frozenset(data.get("of", ())),
        count=int(data.get("count", 0)),
        without=frozenset(data.get("without", ())),
        without_near=frozenset(data.get("without_near", ())),
        window=int(data.get("window", 1)),
        scopes=frozenset(Scope(s) for s in data.get("scopes", ())),
        counter=bool(data.get("counter", False)),
        core=bool(data.get("core", False)),
        trap=Trap(data["trap"]) if "trap" in data else None,
        status=Status(data.get("status", "active")),
        references=tuple(data.get("references", ())),
        examples=tuple(examples),
        place=place,
    )


def _is(item: dict[str, Any], key: str, of: type) -> bool:
    """Whether a field is absent, or of this type; a whole number is a number."""
    value = item.get(key)
    if of is list:
        return value is None or (isinstance(value, list) and all(isinstance(one, str) for one in value))
    return value is None or type(value) is of or (of is float and type(value) is int)


def _meant(name: str, known: Iterable[str]) -> str:
    """What was perhaps meant by an unknown name."""
    near = get_close_matches(name, [str(one) for one in known], n=1)
    return f"; is {near[0]!r} meant?" if near else ""


def _signals(path: Path, concepts: dict[str, str], faults: Faults) -> list[Signal]:
    data, text = read_toml(path, faults)
    line_of = _lines_of(text, "id")
    signals: dict[str, Signal] = {}
    for begin, item in tables(path, "signal", data, text, faults):
        name = str(item.get("id", ""))
        line = max(begin, line_of(name)) if name else begin
        told = [f"unknown field {key!r}" for key in sorted(item.keys() - _SIGNAL_KEYS)]
        wrong = {key: of for of, keys in _FIELDS.items() for key in keys if not _is(item, key, of)}
        told += [f"{key} must be {_WRITTEN[of]}" for key, of in wrong.items()]
        if missing := {"id", "title", "weight"} - item.keys():
            told.append(f"{', '.join(sorted(missing))} missing")
        # the rest is looked at in spite of them
        sound = {"title": "", "weight": 0.0} | {key: item[key] for key in item.keys() - wrong.keys()} | {"id": name}
        try:
            signal = _signal(sound, f"{path}:{line}")
        except (ValueError, TypeError) as error:
            told.append(str(error))
        else:
            told += _signal_faults(signal, concepts)
            if name in signals:
                told.append("defined twice")
            signals[name] = signal
        for fault in told:
            faults.add(path, line, f"signal {name}: {fault}")
    return list(signals.values())


def _signal_faults(signal: Signal, concepts: dict[str, str]) -> Iterator[str]:
    used = (
        {concept for group in (*signal.near, *signal.message) for concept in group}
        | signal.of
        | signal.without
        | signal.without_near
    )
    for concept in sorted(used - concepts.keys() - FACTS.keys()):
        yield f"unknown concept {concept!r}{_meant(concept, [*concepts, *FACTS])}"
    if not (signal.near or signal.message or signal.of):
        yield "needs near, message or of"
    if signal.counter != (signal.weight < 0) and signal.weight:
        yield "counter signals weigh less than zero, all others more"


def _phrases(folder: Path, concepts: dict[str, str], digest: str, faults: Faults) -> list[Phrase]:
    phrases: list[Phrase] = []
    recalled, told = recall(digest), len(faults.lines)
    for path in sorted((folder / "lexicon").glob("*.csv")):
        language = "" if path.stem == "common" else path.stem
        for line, row in read_rows(path, ("concept", "pattern"), faults):
            known = row["concept"] in concepts
            if not known:
                faults.add(path, line, f"unknown concept {row['concept']!r}{_meant(row['concept'], concepts)}")
            try:
                compile_pattern(row["pattern"], language)
            except PatternError as error:
                faults.add(path, line, f"{row['pattern']!r}: {error}")
                continue
            if not known:
                continue
            phrases.append(Phrase(row["concept"], row["pattern"], language, f"{path.name}:{line}"))
    if not recalled and len(faults.lines) == told:
        keep(digest, ((phrase.pattern, phrase.language) for phrase in phrases))
    return phrases


def _info(folder: Path, data: dict[str, Any], faults: Faults) -> PackInfo:
    for key in ("id", "version", "title"):
        if not isinstance(data.get(key), str):
            faults.add(folder / "pack.toml", 1, f"{key} missing")
    digest = hashlib.sha256()
    # what is suppressed says nothing of how mail is judged: nothing is to be judged anew for it
    judging = (p for p in folder.rglob("*") if p.suffix in {".toml", ".csv"} and p != folder / SUPPRESSIONS)
    for path in sorted(judging):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return PackInfo(
        str(data.get("id", "")),
        str(data.get("version", "")),
        str(data.get("title", "")),
        digest.hexdigest(),
        str(folder),
    )


def _kinds(path: Path, data: dict[str, Any], text: str, concepts: dict[str, str], faults: Faults) -> _Kinds:
    found: _Kinds = {}
    for name, points in _table(data, "kinds").items():
        line = _line_of(text, rf"\[kinds\.{re.escape(name)}\]")
        if name not in set(Kind):
            faults.add(path, line, f"unknown kind {name!r}{_meant(name, Kind)}; the kinds are {', '.join(Kind)}")
            continue
        for concept, worth in _table({name: points}, name).items():
            at = _line_of(text, rf"{re.escape(concept)}\s*=", line)
            if concept not in concepts:
                faults.add(path, at, f"kind {name}: unknown concept {concept!r}{_meant(concept, concepts)}")
            elif isinstance(worth, bool) or not isinstance(worth, int | float):
                faults.add(path, at, f"kind {name}: the points of {concept} must be a number")
            else:
                found.setdefault(Kind(name), {})[concept] = float(worth)
    return found


def _thresholds(path: Path, data: dict[str, Any], text: str, faults: Faults) -> Thresholds | None:
    if "thresholds" not in data:
        return None
    line = _line_of(text, r"\[thresholds\]")
    given = _table(data, "thresholds")
    if given.keys() != {"approach", "unclear"} or any(type(worth) not in {int, float} for worth in given.values()):
        faults.add(path, line, "thresholds are two numbers, approach and unclear")
        return None
    if given["unclear"] >= given["approach"]:
        faults.add(path, line, "the threshold unclear must be less than the threshold approach")
    return Thresholds(float(given["approach"]), float(given["unclear"]))


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    """A table of a TOML file; empty where there is none."""
    found = data.get(name, {})
    return found if isinstance(found, dict) else {}


def _line_of(text: str, expression: str, after: int = 1) -> int:
    """The line at or behind line ``after`` that begins as the expression says, else ``after``."""
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if number >= after and re.match(rf"\s*{expression}", line)), after)


def load_packs(folders: Sequence[Path] = ()) -> Pack:
    """Load the core pack and those given, later ones adding to and overriding earlier ones.

    Of a pack that says ``fallback = true`` only those organisations are taken that no other pack knows.

    Args:
        folders: pack folders beside the core pack.

    Returns:
        One merged pack.

    Raises:
        InvalidPackError: with file:line of every fault in any of them.
    """
    faults = Faults()
    pack = load_with_faults(folders, faults)
    faults.check()
    return pack


def load_with_faults(folders: Sequence[Path], faults: Faults) -> Pack:
    """Load as `load_packs` does, and give what could be read in spite of the faults, which are noted."""
    infos: list[PackInfo] = []
    concepts: dict[str, str] = {}
    phrases: list[Phrase] = []
    signals: dict[str, Signal] = {}
    kinds: _Kinds = {}
    thresholds = Thresholds(0.0, 0.0)
    suppressions: list[Suppression] = []
    knowledge = Knowledge()
    fallbacks: list[Knowledge] = []
    for folder in (CORE, *folders):
        if not (folder / "pack.toml").is_file():
            faults.add(folder / "pack.toml", 1, "there is no such file; a pack is a folder with a pack.toml")
            continue
        path = folder / "pack.toml"
        data, text = read_toml(path, faults)
        infos.append(_info(folder, data, faults))
        concepts |= _concepts(folder / "concepts.csv", faults)
        phrases += _phrases(folder, concepts, infos[-1].digest, faults)
        signals |= {s.id: s for s in _signals(folder / "signals.toml", concepts, faults)}
        for kind, points in _kinds(path, data, text, concepts, faults).items():
            kinds[kind] = kinds.get(kind, {}) | points
        thresholds = _thresholds(path, data, text, faults) or thresholds
        suppressions += read_suppressions(folder / SUPPRESSIONS, signals, faults)
        own, is_fallback = _knowledge(folder, data, text, faults)
        if is_fallback:
            fallbacks.append(own)
        else:
            knowledge = knowledge.merged(own)
    for fallback in fallbacks:
        knowledge = knowledge.with_fallback(fallback)
    return Pack(
        infos=tuple(infos),
        concepts=concepts,
        phrases=tuple(phrases),
        signals=tuple(signals.values()),
        kinds=kinds,
        thresholds=thresholds,
        knowledge=knowledge,
        suppressions=tuple(suppressions),
    )


def _concepts(path: Path, faults: Faults) -> dict[str, str]:
    found: dict[str, str] = {}
    for line, row in read_rows(path, ("id", "title"), faults):
        if not row["id"].strip():
            faults.add(path, line, "a concept needs an id")
        elif row["id"] in found:
            faults.add(path, line, f"the concept {row['id']} stands twice")
        else:
            found[row["id"]] = row["title"]
    # a row with a fault was told: its concept is not told again wherever it is used
    begun = (line.partition(",")[0].strip() for line in read_text(path, Faults()).splitlines()[1:])
    return {name: "" for name in begun if name} | found


def _knowledge(folder: Path, data: dict[str, Any], text: str, faults: Faults) -> tuple[Knowledge, bool]:
    """Who and where, and whether other packs that know the same come first."""
    fallback = data.get("fallback", False)
    if not isinstance(fallback, bool):
        faults.add(folder / "pack.toml", _line_of(text, "fallback"), "fallback must be true or false")
    try:
        return load_knowledge(folder), fallback is True
    except InvalidPackError as error:
        faults.lines.append(str(error))
        return Knowledge(), False
