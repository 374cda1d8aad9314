# ruff: noqa: INP001  (a script beside its data, not a package)
"""Who gets what, when, in which folder: the deliveries of every institute, by ``material/plan.toml``."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from deliveries import Delivery, report
from letters import SEOUL, Occasion, Office, Truth, approach, batch, everyday, thread
from phrases import Institute, Person, Writer, chance, material, person
from rendering import Letter

EVERYDAY = ("everyday_ko", "everyday_en", "everyday_other", "traps", "traps_other")
REPORTED_TRAPS = ("fraud", "cfp", "incoming_scholar", "task_work", "title_seller")
FOLDERS = ("inbox", "spam", "quarantine")
AGES = {"under 45": 42, "45-54": 33, "55 and over": 25}
ONE_TEMPLATE = "global-scientists-fund"  # KAIST's case: nobody else sees it
LATE = 18  # days at the end of the period in which no campaign begins, so that its reminders still fall within


def institutes(plan: Mapping[str, Any]) -> list[Institute]:
    """The institutes in the order of the plan."""
    names = ("id", "domain", "en", "ko", "en_long", "ko_long", "ror")
    return [Institute(**{name: row[name] for name in names}, settings=row) for row in plan["institute"]]


def employ(
    institute: Institute, pools: Mapping[str, Any], research: Mapping[str, Any], lists: Mapping[str, Any]
) -> list[Person]:
    """The invented staff of an institute, each with a field of work and a paper."""
    fields = [field for field in research["field"] if institute.id in field["at"]]
    settings, staff, taken = institute.settings, [], set()
    for number in range(settings["staff"]):
        rng = chance("staff", institute.id, number)
        abroad = rng.randrange(100) < settings["foreign_share"]
        someone = person(pools, rng.choice([pool for pool in sorted(pools) if pool != "kr"]) if abroad else "kr", rng)
        local = someone.local
        while local in taken:
            local = f"{someone.local}{rng.randint(2, 99)}"
        taken.add(local)
        field = rng.choice(fields)
        writer = Writer(rng, "en", datetime(2024, 1, 1, tzinfo=SEOUL), lists, pools)
        dept, dept_en = rng.choice(settings["depts"])
        staff.append(
            replace(
                someone,
                local=local,
                address=f"{local}@{institute.domain}",
                field=field,
                dept=dept,
                dept_en=dept_en,
                tel=str(rng.randint(2001, 7999)),
                group=rng.choices(list(settings["groups"]), list(settings["groups"].values()))[0],
                age=rng.choices(list(AGES), list(AGES.values()))[0],
                paper=writer.fill(rng.choice(field["titles"])),
                journal=rng.choice(research["journals"][field["journals"]]),
                year=rng.choice(("2022", "2023", "2023")),
            )
        )
    return staff


class Calendar:
    """Moments within the period of the sample."""

    def __init__(self, plan: Mapping[str, Any]) -> None:
        self.first: datetime = datetime.combine(plan["period"]["from"], time(), SEOUL)
        self.days: int = plan["period"]["days"]

    def moment(self, rng: Random, *, office_hours: bool, before_end: int = 0) -> datetime:
        """A moment of the period, so many days before its end; in office hours only on working days."""
        while True:
            day = self.first + timedelta(days=rng.randrange(self.days - before_end))
            if not office_hours or day.weekday() < 5:  # noqa: PLR2004  (Monday to Friday)
                break
        hours = (8, 18) if office_hours else (0, 23)
        return day + timedelta(hours=rng.randint(*hours), minutes=rng.randrange(60), seconds=rng.randrange(60))


class Post:
    """Delivers the letters: plans who gets what, when, in which folder."""

    def __init__(self, plan: Mapping[str, Any]) -> None:
        self.plan = plan
        self.calendar = Calendar(plan)
        self.institutes = institutes(plan)
        pools, lists, research = material("people"), material("lists"), material("research")
        self.office = Office(lists, pools, {one.id: employ(one, pools, research, lists) for one in self.institutes})
        self.campaigns = {one["id"]: one for one in material("approaches")["campaign"]}
        self.mails = [mail for name in EVERYDAY for mail in material(name)["mail"]]

    def delivery(self, letter: Letter, truth: Truth, institute: Institute, to: Person) -> Delivery:
        """The copy of a letter in the mailbox of a member of staff."""
        rng = chance("delivery", letter.message_id, to.address)
        internal = letter.sender.endswith("@" + institute.domain)
        key = "default" if internal else truth.trap or "approach"
        weights = self.plan["folders"].get(key, self.plan["folders"]["default"])
        received = letter.date.astimezone(SEOUL) + timedelta(seconds=rng.randint(1, 50))
        return Delivery(letter, truth, institute, to.address, to.address, received, rng.choices(FOLDERS, weights)[0])

    def approaches(self, institute: Institute, place: int) -> Iterator[Delivery]:
        """All direct approaches to one institute, which has this place in the rows of the plan."""
        for name, row in self.plan["deliveries"].items():
            if row[place]:
                yield from self._campaign(self.campaigns[name], institute, row[place])

    def _campaign(self, campaign: Mapping[str, Any], institute: Institute, total: int) -> Iterator[Delivery]:
        rng = chance("campaign", campaign["id"], institute.id)
        first = self.plan["recipients"].get(campaign["id"], max(1, round(total * 0.8)))
        chosen = rng.sample(self.office.staff[institute.id], first)
        starts = [self.calendar.moment(rng, office_hours=True, before_end=LATE) for _ in range(3)]
        batches = [batch(self.office, campaign, (institute.id, number)) for number in range(6)]
        sent: list[tuple[Person, Mapping[str, Any], datetime]] = []
        for to, *others in _groups(rng, chosen) if "shared" in campaign else [[one] for one in chosen]:
            when = rng.choice(starts) + timedelta(minutes=rng.randrange(240), seconds=rng.randrange(60))
            version = _chosen(rng, campaign["version"])
            occasion = Occasion(to, institute, when)
            letter, truth = approach(self.office, rng.choice(batches[:4]), version, occasion)
            yield from (self.delivery(letter, truth, institute, one) for one in (to, *others))
            sent += [(one, version, when) for one in (to, *others)]
        reminders = round((total - first) * 0.69)
        for number, (to, version, when) in enumerate(rng.sample(sent, total - first)):
            again, gap = "copy", timedelta(hours=rng.randint(1, 30))
            if number < reminders:
                again, gap = "reminder", timedelta(days=rng.randint(6, 15))
            occasion = Occasion(to, institute, when + gap)
            letter, truth = approach(self.office, rng.choice(batches), version, occasion, again=again)
            yield self.delivery(letter, truth, institute, to)

    def everyday(self, institute: Institute) -> Iterator[Delivery]:
        """The ordinary mail of one institute, of every sort."""
        staff = self.office.staff[institute.id]
        for trap, share in self.plan["everyday"].items():
            mails = [one for one in self.mails if one["trap"] == trap and institute.id in one.get("at", [institute.id])]
            left, number = round(institute.settings["everyday"] * share / 1000), 0
            while left > 0:
                rng = chance("plan", institute.id, trap, number)
                mail, to = _chosen(rng, mails), rng.choice(staff)
                office_hours = "{inst.domain}" in mail["from"] or "{col." in mail["from"]
                occasion = Occasion(to, institute, self.calendar.moment(rng, office_hours=office_hours))
                for one in self._mail(mail, occasion, rng, number):
                    left -= 1
                    yield one
                number += 1

    def _mail(self, mail: Mapping[str, Any], occasion: Occasion, rng: Random, number: int) -> Iterator[Delivery]:
        to, institute = occasion.to, occasion.institute
        if "replies" in mail:
            for letter, truth, reader in thread(self.office, mail, occasion, number):
                yield self.delivery(letter, truth, institute, reader)
            return
        letter, truth = everyday(self.office, mail, occasion, number)
        others = [one for one in self.office.staff[institute.id] if one is not to and one.address != letter.sender]
        for one in (to, *rng.sample(others, rng.randint(*mail.get("fan", (1, 1))) - 1)):
            yield self.delivery(letter, truth, institute, one)

    def reports(self, institute: Institute, direct: Iterable[Delivery]) -> Iterator[Delivery]:
        """What staff forward to the security office, and what else lies in its mailbox."""
        rng = chance("reports", institute.id)
        delivered, alone, other = self.plan["reports"][institute.id]
        notes, staff = material("reports")["note"], {one.address: one for one in self.office.staff[institute.id]}
        foreign = [one for one in direct if one.truth.foreign and not one.letter.damage]
        for one in rng.sample(foreign, delivered):
            yield report(self.office, one, staff[one.recipient], notes, known=True)
        for letter, truth, to in (*self._told(rng, institute, alone), *self._mistaken(rng, institute, other)):
            one = self.delivery(replace(letter, damage=""), truth, institute, to)
            yield report(self.office, one, to, notes, known=False)
        address = f"security@{institute.domain}"
        desk = Person("연구보안팀", "Research Security", "", "", "security", "kr", address=address)
        for number, mail in enumerate(material("reports")["mail"]):
            occasion = Occasion(desk, institute, self.calendar.moment(rng, office_hours=True))
            letter, truth = everyday(self.office, mail, occasion, f"desk {number}")
            yield replace(self.delivery(letter, truth, institute, desk), folder="reports")

    def _told(self, rng: Random, institute: Institute, many: int) -> Iterator[tuple[Letter, Truth, Person]]:
        """Foreign approaches that no mailbox of the sample holds."""
        kinds = [
            one for one in self.campaigns.values() if one["country"] not in ("KR", "ZZ") and one["id"] != ONE_TEMPLATE
        ]
        for number, campaign in enumerate(rng.sample(kinds, many)):
            to = rng.choice(self.office.staff[institute.id])
            occasion = Occasion(to, institute, self.calendar.moment(rng, office_hours=False))
            sent = batch(self.office, campaign, (institute.id, "reported", number))
            yield *approach(self.office, sent, rng.choice(campaign["version"]), occasion, again="reported"), to

    def _mistaken(self, rng: Random, institute: Institute, many: int) -> Iterator[tuple[Letter, Truth, Person]]:
        """Mail that was reported and is no approach."""
        mails = [mail for mail in self.mails if mail["trap"] in REPORTED_TRAPS and "attach" not in mail]
        for number, mail in enumerate(rng.sample(mails, many)):
            to = rng.choice(self.office.staff[institute.id])
            occasion = Occasion(to, institute, self.calendar.moment(rng, office_hours=False))
            yield *everyday(self.office, mail, occasion, f"reported {number}"), to


def _chosen(rng: Random, ones: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return rng.choices(ones, [one.get("weight", 1) for one in ones])[0]


def _groups(rng: Random, people: list[Person]) -> Iterator[list[Person]]:
    while people:
        size = rng.randint(2, 5)
        yield people[:size]
        people = people[size:]
