"""``doctor``: check everything that a run needs, and say how to mend it."""

from shutil import get_terminal_size
from textwrap import fill

import typer

from outreach_audit.cli.options import ConfigFile

_INVALID = 4
_INDENT = 23


def doctor(config: ConfigFile = None) -> int:
    """Check everything that a run needs, and say how to mend what is not well."""
    # what help does not need is imported behind it
    from outreach_audit.config.checks import Health, check_all  # noqa: PLC0415
    from outreach_audit.report.safe import safe  # noqa: PLC0415

    columns = max(40, min(120, get_terminal_size().columns))
    found = set()
    for check in check_all(config):
        found.add(check.health)
        told = f"{check.health:8}{check.name:15}{safe(check.told)}"
        for text in (told, f"{'':{_INDENT}}to mend: {safe(check.mend)}") if check.mend else (told,):
            typer.echo(
                fill(text, columns, subsequent_indent=" " * _INDENT, break_long_words=False, break_on_hyphens=False)
            )
    if Health.INVALID in found:
        return _INVALID
    return 1 if Health.FAULT in found else 0
