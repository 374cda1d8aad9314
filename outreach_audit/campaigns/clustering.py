"""Messages of one template brought together, each with what joined it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Literal, TypeVar

from outreach_audit.campaigns.masking import mask
from outreach_audit.campaigns.shingles import distance, shingles, sketch

NEAR = 0.6
"""Largest distance of two texts of one template; the nearest unrelated texts of the labelled mail are at 0.91."""

MIN_RUNS = 12
"""A text with fewer runs says too little: such texts are of one campaign only with the same host."""

_NEW_FORM = 0.3  # a text this far from its campaign is kept as a further form of the template
_MAX_FORMS = 16  # forms of one campaign that are compared with
_COMMON = 500  # a run, or host, in more forms than this is a commonplace and shows nothing
_MIN_SHARED = 2

_Key = TypeVar("_Key", bound=Hashable)
Reason = Literal["first", "equal", "text", "host"]


@dataclass(frozen=True, slots=True)
class Member:
    """One message: its key, its offer text, the registrable hosts it leads to."""

    key: str
    text: str
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """Why a message belongs to its campaign.

    ``reason``: ``first`` (the form that others were compared with), ``equal`` (same masked text as ``near``),
    ``text`` (near-equal text) or ``host`` (same landing host, as where one offer is written in two languages);
    ``near`` is the key of the message it was compared with, ``distance`` the Jaccard distance to it,
    ``host`` the host shared.
    """

    campaign: str
    reason: Reason
    near: str
    distance: float = 0.0
    host: str = ""


@dataclass(frozen=True, slots=True)
class Clusters:
    """The campaign of every message, by its key."""

    joined: Mapping[str, Joined]

    def members(self) -> dict[str, tuple[str, ...]]:
        """The message keys of each campaign, both sorted."""
        found = defaultdict(list)
        for key, joined in sorted(self.joined.items()):
            found[joined.campaign].append(key)
        return {campaign: tuple(keys) for campaign, keys in sorted(found.items())}


@dataclass(slots=True)
class _Form:
    """All messages with one masked text: one node of the search."""

    digest: str
    masked: str
    keys: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)


def cluster(members: Iterable[Member], *, is_common: Callable[[str], bool] | None = None) -> Clusters:
    """Brings together what was built from one template; the same for every order of the members.

    Args:
        members: the messages, each with a key of its own.
        is_common: tells hosts that show nothing (free mail, platforms, bulk mailers).

    Returns:
        The campaign of every message. A campaign's id is made from the smallest digest of its masked texts, so that
        it is the same at every institute that has this text, and stays while mail is added, unless a smaller one joins.
    """
    forms = sorted(_forms(members, is_common).values(), key=lambda form: form.digest)
    search = _Search(forms)
    for index in range(len(forms)):
        search.place(index)
    joined: dict[str, Joined] = {}
    for index, form in enumerate(forms):
        campaign = forms[search.root(index)].digest
        reason, near, far, host = search.why[index]
        keys = sorted(form.keys)
        joined[keys[0]] = Joined(campaign, reason, min(forms[near].keys), far, host)
        joined |= {key: Joined(campaign, "equal", keys[0]) for key in keys[1:]}
    return Clusters(joined)


def _forms(members: Iterable[Member], is_common: Callable[[str], bool] | None) -> dict[str, _Form]:
    forms: dict[str, _Form] = {}
    for member in members:
        masked = mask(member.text)
        # what says too little stands alone: its key, not its words, tells it apart
        identity = masked if len(shingles(masked)) >= MIN_RUNS else f"{member.key}\0"
        digest = blake2b(identity.encode("utf-8", "replace"), digest_size=8).hexdigest()
        form = forms.setdefault(digest, _Form(digest, masked))
        form.keys.append(member.key)
        form.hosts.update(host for host in member.hosts if not (is_common and is_common(host)))
    return forms


class _Search:
    """Places one form after the other, in the order of their digests.

    Only forms that add something new to their campaign are compared with later ones: a campaign of 10,000
    personalised mails costs 10,000 comparisons with a handful of forms and not 50 million with each other.
    """

    def __init__(self, forms: list[_Form]) -> None:
        self._forms = forms
        self._parent = list(range(len(forms)))
        self._kept: Counter[int] = Counter()
        self._by_run: defaultdict[int, list[int]] = defaultdict(list)
        self._by_host: defaultdict[str, list[int]] = defaultdict(list)
        self._runs = lru_cache(maxsize=8192)(lambda index: shingles(forms[index].masked))
        self.why: list[tuple[Reason, int, float, str]] = []

    def root(self, index: int) -> int:
        """The first form of the campaign that this form belongs to."""
        while self._parent[index] != index:
            self._parent[index] = index = self._parent[self._parent[index]]
        return index

    def place(self, index: int) -> None:
        """Joins a form to all campaigns that it is near to, or lets it open a new one."""
        sample = sketch(self._runs(index))
        found = sorted(self._near(index, sample))
        for _, other, _, _ in found:
            first, second = sorted((self.root(index), self.root(other)))
            self._parent[second] = first
        if found:
            far, other, reason, host = found[0]
            self.why.append((reason, other, far, host))
        else:
            self.why.append(("first", index, 0.0, ""))
        if not found or (found[0][0] > _NEW_FORM and self._kept[self.root(index)] < _MAX_FORMS):
            self._keep(index, sample)

    def _near(self, index: int, sample: tuple[int, ...]) -> Iterator[tuple[float, int, Reason, str]]:
        """The kept forms of the same template: distance, form, what shows it, the host shared."""
        runs = self._runs(index)
        shared = Counter(other for run in sample for other in _postings(self._by_run, run))
        hosts = {other: host for host in sorted(self._forms[index].hosts) for other in _postings(self._by_host, host)}
        for other in {other for other, count in shared.items() if count >= _MIN_SHARED} | hosts.keys():
            known = self._runs(other)
            far = distance(runs, known)
            if far <= NEAR and min(len(runs), len(known)) >= MIN_RUNS:
                yield far, other, "text", ""
            elif other in hosts:
                yield far, other, "host", hosts[other]

    def _keep(self, index: int, sample: tuple[int, ...]) -> None:
        """Lets later forms be compared with this one."""
        self._kept[self.root(index)] += 1
        for run in sample:
            self._by_run[run].append(index)
        for host in self._forms[index].hosts:
            self._by_host[host].append(index)


def _postings(index: Mapping[_Key, list[int]], key: _Key) -> Sequence[int]:
    found = index.get(key, ())
    return found if len(found) <= _COMMON else ()
