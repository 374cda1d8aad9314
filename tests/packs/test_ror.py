"""The import of the Research Organization Registry: whose host is whose, names that tell, faults of the file."""

import json
import random
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach_audit.attribution.domains import registrable
from outreach_audit.attribution.knowledge import load_knowledge
from outreach_audit.errors import InvalidPackError, UsageError
from outreach_audit.packs import ror_dump
from outreach_audit.packs.check import check_packs
from outreach_audit.packs.hosts import Claim, Grade, claims_of, host_of, owners
from outreach_audit.packs.load import load_packs
from outreach_audit.packs.ror import import_ror


def record(key, name, country="KR", **changes):
    data = {
        "id": f"https://ror.org/0{key:0>8}",
        "status": "active",
        "types": ["facility"],
        "names": [{"value": name, "lang": "en", "types": ["label", "ror_display"]}],
        "locations": [{"geonames_details": {"country_code": country, "country_name": f"Land {country}"}}],
        "domains": [],
        "links": [],
        "relationships": [],
        "admin": {"last_modified": {"date": "2026-01-02"}},
    }
    return data | changes


def site(url):
    return [{"type": "website", "value": url}]


def dump(path, records, name="v1-ror-data_schema_v2.json", more=()):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, content in more:
            archive.writestr(other, content)
        archive.writestr(name, records if isinstance(records, str | bytes) else json.dumps(records, indent=1))
    return path


def imported(tmp_path, records, **options):
    import_ror(dump(tmp_path / "dump.zip", records), tmp_path / "pack", **options)
    return load_knowledge(tmp_path / "pack")


@pytest.fixture(scope="module")
def real(shared, tmp_path_factory):
    out = tmp_path_factory.mktemp("ror") / "pack"
    made = import_ror(shared / "ror" / "ror-data-v2.zip", out)
    return out, made


def test_the_real_dump(real):
    out, made = real
    assert made.records == 35_990
    assert made.organisations > 25_000
    assert made.domains > 25_000
    own = load_knowledge(out)
    for domain, country in (
        *(("kbsi.re.kr", "KR"), ("etri.re.kr", "KR"), ("kist.re.kr", "KR"), ("cas.cn", "CN"), ("mpg.de", "DE")),
        *(("samsung.com", "KR"), ("siemens.com", "DE"), ("cnrs.fr", "FR"), ("cern.ch", "CH"), ("nsfc.gov.cn", "CN")),
    ):
        assert own.organisation(domain).country == country, domain
    assert own.organisation("cnrs.fr").name_en.startswith("French National Centre for Scientific Research")
    assert own.organisation("mpg.de").name_en.startswith("Max Planck Society")
    for domain in (
        "edu.cn",
        "gov.br",
        "gob.pe",
        "gov.uk",
        "ac.kr",
        "sites.google.com",
        "docs.google.com",
        "facebook.com",
    ):
        assert own.organisation(domain) is None, domain
    assert all(registrable(domain) for organisation in own.organisations for domain in organisation.domains)


def test_the_core_pack_counts_before_the_registry(real):
    core = load_packs().knowledge
    both = load_packs([real[0]]).knowledge
    for domain in ("kbsi.re.kr", "etri.re.kr", "cas.cn", "mpg.de", "samsung.com", "cs.kaist.ac.kr"):
        assert both.organisation(domain) is core.organisation(domain) or (
            both.organisation(domain).id == core.organisation(domain).id
        ), domain
    for known in core.organisations:
        for domain in known.domains:
            assert both.organisation(domain).id == known.id
    assert {c.code for c in core.countries} < {c.code for c in both.countries}
    assert both.country_name("GE") == core.country_name("GE")
    assert both.organisation("gmail.com") is None
    assert both.organisation("nosuch.edu.cn") is None


def test_the_imported_pack_has_no_fault(tmp_path):
    import_ror(
        dump(tmp_path / "d.zip", [record("a", "Orbital Institute of Zwiefalten", "ZW", links=site("http://oiz.zw"))]),
        tmp_path / "p",
    )
    assert check_packs([tmp_path / "p"]).remarks == ()


def test_the_order_of_the_records_makes_no_difference(tmp_path):
    records = [
        record(f"{n}", f"Institute Number{n} of Things", "KR", links=site(f"https://www.i{n % 7}.re.kr"))
        for n in range(30)
    ]
    import_ror(dump(tmp_path / "a.zip", records), tmp_path / "one")
    random.Random(1).shuffle(records)
    import_ror(dump(tmp_path / "a.zip", records), tmp_path / "two")
    for name in ("pack.toml", "organisations.csv", "countries.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_only_the_countries_asked_for(tmp_path):
    records = [
        record("a", "Shared Name Institute", "KR", links=site("https://a.re.kr")),
        record("b", "Shared Name Institute", "DE", links=site("https://b.de")),
    ]
    own = imported(tmp_path, records, countries={"KR"})
    assert [o.country for o in own.organisations] == ["KR"]
    # the name is shared with a record that was not imported: it is shown with its country all the same
    assert own.organisations[0].name_en == "Shared Name Institute (KR)"
    with pytest.raises(UsageError, match="--country FR"):
        import_ror(tmp_path / "dump.zip", tmp_path / "pack", {"FR"})


def test_inactive_records_and_those_of_several_countries_are_left_out(tmp_path):
    two = record("c", "Orbit Twinned Institute", links=site("https://c.org"))
    two["locations"] = two["locations"] + record("x", "x", "DE")["locations"]
    records = [
        record("a", "Closed Comet Institute", status="inactive", links=site("https://a.re.kr")),
        record("b", "Open Comet Institute", links=site("https://b.re.kr")),
        two,
    ]
    assert [o.id for o in imported(tmp_path, records).organisations] == ["ror-00000000b"]


def test_names_that_can_mean_several_things_are_shown_with_their_country(tmp_path):
    common = [record(f"{n}", f"National Institute of Health{n}", links=site(f"https://n{n}.org")) for n in range(70)]
    records = [
        *common,
        record("a", "Institute", "KR", links=site("https://a.re.kr")),
        record("b", "National Institute", "KR", links=site("https://b.re.kr")),
        record("c", "Zwiefalten Institute", "DE", links=site("https://c.de")),
        record("d", "Orbital Comet Company", "DE", types=["company"], links=site("https://d.de")),
    ]
    found = {o.id: o.name_en for o in imported(tmp_path, records).organisations}
    assert found["ror-00000000a"] == "Institute (KR)"
    assert found["ror-00000000b"] == "National Institute (KR)"
    assert found["ror-00000000c"] == "Zwiefalten Institute"
    assert found["ror-00000000d"] == "Orbital Comet Company (DE)"


def test_acronyms_are_no_names(tmp_path):
    names = [
        {"value": "Korea Orbital Institute", "lang": "en", "types": ["label", "ror_display"]},
        {"value": "한국궤도연구원", "lang": "ko", "types": ["label"]},
        {"value": "OPEN", "lang": None, "types": ["acronym"]},
    ]
    (found,) = imported(tmp_path, [record("a", "", names=names, links=site("https://koi.re.kr"))]).organisations
    assert (found.name_en, found.name_native, found.aliases) == ("Korea Orbital Institute", "한국궤도연구원", ())
    assert found.domains == ("koi.re.kr",)


def test_a_branch_does_not_own_the_site_of_its_company(tmp_path):
    above = [{"type": "parent", "id": "https://ror.org/0zzzzzzzz"}]
    records = [
        record(
            "a",
            "Comet Systems (Czechia)",
            "CZ",
            types=["company"],
            relationships=above,
            links=site("https://comet.com"),
        ),
        record(
            "b", "Comet Works (Czechia)", "CZ", types=["company"], relationships=above, links=site("https://comet.cz")
        ),
    ]
    assert [o.domains for o in imported(tmp_path, records).organisations] == [("comet.cz",)]


def test_another_folder_is_not_written_to(tmp_path):
    source = dump(tmp_path / "dump.zip", [record("a", "Orbital Zeta Institute", links=site("https://a.re.kr"))])
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "pack.toml").write_text('id = "mine"\n')
    with pytest.raises(UsageError, match="not empty"):
        import_ror(source, mine)
    import_ror(source, tmp_path / "pack")
    assert import_ror(source, tmp_path / "pack").organisations == 1
    with pytest.raises(UsageError, match="file of that name"):
        import_ror(source, source)


# Faults of the file


def test_faults_of_records_are_told_with_their_lines_all_at_once(tmp_path):
    records = [
        record("a", "Zeta One"),
        {"name": "schema 1"},
        7,
        record("b", "x", names=[]),
        record("c", "x", id="other"),
    ]
    with pytest.raises(InvalidPackError) as error:
        imported(tmp_path, records)
    lines = str(error.value).splitlines()
    assert len(lines) == 4
    text = json.dumps(records, indent=1).splitlines()
    for line, begin in zip(lines, ('  "name": "schema 1"', " 7,", "", ""), strict=True):
        number = int(line.split(".json:")[1].split(":")[0])
        assert not begin or begin in text[number - 1 : number + 1]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "ends within the array"),
        ("{}", "a JSON array is expected"),
        ("[", "ends within the array"),
        ('[{"id": ', "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[" + "9" * 10_000 + "]", "no JSON"),
        (b'[{"id": "\xff"}]', "utf-8"),
    ],
)
def test_broken_json_is_told(tmp_path, content, told):
    with pytest.raises(InvalidPackError, match=told):
        imported(tmp_path, content)


def test_what_is_no_dump_is_told(tmp_path):
    (tmp_path / "no.zip").write_bytes(b"not a zip at all")
    with pytest.raises(InvalidPackError, match=r"no\.zip:1: "):
        import_ror(tmp_path / "no.zip", tmp_path / "pack")
    with pytest.raises(InvalidPackError, match=r"one \.json file"):
        import_ror(dump(tmp_path / "two.zip", [], "b.json", [("a.json", "[]")]), tmp_path / "pack")
    assert not (tmp_path / "pack").exists()


def test_of_two_schemas_the_second_is_read(tmp_path):
    more = [("v1-ror-data.json", '[{"name": "schema 1"}]'), ("v1-ror-data.csv", "id\n")]
    path = dump(tmp_path / "d.zip", [record("a", "Zeta Orbital", links=site("https://a.re.kr"))], more=more)
    assert import_ror(path, tmp_path / "pack").organisations == 1


def test_a_zip_that_expands_without_end_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(ror_dump, "_LIMITS", ror_dump.Limits(expanded_bytes=1 << 20))
    with pytest.raises(InvalidPackError, match="expands to more than"):
        imported(tmp_path, "[" + " " * (3 << 20) + "]")


def test_a_record_that_is_too_large_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(ror_dump, "_MOST_RECORD", 1 << 18)
    with pytest.raises(InvalidPackError, match="too large"):
        imported(tmp_path, [record("a", "x" * (1 << 20))])


# Hosts


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("WWW.KBSI.re.kr.", "kbsi.re.kr"),
        ("www2.example.ac.jp", "example.ac.jp"),
        ("bücher.de", "xn--bcher-kva.de"),
        *(
            (nobody, "")
            for nobody in ("edu.cn", "github.io", "co.uk", "192.168.0.1", "localhost", "", "a b.de", "x" * 300)
        ),
        *((nobody, "") for nobody in ("sites.google.com", "www.facebook.com", "ex\u0000ample.de", "..", "-")),
        ("lab.github.io", "lab.github.io"),
    ],
)
def test_hosts_that_somebody_can_own(name, host):
    assert host_of(name) == host


@given(st.text(max_size=80), st.text(max_size=80))
@settings(deadline=None, max_examples=100)
def test_any_text_may_stand_for_a_site(domain, path):
    for claim in claims_of([domain], [f"https://{domain}/{path}", path]):
        assert registrable(claim.host)


def test_a_front_page_says_more_than_a_page():
    (front,) = claims_of([], ["https://a.de/en/index.html"])
    (page,) = claims_of([], ["https://a.de/en/groups/7"])
    assert (front.grade, page.grade) == (Grade.FRONT, Grade.PAGE)
    (both,) = claims_of(["a.de"], ["https://a.de/x"])
    assert both.grade is Grade.LISTED


def own(**claims):
    return {name: [Claim(host, grade) for host, grade in hosts] for name, hosts in claims.items()}


def test_of_two_claims_the_surer_counts():
    claims = own(a=[("x.de", Grade.FRONT)], b=[("x.de", Grade.PAGE)])
    assert owners(claims, {}, {"a": "DE", "b": "US"}) == {"x.de": "a"}


def test_of_two_equal_claims_neither_counts():
    claims = own(a=[("x.de", Grade.FRONT)], b=[("x.de", Grade.FRONT)])
    assert owners(claims, {}, {"a": "DE", "b": "DE"}) == {}


def test_a_host_belongs_to_what_the_others_are_part_of():
    claims = own(a=[("x.fr", Grade.PAGE)], b=[("x.fr", Grade.LISTED)], c=[("x.fr", Grade.PAGE)])
    assert owners(claims, {"b": ["a"], "c": ["a"]}, dict.fromkeys("abc", "FR")) == {"x.fr": "a"}


def test_a_page_alone_owns_nothing():
    assert owners(own(a=[("x.com", Grade.PAGE)]), {}, {"a": "AU"}) == {}


def test_a_host_below_another_is_kept_only_across_borders():
    claims = own(
        a=[("nyu.edu", Grade.LISTED)], b=[("shanghai.nyu.edu", Grade.LISTED)], c=[("med.nyu.edu", Grade.LISTED)]
    )
    found = owners(claims, {}, {"a": "US", "b": "CN", "c": "US"})
    assert found == {"nyu.edu": "a", "shanghai.nyu.edu": "b"}
