import io
import re
import unicodedata

import pytest
from rich.cells import cell_len
from rich.console import Console

from outreach_audit.report import print_document
from outreach_audit.report.safe import safe
from tests.report.make import document, hostile, uncertain
from tests.report.payloads import PAYLOADS

STYLE = re.compile(r"\x1b\[[0-9;]*m")


def printed(found, width, **named):
    file = io.StringIO()
    print_document(found, Console(file=file, width=width, **named))
    return file.getvalue()


def block(text, title):
    """The lines of one table."""
    lines = [line.rstrip() for line in text.splitlines()]
    start = lines.index(title)
    after = next((n for n in range(start + 1, len(lines)) if lines[n].startswith("Approaches by ")), len(lines))
    return lines[start:after]


@pytest.mark.parametrize("width", [80, 112, 140, 200])
def test_no_line_is_wider_than_the_console_and_cjk_names_are_aligned(width):
    text = printed(document(), width)
    assert max(cell_len(line.rstrip()) for line in text.splitlines()) <= width
    figures = [line for line in block(text, "Approaches by institute") if line.endswith((" 0", " 5"))]
    assert len(figures) == 6
    assert len({cell_len(line) for line in figures}) == 1


def test_units_stand_in_the_heads_and_figures_under_them():
    lines = block(printed(document(), 140), "Approaches by institute")
    assert re.split(r" {2,}", lines[1]) == [
        *("institute", "deliveries", "messages", "recipients", "approaches", "campaigns", "reports"),
        "reports received",
    ]
    kaist = next(line for line in lines if "KAIST" in line)
    assert kaist.split()[-7:] == ["226", "226", "149", "149", "1", "5", "5"]
    for word, figure in (("deliveries", "226"), ("recipients", "149")):
        # the name is drawn wider than it is long
        assert lines[1].index(word) + len(word) in {
            cell_len(kaist[: match.end()]) for match in re.finditer(figure, kaist)
        }


def test_heads_are_set_in_two_lines_where_the_console_is_narrow():
    lines = block(printed(document(), 80), "Approaches by institute")
    assert lines[1].split() == ["deliv-", "mes-", "recip-", "appro-", "cam-", "reports"]
    assert lines[2].split() == ["institute", "eries", "sages", "ients", "aches", "paigns", "reports", "received"]


def test_sections_stand_apart_each_with_its_total():
    lines = block(printed(document(), 140), "Approaches by country of destination")
    order = [lines.index(name) for name in ("Foreign", "Domestic", "Undetermined")]
    assert order == sorted(order)
    totals = [line for line in lines if line.startswith("total, ")]
    assert [line.split()[1] for line in totals] == ["foreign", "domestic", "undetermined"]
    assert [line.split()[2] for line in totals] == ["226", "3", "1"]
    assert lines[order[1] - 1] == ""
    assert "  China (CN)" in lines[order[0] + 1]


def test_every_table_says_what_it_rests_on_and_the_set_says_it_in_full():
    found = document()
    text = " ".join(printed(found, 140).split())
    assert text.count("8 of 1,230 messages not fully read; 2 files skipped;") == len(found.tables)
    flat = " ".join(text.split())
    assert found.coverage.line() in flat
    assert "2 files skipped: no mail: a PNG picture" in flat
    for table in found.tables:
        assert all(note in flat for note in table.notes)


def test_a_long_table_is_cut_and_says_so():
    text = printed(document(), 140)
    assert "Foreign: and 26 more: see tally_sender_domain.csv" in text
    assert len([line for line in text.splitlines() if line.startswith("  talent")]) == 14


@pytest.mark.parametrize("width", [30, 60])
def test_no_figure_is_lost_where_there_is_no_room_for_a_table(width):
    flat = " ".join(printed(document(), width).split())
    assert "KAIST: deliveries 226, messages 226, recipients 149, approaches 149, campaigns 1, reports 5" in flat
    assert "…" not in flat


def test_piped_output_has_no_style():
    assert "\x1b" not in printed(document(), 80)
    assert "\x1b[3" not in printed(document(), 80, force_terminal=True, color_system="truecolor")


@pytest.mark.parametrize("width", [40, 80, 140])
def test_hostile_text_does_nothing(width):
    text = STYLE.sub("", printed(hostile(), width, force_terminal=True, color_system="truecolor"))
    acting = {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert acting == {"\n"}


def test_hostile_text_is_shown():
    text = "".join(printed(hostile(), 200).split())
    shown = [payload for payload in PAYLOADS if len(safe(payload)) < 30 and "".join(safe(payload).split()) in text]
    assert len(shown) > 50


def test_the_same_document_prints_the_same():
    assert printed(document(), 80) == printed(document(), 80)


def test_an_uncertain_figure_shows_its_interval():
    lines = block(printed(uncertain(), 140), "Approaches by institute")
    assert "Foreign, 한국과학기술원 / KAIST: deliveries: 226 found, 200 to 1,250 estimated, 60 reviewed" in lines
