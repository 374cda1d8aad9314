"""The same campaign at several institutes: by its id, or by the fingerprint of its template."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from outreach_audit.campaigns.fingerprint import NEAR, checksums, estimated_distance
from outreach_audit.merge.receive import Tally
from outreach_audit.tally import Section

Key = tuple[int, Section, str]
"""A campaign by the number of its tally, its section and its id there."""


def same_campaigns(tallies: Sequence[Tally]) -> dict[Key, str]:
    """The id that each campaign of each tally has in common with those that are the same: the smallest of theirs."""
    keys = [(n, one.section, one.id) for n, tally in enumerate(tallies) for one in tally.document.campaigns]
    root: dict[Key, Key] = {key: key for key in keys}

    def find(key: Key) -> Key:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    for one, other in _pairs(keys, tallies):
        first, second = sorted((find(one), find(other)))
        root[second] = first
    members: defaultdict[Key, list[Key]] = defaultdict(list)
    for key in keys:
        members[find(key)].append(key)
    return {key: min(each[2] for each in group) for group in members.values() for key in group}


def _pairs(keys: Sequence[Key], tallies: Sequence[Tally]) -> Iterator[tuple[Key, Key]]:
    """Campaigns that are the same."""
    first: dict[tuple[Section, str], Key] = {}
    for key in keys:
        yield first.setdefault(key[1:], key), key
    known = dict(_known(first.values(), tallies))
    holders: defaultdict[int, list[Key]] = defaultdict(list)
    for key, runs in known.items():
        near = {other for run in runs for other in holders[run]}
        yield from ((other, key) for other in sorted(near) if estimated_distance(known[other], runs) <= NEAR)
        for run in runs:
            holders[run].append(key)


def _known(keys: Iterable[Key], tallies: Sequence[Tally]) -> Iterator[tuple[Key, frozenset[int]]]:
    """The checksums of those campaigns of which a good fingerprint is told."""
    for key in keys:
        written = tallies[key[0]].publication.fingerprints.get(key[2], "")
        try:
            yield key, checksums(written)
        except ValueError:
            continue
