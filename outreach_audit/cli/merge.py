"""``merge``: one table of the published tallies of many institutes."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach_audit.cli.options import ConfigFile, configuration
from outreach_audit.errors import TallyRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outreach_audit.merge.receive import Received
    from outreach_audit.report import Document, Format


def merge(  # noqa: PLR0917 - typer reads options from the signature
    tallies: Annotated[
        list[Path],
        typer.Argument(metavar="TALLY...", help="tally.json of each institute, as report --publish makes it."),
    ],
    expected: Annotated[
        Path | None,
        typer.Option(
            "--expected", metavar="FILE", help="The institutes expected, as CSV or TOML; missing ones are named."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write files here, instead of printing.")
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="text|html|xlsx|csv|md|json",
            help="Format (repeatable); default: text, with --out all others.",
        ),
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="en|ko", help="Language; default: English.")] = None,
    config: ConfigFile = None,
) -> None:
    """Merge published tallies: what may be added is added, the rest stands side by side or is refused, with why."""
    # what help does not need is imported behind it
    from outreach_audit.merge.combine import combine  # noqa: PLC0415
    from outreach_audit.merge.expected import read_expected  # noqa: PLC0415 - as above
    from outreach_audit.merge.receive import receive  # noqa: PLC0415 - as above
    from outreach_audit.report.output import formats_of  # noqa: PLC0415 - as above

    lang = lang or configuration(config).language
    wanted = formats_of(formats or (), to_folder=out is not None)
    listed = read_expected(expected) if expected else {}
    received = receive(tallies)
    for file, reason in (*received.refused, *received.repeated):
        _say(f"{file}: {reason}")
    if not received.counted:
        raise TallyRefusedError(f"nothing to merge: {len(received.refused)} of {len(tallies)} tallies are refused")
    document = combine(received, listed)
    _deliver(document, received, out, wanted, lang)
    if received.refused:
        raise TallyRefusedError(f"merged without {len(received.refused)} of {len(tallies)} tallies, which are refused")


def _deliver(
    document: "Document", received: "Received", out: Path | None, formats: "Sequence[Format]", lang: str
) -> None:
    from outreach_audit.merge.national import NAME, national  # noqa: PLC0415 - as above
    from outreach_audit.report import output  # noqa: PLC0415 - as above
    from outreach_audit.report.words import words_of  # noqa: PLC0415 - as above

    grids = national(document, received.aside, words_of(lang))
    if out:
        named = [form for form in formats if form is not output.Format.JSON]
        written = output.write_named(document, NAME, grids, out, formats=named, lang=lang)
        written += output.write_folder(document, out, formats, lang)
        typer.echo(f"written to {out}: {', '.join(written)}", err=True)
    elif formats[0] is output.Format.TEXT:
        _print(document, lang)
    else:
        sys.stdout.buffer.write(output.named_bytes(document, grids, formats[0], lang))


def _print(document: "Document", lang: str) -> None:
    from rich.console import Console  # noqa: PLC0415 - as above

    from outreach_audit.report.provenance import merge_lines  # noqa: PLC0415 - as above
    from outreach_audit.report.safe import rich_text  # noqa: PLC0415 - as above
    from outreach_audit.report.terminal import print_document  # noqa: PLC0415 - as above
    from outreach_audit.report.words import words_of  # noqa: PLC0415 - as above

    console = Console()
    assert document.merge is not None
    for line in merge_lines(document.merge, words_of(lang)):
        console.print(rich_text(line, "bold"))
    console.print()
    print_document(document, console, lang)


def _say(line: str) -> None:
    from outreach_audit.report.safe import safe  # noqa: PLC0415 - as above

    typer.echo(safe(line), err=True)
