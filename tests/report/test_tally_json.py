"""What was written once can be read, checked against the published schema, and rendered again."""

import copy
import json
from pathlib import Path

import jsonschema
import pytest

from outreach_audit.codes import Unit
from outreach_audit.errors import TallyRefusedError
from outreach_audit.report import read_tally, write_folder, write_tally
from outreach_audit.report.tally_json import SCHEMA, from_data, schema, to_data
from outreach_audit.tally import Section
from tests.report.make import document, hostile, uncertain

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema" / "result-2.schema.json"


def valid(data):
    checker = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker())
    return [f"{list(error.path)}: {error.message}" for error in checker.iter_errors(data)]


def test_the_schema_is_one_and_published():
    jsonschema.Draft202012Validator.check_schema(schema())
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == schema()
    assert schema()["properties"]["schema"]["const"] == SCHEMA
    assert set(schema()["$defs"]["unit"]["enum"]) == set(Unit)
    assert set(schema()["$defs"]["section"]["enum"]) == set(Section)


@pytest.mark.parametrize("made", [document, lambda: document(month="2026-04"), hostile, uncertain])
def test_every_document_is_as_the_schema_says(made, tmp_path):
    write_tally(made(), tmp_path / "tally.json")
    assert valid(json.loads((tmp_path / "tally.json").read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("key", sorted(schema()["required"]))
def test_the_schema_refuses_what_lacks_a_part(key):
    data = json.loads(json.dumps(to_data(document())))
    del data[key]
    assert valid(data)


def test_the_schema_refuses_a_bare_number():
    data = json.loads(json.dumps(to_data(document())))
    data["tables"][0]["rows"][0]["figures"]["deliveries"] = 226
    assert valid(data)


@pytest.mark.parametrize("made", [document, lambda: document(month="2026-04"), uncertain])
def test_a_document_read_back_renders_the_same_files(made, tmp_path):
    write_folder(made(), tmp_path / "first")
    again = read_tally(tmp_path / "first" / "tally.json")
    write_folder(again, tmp_path / "second")
    files = {path.name for path in (tmp_path / "first").iterdir()}
    assert files == {path.name for path in (tmp_path / "second").iterdir()}
    for name in files:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes(), name


def test_hostile_text_read_back_is_still_harmless(tmp_path):
    write_tally(hostile(), tmp_path / "a.json")
    write_folder(read_tally(tmp_path / "a.json"), tmp_path)
    assert read_tally(tmp_path / "tally.json").to_data() == read_tally(tmp_path / "a.json").to_data()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "is no JSON"),
        (b"{", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"[]", "its schema is None"),
        (b'{"schema": "outreach-audit/result/9"}', "result/9"),
        (b'{"schema": "outreach-audit/result/2"}', "does not hold"),
    ],
)
def test_what_is_no_result_is_refused_in_one_line(content, said, tmp_path):
    path = tmp_path / "tally.json"
    path.write_bytes(content)
    with pytest.raises(TallyRefusedError, match=said) as error:
        read_tally(path)
    assert len(str(error.value).splitlines()) == 1
    assert error.value.exit_code == 7


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(TallyRefusedError, match="cannot be read"):
        read_tally(tmp_path / "none.json")


def damaged(data, path, value):
    changed = copy.deepcopy(data)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("coverage", "since"), "2026-99-99"),
        (("tables", 0, "columns", 0, "name"), "persons"),
        (("tables", 0, "rows", 0, "figures", "deliveries", "value"), "226"),
        (("tables", 0, "rows", 0, "figures", "deliveries", "value"), True),
        (("tables", 0, "rows", 0, "figures", "deliveries", "unit"), "mail"),
        (("tables", 0, "rows", 0, "figures"), {}),
        (("tables",), None),
        (("campaigns",), [{}]),
        (("skipped",), {"a": "b"}),
    ],
)
def test_damaged_data_is_refused(path, value, tmp_path):
    data = damaged(json.loads(json.dumps(to_data(document()))), path, value)
    (tmp_path / "tally.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(TallyRefusedError):
        read_tally(tmp_path / "tally.json")
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        from_data(data)
