"""State and profiles, by the numbers of the public conformance requirements.

What holds of all three resources is tested once for each; a test names every number it is for.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.lrs.conftest import Store
from tests.lrs.samples import agent

ACTIVITY = "https://courses.example/lesson-1"
WHOSE: dict[str, dict[str, Any]] = {
    "activities/state": {"activityId": ACTIVITY, "agent": agent()},
    "activities/profile": {"activityId": ACTIVITY},
    "agents/profile": {"agent": agent()},
}
ID_NAMES = {"activities/state": "stateId"}
RESOURCES = list(WHOSE)
ANY = {"if_none_match": "*"}


def where(resource: str, name: str = "one", **more: Any) -> dict[str, Any]:
    return {**WHOSE[resource], ID_NAMES.get(resource, "profileId"): name, **more}


def put(store: Store, resource: str, body: Any, name: str = "one", **more: Any) -> Any:
    return store.send("PUT", resource, where(resource, name), body, **{**ANY, **more})


def content(store: Store, resource: str, name: str = "one") -> Any:
    return store.get(resource, **where(resource, name))


pytestmark = pytest.mark.parametrize("resource", RESOURCES)


def test_xapi_00190_00273_00287_00293_00188_00192_00217_00259_00269_00274_00288_00290_put_and_get(
    any_store: Store, resource: str
) -> None:
    answer = put(any_store, resource, {"a": 1})

    assert (answer.status_code, answer.content) == (204, b"")
    assert content(any_store, resource) == {"a": 1}


def test_xapi_00189_00231_00233_00272_00280_00283_00286_00292_00310_00312_post_of_a_new_document(
    any_store: Store, resource: str
) -> None:
    answer = any_store.send("POST", resource, where(resource), {"a": 1})

    assert answer.status_code == 204
    assert content(any_store, resource) == {"a": 1}


def test_xapi_00187_00191_00216_00271_00285_00291_delete(any_store: Store, resource: str) -> None:
    put(any_store, resource, {"a": 1})

    answer = any_store.send("DELETE", resource, where(resource))

    assert answer.status_code == 204
    assert any_store.send("GET", resource, where(resource)).status_code == 404


def test_xapi_00193_00270_00289_without_an_id_the_ids_are_listed(
    any_store: Store, resource: str
) -> None:
    for name in ("one", "two"):
        put(any_store, resource, {}, name)

    assert any_store.get(resource, **WHOSE[resource]) == ["one", "two"]


def test_xapi_00141_00195_00221_00268_00275_00294_00303_since_is_after(
    any_store: Store, resource: str
) -> None:
    put(any_store, resource, {})
    now = datetime.now(UTC)

    def since(minutes: int) -> list[str]:
        text = (now + timedelta(minutes=minutes)).isoformat()
        return any_store.get(resource, **WHOSE[resource], since=text)

    assert (since(-10), since(10)) == (["one"], [])


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_xapi_00207_to_00215_00243_00261_to_00264_00296_to_00299_whose_they_are_is_needed(
    any_store: Store, resource: str, method: str
) -> None:
    for missing in WHOSE[resource]:
        parameters = {k: v for k, v in where(resource).items() if k != missing}
        answer = any_store.send(method, resource, parameters, {"a": 1}, **ANY)
        assert answer.status_code == 400
        assert missing in answer.json()["message"]


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_xapi_00206_00211_00265_00266_00267_00300_00301_00302_an_id_is_needed_to_write(
    any_store: Store, resource: str, method: str
) -> None:
    answer = any_store.send(method, resource, WHOSE[resource], {"a": 1}, **ANY)

    is_delete_of_all = method == "DELETE" and resource == "activities/state"
    assert answer.status_code == (204 if is_delete_of_all else 400)


BAD = {
    "agent": ["ffion", "{}", '{"mbox": "a"}', "[]", '{"objectType": "Activity", "id": "a:b"}'],
    "activityId": ["lesson", ""],
    "registration": ["1", ""],
    "since": ["yesterday", ""],
    "unknown": ["1"],
    "StateId": ["1"],
    "profileid": ["1"],
}


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_xapi_00196_to_00204_00255_to_00258_00260_00295_00324_00325_parameters_are_checked(
    any_store: Store, resource: str, method: str
) -> None:
    for name, values in BAD.items():
        if name in ("agent", "activityId") and name not in WHOSE[resource]:
            continue
        for value in values:
            answer = any_store.send(method, resource, where(resource, **{name: value}), {}, **ANY)
            assert answer.status_code == 400, (name, value)


def test_xapi_00184_00234_00279_00308_a_merge_overwrites_what_both_have(
    any_store: Store, resource: str
) -> None:
    put(any_store, resource, {"a": 1, "b": 2})

    answer = any_store.send("POST", resource, where(resource), {"b": 3, "c": 4})

    assert answer.status_code == 204
    assert content(any_store, resource) == {"a": 1, "b": 3, "c": 4}


def test_xapi_00183_a_merge_goes_one_level_deep(any_store: Store, resource: str) -> None:
    put(any_store, resource, {"a": {"x": 1, "y": 2}})
    any_store.send("POST", resource, where(resource), {"a": {"z": 3}})

    assert content(any_store, resource) == {"a": {"z": 3}}


@pytest.mark.parametrize(
    ("before", "sent"),
    [
        ((b"text", "text/plain"), (b'{"a": 1}', "application/json")),
        ((b'{"a": 1}', "application/json"), (b"text", "text/plain")),
        ((b"[1]", "application/json"), (b'{"a": 1}', "application/json")),
        ((b'{"a": 1}', "application/json"), (b"[1]", "application/json")),
    ],
)
def test_xapi_00182_00229_00232_00278_00309_00313_only_objects_merge(
    any_store: Store, resource: str, before: Any, sent: Any
) -> None:
    put(any_store, resource, before[0], content_type=before[1])

    answer = any_store.send("POST", resource, where(resource), sent[0], content_type=sent[1])
    kept = any_store.send("GET", resource, where(resource))

    assert answer.status_code == 400
    assert (kept.content, kept["Content-Type"]) == before


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_xapi_00235_00281_00284_00314_broken_json_is_refused(
    any_store: Store, resource: str, method: str
) -> None:
    answer = any_store.send(method, resource, where(resource), b'{"a": ', **ANY)

    assert answer.status_code == 400
    assert any_store.send("GET", resource, where(resource)).status_code == 404


def test_any_bytes_may_be_kept_under_any_type(any_store: Store, resource: str) -> None:
    data = bytes(range(256)) * 10
    put(any_store, resource, data, content_type="application/x-anything; v=1")

    kept = any_store.send("GET", resource, where(resource))

    assert (kept.content, kept["Content-Type"]) == (data, "application/x-anything; v=1")


def test_xapi_00322_an_etag_is_the_sha_1_sum_in_quotes(any_store: Store, resource: str) -> None:
    put(any_store, resource, b'{"a":1}')

    answer = any_store.send("GET", resource, where(resource))

    assert answer["ETag"] == f'"{hashlib.sha1(answer.content).hexdigest()}"'
    assert answer["Last-Modified"].endswith(" GMT")


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_xapi_00322_a_write_with_the_right_etag_goes_ahead_and_with_a_wrong_one_does_not(
    any_store: Store, resource: str, method: str
) -> None:
    put(any_store, resource, {"a": 1})
    etag = any_store.send("GET", resource, where(resource))["ETag"]

    wrong = any_store.send(method, resource, where(resource), {"a": 2}, if_match='"0000"')
    unchanged = content(any_store, resource)
    right = any_store.send(method, resource, where(resource), {"a": 2}, if_match=etag)

    assert (wrong.status_code, unchanged, right.status_code) == (412, {"a": 1}, 204)
    if method != "DELETE":
        assert content(any_store, resource) == {"a": 2}


def test_xapi_00322_if_none_match_writes_only_where_there_is_nothing(
    any_store: Store, resource: str
) -> None:
    first = put(any_store, resource, {"a": 1})
    second = put(any_store, resource, {"a": 2})

    assert (first.status_code, second.status_code) == (204, 412)
    assert content(any_store, resource) == {"a": 1}


def test_xapi_00322_a_put_that_says_nothing_overwrites_no_profile(
    any_store: Store, resource: str
) -> None:
    any_store.send("POST", resource, where(resource), {"a": 1})

    answer = any_store.send("PUT", resource, where(resource), {"a": 2})

    is_state_of_1_0 = resource == "activities/state" and any_store.version == "1.0.3"
    assert answer.status_code == (204 if is_state_of_1_0 else 409)
    assert content(any_store, resource) == ({"a": 2} if is_state_of_1_0 else {"a": 1})
    if not is_state_of_1_0:
        assert "If-Match" in answer.json()["message"]


def test_a_new_profile_needs_a_precondition_in_1_0_3_only(any_store: Store, resource: str) -> None:
    answer = any_store.send("PUT", resource, where(resource), {"a": 1})

    is_needed = resource != "activities/state" and any_store.version == "1.0.3"
    assert answer.status_code == (400 if is_needed else 204)


def test_xapi_00125_00126_head_is_get_without_a_body(any_store: Store, resource: str) -> None:
    put(any_store, resource, {"a": 1})

    got = any_store.send("GET", resource, where(resource))
    head = any_store.send("HEAD", resource, where(resource))

    assert (head.status_code, head.content) == (200, b"")
    assert (head["ETag"], head["Content-Length"]) == (got["ETag"], str(len(got.content)))


def test_xapi_00230_00282_00311_documents_of_one_are_not_those_of_another(
    make_store: Callable[..., Store], resource: str
) -> None:
    here, there = make_store("Aber Trust"), make_store("Bryn Care")
    put(here, resource, {"a": 1})
    assert content(here, resource) == {"a": 1}

    assert there.send("GET", resource, where(resource)).status_code == 404
    assert there.get(resource, **WHOSE[resource]) == []
    there.send("DELETE", resource, where(resource))
    assert content(here, resource) == {"a": 1}


def test_xapi_00194_00218_00219_00220_00227_state_has_registrations(
    any_store: Store, resource: str
) -> None:
    if resource != "activities/state":
        parameters = where(resource, registration="ec531277-b57b-4c15-8d91-d292c5b2b8f7")
        assert any_store.send("GET", resource, parameters).status_code == 400
        return
    first = "ec531277-b57b-4c15-8d91-d292c5b2b8f7"
    second = "ec531277-b57b-4c15-8d91-d292c5b2b8f8"
    any_store.send("PUT", resource, where(resource, registration=first), {"of": 1})
    any_store.send("POST", resource, where(resource, registration=second), {"of": 2})
    any_store.send("PUT", resource, where(resource, "two"), {"of": 0})

    of = any_store.get(resource, **where(resource, registration=first.upper()))
    assert of == {"of": 1}
    assert any_store.get(resource, **WHOSE[resource], registration=first) == ["one"]
    assert any_store.get(resource, **WHOSE[resource]) == ["one", "two"]
    any_store.send("DELETE", resource, {**WHOSE[resource], "registration": first})
    assert any_store.get(resource, **where(resource, registration=second)) == {"of": 2}
    any_store.send("DELETE", resource, WHOSE[resource])
    assert any_store.get(resource, **WHOSE[resource]) == []


def test_a_document_written_long_is_read_long(any_store: Store, resource: str) -> None:
    text = json.dumps({"a": "b" * 3_000_000}).encode()

    assert put(any_store, resource, text, "x" * 2000).status_code == 204
    assert any_store.send("GET", resource, where(resource, "x" * 2000)).content == text
