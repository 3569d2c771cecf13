"""Headers, the alternate syntax and documents: what the texts ask and the public suite does not."""

import hashlib
import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from tests.lrs.conftest import Store
from tests.lrs.samples import agent, statement

ACTIVITY = "https://courses.example/lesson-1"
VERSION = "X-Experience-API-Version"
CONSISTENT = "X-Experience-API-Consistent-Through"
FORM = "application/x-www-form-urlencoded"
DOCUMENTS: dict[str, dict[str, Any]] = {
    "activities/state": {"activityId": ACTIVITY, "agent": agent()},
    "activities/profile": {"activityId": ACTIVITY},
    "agents/profile": {"agent": agent()},
}


def uuid(number: int) -> str:
    return str(UUID(int=number))


@pytest.mark.parametrize(
    ("method", "parameters", "body", "status"),
    [
        ("GET", {"limit": "x"}, None, 400),
        ("GET", {"statementId": uuid(9)}, None, 404),
        ("PUT", {"statementId": uuid(1)}, {"a": 1}, 400),
        ("PUT", {"statementId": uuid(1)}, statement(1, verb={"id": "a:b"}), 409),
        ("POST", None, [statement(2), {}], 400),
        ("DELETE", None, None, 405),
        ("HEAD", {"statementId": uuid(9)}, None, 404),
    ],
)
def test_refusals_carry_version_and_consistent_through(
    any_store: Store, method: str, parameters: Any, body: Any, status: int
) -> None:
    any_store.post(statement(1))

    answer = any_store.send(method, "statements", parameters, body)

    assert answer.status_code == status
    assert answer[VERSION] == any_store.version
    assert answer[CONSISTENT].endswith("Z")


def test_who_is_not_known_is_told_the_version_too(any_store: Store) -> None:
    answer = any_store.send("GET", "statements", authorization=None)

    assert (answer.status_code, answer[VERSION]) == (401, any_store.version)
    assert CONSISTENT in answer


def form(store: Store, resource: str, method: str, fields: dict[str, str], kind: str = FORM) -> Any:
    return store.send(
        "POST",
        resource,
        {"method": method},
        urlencode(fields).encode(),
        content_type=kind,
        x_experience_api_version=None,
    )


@pytest.mark.parametrize("kind", [FORM, f"{FORM}; charset=UTF-8", "text/plain", ""])
def test_a_form_may_hold_version_and_content(store: Store, kind: str) -> None:
    sent = {
        "X-Experience-API-Version": "1.0.1",
        "Content-Type": "application/json",
        "statementId": uuid(1),
        "content": json.dumps(statement(1, verb={"id": "a:b", "display": {"cy": "gorffennodd â"}})),
    }

    put = form(store, "statements", "PUT", sent, kind)
    got = form(
        store,
        "statements",
        "GET",
        {"x-experience-api-version": "1.0.3", "agent": json.dumps(agent()), "limit": "1"},
        kind,
    )

    assert (put.status_code, put[VERSION]) == (204, "1.0.3")
    assert (got.status_code, got[VERSION]) == (200, "1.0.3")
    assert got.json()["statements"][0]["verb"]["display"] == {"cy": "gorffennodd â"}


@pytest.mark.parametrize("resource", DOCUMENTS)
def test_a_form_may_keep_a_document(store: Store, resource: str) -> None:
    name = "stateId" if resource == "activities/state" else "profileId"
    whose = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in DOCUMENTS[resource].items()
    }
    place = {**whose, name: "one", "X-Experience-API-Version": "1.0.3"}

    made = form(store, resource, "PUT", {**place, "content": '{"a":1}', "If-None-Match": "*"})
    again = form(store, resource, "PUT", {**place, "content": '{"a":2}', "If-None-Match": "*"})
    merged = form(store, resource, "POST", {**place, "content": '{"b":2}'})
    got = form(store, resource, "GET", place)
    gone = form(store, resource, "DELETE", {**place, "If-Match": got["ETag"]})

    assert [one.status_code for one in (made, again, merged, gone)] == [204, 412, 204, 204]
    assert got.json() == {"a": 1, "b": 2}


@pytest.mark.parametrize("version", ["2.0.0", "2.0"])
def test_a_form_that_asks_for_2_0_is_refused_as_2_0(store: Store, version: str) -> None:
    answer = form(store, "statements", "GET", {"X-Experience-API-Version": version})

    assert (answer.status_code, answer[VERSION]) == (400, "2.0.0")


@pytest.mark.parametrize("resource", DOCUMENTS)
def test_a_list_of_documents_has_an_etag_and_the_time_of_the_last_change(
    any_store: Store, resource: str
) -> None:
    name = "stateId" if resource == "activities/state" else "profileId"
    empty = any_store.send("GET", resource, DOCUMENTS[resource])
    for value in ("one", "two"):
        any_store.send("POST", resource, {**DOCUMENTS[resource], name: value}, {"a": 1})
    last = any_store.send("GET", resource, {**DOCUMENTS[resource], name: "two"})

    found = any_store.send("GET", resource, DOCUMENTS[resource])

    assert "Last-Modified" not in empty
    assert found.json() == ["one", "two"]
    assert found["ETag"] == f'"{hashlib.sha1(found.content).hexdigest()}"'
    assert found["Last-Modified"] == last["Last-Modified"]


@pytest.mark.parametrize("resource", DOCUMENTS)
def test_a_merge_keeps_every_digit_of_what_it_leaves_alone(any_store: Store, resource: str) -> None:
    name = "stateId" if resource == "activities/state" else "profileId"
    place = {**DOCUMENTS[resource], name: "one"}
    any_store.send("POST", resource, place, b'{"big":12345678901234567890123,"a":1.10}')
    any_store.send("POST", resource, place, b'{ "a" : 2.50, "\\u00e5" : {"b": [1e0]} }')

    kept = any_store.send("GET", resource, place).content

    assert b'"big":12345678901234567890123' in kept
    assert b'"a":2.50' in kept
    assert json.loads(kept) == {"big": 12345678901234567890123, "a": 2.5, "å": {"b": [1.0]}}


@pytest.mark.parametrize("resource", DOCUMENTS)
@pytest.mark.parametrize("name", ["a/b?c=d&e", "å 日本 🙂", "x" * 3000, "'\"<b>"])
def test_any_text_names_a_document(any_store: Store, resource: str, name: str) -> None:
    key = "stateId" if resource == "activities/state" else "profileId"
    place = {**DOCUMENTS[resource], key: name}

    answer = any_store.send("POST", resource, place, {"a": 1})

    assert answer.status_code == 204
    assert any_store.get(resource, **place) == {"a": 1}
    assert any_store.get(resource, **DOCUMENTS[resource]) == [name]


@pytest.mark.parametrize("resource", DOCUMENTS)
def test_the_null_character_is_refused(any_store: Store, resource: str) -> None:
    key = "stateId" if resource == "activities/state" else "profileId"
    named = {**DOCUMENTS[resource], key: "null\x00byte"}
    assert any_store.send("POST", resource, named, {"a": 1}).status_code == 400
    if "agent" in named:
        of_null = {**named, key: "one", "agent": agent("null\x00byte")}
        assert any_store.send("POST", resource, of_null, {"a": 1}).status_code == 400
    assert any_store.post(statement(1, actor=agent("null\x00byte"))).status_code == 200
    assert any_store.numbers() == [1]


def test_what_keeps_caches_away_is_passed_over(any_store: Store) -> None:
    any_store.post(statement(1), statement(2))

    page = any_store.get(limit="1", cachebuster="17")

    assert any_store.numbers(more=page["more"].partition("=")[2], cachebuster="18") == [1]
    assert any_store.send("GET", "agents", {"agent": agent(), "cachebuster": ""}).status_code == 200
