"""What only xAPI 2.0 (IEEE 9274.1.1) asks; those requirements have no public number."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from lrs.rules.times import parse_instant
from tests.lrs.conftest import Store
from tests.lrs.samples import activity, agent, full_statement, statement

FIRST = str(UUID(int=1))
GROUP = {"objectType": "Group", "member": [agent()]}

version_2 = pytest.mark.parametrize("any_store", ["2.0.0"], indirect=True)


def named(name: str) -> Any:
    """The name of a requirement, in the name of its test."""
    return pytest.mark.parametrize("requirement", [f"2.0-{name}"])


def related(kind: str, whom: Any, **parts: Any) -> dict[str, Any]:
    made = {"objectType": kind, "agent" if kind == "contextAgent" else "group": whom, **parts}
    return {key: value for key, value in made.items() if value is not None}


def about(**context: Any) -> list[dict[str, Any]]:
    """A statement with this context, and one whose substatement has it."""
    inner = {"actor": agent(), "verb": {"id": "a:b"}, "object": activity(), "context": context}
    return [
        statement(id=None, context=context),
        statement(id=None, object={"objectType": "SubStatement", **inner}),
    ]


def answers(store: Store, statements: list[dict[str, Any]]) -> set[int]:
    return {store.post(one).status_code for one in statements}


TYPES = ["https://roles.example/mentor"]
CONTEXTS: dict[str, tuple[list[Any], list[Any]]] = {
    "contextAgents": (
        [
            [],
            [related("contextAgent", agent())],
            [related("contextAgent", agent(), relevantTypes=TYPES)] * 2,
        ],
        [
            {},
            "text",
            [agent()],
            [related("contextAgent", None)],
            [related("contextAgent", GROUP)],
            [related("contextAgent", {"name": "Ffion"})],
            [{"agent": agent()}],
            [{"objectType": "ContextAgent", "agent": agent()}],
            [{"objectType": "contextGroup", "agent": agent()}],
            [related("contextAgent", agent(), extra=1)],
        ],
    ),
    "contextGroups": (
        [
            [related("contextGroup", GROUP)],
            [related("contextGroup", {"objectType": "Group", "mbox": "mailto:t@example.org"})],
            [related("contextGroup", GROUP, relevantTypes=TYPES)],
        ],
        [
            {},
            [GROUP],
            [related("contextGroup", None)],
            [related("contextGroup", agent())],
            [related("contextGroup", {"objectType": "Group"})],
            [{"group": GROUP}],
            [{"objectType": "contextAgent", "group": GROUP}],
        ],
    ),
}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("contextAgents", id="2.0-context-agents"),
        pytest.param("contextGroups", id="2.0-context-groups"),
    ],
)
def test_people_of_a_context(any_store: Store, name: str) -> None:
    good, bad = CONTEXTS[name]

    for value in good:
        wanted = {200} if any_store.version == "2.0.0" else {400}
        assert answers(any_store, about(**{name: value})) == wanted, value
    for value in bad:
        assert answers(any_store, about(**{name: value})) == {400}, value


@version_2
@named("relevant-types")
def test_relevant_types_are_iris(any_store: Store, requirement: str) -> None:
    for types in ([], "a:b", ["no scheme"], [7], [None], {}):
        sent = about(contextAgents=[related("contextAgent", agent(), relevantTypes=types)])
        assert answers(any_store, sent) == {400}, types
        sent = about(contextGroups=[related("contextGroup", GROUP, relevantTypes=types)])
        assert answers(any_store, sent) == {400}, types


@version_2
@named("timestamp-utc")
def test_timestamps_are_given_in_utc(any_store: Store, requirement: str) -> None:
    any_store.post(statement(1, timestamp="2026-05-04T11:30:00+02:00"))

    found = any_store.get(statementId=FIRST)

    assert found["timestamp"] == "2026-05-04T09:30:00.000Z"
    assert found["stored"].endswith("Z")


@version_2
@named("timestamp-rfc3339")
def test_timestamps_are_those_of_rfc_3339(any_store: Store, requirement: str) -> None:
    for good in ("2026-05-04T09:30:00Z", "2026-05-04T09:30:00.12+01:00", "2024-02-29T23:59:60Z"):
        assert any_store.post(statement(id=None, timestamp=good)).status_code == 200, good
    for bad in (
        "2026-05-04T09:30:00",
        "2026-05-04T09:30Z",
        "20260504T093000Z",
        "2026-05-04 09:30:00Z",
        "2026-05-04T09:30:00-00:00",
        "2026-05-04T09:30:00+0100",
        "2026-05-04T24:00:01Z",
        "2025-02-29T09:30:00Z",
        "2026-05-04",
    ):
        assert any_store.post(statement(id=None, timestamp=bad)).status_code == 400, bad
        answer = any_store.send("GET", "statements", {"since": bad})
        assert answer.status_code == 400, bad


@named("timestamp-future")
def test_a_timestamp_may_lie_ahead(any_store: Store, requirement: str) -> None:
    ahead = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()

    assert any_store.post(statement(1, timestamp=ahead)).status_code == 200


@named("timestamp-stored")
def test_a_timestamp_is_when_it_was_stored_if_it_does_not_say(
    any_store: Store, requirement: str
) -> None:
    any_store.post(statement(1, timestamp=None), statement(2, timestamp=None))

    found = any_store.get(statementId=FIRST)
    assert parse_instant(found["timestamp"]) == parse_instant(found["stored"])


@named("duration")
def test_durations_are_compared_to_a_hundredth(any_store: Store, requirement: str) -> None:
    def sent(duration: str) -> dict[str, Any]:
        return statement(1, result={"duration": duration})

    assert any_store.post(sent("PT1M30.5678S")).status_code == 200
    assert any_store.post(sent("PT1M30.5612S")).status_code == 200
    assert any_store.post(sent("PT1M30.57S")).status_code == 409
    assert any_store.post(sent("PT90.56S")).status_code == 409
    assert any_store.get(statementId=FIRST)["result"]["duration"].startswith("PT1M30.56")


@named("iri-comparison")
def test_iris_are_compared_as_they_are(any_store: Store, requirement: str) -> None:
    iris = ["https://a.example/x", "https://A.example/x", "https://a.example:443/x"]
    iris += ["https://a.example/%7Ex", "https://a.example/~x", "https://a.example/./x"]
    any_store.post(*(statement(n, object={"id": iri}) for n, iri in enumerate(iris, start=1)))

    for number, iri in enumerate(iris, start=1):
        assert any_store.numbers(activity=iri) == [number]
        assert any_store.get(statementId=str(UUID(int=number)))["object"]["id"] == iri


@named("extra-properties")
def test_only_extensions_may_hold_what_the_standard_does_not_name(
    any_store: Store, requirement: str
) -> None:
    places: tuple[tuple[str, ...], ...] = (
        (),
        ("verb",),
        ("object",),
        ("object", "definition"),
        ("result",),
        ("result", "score"),
        ("context",),
        ("context", "contextActivities"),
        ("context", "statement"),
        ("actor",),
        ("actor", "account"),
    )
    for place in places:
        whole = full_statement(1)
        target: Any = whole
        for name in place:
            target = target[name]
        target["https://ext.example/extra"] = 1
        assert any_store.post(whole).status_code == 400, place
    assert any_store.numbers() == []


@named("multipart-plain")
def test_multipart_may_come_without_attachments(any_store: Store, requirement: str) -> None:
    body = (
        b'--b\r\nContent-Type: application/json\r\n\r\n{"actor": {"mbox": "mailto:a@b.example"}, '
    )
    body += b'"verb": {"id": "a:b"}, "object": {"id": "a:c"}}\r\n--b--\r\n'

    answer = any_store.send(
        "POST", "statements", None, body, content_type="multipart/mixed; boundary=b"
    )

    assert answer.status_code == 200, answer.content
