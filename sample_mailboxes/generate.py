#!/usr/bin/env python3

"""Write the synthetic sample mailboxes, ``manifest.json`` and ``roster.csv``: the same bytes on every machine.

usage: generate.py [OUT_DIR]      (default: the folder of this script)
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

sys.dont_write_bytecode = True  # no cache files among the sample data

from deliveries import Delivery  # noqa: E402
from manifest import manifest_text, truth_row  # noqa: E402
from phrases import Institute, material  # noqa: E402
from post import Post  # noqa: E402
from rendering import gzip_bytes, mbox_entry  # noqa: E402

COPIES = 6  # deliveries of a personal export that the gateway export holds, too


def filed(institute: Institute, deliveries: list[Delivery]) -> dict[str, list[Delivery]]:
    """The deliveries of one institute by file, in order of receipt."""
    deliveries.sort(key=lambda one: (one.received, one.mailbox, one.letter.message_id))
    counts = Counter(one.mailbox for one in deliveries if one.folder == "inbox" and one.truth.foreign)
    owners = sorted(counts, key=lambda name: (-counts[name], name))[: institute.settings["personal"]]
    files: dict[str, list[Delivery]] = defaultdict(list)
    numbers: Counter[str] = Counter()
    copied = 0
    for one in deliveries:
        shape, folder = institute.settings["files"][one.folder], f"{institute.id}/{one.folder}"
        if one.folder == "inbox" and one.mailbox in owners:
            local = one.mailbox.partition("@")[0]
            numbers[local] += 1
            again = copied < COPIES
            copied += again
            files[f"{folder}/personal/{local}/{numbers[local]:04}.eml"].append(replace(one, copy=again))
            if not again:
                continue
        if shape.startswith("eml"):
            numbers[folder] += 1
            files[f"{folder}/{numbers[folder]:04}.{shape}"].append(one)
        elif shape == "mbox-month":
            files[f"{folder}/gateway-{one.received:%Y-%m}.mbox"].append(one)
        else:
            files[f"{folder}/{one.folder}.{shape}"].append(one)
    return files


def file_bytes(name: str, deliveries: Iterable[Delivery]) -> bytes:
    """The content of a file, in the format that its name says."""
    if ".eml" in name:
        raw = b"".join(re.sub(rb"(?<!\r)\n", b"\r\n", one.content()) for one in deliveries)
    else:
        raw = b"".join(mbox_entry(one.outer.sender, one.received, one.content()) for one in deliveries)
    return gzip_bytes(raw) if name.endswith(".gz") else raw


def main(arguments: list[str]) -> None:
    """Write everything to the folder named, or beside this script."""
    out = Path(arguments[0]) if arguments else Path(__file__).parent
    post = Post(material("plan"))
    rows = []
    for place, institute in enumerate(post.institutes):
        direct = [*post.approaches(institute, place), *post.everyday(institute)]
        for name, deliveries in sorted(filed(institute, direct + list(post.reports(institute, direct))).items()):
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file_bytes(name, deliveries))
            rows += [truth_row(name, one) for one in deliveries]
    about = {
        "about": "Synthetic sample mailboxes: every person, organisation and message is invented.",
        "period": {"from": str(post.calendar.first.date()), "days": post.calendar.days, "tz": "+09:00"},
        "institutes": {
            one.id: {"domain": one.domain, "ror": one.ror, "en": one.en_long, "ko": one.ko_long}
            for one in post.institutes
        },
    }
    (out / "manifest.json").write_text(manifest_text(about, rows), encoding="utf-8", newline="\n")
    roster = [f"{one.address},{one.group},{one.age}\n" for one in post.office.staff["kaist"]]
    (out / "roster.csv").write_text("address,staff_group,age_band\n" + "".join(roster), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
