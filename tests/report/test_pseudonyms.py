import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.errors import UsageError
from outreach_audit.report import Pseudonyms, read_key

KEY = b"0123456789abcdef"


def test_the_same_key_gives_the_same_pseudonym_on_every_machine():
    # HMAC-SHA256 of "8:kr-kaistp1@kaist.example", worked out with openssl dgst -sha256 -hmac
    assert Pseudonyms(KEY).of("p1@kaist.example", "kr-kaist") == "f9dbe046d870"
    assert Pseudonyms(KEY).of("P1@KAIST.example", "kr-kaist") == Pseudonyms(KEY).of("p1@kaist.example", "kr-kaist")


def test_address_institute_and_key_all_matter():
    known = Pseudonyms(KEY).of("p1@kaist.example", "kr-kaist")
    others = {
        Pseudonyms(KEY).of("p2@kaist.example", "kr-kaist"),
        Pseudonyms(KEY).of("p1@kaist.example", "kr-kbsi"),
        Pseudonyms(KEY + b"!").of("p1@kaist.example", "kr-kaist"),
        Pseudonyms(KEY).of("tp1@kaist.example", "kr-kais"),
    }
    assert len(others) == 4
    assert known not in others


def test_without_a_key_pseudonyms_hold_for_one_run():
    one, other = Pseudonyms(), Pseudonyms(None)
    assert one.of("p@a.example", "x") == one.of("p@a.example", "x")
    assert one.of("p@a.example", "x") != other.of("p@a.example", "x")


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=()), min_size=1), st.text(st.characters(exclude_categories=())))
def test_any_address_has_one_and_does_not_show(address, institute):
    shown = Pseudonyms(KEY).of(address, institute)
    assert re.fullmatch("[0-9a-f]{12}", shown)


def test_no_recipient_has_no_pseudonym():
    assert Pseudonyms(KEY).of("", "kr-kaist") == ""


def test_read_key(tmp_path):
    file = tmp_path / "key"
    file.write_bytes(b" " + KEY + b"\r\n")
    assert read_key(file) == KEY


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "too short"), (KEY[:15] + b" \n", "too short"), (b"x" * 5000, "more than")]
)
def test_what_is_no_key(tmp_path, content, said):
    file = tmp_path / "key"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=said):
        read_key(file)


def test_a_key_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(UsageError, match="No such file"):
        read_key(tmp_path / "none")
    with pytest.raises(UsageError, match="directory"):
        read_key(tmp_path)
