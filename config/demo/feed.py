"""What the home-care company's own training app told its record store over three months."""

import random
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, Final

from config.demo.people import Cast, Member, demo_uuid
from lrs.services import issue_credential, store_statements, tenant_of
from lrs.statements import ANSWERED, COMPLETED, EXPERIENCED, FAILED, PASSED

APP: Final = "https://training.hearth.example"
DAYS: Final = 80
_TYPES: Final = "http://adlnet.gov/expapi/activities/"
_WORDS: Final = {
    EXPERIENCED: "opened",
    ANSWERED: "answered",
    COMPLETED: "completed",
    PASSED: "passed",
    FAILED: "did not pass",
}
_COURSES: Final = {
    "moving-safely": ("Moving safely at home", ("Before you lift", "Two carers, one plan")),
    "medicines": ("Medicines at home", ("Reading the chart", "When a dose is missed")),
    "food-and-drink": ("Eating and drinking well", ("Signs of dehydration", "Thickened drinks")),
}


def tell_of_training(*, cast: Cast, now: datetime, chance: random.Random) -> int:
    """Have the app report who did which lesson; return how many statements it sent.

    Its staff numbers are of a system that nobody has registered yet, so they count for nobody.
    """
    company = cast.organisations["hearth"]
    staff = [member for member in cast.members if member.organisation == company]
    issued = issue_credential(
        organisation=company,
        scopes=["statements/write", "statements/read/mine", "define"],
        starts_at=now - timedelta(days=DAYS + 10),
        label="Training app",
    )
    days: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for number, member in enumerate(staff):
        for course in _COURSES:
            if chance.random() < 0.25 + 0.7 * member.keenness:
                days_ago = chance.choice([2, 3, 7, 9, 14, 16, 21, 30, 37, 44, 51, 60, 72])
                days[days_ago] += _course(member, number, course, chance)
    sent = 0
    for days_ago in sorted(days, reverse=True):
        at = now - timedelta(days=days_ago, minutes=chance.randrange(30, 600))
        for place, one in enumerate(days[days_ago]):
            one["timestamp"] = (at - timedelta(minutes=len(days[days_ago]) - place)).isoformat()
        receipt = store_statements(
            tenant=tenant_of(organisation=company),
            authority={
                "objectType": "Agent",
                "account": {"homePage": APP, "name": str(issued.credential.uuid)},
            },
            statements=days[days_ago],
            received_at=at,
        )
        sent += len(receipt.seqs)
    return sent


def _course(
    member: Member, number: int, course: str, chance: random.Random
) -> list[dict[str, Any]]:
    title, lessons = _COURSES[course]
    around = _activity(course, title, "course")
    account = {"homePage": APP, "name": f"H-{2040 + number}"}
    actor = {"objectType": "Agent", "name": member.person.full_name, "account": account}
    registration = demo_uuid(f"feed/{member.person.username}/{course}")
    told: list[dict[str, Any]] = []

    def tell(verb: str, what: dict[str, Any], result: dict[str, Any] | None = None) -> None:
        context: dict[str, Any] = {"registration": str(registration), "platform": "Hearth Training"}
        if what != around:
            context["contextActivities"] = {"parent": [around]}
        told.append(
            {
                "id": str(demo_uuid(f"feed/{member.person.username}/{course}/{len(told)}")),
                "actor": actor,
                "verb": {"id": verb, "display": {"en": _WORDS[verb]}},
                "object": what,
                "context": context,
                **({"result": result} if result else {}),
            }
        )

    tell(EXPERIENCED, around)
    for place, lesson in enumerate(lessons):
        what = _activity(f"{course}/{place + 1}", lesson, "lesson")
        tell(ANSWERED, what, {"success": chance.random() < 0.8})
        minutes = chance.randrange(4, 19)
        tell(COMPLETED, what, {"completion": True, "duration": f"PT{minutes}M"})
    share = chance.randrange(50, 101) / 100
    passed = share >= 0.7
    tell(PASSED if passed else FAILED, around, {"success": passed, "score": {"scaled": share}})
    return told


def _activity(path: str, name: str, kind: str) -> dict[str, Any]:
    return {
        "objectType": "Activity",
        "id": f"{APP}/{path}",
        "definition": {"name": {"en": name}, "type": f"{_TYPES}{kind}"},
    }
