"""The ``packs`` commands as scripts see them: exit codes, and what goes to which stream."""

import json
import os
import subprocess
import sys
import zipfile


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "outreach_audit", "packs", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"},
        timeout=120,
        check=False,
    )


def test_new_then_check(tmp_path):
    made = run("new", tmp_path / "mine")
    assert made.returncode == 0, made.stderr
    assert str(tmp_path / "mine" / "pack.toml") in made.stdout
    assert run("new", tmp_path / "mine").returncode == 2
    with (tmp_path / "mine" / "concepts.csv").open("a") as file:
        file.write("idle,nobody says it\n")
    checked = run("check", tmp_path / "mine")
    assert checked.returncode == 0
    assert checked.stderr.count("concepts.csv:3: ") == len(checked.stderr.splitlines()) == 2
    assert "my-institute 2026.1" in checked.stdout
    assert "no fault found, 2 remarks" in checked.stdout


def test_faults_end_with_4_and_stand_on_standard_error(tmp_path):
    run("new", tmp_path / "mine")
    for name in ("concepts.csv", "organisations.csv"):
        (tmp_path / "mine" / name).write_text("nonsense\n")
    checked = run("check", tmp_path / "mine")
    assert checked.returncode == 4
    assert checked.stdout == ""
    assert "concepts.csv:1: " in checked.stderr
    assert "organisations.csv:1: " in checked.stderr


def test_import_ror(tmp_path):
    record = {
        "id": "https://ror.org/00abcdef0", "status": "active", "types": ["facility"], "domains": ["orbit.re.kr"],
        "names": [{"value": "Orbital Zeta Institute", "lang": "en", "types": ["label", "ror_display"]}],
        "locations": [{"geonames_details": {"country_code": "KR", "country_name": "South Korea"}}],
        "links": [], "relationships": [], "admin": {"last_modified": {"date": "2026-01-02"}},
    }  # fmt: skip
    with zipfile.ZipFile(tmp_path / "dump.zip", "w") as archive:
        archive.writestr("ror_schema_v2.json", json.dumps([record]))
    done = run("import", "ror", tmp_path / "dump.zip", "--out", tmp_path / "ror", "--country", "kr")
    assert done.returncode == 0, done.stderr
    assert "1 records of 2026-01-02: 1 organisations of 1 countries with 1 domains" in done.stdout
    assert 'id = "ror"' in (tmp_path / "ror" / "pack.toml").read_text()
    assert run("import", "ror", tmp_path / "dump.zip", "--out", tmp_path / "ror", "--country", "DE").returncode == 2
    assert run("import", "ror", tmp_path / "none.zip", "--out", tmp_path / "ror").returncode == 1
    assert run("import", "ror", tmp_path / "ror" / "pack.toml", "--out", tmp_path / "other").returncode == 4
