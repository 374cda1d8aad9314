"""The program in this process: its exit code and what it wrote to either stream."""

import os
import sys
from functools import cache

import pytest

from outreach_audit.cli import job, main
from outreach_audit.config import checks
from outreach_audit.packs import load

_load_packs = load.load_packs

LETTER = (
    "From: Office <hr@bridge.example.com>\nTo: {to}\nSubject: Chair professor\nMessage-ID: <{n}@x.org>\n"
    "Date: {date}\n{more}\nDear Professor,\n\nour university in Shenzhen, China, would like to invite you to join us as "
    "chair professor. The annual salary is RMB 900,000; an apartment and start-up funding are provided. Please send your CV before 30 June.\n"
)
MARCH = "Mon, 4 Mar 2024 01:00:00 +0000"
APRIL = "Mon, 8 Apr 2024 01:00:00 +0000"


def letter(number: int, *, to: str = "kim@kaist.ac.kr", date: str = MARCH, more: str = "") -> str:
    return f"From a@b.org Mon Mar  4 01:00:00 2024\n{LETTER.format(to=to, n=number, date=date, more=more)}\n"


@cache
def _core():
    return _load_packs()


class Program:
    def __init__(self, monkeypatch, capsys):
        self._monkeypatch, self._capsys = monkeypatch, capsys
        for module in (job, checks, load):
            monkeypatch.setattr(module, "load_packs", lambda folders=(): _load_packs(folders) if folders else _core())

    def __call__(self, *arguments) -> tuple[int, str, str]:
        self._monkeypatch.setattr(sys, "argv", ["outreach-audit", *map(str, arguments)])
        self._monkeypatch.setenv("COLUMNS", "100")
        mask = os.umask(0)
        os.umask(mask)
        try:
            with pytest.raises(SystemExit) as ended:
                main()
        finally:
            os.umask(mask)
        out, err = self._capsys.readouterr()
        return int(ended.value.code or 0), out, err
