"""What is kept of compiled packs: the same as compiling, only from a file to be trusted, and never needed."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.packs import compiled, pattern
from outreach_audit.packs.load import load_packs
from outreach_audit.packs.pattern import Compiled, compile_pattern
from outreach_audit.signals.match import Matcher

ROWS = [(f"invit* word{n} .. (professor|chair{n})", "en") for n in range(compiled.LEAST)] + [
    ("re:[0-9]+ ?km", ""),
    ("(诚邀|聘请)(您|贵方) .. 加盟", "zh"),
    ("(adviser|consultant)", "en"),
]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(pattern, "compiled", {})
    monkeypatch.setattr(compiled.pattern, "compiled", pattern.compiled)
    return tmp_path / "outreach-audit"


def kept(cache):
    made = {row: compile_pattern(*row) for row in ROWS}
    compiled.keep("ab", ROWS)
    [path] = cache.iterdir()
    pattern.compiled.clear()
    return made, path


def test_what_is_kept_is_what_was_compiled(cache):
    made, _ = kept(cache)
    assert compiled.recall("ab")
    assert pattern.compiled == made


def test_another_pack_or_another_compiler_finds_nothing(cache, monkeypatch):
    kept(cache)
    assert not compiled.recall("cd")
    monkeypatch.setattr(compiled, "_compiler", lambda: "another")
    assert not compiled.recall("ab")
    assert pattern.compiled == {}


def test_small_packs_are_not_kept(cache):
    rows = ROWS[:5]
    for row in rows:
        compile_pattern(*row)
    compiled.keep("ab", rows)
    assert not cache.exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-2]),
        lambda path: path.write_bytes(path.read_bytes().replace(b"professor", b"profess0r", 1)),
        lambda path: path.write_bytes(b""),
        lambda path: path.chmod(0o666),
    ],
    ids=["cut", "changed", "empty", "anyone may write it"],
)
def test_a_file_that_is_not_to_be_trusted_is_not_read(cache, spoil):
    _, path = kept(cache)
    spoil(path)
    assert not compiled.recall("ab")
    assert pattern.compiled == {}


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
        max_leaves=12,
    )
)
def test_whatever_a_file_of_ours_holds_is_no_error(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("cache")
    patch = pytest.MonkeyPatch()
    try:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        patch.setattr(compiled.pattern, "compiled", {})
        path = compiled._path("ab")
        path.parent.mkdir()
        data = json.dumps(content).encode()
        path.write_bytes(compiled._checksum(data) + b"\n" + data)
        path.chmod(0o600)
        compiled.recall("ab")
        assert all(isinstance(entry, Compiled) for entries in compiled.pattern.compiled.values() for entry in entries)
    finally:
        patch.undo()


def test_without_a_folder_to_write_packs_are_compiled_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load_packs().phrases


def test_old_files_go(cache):
    kept(cache)
    for number in range(2 * compiled._MOST_FILES):
        path = cache / f"patterns-{number}.json"
        path.write_text("")
        os.utime(path, (number, number))
    compile_all = [compile_pattern(*row) for row in ROWS]
    assert compile_all
    compiled.keep("cd", ROWS)
    assert len(list(cache.iterdir())) == compiled._MOST_FILES
    assert compiled.recall("cd")


def naive(phrase, sentence):
    """The concept's spans in a sentence, every expression tried without any anchor."""
    for entry in compile_pattern(phrase.pattern, phrase.language):
        if entry.expression is not None and (match := pattern._re2(entry.expression).search(sentence)):
            yield match.span(1)


def test_the_automaton_finds_what_the_expressions_find():
    phrases = [p for p in load_packs().phrases if not p.pattern.startswith("re:")][::6]
    forms = {form for phrase in phrases for form in pattern.plain_forms(phrase.pattern)[:2]}
    sentences = [folded for form in sorted(forms) if (folded := pattern.fold(f"So, {form} it is."))]
    found = {(hit.concept, hit.sentence, hit.begin, hit.end) for hit in Matcher(phrases).find(sentences)}
    by_pattern = {phrase: {s for form in pattern.plain_forms(phrase.pattern)[:2] for s in [form]} for phrase in phrases}
    number_of = {sentence: number for number, sentence in enumerate(sentences)}
    missed = [
        (phrase.pattern, sentence)
        for phrase, own in by_pattern.items()
        for form in own
        if (sentence := pattern.fold(f"So, {form} it is.")) in number_of
        for begin, end in naive(phrase, sentence)
        if (phrase.concept, number_of[sentence], begin, end) not in found
    ]
    assert missed == []


def test_the_cache_folder_is_the_users_own(monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert compiled._folder().is_relative_to(Path.home())
