"""Random samples: the same for everybody, fair, and growing with the mail."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.codes import Folder, Label, Via
from outreach_audit.ledger import Ledger
from outreach_audit.ledger.decisions import sample_of
from outreach_audit.review.items import members
from outreach_audit.review.sampling import Stratum, allocate, draw, order_of, stratum_of
from tests.ledger.make import other, record

NOW = datetime(2026, 4, 1, tzinfo=UTC)
SIZES = st.dictionaries(st.sampled_from(Stratum), st.integers(0, 60))


def mail():
    yield from (record(f"a{n}", f"p{n}@home.example", offset=n) for n in range(30))
    yield from (record(f"u{n}", label=Label.UNCLEAR, offset=1000 + n) for n in range(4))
    yield from (other(n) for n in range(200))
    near = (other(n) for n in range(200, 220))
    yield from (replace(one, verdict=replace(one.verdict, score=1.5)) for one in near)
    yield record("r", via=Via.REPORT, folder=Folder.REPORTS)
    yield replace(other(999), folder=Folder.SENT)


def drawn(records, size=40, seed="2026-03"):
    with Ledger.open() as ledger:
        ledger.add(records)
        return draw(ledger, size=size, seed=seed, now=NOW)


@settings(deadline=None, max_examples=200)
@given(SIZES, st.integers(1, 200))
def test_the_allocation_gives_all_that_can_be_given_and_grows_with_what_is_wanted(sizes, wanted):
    found = allocate(sizes, wanted)
    assert sum(found.values()) == min(wanted, sum(sizes.values()))
    assert all(number <= sizes[stratum] for stratum, number in found.items())
    assert wanted < len(found) or all(found.values())
    more = allocate(sizes, wanted + 1)
    assert all(more[stratum] >= number for stratum, number in found.items())


def test_every_stratum_is_sampled_and_reports_and_sent_mail_are_not():
    sample = drawn(list(mail()))
    assert Counter(stratum for stratum, _ in sample.members) == {
        "approach": 9,
        "unclear": 3,
        "other_some": 7,
        "other_none": 21,
    }
    sizes = Counter()
    for (stratum, _), number in sample.populations.items():
        sizes[stratum] += number
    assert sizes == {"approach": 30, "unclear": 4, "other_some": 20, "other_none": 200}


def test_the_sample_does_not_depend_on_the_order_of_the_mail_and_is_kept():
    records = list(mail())
    first = drawn(records)
    Random(1).shuffle(records)
    with Ledger.open() as ledger:
        ledger.add(records)
        again = draw(ledger, size=40, seed="2026-03", now=NOW)
        assert again.members == first.members
        assert sample_of(ledger, None, None) == again
        assert [one.stratum for one in members(ledger, again)] == [stratum for stratum, _ in again.members]
    assert drawn(records, seed="2026-04").members != first.members


def test_the_order_of_a_seed_is_that_of_every_machine():
    assert order_of("2026-03", "0123456789abcdef").hex() == "2e8ec0fb5b7c931cd1073487aaf5a77d"


def test_a_smaller_sample_is_part_of_a_larger_one_and_more_mail_keeps_most_of_it():
    records = list(mail())
    larger = drawn(records, size=40)
    assert set(drawn(records, size=25).members) < set(larger.members)
    more = drawn([*records, *(other(n) for n in range(300, 320))], size=40)
    assert len(set(larger.members) & set(more.members)) >= 36


def test_every_delivery_is_as_likely_as_every_other():
    hits = Counter()
    for seed in range(2000):
        hits.update(sorted(range(20), key=lambda n: order_of(str(seed), f"{n:016x}"))[:5])
    # 500 expected, standard deviation 19
    assert all(410 < hits[n] < 590 for n in range(20))


def test_the_last_drawn_sample_of_the_same_period_is_the_one_that_counts():
    with Ledger.open() as ledger:
        ledger.add(list(mail()))
        draw(ledger, size=5, seed="one", now=NOW)
        march = (1_772_323_200, 1_775_001_600)
        of_march = draw(ledger, size=5, seed="one", now=NOW, since=march[0], until=march[1])
        later = draw(ledger, size=6, seed="two", now=NOW)
        assert sample_of(ledger, None, None).members == later.members
        assert sample_of(ledger, *march) == of_march
        assert sample_of(ledger, 1, 2) is None
        assert len(sample_of(ledger, None, None, "one").members) == 5
        draw(ledger, size=7, seed="one", now=NOW)
        assert len(sample_of(ledger, None, None, "one").members) == 7


def test_strata():
    assert stratum_of(Label.OTHER, 0.0) is Stratum.OTHER_NONE
    assert stratum_of(Label.OTHER, 0.1) is Stratum.OTHER_SOME
    assert stratum_of(Label.ADVERT, 5.0) is Stratum.ADVERT
    assert {stratum.label for stratum in Stratum} == set(Label)
