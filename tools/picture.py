"""Make docs/images/scan.svg: what `scan` prints for the sample mailboxes, from a real scan.

    python tools/picture.py LEDGER docs/images/scan.svg

LEDGER is what ``outreach-audit scan sample_mailboxes --ledger LEDGER`` wrote.
"""

import io
import sys
from pathlib import Path

from rich.console import Console

from outreach_audit.ledger import Ledger
from outreach_audit.packs.load import load_packs
from outreach_audit.report import make_document, names_of, print_document

LINES = 62  # what fits a picture: the summary and the first table


def main() -> None:
    """Print into a picture."""
    text = io.StringIO()
    with Ledger.open(Path(sys.argv[1]), write=False) as ledger:
        document = make_document(ledger, tz="Asia/Seoul", names=names_of(load_packs().knowledge))
    print_document(document, Console(file=text, width=112, no_color=True))
    picture = Console(record=True, width=112, file=io.StringIO())
    for line in text.getvalue().splitlines()[:LINES]:
        picture.print(line, markup=False, highlight=False, soft_wrap=True)
    picture.save_svg(sys.argv[2], title="outreach-audit scan sample_mailboxes --tz Asia/Seoul")


if __name__ == "__main__":
    main()
