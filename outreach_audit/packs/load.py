"""Reading pack folders: TOML and CSV into a `Pack`, with every fault told as file:line, all at once."""

import csv
import hashlib
import io
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from outreach_audit.attribution.knowledge import Knowledge, load_knowledge
from outreach_audit.codes import Kind, Trap
from outreach_audit.errors import InvalidPackError
from outreach_audit.mail.model import Scope
from outreach_audit.packs.model import Example, Pack, PackInfo, Phrase, Signal, Status, Thresholds
from outreach_audit.packs.pattern import PatternError, compile_pattern
from outreach_audit.signals.facts import FACTS

CORE = Path(__file__).parent / "core"
_SIGNAL_KEYS = frozenset(
    (
        *(
            "id",
            "title",
            "weight",
            "prior",
            "near",
            "message",
            "of",
            "count",
            "without",
            "without_near",
            "window",
            "scopes",
        ),
        *("counter", "core", "trap", "status", "references", "must_hit", "must_miss"),
    )
)
_Kinds = dict[Kind, dict[str, float]]


class _Faults:
    """Collects what is wrong with a pack."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, path: Path, line: int, text: str) -> None:
        """Note one fault."""
        self.lines.append(f"{path}:{line}: {text}")

    def check(self) -> None:
        """Raise one error that tells them all, if there are any."""
        if self.lines:
            raise InvalidPackError("\n".join(self.lines))


def _text(path: Path, faults: _Faults) -> str:
    """The text of a file; nothing where there is none."""
    try:
        return path.read_text(encoding="utf-8-sig") if path.exists() else ""
    except UnicodeDecodeError as error:
        faults.add(path, path.read_bytes().count(b"\n", 0, error.start) + 1, "this is not UTF-8")
        return ""


def _toml(path: Path, faults: _Faults) -> tuple[dict[str, Any], str]:
    text = _text(path, faults)
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        faults.add(path, int(line.group(1)) if line else 1, str(error))
        return {}, text


def _rows(path: Path, columns: Sequence[str], faults: _Faults) -> Iterable[tuple[int, dict[str, str]]]:
    text = _text(path, faults)
    if not text:
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if header[: len(columns)] != list(columns):
            faults.add(path, 1, f"the first line must be {','.join(columns)}")
            return
        for row in reader:
            if not row or not row[0].strip():
                continue
            if len(row) != len(header):
                told = f"{len(row)} columns where {len(header)} are expected (quote a field that holds a comma)"
                faults.add(path, reader.line_num, told)
                continue
            yield reader.line_num, dict(zip(header, row, strict=True))
    except csv.Error as error:
        faults.add(path, reader.line_num, str(error))


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


def _signals(path: Path, concepts: dict[str, str], faults: _Faults) -> list[Signal]:
    data, text = _toml(path, faults)
    line_of = _lines_of(text, "id")
    signals: dict[str, Signal] = {}
    items = data.get("signal", [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        faults.add(path, 1, "signals are written as [[signal]]")
        return []
    for item in items:
        name = str(item.get("id", ""))
        line = line_of(name)
        for key in sorted(item.keys() - _SIGNAL_KEYS):
            faults.add(path, line, f"signal {name}: unknown field {key!r}")
        if missing := {"id", "title", "weight"} - item.keys():
            faults.add(path, line, f"signal {name}: {', '.join(sorted(missing))} missing")
            continue
        try:
            signal = _signal(item, f"{path}:{line}")
        except (ValueError, TypeError) as error:
            faults.add(path, line, f"signal {name}: {error}")
            continue
        used = (
            {c for group in (*signal.near, *signal.message) for c in group}
            | signal.of
            | signal.without
            | signal.without_near
        )
        for concept in sorted(used - concepts.keys() - FACTS.keys()):
            faults.add(path, line, f"signal {name}: unknown concept {concept!r}")
        if not (signal.near or signal.message or signal.of):
            faults.add(path, line, f"signal {name}: needs near, message or of")
        if signal.counter != (signal.weight < 0) and signal.weight:
            faults.add(path, line, f"signal {name}: counter signals weigh less than zero, all others more")
        if name in signals:
            faults.add(path, line, f"signal {name}: defined twice")
        signals[name] = signal
    return list(signals.values())


def _phrases(folder: Path, concepts: dict[str, str], faults: _Faults) -> list[Phrase]:
    phrases: list[Phrase] = []
    for path in sorted((folder / "lexicon").glob("*.csv")):
        language = "" if path.stem == "common" else path.stem
        for line, row in _rows(path, ("concept", "pattern"), faults):
            if row["concept"] not in concepts:
                faults.add(path, line, f"unknown concept {row['concept']!r}")
                continue
            try:
                compile_pattern(row["pattern"], language)
            except PatternError as error:
                faults.add(path, line, f"{row['pattern']!r}: {error}")
                continue
            phrases.append(Phrase(row["concept"], row["pattern"], language, f"{path.name}:{line}"))
    return phrases


def _info(folder: Path, data: dict[str, Any], faults: _Faults) -> PackInfo:
    for key in ("id", "version", "title"):
        if not isinstance(data.get(key), str):
            faults.add(folder / "pack.toml", 1, f"{key} missing")
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in {".toml", ".csv"}):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return PackInfo(
        str(data.get("id", "")),
        str(data.get("version", "")),
        str(data.get("title", "")),
        digest.hexdigest(),
        str(folder),
    )


def _kinds(path: Path, data: dict[str, Any], text: str, concepts: dict[str, str], faults: _Faults) -> _Kinds:
    found: _Kinds = {}
    for name, points in _table(data, "kinds").items():
        line = _line_of(text, rf"\[kinds\.{re.escape(name)}\]")
        if name not in set(Kind):
            faults.add(path, line, f"unknown kind {name!r}; the kinds are {', '.join(Kind)}")
            continue
        for concept, worth in _table({name: points}, name).items():
            at = _line_of(text, rf"{re.escape(concept)}\s*=", line)
            if concept not in concepts:
                faults.add(path, at, f"kind {name}: unknown concept {concept!r}")
            elif isinstance(worth, bool) or not isinstance(worth, int | float):
                faults.add(path, at, f"kind {name}: the points of {concept} must be a number")
            else:
                found.setdefault(Kind(name), {})[concept] = float(worth)
    return found


def _thresholds(path: Path, data: dict[str, Any], text: str, faults: _Faults) -> Thresholds | None:
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
    faults = _Faults()
    infos: list[PackInfo] = []
    concepts: dict[str, str] = {}
    phrases: list[Phrase] = []
    signals: dict[str, Signal] = {}
    kinds: _Kinds = {}
    thresholds = Thresholds(0.0, 0.0)
    knowledge = Knowledge()
    fallbacks: list[Knowledge] = []
    for folder in (CORE, *folders):
        if not (folder / "pack.toml").is_file():
            faults.add(folder / "pack.toml", 1, "there is no such file; a pack is a folder with a pack.toml")
            continue
        path = folder / "pack.toml"
        data, text = _toml(path, faults)
        infos.append(_info(folder, data, faults))
        concepts |= {row["id"]: row["title"] for _, row in _rows(folder / "concepts.csv", ("id", "title"), faults)}
        phrases += _phrases(folder, concepts, faults)
        signals |= {s.id: s for s in _signals(folder / "signals.toml", concepts, faults)}
        for kind, points in _kinds(path, data, text, concepts, faults).items():
            kinds[kind] = kinds.get(kind, {}) | points
        thresholds = _thresholds(path, data, text, faults) or thresholds
        if not isinstance(data.get("fallback", False), bool):
            faults.add(path, _line_of(text, "fallback"), "fallback must be true or false")
        try:
            own = load_knowledge(folder)
        except InvalidPackError as error:
            faults.lines.append(str(error))
            continue
        if data.get("fallback", False):
            fallbacks.append(own)
        else:
            knowledge = knowledge.merged(own)
    faults.check()
    for fallback in fallbacks:
        knowledge = knowledge.with_fallback(fallback)
    return Pack(tuple(infos), concepts, tuple(phrases), tuple(signals.values()), kinds, thresholds, knowledge)
