"""The crontab line and the systemd units of docs/scheduling.md, tried as cron and systemd would run them."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from outreach_audit.config.new import write_new

PAGE = (Path(__file__).parents[2] / "docs" / "scheduling.md").read_text(encoding="utf-8")
PROGRAM = "/opt/outreach-audit/bin/outreach-audit"
CONFIG = "/etc/outreach-audit/outreach-audit.toml"
LETTER = (
    "From a@b.org Mon Mar  4 01:00:00 2024\nFrom: hr@bridge.example.com\nTo: kim@kaist.ac.kr\nSubject: 교수 초빙\n"
    "Date: Mon, 4 Mar 2024 01:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n점심?\n\n"
)


def cron_command() -> str:
    (line,) = re.findall(r"^\d+ \d+ \d+ \* \* (/.*)$", PAGE, re.MULTILINE)
    assert "%" not in line  # a line end in a crontab
    return line


def unit(name: str) -> configparser.ConfigParser:
    text = re.search(rf"/{re.escape(name)}`:\n\n```ini\n(.*?)```", PAGE, re.DOTALL)[1]
    parsed = configparser.ConfigParser(interpolation=None)
    parsed.optionxform = str
    parsed.read_string(text)
    return parsed


@pytest.fixture
def command(tmp_path):
    """The command of the page, for a program and a configuration that are here."""
    config, _ = write_new(tmp_path / "etc")
    (tmp_path / "etc" / "mail").mkdir()
    (tmp_path / "etc" / "mail" / "받은편지함.mbox").write_text(LETTER, encoding="utf-8")
    program = tmp_path / "outreach-audit"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m outreach_audit "$@"\n')
    program.chmod(0o755)
    return cron_command().replace(PROGRAM, str(program)).replace(CONFIG, str(config))


def test_the_crontab_line_runs_in_an_empty_environment(command, tmp_path):
    call = ["/usr/bin/env", "-i", "HOME=/", "LOGNAME=nobody", "SHELL=/bin/sh", "PATH=/usr/bin:/bin", "/bin/sh", "-c"]
    for _ in range(2):
        done = subprocess.run([*call, command], cwd="/", capture_output=True, timeout=120, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    (month,) = (tmp_path / "etc" / "reports").iterdir()
    assert re.fullmatch(r"\d{4}-\d\d", month.name)
    assert (month / "report.html").is_file()
    (tmp_path / "etc" / "mail" / "받은편지함.mbox").unlink()
    (tmp_path / "etc" / "mail").rmdir()
    done = subprocess.run([*call, command], cwd="/", capture_output=True, timeout=120, check=False)
    assert done.returncode == 5
    assert done.stderr.count(b"\n") == 1
    assert b"not there: " in done.stderr


def test_the_service_calls_the_same_command():
    assert unit("outreach-audit.service")["Service"]["ExecStart"] == cron_command()


def test_the_timer_starts_the_service_on_the_day_of_the_crontab():
    minute, hour, day = re.search(r"^(\d+) (\d+) (\d+) \* \* /", PAGE, re.MULTILINE).groups()
    timer = unit("outreach-audit.timer")["Timer"]
    assert timer["OnCalendar"] == f"*-*-{int(day):02} {int(hour):02}:{int(minute):02}:00"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_finds_no_fault_in_the_units(tmp_path):
    for name in ("outreach-audit.service", "outreach-audit.timer"):
        text = re.search(rf"/{re.escape(name)}`:\n\n```ini\n(.*?)```", PAGE, re.DOTALL)[1]
        (tmp_path / name).write_text(text.replace(cron_command(), "/bin/true").replace("User=outreach-audit\n", ""))
    units = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert [line for line in done.stderr.splitlines() if "outreach-audit." in line] == []
