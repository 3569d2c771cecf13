"""The statement resource, by the numbers of the public conformance requirements."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from lrs.rules.times import parse_instant
from tests.lrs.conftest import Store
from tests.lrs.samples import VERBS, activity, agent, full_statement, statement

FIRST = str(UUID(int=1))
VOID = {"id": f"{VERBS}voided"}


def uuid(number: int) -> str:
    return str(UUID(int=number))


def ref(number: int) -> dict[str, Any]:
    return {"objectType": "StatementRef", "id": uuid(number)}


def test_xapi_00139_the_resource_is_there(any_store: Store) -> None:
    assert any_store.post(statement(1)).status_code == 200
    assert any_store.numbers() == [1]


def test_xapi_00143_put_answers_204(any_store: Store) -> None:
    answer = any_store.send("PUT", "statements", {"statementId": FIRST}, statement(1))

    assert (answer.status_code, answer.content) == (204, b"")


def test_xapi_00144_put_keeps_under_the_id_of_the_address(any_store: Store) -> None:
    any_store.send("PUT", "statements", {"statementId": FIRST}, statement(id=None))
    other = any_store.send("PUT", "statements", {"statementId": uuid(2)}, statement(3))

    assert other.status_code == 400
    assert any_store.numbers() == [1]


def test_xapi_00145_put_needs_an_id(any_store: Store) -> None:
    assert any_store.send("PUT", "statements", None, statement(1)).status_code == 400
    assert any_store.numbers() == []


def test_xapi_00146_post_answers_with_ids_in_order(any_store: Store) -> None:
    several = any_store.post(statement(2), statement(1))
    alone = any_store.send("POST", "statements", None, statement(3))

    assert (several.status_code, several.json()) == (200, [uuid(2), FIRST])
    assert (alone.status_code, alone.json()) == (200, [uuid(3)])


def test_xapi_00147_post_is_served(any_store: Store) -> None:
    any_store.post(statement(1), statement(2))

    assert sorted(any_store.numbers()) == [1, 2]


def test_xapi_00142_what_is_stored_never_changes(any_store: Store) -> None:
    any_store.post(statement(1))
    before = any_store.get(statementId=FIRST)
    other = statement(1, verb={"id": f"{VERBS}failed"})

    posted = any_store.post(other)
    put = any_store.send("PUT", "statements", {"statementId": FIRST}, other)
    same = any_store.post(statement(1))

    assert (posted.status_code, put.status_code, same.status_code) == (409, 409, 200)
    assert any_store.get(statementId=FIRST) == before


@pytest.mark.parametrize("number", ["XAPI-00182", "XAPI-00326", "2.0-repeated-id"])
def test_a_refused_batch_leaves_nothing(any_store: Store, number: str) -> None:
    any_store.post(statement(1))
    sent = {
        "XAPI-00182": ([statement(2), statement(1, actor=agent("other"))], 409),
        "XAPI-00326": ([statement(2), statement(3), statement(4, verb={})], 400),
        "2.0-repeated-id": ([statement(5), statement(5)], 400),
    }
    batch, status = sent[number]

    assert any_store.post(*batch).status_code == status
    assert any_store.numbers() == [1]


def test_xapi_00023_stored_is_the_stores_to_say(any_store: Store) -> None:
    any_store.post(statement(1))

    stored = parse_instant(any_store.get(statementId=FIRST)["stored"], rfc3339=True)
    assert abs((datetime.now(UTC) - stored).total_seconds()) < 600


def test_xapi_00097_a_statement_may_come_with_stored(any_store: Store) -> None:
    assert any_store.post(statement(1, stored="1999-01-01T00:00:00Z")).status_code == 200
    assert any_store.get(statementId=FIRST)["stored"] > "2020"


def test_xapi_00099_authority_is_filled_in(any_store: Store) -> None:
    any_store.post(statement(1))

    authority = any_store.get(statementId=FIRST)["authority"]
    assert authority["objectType"] == "Agent"
    assert set(authority["account"]) == {"homePage", "name"}


@pytest.mark.parametrize("number", ["XAPI-00156", "XAPI-00158"])
def test_one_statement_by_its_id(any_store: Store, number: str) -> None:
    any_store.post(full_statement(1), statement(2))

    found = any_store.get(statementId=FIRST)

    assert (found["id"], found["context"]) == (FIRST, full_statement()["context"])
    assert any_store.send("GET", "statements", {"statementId": uuid(9)}).status_code == 404


@pytest.mark.parametrize("name", ["XAPI-00155", "XAPI-00157"])
def test_a_void_statement_by_its_id(any_store: Store, name: str) -> None:
    any_store.post(statement(1), statement(3), statement(2, verb=VOID, object=ref(1)))

    assert any_store.get(voidedStatementId=FIRST)["id"] == FIRST
    for other in (2, 3, 9):
        answer = any_store.send("GET", "statements", {"voidedStatementId": uuid(other)})
        assert answer.status_code == 404


def test_xapi_00016_a_voiding_statement_is_not_voided(any_store: Store) -> None:
    any_store.post(statement(1), statement(2, verb=VOID, object=ref(1)))
    any_store.post(statement(3, verb=VOID, object=ref(2)))

    assert any_store.get(statementId=uuid(2))["id"] == uuid(2)
    assert any_store.send("GET", "statements", {"statementId": FIRST}).status_code == 404


@pytest.mark.parametrize("voiding_first", [True, False])
@pytest.mark.parametrize("number", ["XAPI-00018", "XAPI-00163", "2.0-void-unknown"])
def test_a_void_statement_is_had_only_as_such(
    any_store: Store, number: str, voiding_first: bool
) -> None:
    void, target = statement(2, verb=VOID, object=ref(1)), statement(1)
    for one in (void, target) if voiding_first else (target, void):
        assert any_store.post(one).status_code == 200

    assert any_store.send("GET", "statements", {"statementId": FIRST}).status_code == 404
    assert any_store.numbers() == [2]


def test_xapi_00162_statements_about_a_void_one_are_given(any_store: Store) -> None:
    any_store.post(statement(1), statement(3, object=ref(1)))
    any_store.post(statement(2, verb=VOID, object=ref(1)))

    assert sorted(any_store.numbers()) == [2, 3]
    assert sorted(any_store.numbers(activity=activity()["id"])) == [2, 3]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("voidedStatementId", id="XAPI-00150"),
        pytest.param("statementId", id="XAPI-00151"),
    ],
)
def test_an_id_goes_with_no_filter(any_store: Store, name: str) -> None:
    any_store.post(statement(1))
    if name == "voidedStatementId":
        any_store.post(statement(2, verb=VOID, object=ref(1)))
    filters: dict[str, Any] = {
        "agent": agent(),
        "verb": "a:b",
        "activity": "a:b",
        "registration": FIRST,
        "related_activities": "true",
        "related_agents": "true",
        "since": "2026-01-01T00:00:00Z",
        "until": "2026-01-01T00:00:00Z",
        "limit": "1",
        "ascending": "true",
        "statementId" if name == "voidedStatementId" else "voidedStatementId": FIRST,
    }

    for other, value in filters.items():
        answer = any_store.send("GET", "statements", {name: FIRST, other: value})
        assert answer.status_code == 400, other
    for shown in ({"format": "ids"}, {"attachments": "false"}, {"attachments": "true"}):
        answer = any_store.send("GET", "statements", {name: FIRST, **shown})
        assert answer.status_code == 200


def test_xapi_00159_get_is_served(any_store: Store) -> None:
    assert any_store.send("GET", "statements").status_code == 200


def test_xapi_00154_without_an_id_a_result_is_given(any_store: Store) -> None:
    any_store.post(statement(1))

    assert set(any_store.get()) == {"statements", "more"}


def test_xapi_00113_a_result_has_statements_and_more(any_store: Store) -> None:
    any_store.post(statement(1))

    for filters in ({}, {"limit": "1"}, {"verb": "a:b"}):
        assert list(any_store.get(**filters)) == ["statements", "more"]


def test_xapi_00110_statements_are_a_list(any_store: Store) -> None:
    any_store.post(statement(1))

    assert [one["id"] for one in any_store.get()["statements"]] == [FIRST]


def test_xapi_00149_nothing_found_is_an_empty_list(any_store: Store) -> None:
    any_store.post(statement(1))

    assert any_store.get(verb="a:nothing") == {"statements": [], "more": ""}


def three(store: Store) -> None:
    for number in (1, 2, 3):
        store.post(statement(number))


def test_xapi_00114_what_is_too_long_for_a_page_goes_on(any_store: Store) -> None:
    three(any_store)

    page = any_store.get(limit="2")

    assert len(page["statements"]) == 2
    assert page["more"].startswith("/xapi/statements")


def test_xapi_00108_more_leads_to_the_next_page(any_store: Store) -> None:
    three(any_store)

    first = any_store.get(limit="2")
    rest = any_store.get(first["more"])

    assert first["statements"] + rest["statements"] == any_store.get()["statements"]


def test_xapi_00109_after_the_last_page_there_is_no_more(any_store: Store) -> None:
    three(any_store)

    assert any_store.get(limit="3")["more"] == ""
    assert any_store.get(any_store.get(limit="2")["more"])["more"] == ""


def test_xapi_00111_further_pages_have_the_same_form(any_store: Store) -> None:
    three(any_store)

    second = any_store.get(any_store.get(limit="1")["more"])

    assert list(second) == ["statements", "more"]
    assert len(second["statements"]) == 1
    assert len(any_store.get(second["more"])["statements"]) == 1


OTHER = agent("other")
FILTERED: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "XAPI-00164": (
        {"verb": {"id": "a:b"}},
        {"actor": OTHER, "verb": {"id": "a:b"}},
        {"agent": agent(), "verb": "a:b"},
    ),
    "XAPI-00178": (
        {"context": {"registration": FIRST}},
        {"context": {"registration": uuid(2)}},
        {"registration": FIRST},
    ),
    "XAPI-00179": ({}, {"object": activity("other")}, {"activity": activity()["id"]}),
    "XAPI-00180": ({}, {"verb": {"id": "a:b"}}, {"verb": f"{VERBS}completed"}),
    "XAPI-00181": ({}, {"actor": OTHER}, {"agent": agent()}),
    "XAPI-00177": (
        {"context": {"contextActivities": {"parent": [activity("course")]}}},
        {},
        {"activity": activity("course")["id"], "related_activities": "true"},
    ),
    "XAPI-00176": (
        {"context": {"instructor": agent("lead")}},
        {},
        {"agent": agent("lead"), "related_agents": "true"},
    ),
}


@pytest.mark.parametrize("number", FILTERED)
def test_filters(any_store: Store, number: str) -> None:
    wanted, unwanted, parameters = FILTERED[number]
    any_store.post(statement(1, **wanted), statement(2, **unwanted))

    assert any_store.numbers(**parameters) == [1]


@pytest.mark.parametrize("number", ["XAPI-00166", "XAPI-00173", "XAPI-00174", "XAPI-00175"])
def test_order_limit_and_times(any_store: Store, number: str) -> None:
    three(any_store)
    second = any_store.get(statementId=uuid(2))["stored"]
    expected: dict[str, list[tuple[dict[str, str], list[int]]]] = {
        "XAPI-00166": [
            ({}, [3, 2, 1]),
            ({"ascending": "true"}, [1, 2, 3]),
            ({"ascending": "false"}, [3, 2, 1]),
        ],
        "XAPI-00173": [({"limit": "1"}, [3]), ({"limit": "0"}, [3, 2, 1])],
        "XAPI-00174": [({"until": second}, [2, 1])],
        "XAPI-00175": [({"since": second}, [3])],
    }

    for parameters, found in expected[number]:
        assert any_store.numbers(**parameters) == found


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(None, id="XAPI-00168"),
        pytest.param("canonical", id="XAPI-00169"),
        pytest.param("exact", id="XAPI-00170"),
        pytest.param("ids", id="XAPI-00171"),
    ],
)
def test_formats(any_store: Store, form: str | None) -> None:
    any_store.post(full_statement(1))
    whole = full_statement()

    found = any_store.get(**({"format": form} if form else {}))["statements"][0]

    if form == "ids":
        assert found["object"] == {"id": whole["object"]["id"]}
        assert found["verb"] == {"id": whole["verb"]["id"]}
    elif form == "canonical":
        assert found["object"]["definition"]["name"] == {"en": "Who is missing?"}
        assert found["actor"] == whole["actor"]
    else:
        assert {name: found[name] for name in whole} == whole


def test_xapi_00172_canonical_is_in_the_language_accepted(any_store: Store) -> None:
    any_store.post(full_statement(1))

    answer = any_store.send(
        "GET", "statements", {"format": "canonical"}, accept_language="cy, en;q=0.5"
    )

    name = answer.json()["statements"][0]["object"]["definition"]["name"]
    assert name == {"cy": "Pwy sydd ar goll?"}


@pytest.mark.parametrize("number", ["XAPI-00153", "XAPI-00160"])
def test_every_answer_says_how_far_it_is_settled(any_store: Store, number: str) -> None:
    any_store.post(statement(1))
    stored = any_store.get(statementId=FIRST)["stored"]
    for parameters in ({}, {"statementId": FIRST}, {"statementId": uuid(9)}, {"limit": "x"}):
        answer = any_store.send("GET", "statements", parameters)
        through = parse_instant(answer["X-Experience-API-Consistent-Through"], rfc3339=True)
        assert through >= parse_instant(stored)


def test_xapi_00165_an_answer_names_its_content_type(any_store: Store) -> None:
    for parameters in ({}, {"statementId": uuid(9)}, {"limit": "x"}):
        answer = any_store.send("GET", "statements", parameters)
        assert answer["Content-Type"] == "application/json"


def test_xapi_00161_without_attachments_the_answer_is_json(any_store: Store) -> None:
    any_store.post(full_statement(1))

    for parameters in ({}, {"attachments": "false"}):
        answer = any_store.send("GET", "statements", parameters)
        assert answer["Content-Type"] == "application/json"


@pytest.mark.parametrize("number", ["2.0-last-modified-statement"])
def test_last_modified_is_when_it_was_stored(any_store: Store, number: str) -> None:
    any_store.post(statement(1))

    answer = any_store.send("GET", "statements", {"statementId": FIRST})

    stored = parse_instant(answer.json()["stored"])
    assert answer["Last-Modified"] == stored.strftime("%a, %d %b %Y %H:%M:%S GMT")
