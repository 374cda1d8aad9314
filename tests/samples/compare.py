"""Compare the institute table of a scan of the sample mailboxes with the generator's manifest.

    python tests/samples/compare.py sample_mailboxes/manifest.json REPORT/tally_institute.csv

Exits with 1 and says which figure differs, if one does. The published figures of 2024 must come out exactly.
"""

import csv
import json
import sys
from pathlib import Path

IDS = {
    "kaist": "kr-kaist",
    "kbsi": "kr-kbsi",
    "kims": "kr-kims",
    "kisti": "kr-kisti",
    "kit": "kr-kit",
    "overall": "total",
}
COLUMNS = ("deliveries", "messages", "recipients", "approaches", "campaigns", "reports", "reports_received")
PUBLISHED = {
    ("kr-kaist", "recipients"): 149,
    ("kr-kbsi", "deliveries"): 226,
    ("kr-kims", "deliveries"): 188,
    ("kr-kisti", "deliveries"): 127,
    ("kr-kit", "deliveries"): 114,
}


def figures_of_scan(path: Path) -> dict[tuple[str, str, str], int]:
    """(section, institute, column) → figure."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["section"], row["institute"], column): int(row[column]) for row in rows for column in COLUMNS}


def differences(manifest: Path, table: Path) -> list[str]:
    """Every figure that differs from the manifest or the published table."""
    expected = json.loads(manifest.read_text(encoding="utf-8"))["expected"]["institutes"]
    found = figures_of_scan(table)
    told = []
    for name, sections in expected.items():
        for section, figures in sections.items():
            for column in COLUMNS:
                figure = found.get((section, IDS[name], column), 0)
                if figure != figures[column]:
                    told.append(f"{IDS[name]}, {section}, {column}: {figure} found, {figures[column]} expected")
    for (institute, column), figure in PUBLISHED.items():
        if found.get(("foreign", institute, column)) != figure:
            told.append(f"{institute}, {column}: {found.get(('foreign', institute, column))} found, {figure} published")
    return told


if __name__ == "__main__":
    wrong = differences(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.write("\n".join(wrong) + "\n" if wrong else "all figures as in the manifest\n")
    sys.exit(bool(wrong))
