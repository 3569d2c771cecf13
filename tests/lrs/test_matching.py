"""Finding statements: every filter, through references, page by page."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrs.queries import Filters, consistent_through, referring, statements_matching
from lrs.queries.searching import Search
from lrs.rules.identity import actor_identifier
from lrs.rules.paging import Position, page_size, read_token, write_token
from lrs.services import store_statements
from tests.lrs.conftest import Store
from tests.lrs.samples import VERBS, activity, agent, statement

START = datetime(2026, 11, 1, tzinfo=UTC)
VOIDED = {"id": f"{VERBS}voided"}
REGISTRATION = "ec531277-b57b-4c15-8d91-d292c5b2b8f7"


def ref(number: int) -> dict[str, Any]:
    return {"objectType": "StatementRef", "id": str(UUID(int=number))}


def group(*members: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"objectType": "Group", "member": list(members), **parts}


def put(store: Store, *statements: dict[str, Any], day: int = 1) -> None:
    store_statements(
        tenant=store.tenant,
        authority=agent("authority"),
        statements=statements,
        version="2.0.0",
        received_at=START + timedelta(days=day - 1),
    )


def found(store: Store, **filters: Any) -> list[int]:
    if "agent" in filters:
        filters["agent"] = actor_identifier(filters["agent"])
    page = statements_matching(tenant=store.tenant, filters=Filters(**filters), limit=100)
    ids = [one.payload.split('"id":"')[1][:36] for one in page.statements]
    return sorted(UUID(text).int for text in ids)


def paged(store: Store, *, ascending: bool, **filters: Any) -> list[int]:
    """The numbers found, two a page, in the order they come."""
    if "agent" in filters:
        filters["agent"] = actor_identifier(filters["agent"])
    got: list[int] = []
    after: Position | None = None
    while True:
        page = statements_matching(
            tenant=store.tenant,
            filters=Filters(**filters),
            limit=2,
            ascending=ascending,
            after=after,
        )
        got.extend(UUID(one.payload.split('"id":"')[1][:36]).int for one in page.statements)
        if page.more is None:
            return got
        after = page.more


def test_an_agent_is_found_as_actor_object_or_member_of_either(store: Store) -> None:
    ffion, other = agent("ffion"), agent("other")
    put(
        store,
        statement(1),
        statement(2, actor=other),
        statement(3, actor=other, object=ffion),
        statement(4, actor=group(other, ffion)),
        statement(5, actor=other, object=group(ffion)),
        statement(6, actor=other, context={"instructor": ffion}),
        statement(7, actor=group(other, mbox="mailto:team@example.org")),
    )

    assert found(store, agent=ffion) == [1, 3, 4, 5]
    assert found(store, agent=other) == [2, 3, 4, 5, 6, 7]
    assert found(store, agent={"mbox": "mailto:team@example.org"}) == [7]


def test_related_agents_are_found_everywhere(store: Store) -> None:
    ffion, other = agent("ffion"), agent("other")
    sub = {"objectType": "SubStatement", "verb": {"id": "a:b"}}
    context_agent = {"objectType": "contextAgent", "agent": ffion}
    context_group = {"objectType": "contextGroup", "group": group(ffion)}
    put(
        store,
        statement(1, actor=other, context={"instructor": ffion}),
        statement(2, actor=other, context={"team": group(ffion)}),
        statement(3, actor=other, object={**sub, "actor": ffion, "object": activity()}),
        statement(4, actor=other, object={**sub, "actor": other, "object": ffion}),
        statement(
            5,
            actor=other,
            object={
                **sub,
                "actor": other,
                "object": activity(),
                "context": {"instructor": group(ffion)},
            },
        ),
        statement(6, actor=other, context={"contextAgents": [context_agent]}),
        statement(7, actor=other, context={"contextGroups": [context_group]}),
        statement(8, actor=other),
        statement(9),
    )

    assert found(store, agent=ffion) == [9]
    assert found(store, agent=ffion, related_agents=True) == [1, 2, 3, 4, 5, 6, 7, 9]
    assert found(store, agent=agent("authority"), related_agents=True) == list(range(1, 10))


def test_an_address_finds_its_sum(store: Store) -> None:
    digest = hashlib.sha1(b"mailto:ffion@example.org").hexdigest()
    put(store, statement(1, actor={"mbox_sha1sum": digest}))

    assert found(store, agent={"mbox": "mailto:ffion@EXAMPLE.org"}) == [1]


def test_an_activity_is_found_and_with_related_ones_around_it(store: Store) -> None:
    sub = {"objectType": "SubStatement", "actor": agent(), "verb": {"id": "a:b"}}
    around = {"contextActivities": {"grouping": [activity("course")]}}
    put(
        store,
        statement(1, object=activity("course")),
        statement(2, context={"contextActivities": {"parent": activity("course")}}),
        statement(3, context=around),
        statement(4, object={**sub, "object": activity("course")}),
        statement(5, object={**sub, "object": activity(), "context": around}),
        statement(6),
    )
    course = activity("course")["id"]

    assert found(store, activity=course) == [1]
    assert found(store, activity=course, related_activities=True) == [1, 2, 3, 4, 5]


def test_filters_narrow_each_other(store: Store) -> None:
    passed = {"id": f"{VERBS}passed"}
    put(
        store,
        statement(1, verb=passed, context={"registration": REGISTRATION}),
        statement(2, verb=passed),
        statement(3, context={"registration": REGISTRATION.upper()}),
        statement(4, verb=passed, actor=agent("other")),
    )

    assert found(store, verb=passed["id"]) == [1, 2, 4]
    assert found(store, verb=passed["id"], agent=agent()) == [1, 2]
    assert found(store, registration=REGISTRATION) == [1, 3]
    assert found(store, registration=REGISTRATION.upper(), verb=passed["id"]) == [1]
    assert found(store, verb=passed["id"], agent=agent(), activity=activity("x")["id"]) == []


def test_since_is_after_and_until_is_up_to(store: Store) -> None:
    for day in (1, 2, 3):
        put(store, statement(day), day=day)
    second = START + timedelta(days=1)

    assert found(store, since=second) == [3]
    assert found(store, until=second) == [1, 2]
    assert found(store, since=START, until=second) == [2]


def test_a_reference_is_found_by_what_it_refers_to(store: Store) -> None:
    confirmed = {"id": f"{VERBS}confirmed"}
    put(
        store,
        statement(10, actor=agent("lead"), verb=confirmed, object=ref(1)),  # before its target
        statement(1, context={"registration": REGISTRATION}),
        statement(11, actor=agent("chief"), verb=confirmed, object=ref(10)),  # through another
        statement(12, actor=agent("lead"), context={"statement": ref(1)}, object=activity("x")),
    )

    assert found(store, agent=agent("ffion")) == [1, 10, 11]
    assert found(store, activity=activity()["id"]) == [1, 10, 11]
    assert found(store, registration=REGISTRATION) == [1, 10, 11]
    assert found(store, agent=agent("ffion"), verb=confirmed["id"]) == [10, 11]
    assert found(store, agent=agent("lead"), registration=REGISTRATION) == [10, 11]


def test_times_of_a_reference_are_its_own(store: Store) -> None:
    put(store, statement(1), day=1)
    put(store, statement(2, actor=agent("lead"), object=ref(1)), day=3)

    assert found(store, agent=agent("ffion"), since=START + timedelta(days=1)) == [2]
    assert found(store, agent=agent("ffion"), until=START + timedelta(days=1)) == [1]


def test_void_statements_are_left_out_and_those_about_them_are_not(store: Store) -> None:
    put(
        store,
        statement(1),
        statement(2, actor=agent("lead"), object=ref(1)),
        statement(3, actor=agent("lead"), verb=VOIDED, object=ref(1)),
        statement(4, actor=agent("lead"), verb=VOIDED, object=ref(3)),
    )

    assert found(store) == [2, 3, 4]
    assert found(store, agent=agent("ffion")) == [2, 3, 4]


def test_references_in_a_ring_end(store: Store) -> None:
    put(store, statement(1, object=ref(2)), statement(2, object=ref(1), actor=agent("other")))

    assert found(store, agent=agent("other")) == [1, 2]


def test_only_what_one_authority_vouched_for(store: Store) -> None:
    put(store, statement(1))

    assert found(store, authority_key=1) == []


@pytest.mark.parametrize("ascending", [True, False])
def test_pages_follow_one_another_without_gap_or_repeat(store: Store, ascending: bool) -> None:
    for day in (3, 1, 2):
        put(store, *(statement(day * 100 + number) for number in range(7)), day=day)
    seen: list[str] = []
    after = None
    while True:
        page = statements_matching(
            tenant=store.tenant,
            filters=Filters(agent=actor_identifier(agent())),
            limit=4,
            ascending=ascending,
            after=after,
        )
        seen.extend(one.payload for one in page.statements)
        after = page.more
        if after is None:
            break

    stored = [text.split('"stored":"')[1][:10] for text in seen]
    assert len(seen) == len(set(seen)) == 21
    assert stored == sorted(stored, reverse=not ascending)


def test_more_leads_to_the_next_page_over_http(any_store: Store) -> None:
    for number in range(1, 6):
        any_store.post(statement(number))
    filters = {"agent": agent(), "limit": "2", "ascending": "true", "format": "ids"}

    first = any_store.get(**filters)
    second = any_store.get(first["more"])
    third = any_store.get(second["more"])

    numbers = [
        [UUID(one["id"]).int for one in page["statements"]] for page in (first, second, third)
    ]
    assert numbers == [[1, 2], [3, 4], [5]]
    assert third["more"] == ""
    assert "name" not in str(second["statements"][0]["object"])
    for extra in ("A", "x", "AAAA"):
        assert any_store.send("GET", first["more"] + extra).status_code == 400
    assert any_store.send("GET", first["more"] + "?limit=1").status_code == 400


def test_a_limit_of_nothing_is_as_many_as_we_allow() -> None:
    assert [page_size(limit) for limit in (None, 0, 1, 500, 501)] == [100, 500, 1, 500, 500]


@given(
    st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=4),
    st.integers(0, 4_000_000_000_000_000),
    st.integers(0, 2**63 - 1),
)
def test_a_token_reads_back_as_it_was_written(
    parameters: dict[str, str], micros: int, seq: int
) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    position = Position(moment, seq)

    assert read_token(write_token(parameters, position)) == (parameters, position)


@given(st.text("abcXYZ012-_", max_size=40))
def test_a_token_of_another_making_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="not one of ours"):
        read_token(token)


@pytest.mark.parametrize("size", [1, 3])
def test_a_page_takes_as_many_queries_at_any_length(
    store: Store, size: int, django_assert_num_queries: Any
) -> None:
    put(store, *(statement(number) for number in range(1, size + 1)))

    # on PostgreSQL they go through a cursor whose queries are not counted
    with django_assert_num_queries(2 if connection.vendor == "sqlite" else 0):
        statements_matching(
            tenant=store.tenant,
            filters=Filters(agent=actor_identifier(agent()), related_agents=True),
            limit=10,
        )


def test_what_is_stored_is_settled(store: Store) -> None:
    put(store, statement(1))

    assert abs((consistent_through() - datetime.now(UTC)).total_seconds()) < 60


NAMES = ["ffion", "gwil"]
_small = st.builds(
    lambda actor, verb, target, registered: (actor, verb, target, registered),
    st.sampled_from(NAMES),
    st.sampled_from(["passed", "failed", "voided"]),
    st.one_of(st.integers(1, 6), st.sampled_from(["a", "b"])),
    st.booleans(),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(_small, min_size=1, max_size=6),
    st.fixed_dictionaries(
        {},
        optional={
            "agent": st.sampled_from(NAMES),
            "verb": st.sampled_from(["passed", "failed", "voided"]),
            "activity": st.sampled_from(["a", "b"]),
            "registration": st.just(REGISTRATION),
        },
    ),
    st.booleans(),
)
@pytest.mark.parametrize(
    ("at_once", "few"), [(500, 1_000), (1, 1_000), (2, 0)], ids=["few", "upwards", "in turn"]
)
def test_lists_are_what_the_standard_says(
    make_store: Any,
    monkeypatch: pytest.MonkeyPatch,
    at_once: int,
    few: int,
    log: list[Any],
    wanted: dict[str, str],
    ascending: bool,
) -> None:
    """Against a reading of the standard's own words, one statement at a time and two a page."""
    from django.db import transaction

    log = [
        (who, "passed" if verb == "voided" and isinstance(what, str) else verb, what, registered)
        for who, verb, what, registered in log
    ]

    monkeypatch.setattr(referring, "AT_ONCE", at_once)
    monkeypatch.setattr(referring, "FEW", few)

    def meets(number: int, name: str, value: str, seen: frozenset[int] = frozenset()) -> bool:
        if number > len(log) or number in seen:
            return False
        who, verb, what, registered = log[number - 1]
        own = {
            "agent": who,
            "verb": verb,
            "activity": what,
            "registration": REGISTRATION if registered else None,
        }[name]
        through = isinstance(what, int) and meets(what, name, value, seen | {number})
        return own == value or through

    voided = {what for _, verb, what, _ in log if verb == "voided"}
    expected = [
        number
        for number, (_, verb, _, _) in enumerate(log, start=1)
        if (verb == "voided" or number not in voided)
        and all(meets(number, name, value) for name, value in wanted.items())
    ]
    with transaction.atomic():
        store = make_store(f"Store {hash(str(log))}")
        put(
            store,
            *(
                statement(
                    number,
                    actor=agent(who),
                    verb={"id": f"{VERBS}{verb}"},
                    object=ref(what) if isinstance(what, int) else activity(what),
                    context={"registration": REGISTRATION} if registered else None,
                )
                for number, (who, verb, what, registered) in enumerate(log, start=1)
            ),
        )
        filters: dict[str, Any] = dict(wanted)
        if "agent" in wanted:
            filters["agent"] = agent(wanted["agent"])
        if "verb" in wanted:
            filters["verb"] = f"{VERBS}{wanted['verb']}"
        if "activity" in wanted:
            filters["activity"] = activity(wanted["activity"])["id"]
        got = paged(store, ascending=ascending, **filters)
        transaction.set_rollback(True)

    assert got == (expected if ascending else expected[::-1])


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "filters",
    [
        Filters(agent="mbox::mailto:ffion@example.org"),
        Filters(agent="mbox::mailto:ffion@example.org", related_agents=True),
        Filters(verb="https://verbs.example/did"),
        Filters(activity="https://courses.example/1"),
        Filters(activity="https://courses.example/1", related_activities=True),
        Filters(registration="00000000-0000-4000-8000-000000000001"),
        Filters(since=datetime(2020, 1, 1, tzinfo=UTC)),
    ],
)
def test_without_statistics_a_list_walks_indexes_and_few_references(
    store: Store, filters: Filters
) -> None:
    text, values = Search(store.tenant.pk, filters, 100, False, None).sql()

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {text}", values)
        steps = [row[3] for row in cursor.fetchall()]

    assert any(step.startswith("SEARCH s USING") for step in steps)
    assert not [step for step in steps if step.startswith(("SCAN s", "SCAN k", "SCAN r", "SCAN i"))]
    for number, step in enumerate(steps):
        if step == "SETUP":
            assert steps[number + 1].startswith("SEARCH r USING")
