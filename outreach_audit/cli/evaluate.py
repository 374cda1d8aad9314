"""``evaluate``: measure the verdicts against labelled mail."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from outreach_audit.cli.options import PackFolders, assessor, settings_of
from outreach_audit.errors import UsageError


def evaluate(
    labels: Annotated[Path, typer.Argument(metavar="LABELS.jsonl", help="Labels, one JSON object a line.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The mail: DIR/<home>/<folder>/*.mbox.")],
    packs: PackFolders = None,
    out: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the figures as JSON too.")] = None,
) -> None:
    """Measure the verdicts against labelled mail, with intervals, and list every disagreement."""
    # what help does not need is imported behind it
    from outreach_audit.evaluation.measure import judge_labelled, measure, read_labels  # noqa: PLC0415
    from outreach_audit.packs.load import load_packs  # noqa: PLC0415

    for path in (labels, folder):
        if not path.exists():
            raise UsageError(f"{path}: there is no such file or folder")
    settings = settings_of("", "", None, packs)
    pack = load_packs(settings.packs)
    with assessor(settings, pack) as base:
        judged = judge_labelled(read_labels(labels), folder, base.with_settings, settings)
    figures = measure(judged)
    if out:
        out.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _print(figures)


def _shown(share: dict[str, Any]) -> str:
    if share["value"] is None:
        return "-"
    return f"{share['value']:.3f} ({share['hits']}/{share['of']}; {share['low']:.2f} to {share['high']:.2f})"


def _print(figures: dict[str, Any]) -> None:
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above

    from outreach_audit.report.safe import rich_text  # noqa: PLC0415 - as above

    console = Console()
    overall = Table(title=f"{figures['messages']} labelled messages, 95 % Wilson intervals", title_justify="left")
    overall.add_column("figure")
    overall.add_column("value (interval)")
    for name, share in figures["overall"].items():
        overall.add_row(name.replace("_", " "), _shown(share))
    console.print(overall)
    for name, values in figures["by"].items():
        table = Table(title=f"By {name.replace('_', ' ')}", title_justify="left")
        for column in (name, "precision", "recall", "recall with unclear", "unclear of negatives", "false approaches"):
            table.add_column(column, no_wrap=column == name)
        for value, shares in values.items():
            table.add_row(
                rich_text(value),
                *(_brief(shares[k]) for k in ("precision", "recall", "recall_with_unclear", "unclear_of_negatives")),
                str(shares["false_approaches_of_negatives"]["hits"]),
            )
        console.print(table)
    if figures["not_found"]:
        console.print(rich_text(f"Labelled but not found in the mail: {', '.join(map(str, figures['not_found']))}"))
    console.print(f"{len(figures['disagreements'])} disagreements")
    for item in figures["disagreements"]:
        line = f"{item['id']}  labelled {item['label']}, judged {item['verdict']} ({item['score']}): {item['subject']}"
        console.print(rich_text(line), soft_wrap=True)
        console.print(rich_text("    " + "; ".join(item["signals"])), soft_wrap=True)


def _brief(share: dict[str, Any]) -> str:
    return "-" if share["value"] is None else f"{share['value']:.2f} ({share['hits']}/{share['of']})"
