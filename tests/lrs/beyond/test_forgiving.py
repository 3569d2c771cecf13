"""What clients send that the standard does not foresee, where only one thing can be meant."""

import base64
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import pytest
from django.test import Client

from tests.lrs.conftest import CLIENT, Store
from tests.lrs.samples import agent, statement

VERSION = "X-Experience-API-Version"


def uuid(number: int) -> str:
    return str(UUID(int=number))


@pytest.mark.parametrize(
    "address",
    ["/xapi//statements", "/xapi///statements//", "/xAPI/statements", "/XAPI//statements/"],
)
def test_an_address_put_together_clumsily_is_understood(any_store: Store, address: str) -> None:
    posted = any_store.send("POST", address, body=[statement(1)])
    put = any_store.send("PUT", address, {"statementId": uuid(2)}, statement(2))
    got = any_store.send("GET", address, {"statementId": uuid(1)})

    assert (posted.status_code, put.status_code, got.status_code) == (200, 204, 200)
    assert got[VERSION] == any_store.version


def test_documents_and_further_pages_are_found_by_such_addresses(store: Store) -> None:
    place = {"activityId": "https://a.example/1", "agent": agent(), "stateId": "s"}
    store.post(*(statement(number) for number in range(1, 4)))

    assert store.send("PUT", "/xapi//activities/state", place, {"a": 1}).status_code == 204
    assert store.get("/xapi//activities//state", **place) == {"a": 1}
    page = store.get("/xapi//statements", limit=2)
    assert page["more"].startswith("/xapi/statements?more=")
    assert len(store.get(page["more"])["statements"]) == 1


@pytest.mark.parametrize("address", ["/xapi", "/xapi/", "/xAPI", "/xapi//"])
def test_the_endpoint_says_what_it_is_with_and_without_its_slash(address: str) -> None:
    answer = Client().get(address)

    assert answer.status_code == 200
    assert answer.json()["endpoint"].endswith("/xapi")


@pytest.mark.parametrize("address", ["/xapi//nothing", "/xAPI/nothing", "/xapi/xapi/statements"])
def test_what_no_slash_explains_is_404(store: Store, address: str) -> None:
    assert store.send("GET", address).status_code == 404


def test_a_page_may_send_headers_of_its_own(store: Store) -> None:
    asked = {
        "origin": "https://content.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,cache-control, x-requested-with",
    }

    answer = CLIENT.options("/xapi/statements", headers=asked)

    allowed = answer["Access-Control-Allow-Headers"].lower().replace(" ", "").split(",")
    assert {"authorization", "cache-control", "x-requested-with", "if-match"} <= set(allowed)
    assert "Access-Control-Request-Headers" in answer["Vary"]


@pytest.mark.parametrize("wish", ["a: b", "a,,b", "é", "x" * 1001, "a;b", "*"])
def test_a_wish_that_is_no_list_of_headers_is_passed_over(wish: str) -> None:
    asked = {"access-control-request-headers": wish}

    plain = CLIENT.options("/xapi/statements")
    answer = CLIENT.options("/xapi/statements", headers=asked)

    assert answer["Access-Control-Allow-Headers"] == plain["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("1.0.3, 1.0.3", 200),
        ("1.0.1,1.0.3", 200),
        ("1.0.3, 2.0.0", 400),
        ("1.0.3,", 400),
        (",", 400),
        ("0.95, 0.95", 400),
    ],
)
def test_a_version_set_twice_is_one_if_both_agree(store: Store, said: str, status: int) -> None:
    answer = store.send("GET", "statements", x_experience_api_version=said)

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json, application/json", 200),
        ("application/json,application/json;charset=utf-8", 200),
        ("text/plain, application/json", 400),
    ],
)
def test_a_type_set_twice_is_the_first(store: Store, kind: str, status: int) -> None:
    answer = store.send("POST", "statements", body=[statement(1)], content_type=kind)

    assert answer.status_code == status


def test_a_key_that_has_lost_its_padding_is_read(store: Store) -> None:
    whole = base64.b64encode(f"{store.key}:{store.secret}".encode()).decode()
    assert whole.endswith("=")  # or this would show nothing

    bare = store.send("GET", "statements", authorization=f"Basic {whole.rstrip('=')}")
    cut = store.send("GET", "statements", authorization=f"Basic {whole.rstrip('=')[:-1]}")

    assert (bare.status_code, cut.status_code) == (200, 401)


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2020-01-01T00:00:00+00:00", 200),
        ("2020-01-01T01:30:00.125+01:30", 200),
        ("2020-01-01 00:00:00", 400),
        ("2020-01-01T00:00:00 Z", 400),
    ],
)
def test_a_plus_in_an_address_may_be_left_as_it_is(
    any_store: Store, moment: str, status: int
) -> None:
    any_store.post(statement(1))

    answer = any_store.send("GET", f"/xapi/statements?since={quote(moment, safe=':+')}")

    assert answer.status_code == status
    if status == 200:
        assert len(answer.json()["statements"]) == 1


def test_where_there_was_nothing_to_score_both_bounds_are_0(any_store: Store) -> None:
    nothing = {"score": {"scaled": 0, "raw": 0, "min": 0.0, "max": 0}}

    assert any_store.post(statement(1, result=nothing)).status_code == 200
    for score in ({"min": 0, "max": 0, "raw": 1}, {"min": 1, "max": 1}, {"min": 0, "max": -1}):
        assert any_store.post(statement(2, result={"score": score})).status_code == 400


STATE = {"activityId": "https://courses.example/lesson-1", "agent": agent(), "stateId": "resume"}


@pytest.mark.parametrize("text", [b"2hSlide4|7f%24", b"", b"a\xc3\xa9", b"#/lessons/4", b"007"])
def test_a_place_in_a_course_is_kept_though_it_is_no_json(store: Store, text: bytes) -> None:
    """Captivate and Articulate call whatever they keep application/json."""
    assert store.send("PUT", "activities/state", STATE, text).status_code == 204

    kept = store.send("GET", "activities/state", STATE)

    assert (kept.status_code, kept.content) == (200, text)
    merged = store.send("POST", "activities/state", STATE, {"page": 3})
    assert merged.status_code == 400
    assert store.send("GET", "activities/state", STATE).content == text
    assert store.send("PUT", "activities/state", STATE, {"page": 3}).status_code == 204


def test_what_begins_as_json_has_to_be_json_and_so_have_profiles(any_store: Store) -> None:
    profile = {"activityId": "https://courses.example/lesson-1", "profileId": "p"}
    anew = {"if_none_match": "*"}
    broken = any_store.send("PUT", "activities/state", STATE, b' {"page": 3')
    bare = any_store.send("PUT", "activities/profile", profile, b"Slide4", **anew)
    posted = any_store.send("POST", "activities/state", STATE, b"Slide4")
    put = any_store.send("PUT", "activities/state", STATE, b"Slide4")

    assert (broken.status_code, bare.status_code, posted.status_code) == (400, 400, 400)
    assert put.status_code == (204 if any_store.version == "1.0.3" else 400)


def test_a_key_without_the_word_basic_is_read(store: Store) -> None:
    whole = base64.b64encode(f"{store.key}:{store.secret}".encode()).decode()
    wrong = base64.b64encode(f"{store.key}:no".encode()).decode()

    assert store.send("GET", "statements", authorization=whole).status_code == 200
    for said in (wrong, "Basic", "", "nonsense", f"Digest {whole}", f"{whole} {whole}"):
        assert store.send("GET", "statements", authorization=said).status_code == 401


def test_storyline_saves_its_place_by_a_form_that_it_calls_text(store: Store) -> None:
    basic = base64.b64encode(f"{store.key}:{store.secret}".encode()).decode()
    fields = {
        "activityId": "https://5uBcDe_course_id/a",
        "agent": '{"objectType":"Agent","name":"Nia","mbox":"mailto:nia@example.org"}',
        "stateId": "bookmark",
        "registration": uuid(7),
        "Authorization": f"Basic {basic}",
        "X-Experience-API-Version": "1.0.0",
        "Content-Type": "application/json",
        "Accept": "*/*",
    }

    def ask(method: str, **more: str) -> Any:
        return CLIENT.generic(
            "POST",
            f"/xapi//activities/state?method={method}",
            urlencode({**fields, **more}).encode(),
            content_type="text/plain;charset=UTF-8",
        )

    assert ask("PUT", content="2B1#slide").status_code == 204
    kept = ask("GET")
    assert (kept.status_code, kept.content, kept[VERSION]) == (200, b"2B1#slide", "1.0.3")
    assert ask("DELETE").status_code == 204
    assert ask("GET").status_code == 404
