"""Draw what `scan` prints for the sample mailboxes, from a real scan, for docs/images.

    python tools/picture.py LEDGER scan.html
    chromium --headless --screenshot=docs/images/scan.png --window-size=1130,1010 scan.html

LEDGER is what ``outreach-audit scan sample_mailboxes --ledger LEDGER`` wrote.
"""

import html
import io
import sys
from pathlib import Path

from rich.console import Console

from outreach_audit.ledger import Ledger
from outreach_audit.packs.load import load_packs
from outreach_audit.report import make_document, names_of, print_document

WIDTH, LINES = 112, 45  # the summary and the first section of the first table
# a font in which one Korean letter is as wide as two Latin ones, as on a terminal
STYLE = "margin:0;padding:20px 24px;background:#16202c;color:#e8edf2;font:15px/1.4 'NanumGothicCoding',monospace"


def main() -> None:
    """Print into a page."""
    text = io.StringIO()
    with Ledger.open(Path(sys.argv[1]), write=False) as ledger:
        document = make_document(ledger, tz="Asia/Seoul", names=names_of(load_packs().knowledge))
    print_document(document, Console(file=text, width=WIDTH, no_color=True))
    shown = "\n".join(
        ["$ outreach-audit scan sample_mailboxes --tz Asia/Seoul", "", *text.getvalue().splitlines()[:LINES]]
    )
    page = f'<meta charset="utf-8"><pre style="{STYLE}">{html.escape(shown)}</pre>'
    Path(sys.argv[2]).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
