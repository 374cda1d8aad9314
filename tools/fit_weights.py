"""Fit the weights of the core pack's signals to labelled mail, and write them back with their provenance.

    python tools/fit_weights.py DIR... [--samples sample_mailboxes] [--ordinary MBOX...] [--write]

DIR is a folder as `evaluate` reads it (DIR/labels.jsonl beside DIR/<home>/<folder>/*.mbox). Mail given as
``--ordinary`` is known to hold no approach; of the sample mailboxes each template counts as two messages. Without
``--write`` the figures are printed only: fitted, and cross-validated (each message judged by weights that were fitted
without it).
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from outreach_audit.codes import Label
from outreach_audit.evaluation.fit import Fit, Sample, fit
from outreach_audit.evaluation.measure import judge_labelled, read_labels
from outreach_audit.ledger.record import Record
from outreach_audit.mail.attachments import InProcessReader
from outreach_audit.packs.load import CORE, load_packs
from outreach_audit.packs.model import Pack
from outreach_audit.run.assess import Assessor
from outreach_audit.run.settings import Settings
from outreach_audit.sources import RawMessage, read

FIXED = -20.0  # weights beyond this are vetoes, not evidence
FOLDS = 10
PRIOR_THRESHOLD = 2.5  # points by judgement, as the priors of the signals
UNCLEAR_BAND = 0.75  # points below the threshold in which a person should look
ORDINARY_WORTH = 0.15  # one ordinary message against one labelled one: there are many, and much alike
FALSE_WORTH = 1.3  # a false approach costs more than a missed one


def labelled(folders: Sequence[Path], pack: Pack) -> Iterator[tuple[Record, Label]]:
    """Records with their labels."""
    assessor = Assessor(pack, Settings(), InProcessReader())
    for folder in folders:
        for judged in judge_labelled(read_labels(folder / "labels.jsonl"), folder, assessor.with_settings, Settings()):
            if judged.record and judged.truth is not Label.UNCLEAR:
                yield judged.record, judged.truth


def of_samples(folder: Path, pack: Pack, fitted: frozenset[str]) -> Iterator[Sample]:
    """The sample mailboxes, every template with the worth of two messages."""
    rows = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["deliveries"]
    truth = {(row.get("message_id"), row["recipient"], row["via"]): row for row in rows}
    counts = Counter(row["template"] for row in rows)
    assessor = Assessor(pack, Settings(), InProcessReader())
    for item in read([folder]):
        for record in assessor.assess(item).records if isinstance(item, RawMessage) else ():
            row = truth.get((record.message_id, record.recipient, record.via.value))
            if row is not None and row["label"] != Label.UNCLEAR:
                worth = 2.0 / counts[row["template"]]
                one = sample(record, positive=row["label"] == Label.APPROACH, worth=worth, fitted=fitted)
                if one:
                    yield one


def sample(record: Record, *, positive: bool, worth: float, fitted: frozenset[str]) -> Sample | None:
    """The sample of one record, or None where weights decide nothing: no core, or a veto."""
    if not record.verdict.core or any(hit.weight < FIXED for hit in record.verdict.hits):
        return None
    return Sample(frozenset(hit.signal for hit in record.verdict.hits) & fitted, positive=positive, worth=worth)


def score(fitted: Fit, one: Sample) -> float:
    """Points above the threshold."""
    return sum(fitted.weights[name] for name in one.fired) - fitted.threshold


def told(name: str, scores: Sequence[tuple[float, bool]], missed: int) -> None:
    """Print precision and recall of scores."""
    hit = sum(s > 0 and p for s, p in scores)
    false = sum(s > 0 and not p for s, p in scores)
    positives = sum(p for _, p in scores) + missed
    print(f"{name}: precision {hit / max(1, hit + false):.3f} ({false} false), recall {hit / max(1, positives):.3f}")


def write(fitted: Fit, provenance: str) -> None:
    """Put the weights and the threshold into the core pack."""
    path = CORE / "signals.toml"
    text = path.read_text(encoding="utf-8")
    for name, weight in fitted.weights.items():
        text = re.sub(rf'(id = "{re.escape(name)}"\ntitle = .*\nweight = )-?[0-9.]+', rf"\g<1>{weight}", text)
    path.write_text(text, encoding="utf-8")
    path = CORE / "pack.toml"
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"approach = [0-9.]+", f"approach = {fitted.threshold:.2f}", text)
    text = re.sub(r"unclear = [0-9.]+", f"unclear = {fitted.threshold - UNCLEAR_BAND:.2f}", text)
    text = re.sub(r'provenance = ".*"', f'provenance = "{provenance}"', text)
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """Fit, print, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--ordinary", nargs="*", type=Path, default=[])
    parser.add_argument("--samples", nargs="*", type=Path, default=[])
    parser.add_argument("--pull", type=float, default=1.5)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    pack = load_packs()
    prior = {s.id: s.prior for s in pack.signals if s.weight > FIXED}
    names = frozenset(prior)
    samples: list[Sample] = []
    missed = 0
    for record, truth in labelled(arguments.folders, pack):
        positive = truth is Label.APPROACH
        one = sample(record, positive=positive, worth=1.0 if positive else FALSE_WORTH, fitted=names)
        if one is None:
            missed += positive
        else:
            samples.append(one)
    ordinary = []
    assessor = Assessor(pack, Settings())
    for item in read(arguments.ordinary):
        if isinstance(item, RawMessage):
            for record in assessor.assess(item).records:
                one = sample(record, positive=False, worth=ORDINARY_WORTH, fitted=names)
                ordinary += [one] if one else []
    for folder in arguments.samples:
        ordinary += of_samples(folder, pack, names)
    result = fit(samples + ordinary, prior, PRIOR_THRESHOLD, pull=arguments.pull)
    told("fitted", [(score(result, s), s.positive) for s in samples], missed)
    wrong = sum((score(result, s) > 0) != s.positive for s in ordinary)
    print(f"ordinary and sample mail: {len(ordinary)} with a core, {wrong} judged wrongly")
    crossed = []
    for number in range(FOLDS):
        kept = [s for i, s in enumerate(samples) if i % FOLDS != number]
        other = fit(kept + ordinary, prior, PRIOR_THRESHOLD, pull=arguments.pull, steps=300)
        crossed += [(score(other, s), s.positive) for s in samples[number::FOLDS]]
    told("cross-validated", crossed, missed)
    if arguments.write:
        used = f"{len(samples) + missed} labelled messages with a core and {len(ordinary)} ordinary and sample ones"
        write(result, f"fitted to {used}, pull {arguments.pull}")


if __name__ == "__main__":
    main()
