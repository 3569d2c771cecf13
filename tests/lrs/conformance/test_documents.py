"""State and profiles, by the numbers of the public conformance requirements.

What holds of all three resources is written once; each number is a test of the resource it is for.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from lrs.models import Document
from tests.lrs.conformance.documents import (
    ACTIVITY_PROFILE,
    AGENT_PROFILE,
    ANY,
    REGISTRATION,
    STATE,
    WHOSE,
    content,
    each,
    each_method,
    every_resource,
    id_name,
    put,
    where,
)
from tests.lrs.conftest import Store
from tests.lrs.samples import agent


@each(state=[190], activity=[287, 293], agent=[273])
def test_put_keeps_a_document(any_store: Store, resource: str) -> None:
    answer = put(any_store, resource, {"a": 1})

    assert (answer.status_code, answer.content) == (204, b"")
    assert content(any_store, resource) == {"a": 1}


@each(state=[189, 231, 233], activity=[286, 292, 310, 312], agent=[272, 280, 283])
def test_post_of_a_new_document_keeps_it(any_store: Store, resource: str) -> None:
    answer = any_store.send("POST", resource, where(resource), {"a": 1})

    assert (answer.status_code, answer.content) == (204, b"")
    assert content(any_store, resource) == {"a": 1}


@each(state=[188, 192, 217], activity=[288, 290], agent=[259, 269, 274])
def test_get_gives_the_document_asked_for(any_store: Store, resource: str) -> None:
    put(any_store, resource, b"some text", "one", content_type="text/plain; charset=utf-8")
    put(any_store, resource, b"other", "two", content_type="text/plain")

    answer = any_store.send("GET", resource, where(resource))

    assert (answer.status_code, answer.content) == (200, b"some text")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


@each(state=[187, 191, 216], activity=[285, 291], agent=[271])
def test_delete_takes_one_away(any_store: Store, resource: str) -> None:
    put(any_store, resource, {"a": 1}, "one")
    put(any_store, resource, {"a": 2}, "two")

    answer = any_store.send("DELETE", resource, where(resource))

    assert (answer.status_code, answer.content) == (204, b"")
    assert any_store.send("GET", resource, where(resource)).status_code == 404
    assert any_store.get(resource, **WHOSE[resource]) == ["two"]


@each(state=[194])
def test_delete_without_an_id_takes_all_away(any_store: Store, resource: str) -> None:
    put(any_store, resource, {}, "one")
    put(any_store, resource, {}, "two")
    other = {**WHOSE[resource], "agent": agent("gwil"), "stateId": "one"}
    any_store.send("PUT", resource, other, {})

    answer = any_store.send("DELETE", resource, WHOSE[resource])

    assert answer.status_code == 204
    assert any_store.get(resource, **WHOSE[resource]) == []
    assert any_store.get(resource, **other) == {}


@each(state=[193], activity=[289], agent=[270])
def test_without_an_id_the_ids_are_listed(any_store: Store, resource: str) -> None:
    for name in ("one", "two"):
        put(any_store, resource, {}, name)

    assert any_store.get(resource, **WHOSE[resource]) == ["one", "two"]


@each(state=[195, 221, 222, 141], activity=[294, 303, 141], agent=[268, 275, 141])
def test_ids_since_are_of_what_changed_after(any_store: Store, resource: str) -> None:
    put(any_store, resource, {}, "old")
    put(any_store, resource, {}, "new")
    now = datetime.now(UTC)
    Document.objects.filter(document_id="old").update(updated_at=now - timedelta(minutes=5))
    Document.objects.filter(document_id="new").update(updated_at=now)

    def since(moment: datetime) -> list[str]:
        return any_store.get(resource, **WHOSE[resource], since=moment.isoformat())

    assert since(now - timedelta(minutes=9)) == ["old", "new"]
    assert since(now - timedelta(minutes=5)) == ["new"]
    assert since(now) == []


@each(state=[230], activity=[311], agent=[282])
def test_the_resource_is_there_and_each_store_has_its_own(
    any_store: Store, make_store: Callable[..., Store], resource: str
) -> None:
    here, there = any_store, make_store("Bryn Care", version=any_store.version)
    put(here, resource, {"a": 1})
    assert content(here, resource) == {"a": 1}

    assert there.send("GET", resource, where(resource)).status_code == 404
    assert there.get(resource, **WHOSE[resource]) == []
    there.send("DELETE", resource, where(resource))
    assert content(here, resource) == {"a": 1}


def refused_without(store: Store, resource: str, method: str, missing: str) -> None:
    parameters = {key: value for key, value in where(resource).items() if key != missing}
    answer = store.send(method, resource, parameters, {"a": 1}, **ANY)
    assert answer.status_code == 400
    assert missing in answer.json()["message"]
    assert not Document.objects.exists()


@each_method(
    {
        STATE: {"DELETE": 207, "GET": 208, "POST": 209, "PUT": 210},
        ACTIVITY_PROFILE: {"GET": 296, "DELETE": 297, "POST": 298, "PUT": 299},
    }
)
def test_an_activity_is_needed(any_store: Store, resource: str, method: str) -> None:
    refused_without(any_store, resource, method, "activityId")


@each_method(
    {
        STATE: {"DELETE": 212, "GET": 213, "POST": 214, "PUT": 215},
        AGENT_PROFILE: {"GET": 261, "DELETE": 262, "POST": 263, "PUT": 264},
    }
)
def test_an_agent_is_needed(any_store: Store, resource: str, method: str) -> None:
    refused_without(any_store, resource, method, "agent")


@each_method(
    {
        STATE: {"PUT": 206, "POST": 211},
        ACTIVITY_PROFILE: {"DELETE": 300, "POST": 301, "PUT": 302},
        AGENT_PROFILE: {"DELETE": 265, "POST": 266, "PUT": 267},
    }
)
def test_an_id_is_needed_to_write(any_store: Store, resource: str, method: str) -> None:
    refused_without(any_store, resource, method, id_name(resource))


def refused_with(store: Store, resource: str, method: str, name: str, *values: str) -> None:
    put(store, resource, {"kept": True})
    for value in values:
        answer = store.send(method, resource, where(resource, **{name: value}), {"a": 1})
        assert answer.status_code == 400, value
    assert content(store, resource) == {"kept": True}


@each_method(
    {
        STATE: {"DELETE": 196, "GET": 197, "POST": 198, "PUT": 199},
        AGENT_PROFILE: {"DELETE": 255, "POST": 256, "PUT": 257, "GET": 258},
    }
)
def test_an_agent_is_an_agent(any_store: Store, resource: str, method: str) -> None:
    activity = '{"objectType": "Activity", "id": "a:b"}'
    broken = ("ffion", "{}", "[]", "", '{"mbox": "a"}', '{"mbox": 7}', "{'mbox': 'a'}", activity)
    refused_with(any_store, resource, method, "agent", *broken)


@each_method({STATE: {"DELETE": 200, "GET": 201, "POST": 202, "PUT": 203}})
def test_a_registration_is_a_uuid(any_store: Store, resource: str, method: str) -> None:
    broken = ("1", "", "not-a-uuid", REGISTRATION[:-1], f"{{{REGISTRATION}}}")
    refused_with(any_store, resource, method, "registration", *broken)


@each(state=[204], activity=[295], agent=[260])
def test_since_is_a_time(any_store: Store, resource: str) -> None:
    for value in ("yesterday", "", "2026-13-01T00:00:00Z", "2026-05-04T09:30:00-00:00", "17"):
        answer = any_store.send("GET", resource, {**WHOSE[resource], "since": value})
        assert answer.status_code == 400, value


@each_method({STATE: {"PUT": 218, "DELETE": 219, "GET": 220, "POST": 227}})
def test_state_has_registrations(any_store: Store, resource: str, method: str) -> None:
    first = where(resource, registration=REGISTRATION)
    second = where(resource, registration=REGISTRATION[:-1] + "8")
    if method != "POST":
        put(any_store, resource, {"of": "none"})
        any_store.send("PUT", resource, second, {"of": "second"})
        any_store.send("PUT", resource, first, {"of": "first"})
    else:
        any_store.send("POST", resource, where(resource), {"of": "none"})
        any_store.send("POST", resource, second, {"of": "second"})
        any_store.send("POST", resource, first, {"of": "first"})

    upper = {**first, "registration": REGISTRATION.upper()}
    assert any_store.get(resource, **upper) == {"of": "first"}
    assert any_store.get(resource, **second) == {"of": "second"}
    assert content(any_store, resource) == {"of": "none"}
    assert any_store.get(resource, **WHOSE[resource], registration=REGISTRATION) == ["one"]
    assert any_store.get(resource, **WHOSE[resource]) == ["one"]
    if method == "DELETE":
        assert any_store.send("DELETE", resource, first).status_code == 204
        assert any_store.send("GET", resource, first).status_code == 404
        assert any_store.get(resource, **second) == {"of": "second"}


@each_method(
    {
        STATE: {"DELETE": 224, "GET": 225, "POST": 226, "PUT": 228},
        ACTIVITY_PROFILE: {"DELETE": 305, "POST": 306, "PUT": 307},
        AGENT_PROFILE: {"POST": 276, "PUT": 277},
    }
)
def test_any_text_is_an_id(any_store: Store, resource: str, method: str) -> None:
    for name in ("true", "17", '{"a": 1}', "[]", "å / ?&=", "null"):
        if method in ("GET", "DELETE"):
            put(any_store, resource, {"a": 1}, name)
        answer = any_store.send(method, resource, where(resource, name), {"a": 1}, **ANY)
        if method == "DELETE":  # If-None-Match does not go with taking away
            assert answer.status_code == 412
            answer = any_store.send(method, resource, where(resource, name))
        assert answer.status_code == (200 if method == "GET" else 204), name
    if method != "DELETE":
        assert len(any_store.get(resource, **WHOSE[resource])) == 6


@each(state=[234, 184], activity=[308, 184], agent=[279, 184])
def test_a_merge_overwrites_what_both_have(any_store: Store, resource: str) -> None:
    put(any_store, resource, {"a": 1, "b": 2})

    answer = any_store.send("POST", resource, where(resource), {"b": 3, "c": 4})

    assert answer.status_code == 204
    assert content(any_store, resource) == {"a": 1, "b": 3, "c": 4}


@each(state=[183], activity=[183], agent=[183])
def test_a_merge_goes_one_level_deep(any_store: Store, resource: str) -> None:
    put(any_store, resource, {"a": {"x": 1, "y": 2}})
    any_store.send("POST", resource, where(resource), {"a": {"z": 3}})

    assert content(any_store, resource) == {"a": {"z": 3}}


def does_not_merge(store: Store, resource: str, before: Any, sent: Any) -> None:
    put(store, resource, before[0], content_type=before[1])

    answer = store.send("POST", resource, where(resource), sent[0], content_type=sent[1])
    kept = store.send("GET", resource, where(resource))

    assert answer.status_code == 400
    assert (kept.content, kept["Content-Type"]) == before


JSON, TEXT = "application/json", "text/plain"


@each(state=[232], activity=[309], agent=[278])
def test_only_json_merges(any_store: Store, resource: str) -> None:
    does_not_merge(any_store, resource, (b'{"a":1}', TEXT), (b'{"b":1}', JSON))
    any_store.send("DELETE", resource, where(resource))
    does_not_merge(any_store, resource, (b'{"a":1}', JSON), (b'{"b":1}', TEXT))


@each(state=[229], activity=[313], agent=[281])
def test_only_objects_merge(any_store: Store, resource: str) -> None:
    does_not_merge(any_store, resource, (b"[1]", JSON), (b'{"a":1}', JSON))
    any_store.send("DELETE", resource, where(resource))
    does_not_merge(any_store, resource, (b'{"a":1}', JSON), (b"[1]", JSON))


@each(state=[235], activity=[314], agent=[284])
def test_broken_json_is_refused(any_store: Store, resource: str) -> None:
    for broken in (b'{"a": ', b"{'a': 1}", b'{"a": 1}}', b'{"a": NaN}'):
        for method in ("POST", "PUT"):
            assert (
                any_store.send(method, resource, where(resource), broken, **ANY).status_code == 400
            )

    assert any_store.get(resource, **WHOSE[resource]) == []


@every_resource
def test_any_bytes_may_be_kept_under_any_type(any_store: Store, resource: str) -> None:
    data = bytes(range(256)) * 10
    put(any_store, resource, data, content_type="application/x-anything; v=1")

    kept = any_store.send("GET", resource, where(resource))

    assert (kept.content, kept["Content-Type"]) == (data, "application/x-anything; v=1")


@every_resource
def test_a_document_written_long_is_read_long(any_store: Store, resource: str) -> None:
    text = json.dumps({"a": "b" * 3_000_000}).encode()

    assert put(any_store, resource, text, "x" * 2000).status_code == 204
    assert any_store.send("GET", resource, where(resource, "x" * 2000)).content == text
