"""ETags: two writers of one document, and neither undoes the other unseen."""

import hashlib

import pytest

from lrs.models import Document
from tests.lrs.conformance.documents import STATE, WHOSE, content, every_resource, put, where
from tests.lrs.conftest import Store


@every_resource
@pytest.mark.parametrize("number", ["XAPI-00322", "2.0-etag-get", "2.0-last-modified-document"])
def test_an_etag_is_the_sha_1_sum_in_quotes(any_store: Store, resource: str, number: str) -> None:
    put(any_store, resource, b'{"a":1}')

    answer = any_store.send("GET", resource, where(resource))

    assert answer["ETag"] == f'"{hashlib.sha1(answer.content).hexdigest()}"'
    changed = Document.objects.get().updated_at
    assert answer["Last-Modified"] == changed.strftime("%a, %d %b %Y %H:%M:%S GMT")


@every_resource
@pytest.mark.parametrize(
    "method",
    [pytest.param(name, id=f"2.0-etag-{name.lower()}") for name in ("PUT", "POST", "DELETE")],
)
def test_a_right_etag_goes_ahead_and_a_wrong_one_does_not(
    any_store: Store, resource: str, method: str
) -> None:
    put(any_store, resource, {"a": 1})
    etag = any_store.send("GET", resource, where(resource))["ETag"]

    wrong = any_store.send(method, resource, where(resource), {"a": 2}, if_match='"0000"')
    unchanged = content(any_store, resource)
    right = any_store.send(method, resource, where(resource), {"a": 2}, if_match=etag)
    of_nothing = any_store.send(method, resource, where(resource, "x"), {"a": 2}, if_match=etag)

    assert (wrong.status_code, unchanged, right.status_code) == (412, {"a": 1}, 204)
    assert of_nothing.status_code == 412
    if method == "DELETE":
        assert any_store.get(resource, **WHOSE[resource]) == []
    else:
        assert content(any_store, resource) == {"a": 2}


@every_resource
def test_xapi_00322_if_none_match_writes_only_where_there_is_nothing(
    any_store: Store, resource: str
) -> None:
    first = put(any_store, resource, {"a": 1})
    second = put(any_store, resource, {"a": 2})

    assert (first.status_code, second.status_code) == (204, 412)
    assert content(any_store, resource) == {"a": 1}


@every_resource
@pytest.mark.parametrize("number", ["XAPI-00322", "2.0-bare-put"])
def test_a_put_that_says_nothing_overwrites_no_profile(
    any_store: Store, resource: str, number: str
) -> None:
    any_store.send("POST", resource, where(resource), {"a": 1})

    answer = any_store.send("PUT", resource, where(resource), {"a": 2})

    is_state_of_1_0 = resource == STATE and any_store.version == "1.0.3"
    assert answer.status_code == (204 if is_state_of_1_0 else 409)
    assert content(any_store, resource) == ({"a": 2} if is_state_of_1_0 else {"a": 1})
    if not is_state_of_1_0:
        assert "If-Match" in answer.json()["message"]


@every_resource
@pytest.mark.parametrize("number", ["XAPI-00322", "2.0-bare-put"])
def test_a_new_profile_needs_a_precondition_in_1_0_3_only(
    any_store: Store, resource: str, number: str
) -> None:
    answer = any_store.send("PUT", resource, where(resource), {"a": 1})

    is_needed = resource != STATE and any_store.version == "1.0.3"
    assert answer.status_code == (400 if is_needed else 204)
