"""What a run says on standard error while it goes on: progress on a terminal, skipped files, nothing else."""

import json
import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from outreach_audit.codes import Label, Reading
from outreach_audit.report.safe import safe
from outreach_audit.run.assess import Assessed
from outreach_audit.sources import Skipped

_MOST_NAMED = 5  # files without mail
_EVERY = 50  # messages between two updates of the line


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

    def message(self, assessed: Assessed) -> None:
        """One more message was assessed."""
        self.messages += 1
        self.offers += sum(r.verdict.label is Label.APPROACH for r in assessed.records)
        if self._bar and self._task is not None and self.messages % _EVERY == 0:
            text = f"{self.messages:,} messages read, {self.offers:,} approaches so far: {safe(assessed.ref.source)}"
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

    def say(self, text: str) -> None:
        """Write one line to standard error."""
        if self._quiet:
            return
        line = (
            json.dumps({"message": safe(text)}, ensure_ascii=False)
            if self._as_json
            else f"outreach-audit: {safe(text)}"
        )
        if self._bar:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            sys.stderr.write(line + "\n")
