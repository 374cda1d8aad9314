"""Reading pack folders: TOML and CSV into a `Pack`, with every fault told as file:line, all at once."""

import csv
import hashlib
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
        *("id", "title", "weight", "near", "message", "of", "count", "without", "without_near", "window", "scopes"),
        *("counter", "core", "trap", "status", "references", "must_hit", "must_miss"),
    )
)


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


def _toml(path: Path, faults: _Faults) -> tuple[dict[str, Any], str]:
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        faults.add(path, int(line.group(1)) if line else 1, str(error))
        return {}, text


def _rows(path: Path, columns: Sequence[str], faults: _Faults) -> Iterable[tuple[int, dict[str, str]]]:
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        if header[: len(columns)] != list(columns):
            faults.add(path, 1, f"the first line must be {','.join(columns)}")
            return
        for row in reader:
            if not row or not row[0].strip():
                continue
            if len(row) != len(header):
                faults.add(
                    path,
                    reader.line_num,
                    f"{len(row)} columns where {len(header)} are expected (quote a field that holds a comma)",
                )
                continue
            yield reader.line_num, dict(zip(header, row, strict=True))


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
    for item in data.get("signal", ()):
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
        language = "" if path.stem == "numbers" else path.stem
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


def load_packs(folders: Sequence[Path] = ()) -> Pack:
    """Load the core pack and those given, later ones adding to and overriding earlier ones.

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
    kinds: dict[Kind, dict[str, float]] = {}
    thresholds = Thresholds(0.0, 0.0)
    knowledge = Knowledge()
    fallbacks: list[Knowledge] = []
    for folder in (CORE, *folders):
        if not (folder / "pack.toml").is_file():
            faults.add(folder / "pack.toml", 1, "there is no such file; a pack is a folder with a pack.toml")
            continue
        data, _ = _toml(folder / "pack.toml", faults)
        infos.append(_info(folder, data, faults))
        concepts |= {row["id"]: row["title"] for _, row in _rows(folder / "concepts.csv", ("id", "title"), faults)}
        phrases += _phrases(folder, concepts, faults)
        signals |= {s.id: s for s in _signals(folder / "signals.toml", concepts, faults)}
        for name, points in data.get("kinds", {}).items():
            if name not in set(Kind):
                faults.add(folder / "pack.toml", 1, f"unknown kind {name!r}")
                continue
            kinds[Kind(name)] = kinds.get(Kind(name), {}) | {str(c): float(p) for c, p in points.items()}
        if "thresholds" in data:
            thresholds = Thresholds(float(data["thresholds"]["approach"]), float(data["thresholds"]["unclear"]))
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
