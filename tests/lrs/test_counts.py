"""Counts: what they count, that they are equal to the truth, and what is refused."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.enums import Scope
from lrs.queries import Filters, statements_matching
from lrs.rules.buckets import Step, bucket_of, is_whole_hours, months_between, zone_named
from tests.lrs.conftest import Store
from tests.lrs.samples import activity, agent, statement

pytestmark = pytest.mark.django_db
COUNTS = "/api/record-store/counts"
VERBS = "http://adlnet.gov/expapi/verbs/"
REGISTRATIONS = [str(UUID(int=77)), str(UUID(int=78)), None]


def counts(store: Store, **parameters: Any) -> Any:
    answer = store.send("GET", COUNTS, parameters)
    assert answer.status_code == 200, answer.content
    return answer.json()


def filled(store: Store, many: int = 60) -> list[dict[str, Any]]:
    """Fill a store with made-up statements, some void; return those that count."""
    chance = random.Random(3)
    voided = {"id": f"{VERBS}voided"}
    made = []
    for number in range(1, many + 1):
        registration = chance.choice(REGISTRATIONS)
        context: dict[str, Any] = {
            "contextActivities": {"grouping": [activity(f"course-{chance.randrange(2)}")]}
        }
        if registration:
            context["registration"] = registration
        made.append(
            statement(
                number,
                actor=agent(f"s-{chance.randrange(4)}"),
                verb={
                    "id": f"{VERBS}{chance.choice(['passed', 'failed'])}",
                    "display": {"en": "v"},
                },
                object={
                    **activity(f"lesson-{chance.randrange(3)}"),
                    "definition": {"type": "http://adlnet.gov/expapi/activities/lesson"},
                },
                context=context,
            )
        )
    for number in (3, 8, 13):
        target = {"objectType": "StatementRef", "id": str(UUID(int=number))}
        made.append(statement(100 + number, verb=voided, object=target, actor=agent("s-9")))
    assert store.post(*made).status_code == 200
    page = statements_matching(tenant=store.tenant, filters=Filters(), limit=500)
    from json import loads

    return [loads(one.payload) for one in page.statements]


PICK: dict[str, Callable[[dict[str, Any]], Any]] = {
    "verb": lambda one: one["verb"]["id"],
    "activity": lambda one: (
        one["object"]["id"] if "Ref" not in one["object"]["objectType"] else None
    ),
    "actor": lambda one: one["actor"]["account"]["name"],
    "registration": lambda one: one.get("context", {}).get("registration"),
    "group": lambda one: (
        one.get("context", {}).get("contextActivities", {}).get("grouping", [{"id": None}])[0]["id"]
    ),
}


@pytest.mark.parametrize("by", PICK)
def test_counts_are_equal_to_the_truth(store: Store, by: str) -> None:
    left = filled(store)

    found = counts(store, by=by)["counts"]
    told = {
        (line["id"]["account"]["name"] if by == "actor" else line["id"]): line["statements"]
        for line in found
    }

    assert told == {key: many for key, many in Counter(map(PICK[by], left)).items() if key}
    assert [line["statements"] for line in found] == sorted(told.values(), reverse=True)


@pytest.mark.parametrize(
    ("name", "value", "is_in"),
    [
        ("verb", f"{VERBS}passed", lambda one: one["verb"]["id"].endswith("passed")),
        (
            "activity",
            activity("lesson-1")["id"],
            lambda one: one["object"]["id"].endswith("lesson-1"),
        ),
        (
            "registration",
            REGISTRATIONS[0],
            lambda one: PICK["registration"](one) == REGISTRATIONS[0],
        ),
        (
            "group",
            activity("course-1")["id"],
            lambda one: PICK["group"](one) == activity("course-1")["id"],
        ),
        ("agent", agent("s-2"), lambda one: PICK["actor"](one) == "s-2"),
    ],
)
def test_filters_and_different_actors(
    store: Store, name: str, value: Any, is_in: Callable[[dict[str, Any]], bool]
) -> None:
    left = [one for one in filled(store) if is_in(one)]
    since = (datetime.now(UTC) - timedelta(days=1)).isoformat()

    lines = counts(store, by="verb", actors="true", since=since, **{name: value})["counts"]

    assert sum(line["statements"] for line in lines) == len(left)
    for line in lines:
        people = {PICK["actor"](one) for one in left if one["verb"]["id"] == line["id"]}
        assert line["actors"] == len(people)


def test_time_is_that_of_the_named_zone(store: Store) -> None:
    filled(store, 5)
    now = datetime.now(UTC)

    for zone in ("UTC", "Europe/London", "Asia/Kathmandu"):
        (line,) = counts(store, by="day", zone=zone)["counts"]
        local = now.astimezone(ZoneInfo(zone))
        assert line["from"][:10] in {str(local.date()), str((local - timedelta(hours=1)).date())}
        assert line["from"].endswith(local.isoformat()[-6:])
        assert line["statements"] == 6 - 1 + 2
    happened = counts(
        store,
        by="month",
        moment="timestamp",
        since="2026-05-01T00:00:00Z",
        until="2026-05-31T00:00:00Z",
    )["counts"]
    assert [(line["from"], line["statements"]) for line in happened] == [
        ("2026-05-01T00:00:00+00:00", 7)
    ]


def test_pages_of_counts_go_on_without_gap(store: Store) -> None:
    filled(store)
    whole = counts(store, by="activity")["counts"]
    some, address = [], f"{COUNTS}?by=activity&limit=1"

    while address:
        answer = store.send("GET", address).json()
        some += answer["counts"]
        address = answer["more"]

    assert some == whole
    assert len(counts(store, by="hour", limit="1")["counts"]) == 1


def test_types_are_those_of_the_definitions(store: Store) -> None:
    from django.test import TestCase

    with TestCase.captureOnCommitCallbacks(execute=True):
        left = filled(store)

    (line,) = counts(store, by="type")["counts"]

    assert line["id"] == "http://adlnet.gov/expapi/activities/lesson"
    assert line["statements"] == sum("lesson" in str(PICK["activity"](one)) for one in left)


@pytest.mark.parametrize(
    ("parameters", "word"),
    [
        ({}, "by"),
        ({"by": "colour"}, "hour, day"),
        ({"by": "verb", "colour": "red"}, "colour"),
        ({"by": "verb", "verb": "no iri"}, "IRI"),
        ({"by": "verb", "agent": "{"}, "JSON"),
        ({"by": "verb", "agent": '{"name": "x"}'}, ""),
        ({"by": "verb", "registration": "1"}, "UUID"),
        ({"by": "verb", "since": "yesterday"}, "since"),
        ({"by": "day", "zone": "Middle/Earth"}, "Europe/London"),
        ({"by": "day", "zone": "../../etc/passwd"}, "Europe/London"),
        ({"by": "day", "limit": "0"}, "limit"),
        ({"by": "day", "limit": "९"}, "limit"),
        ({"by": "day", "more": "x"}, "more"),
        ({"by": "day", "actors": "yes"}, "true or false"),
        ({"by": "day", "actors": "true"}, "92 days"),
        ({"by": "day", "moment": "timestamp"}, "92 days"),
    ],
)
def test_a_wrong_parameter_is_refused_in_words(
    store: Store, parameters: dict[str, str], word: str
) -> None:
    answer = store.send("GET", COUNTS, parameters)

    assert answer.status_code == 400
    assert word in answer.json()["detail"]


def test_a_key_needs_leave_to_read_and_sees_its_own_store(
    store: Store, make_store: Callable[..., Store]
) -> None:
    filled(store)
    writer = make_store(scopes=[Scope.STATEMENTS_WRITE])
    mine = make_store(scopes=[Scope.STATEMENTS_READ_MINE])
    other = make_store("Bryn Council")

    assert writer.send("GET", COUNTS, {"by": "verb"}).status_code == 403
    assert mine.send("GET", COUNTS, {"by": "verb"}).status_code == 403
    assert counts(other, by="verb")["counts"] == []
    assert store.send("GET", COUNTS, {"by": "verb"}, authorization=None).status_code == 401


@given(
    moment=st.integers(0, 2_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    step=st.sampled_from(Step),
    zone=st.sampled_from(["Europe/London", "Asia/Kathmandu", "America/St_Johns", "UTC"]),
)
def test_a_bucket_begins_at_or_before_what_it_holds(
    moment: datetime, step: Step, zone: str
) -> None:
    place = zone_named(zone)
    begins = bucket_of(moment, step, place)

    # in the hour that comes twice, both halves are one hour of the clock
    assert begins <= moment + timedelta(hours=1)
    assert bucket_of(begins, step, place) == begins
    assert moment - begins < timedelta(days=32)
    assert months_between(begins.date(), begins.date()) == [begins.date().replace(day=1)]


@pytest.mark.parametrize(
    ("zone", "is_so"),
    [
        ("UTC", True),
        ("Europe/London", True),
        ("Asia/Kolkata", False),
        ("Australia/Lord_Howe", False),
        ("Asia/Pyongyang", False),  # half an hour off from 2015 to 2018
    ],
)
def test_a_zone_keeps_whole_hours_only_if_it_always_did(zone: str, is_so: bool) -> None:
    assert is_whole_hours(zone_named(zone)) is is_so
