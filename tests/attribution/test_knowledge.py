"""The knowledge files: loading, faults with file and line, lookups, merging."""

import pickle
import re
from pathlib import Path

import pytest

from outreach_audit.attribution import DomainKind, Knowledge, load_knowledge
from outreach_audit.errors import InvalidPackError

CORE_FOLDER = Path(__file__).parents[2] / "outreach_audit/packs/core"
CORE = load_knowledge(CORE_FOLDER)
HEADER = "id,name_native,name_en,aliases,country,kind,domains\n"


def test_the_core_pack_is_broad():
    assert len(CORE.organisations) > 700
    assert len(CORE.places) > 400
    assert len(CORE.programmes) > 200
    assert len(CORE.freemail) > 150
    assert len(CORE.countries) > 80


def test_every_country_named_anywhere_has_a_row():
    known = {country.code for country in CORE.countries}
    rows = (*CORE.organisations, *CORE.places, *CORE.programmes, *CORE.currencies, *CORE.domains)
    assert {row.country for row in rows} - {""} <= known


def test_no_generic_country_code_maps_to_a_country():
    for name in ("x.io", "x.ai", "x.co", "x.me", "x.tv", "x.cc", "x.ws", "x.tk", "x.top", "x.eu", "x.com"):
        assert CORE.country_of_tld(name) == ""
    assert CORE.country_of_tld("x.ac.uk") == "GB"


@pytest.mark.parametrize(
    ("domain", "organisation"),
    [
        ("kaist.ac.kr", "kr-kaist"),
        ("cs.kaist.ac.kr", "kr-kaist"),
        ("shanghai.nyu.edu", "cn-nyush"),
        ("nyu.edu", "us-nyu"),
        ("cuhk.edu.cn", "cn-cuhk-sz"),
        ("cuhk.edu.hk", "hk-cuhk"),
        ("kit.edu", "de-kit"),
        ("notkaist.ac.kr", None),
        ("", None),
    ],
)
def test_longest_suffix_decides(domain, organisation):
    found = CORE.organisation(domain)
    assert (found.id if found else None) == organisation


@pytest.mark.parametrize(
    ("domain", "kind"),
    [
        ("kaist.ac.kr", DomainKind.INSTITUTION),
        ("unknown-college.edu.cn", DomainKind.INSTITUTION),
        ("uni-irgendwo.de", DomainKind.INSTITUTION),
        ("gmail.com", DomainKind.FREEMAIL),
        ("1000talent.top", DomainKind.AGENCY),
        ("bounce.amazonses.com", DomainKind.BULK_MAILER),
        ("linkedin.com", DomainKind.PLATFORM),
        ("googlegroups.com", DomainKind.LIST_HOST),
        ("overseas-scholars.online", DomainKind.COINED),
        ("huawei.com", DomainKind.OTHER),
        ("acme.co.kr", DomainKind.OTHER),
        ("", DomainKind.OTHER),
    ],
)
def test_domain_kind(domain, kind):
    assert CORE.domain_kind(domain) is kind


def test_faults_name_file_and_line_all_at_once(tmp_path):
    rows = ("a,,A,,KR,university,a.ac.kr", "b,,B,,Korea,university,", "c,,C,,KR,shop,", "a,,D,,KR,company,", "short")
    (tmp_path / "organisations.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "freemail.csv").write_text("name\nx\n", encoding="utf-8")
    with pytest.raises(InvalidPackError) as caught:
        load_knowledge(tmp_path)
    places = [re.search(r"(\w+\.csv):(\d+): ", line) for line in str(caught.value).splitlines()]
    assert [(place.group(1), int(place.group(2))) for place in places if place] == [
        ("organisations.csv", 3),
        ("organisations.csv", 4),
        ("organisations.csv", 5),
        ("organisations.csv", 6),
        ("freemail.csv", 1),
    ]


def test_a_folder_without_knowledge_is_empty(tmp_path):
    assert load_knowledge(tmp_path).organisations == ()


def test_merging_replaces_organisations_of_the_same_id(tmp_path):
    row = "kr-kaist,한국과학기술원,KAIST (renamed),,KR,university,kaist.example"
    (tmp_path / "organisations.csv").write_text(f"{HEADER}{row}\n", encoding="utf-8")
    merged = CORE.merged(load_knowledge(tmp_path))
    assert merged.organisation("kaist.ac.kr") is None
    found = merged.organisation("kaist.example")
    assert found is not None
    assert found.name_en == "KAIST (renamed)"
    assert len(merged.organisations) == len(CORE.organisations)
    assert merged.freemail == CORE.freemail


def test_knowledge_can_be_sent_to_a_worker():
    CORE.organisation("kaist.ac.kr")
    copy: Knowledge = pickle.loads(pickle.dumps(CORE))
    assert copy.organisations == CORE.organisations
    assert copy.domain_kind("gmail.com") is DomainKind.FREEMAIL
