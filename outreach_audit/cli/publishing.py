"""``report --publish``: what may leave is made, shown, and written only when somebody agrees.

Imported by the command when it runs, never at the start of the program.
"""

import hashlib
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import typer

from outreach_audit.errors import UsageError
from outreach_audit.ledger import Ledger
from outreach_audit.report import Document, Format, read_key, write_folder
from outreach_audit.report.atomic import write_atomically
from outreach_audit.report.exchange import LeftOut, key_id, project_pseudonym
from outreach_audit.report.publish import Terms, counts_of, publish
from outreach_audit.report.safe import safe
from outreach_audit.tally import Column, Period, Section
from outreach_audit.tally.shared import fingerprints, foreign_recipients

TALLY = "tally.json"
_SUMS = f"{TALLY}.sha256"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for: the folder, the terms, the formats, and whether to go on without asking."""

    folder: Path
    terms: Terms
    formats: tuple[Format, ...]
    language: str = "en"
    project_key: Path | None = None
    yes: bool = False


def publish_document(document: Document, request: Request, ledger: Path | None) -> None:
    """Make the publication of a result, show what it is, and write it when somebody agrees.

    Raises:
        UsageError: it was published before, the folder holds other files, or nobody can be asked.
    """
    if document.publication or document.merge:
        raise UsageError("--publish: this result was published or merged already; publish the institute's own")
    if request.project_key and ledger is None:
        raise UsageError("--project-key needs a ledger, which knows the recipients: name --ledger FILE, not --from")
    if not request.yes and not _can_ask():
        raise UsageError("--publish asks before it writes, and nobody is there to answer: add --yes")
    published = publish(document, request.terms)
    if ledger is not None:
        published = _with_shared(published, ledger, request.project_key)
    files = _rendered(published, request)
    _check(request.folder, files)
    _tell(published, request, files)
    if not request.yes and not typer.confirm("Write these files?", default=False):
        typer.echo("nothing was written", err=True)
        return
    request.folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_atomically(request.folder / name, content)
    typer.echo(f"published to {request.folder}: {len(files)} files", err=True)


def _can_ask() -> bool:
    return sys.stdin.isatty()


def _with_shared(published: Document, path: Path, key_file: Path | None) -> Document:
    """The publication with what makes it comparable: fingerprints of its foreign campaigns, and pseudonyms."""
    made = published.publication
    assert made is not None
    coverage = published.coverage
    key = read_key(key_file) if key_file else None
    with Ledger.open(path, write=False) as ledger:
        foreign = [one.id for one in published.campaigns if one.section is Section.FOREIGN]
        made = replace(made, fingerprints=MappingProxyType(fingerprints(ledger, foreign)))
        if key:
            period = Period.of(month=None, since=coverage.since, until=coverage.until, tz=coverage.timezone)
            addresses = foreign_recipients(ledger, period) if _tells_recipients(published) else ()
            pseudonyms = sorted(project_pseudonym(key, address) for address in addresses)
            made = replace(made, key=key_id(key), recipients=tuple(pseudonyms))
    return replace(published, publication=made)


def _tells_recipients(published: Document) -> bool:
    """Whether the number of recipients is told, which a list of pseudonyms tells too."""
    table = published.table("institute")
    return table is not None and all(
        row.counts[table.columns.index(Column.RECIPIENTS)].value is not None
        for row in table.totals
        if row.section is Section.FOREIGN
    )


def _rendered(published: Document, request: Request) -> dict[str, bytes]:
    """Every file with its content, as it will be written."""
    with tempfile.TemporaryDirectory(prefix="outreach-audit-") as name:
        folder = Path(name)
        write_folder(published, folder, request.formats, request.language)
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    if TALLY in files:
        files[_SUMS] = f"{hashlib.sha256(files[TALLY]).hexdigest()}  {TALLY}\n".encode()
    return files


def _check(folder: Path, files: Iterable[str]) -> None:
    """See that the folder will hold the publication alone.

    Raises:
        UsageError: it holds something else, or is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--publish {folder}: there is a file of this name; name a folder")
    others = sorted({path.name for path in folder.iterdir()} - set(files)) if folder.exists() else []
    if others:
        raise UsageError(f"--publish {folder}: it holds {safe(others[0])}, which is no part of this; name a new folder")


def _tell(published: Document, request: Request, files: Mapping[str, bytes]) -> None:
    """Print what will be written: files, tables with what is withheld, what was left out, what can be compared."""
    made = published.publication
    assert made is not None
    typer.echo(f"To be written to {request.folder}:")
    for name, content in files.items():
        typer.echo(f"  {name:<32} {len(content):>10,} bytes")
    typer.echo(f"\nTables, and how many of their figures are withheld (threshold {made.threshold}):")
    for table in published.tables:
        counts = [count for row in (*table.rows, *table.totals) for count in row.counts]
        gone = sum(count.value is None for count in counts)
        typer.echo(f"  {table.name:<32} {len(table.rows):>6,} rows {len(counts):>7,} figures {gone:>6,} withheld")
    total = sum(1 for _ in counts_of(published))
    typer.echo(f"  {'in all, with details':<32} {'':>11} {total:>7,} figures {made.withheld:>6,} withheld")
    typer.echo(f"\nInstitutes named: {safe(', '.join(published.coverage.institutes)) or 'none'}")
    typer.echo("Never in it: recipients' names and addresses, findings, evidence, paths of files, reviewers")
    typer.echo(f"Left out: {', '.join(made.left_out) or 'nothing'}")
    asked = [what for what in (LeftOut.SUBJECTS, LeftOut.DOMAINS) if what not in made.left_out]
    if asked and (request.terms.subjects or request.terms.domains):
        typer.echo(f"In it because you asked: {', '.join(asked)}")
    typer.echo(f"Fingerprints of campaigns: {len(made.fingerprints)}")
    if made.key:
        why = "" if made.recipients else "; none, since the number of recipients is withheld or 0"
        typer.echo(f"Recipients as pseudonyms under project key {made.key}: {len(made.recipients)}{why}")
