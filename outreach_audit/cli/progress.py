"""What a run says on standard error while it goes on: progress on a terminal, skipped files, nothing else."""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from outreach_audit.codes import Label, Reading
from outreach_audit.report.safe import json_text, safe
from outreach_audit.run.assess import Assessed
from outreach_audit.run.executors import files, size_of
from outreach_audit.sources import Skipped

_MOST_NAMED = 5  # files without mail
_EVERY = 50  # messages between two updates of the line
_KNOWN_SHARE = 0.01


class Progress:
    """An observer that shows how a run goes on, and counts what the exit code depends on."""

    def __init__(self, *, quiet: bool, verbose: bool, line: bool, as_json: bool) -> None:
        """Prepare.

        Args:
            quiet: say nothing but errors.
            verbose: also name every message that was not read in full.
            line: show a moving line, if standard error is a terminal.
            as_json: log lines as JSON objects.
        """
        self._quiet, self._verbose, self._as_json = quiet, verbose, as_json
        console = Console(stderr=True)
        self._bar = (
            Bar(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console, transient=True)
            if line and not quiet and console.is_terminal
            else None
        )
        self._task = self._bar.add_task("reading") if self._bar else None
        self.messages = 0
        self.offers = 0
        self._bytes = self._all = 0
        self._begun = time.monotonic()
        self._without_mail = 0

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()
        if self._without_mail > _MOST_NAMED and not self._verbose:
            self.say(f"and {self._without_mail - _MOST_NAMED} more files without mail; --verbose names them")

    def gauge(self, paths: Sequence[str]) -> Callable[[int], None] | None:
        """What is told how many bytes of these files were read; None where nothing is shown of it."""
        if not self._bar:
            return None
        self._all = sum(size_of(file) for file in files(paths))
        self._begun = time.monotonic()
        return self._read

    def _read(self, done: int) -> None:
        self._bytes = done

    def _pace(self) -> str:
        """Messages per second, the share of all bytes, and the time left: known once a hundredth was read."""
        seconds = time.monotonic() - self._begun
        told = f"{self.messages / max(seconds, 1):,.0f}/s"
        share = min(self._bytes / self._all, 1) if self._all else 0
        if share >= _KNOWN_SHARE:
            left = timedelta(seconds=round(seconds * (1 - share) / share))
            told += f", {share:.0%}, {left} left"
        return told

    def message(self, assessed: Assessed) -> None:
        """One more message was assessed."""
        self.messages += 1
        self.offers += sum(r.verdict.label is Label.APPROACH for r in assessed.records)
        if self._bar and self._task is not None and self.messages % _EVERY == 0:
            told = f"{self.messages:,} messages read ({self._pace()}), {self.offers:,} approaches so far"
            text = f"{told}: {safe(assessed.ref.source)}"
            self._bar.update(self._task, description=text[: max(20, self._bar.console.width - 20)].replace("[", "\\["))
        if self._verbose and assessed.reading is not Reading.READ:
            where = f"{assessed.ref.source}: at byte {assessed.ref.offset}"
            self.say(f"{where}: {assessed.reading}: {'; '.join(assessed.defects)}")

    def skipped(self, skipped: Skipped) -> None:
        """Something was not read: always said, since a silent gap would make the figures wrong.

        Of many files that hold no mail (as in a folder of mixed files) the first few are named, the others counted.
        """
        if not skipped.messages:
            self._without_mail += 1
            if self._without_mail > _MOST_NAMED and not self._verbose:
                return
        name = skipped.ref.source + (f"!{skipped.ref.member}" if skipped.ref.member else "")
        where = f"{name}: at byte {skipped.ref.offset}" if skipped.ref.offset else name
        self.say(f"{where}: {skipped.reason}")

    def say(self, text: str, *, urgent: bool = False, **data: object) -> None:
        """Write one line to standard error; an urgent one even where all else is quiet.

        Args:
            text: the line.
            urgent: whether it must be said.
            data: figures that stand beside the text in a line of JSON.
        """
        if self._quiet and not urgent:
            return
        line = json_text({"message": safe(text), **data}) if self._as_json else f"outreach-audit: {safe(text)}"
        if self._bar:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            sys.stderr.write(line + "\n")
