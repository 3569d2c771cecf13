"""The resources but for documents, by the numbers of the public conformance requirements."""

import base64
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from lrs.rules.times import parse_instant
from tests.lrs.conftest import Store
from tests.lrs.samples import VERBS, activity, agent, full_statement, statement

FIRST = str(UUID(int=1))
VOID = {"id": f"{VERBS}voided"}
GETS: dict[str, dict[str, Any]] = {
    "statements": {},
    "activities": {"activityId": "a:b"},
    "agents": {"agent": agent()},
    "activities/state": {"activityId": "a:b", "agent": agent()},
    "activities/profile": {"activityId": "a:b"},
    "agents/profile": {"agent": agent()},
}


def ref(number: int) -> dict[str, Any]:
    return {"objectType": "StatementRef", "id": str(UUID(int=number))}


def test_xapi_00012_parameters_are_held_to_the_same_standard_as_statements(
    any_store: Store,
) -> None:
    for name, value in {
        "agent": {"mbox": "ffion"},
        "verb": "completed",
        "activity": "lesson",
        "registration": "1",
        "since": "2026-05-04T09:30:00-00:00",
        "statementId": "1",
    }.items():
        assert any_store.send("GET", "statements", {name: value}).status_code == 400, name


def test_xapi_00016_a_voiding_statement_is_not_voided(any_store: Store) -> None:
    any_store.post(statement(1), statement(2, verb=VOID, object=ref(1)))
    any_store.post(statement(3, verb=VOID, object=ref(2)))

    assert any_store.get(statementId=str(UUID(int=2)))["id"] == str(UUID(int=2))
    assert any_store.send("GET", "statements", {"statementId": FIRST}).status_code == 404


def test_xapi_00018_00157_00162_00163_a_void_statement_is_had_only_as_such(
    any_store: Store,
) -> None:
    any_store.post(statement(2, verb=VOID, object=ref(1)), statement(3, object=ref(1)))
    any_store.post(statement(1))

    assert any_store.send("GET", "statements", {"statementId": FIRST}).status_code == 404
    assert any_store.get(voidedStatementId=FIRST)["id"] == FIRST
    assert sorted(any_store.numbers()) == [2, 3]
    assert sorted(any_store.numbers(activity=activity()["id"])) == [2, 3]
    assert (
        any_store.send("GET", "statements", {"voidedStatementId": ref(3)["id"]}).status_code == 404
    )


def test_xapi_00023_00097_stored_is_the_stores_to_say(any_store: Store) -> None:
    any_store.post(statement(1, stored="1999-01-01T00:00:00Z"))

    stored = parse_instant(any_store.get(statementId=FIRST)["stored"], rfc3339=True)
    assert abs((datetime.now(UTC) - stored).total_seconds()) < 600


def test_xapi_00099_authority_is_filled_in(any_store: Store) -> None:
    any_store.post(statement(1))

    authority = any_store.get(statementId=FIRST)["authority"]
    assert authority["objectType"] == "Agent"
    assert set(authority["account"]) == {"homePage", "name"}


def test_xapi_00332_a_version_is_kept_and_given(any_store: Store) -> None:
    any_store.post(statement(1), statement(2, version="1.0.2"))

    given = "2.0.0" if any_store.version == "2.0.0" else "1.0.0"
    assert any_store.get(statementId=FIRST)["version"] == given
    assert any_store.get(statementId=str(UUID(int=2)))["version"] == "1.0.2"


def test_xapi_00108_00109_00110_00111_00113_00114_00149_lists_have_pages(any_store: Store) -> None:
    empty = any_store.get()
    any_store.post(*(statement(number) for number in range(1, 4)))

    whole = any_store.get()
    first = any_store.get(limit="2")
    rest = any_store.get(first["more"])

    assert empty == {"statements": [], "more": ""}
    assert (len(whole["statements"]), whole["more"]) == (3, "")
    assert first["more"].startswith("/xapi/statements")
    assert first["statements"] + rest["statements"] == whole["statements"]
    assert rest["more"] == ""


def test_xapi_00127_other_content_types_are_refused(any_store: Store) -> None:
    for method, parameters in (("POST", None), ("PUT", {"statementId": FIRST})):
        for kind in ("text/plain", "application/xml", "multipart/form-data; boundary=a"):
            answer = any_store.send(
                method, "statements", parameters, statement(1), content_type=kind
            )
            assert answer.status_code == 400


def test_xapi_00139_00147_00159_00143_00144_00146_the_resource_is_there(any_store: Store) -> None:
    posted = any_store.post(statement(1), statement(2))
    put = any_store.send("PUT", "statements", {"statementId": str(UUID(int=3))}, statement(3))

    assert (posted.status_code, posted.json()) == (200, [FIRST, str(UUID(int=2))])
    assert (put.status_code, put.content) == (204, b"")
    assert sorted(any_store.numbers()) == [1, 2, 3]


def test_xapi_00145_put_needs_an_id(any_store: Store) -> None:
    assert any_store.send("PUT", "statements", None, statement(1)).status_code == 400


def test_xapi_00142_what_is_stored_never_changes(any_store: Store) -> None:
    any_store.post(statement(1))
    before = any_store.get(statementId=FIRST)
    other = statement(1, verb={"id": f"{VERBS}failed"})

    posted = any_store.post(other)
    put = any_store.send("PUT", "statements", {"statementId": FIRST}, other)
    same = any_store.post(statement(1))

    assert (posted.status_code, put.status_code, same.status_code) == (409, 409, 200)
    assert any_store.get(statementId=FIRST) == before


@pytest.mark.parametrize("name", ["statementId", "voidedStatementId"])
def test_xapi_00150_00151_an_id_goes_with_no_filter(any_store: Store, name: str) -> None:
    any_store.post(statement(1))
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
    for shown in ({"format": "ids"}, {"attachments": "false"}):
        answer = any_store.send("GET", "statements", {"statementId": FIRST, **shown})
        assert answer.status_code == 200


def test_xapi_00153_00160_every_answer_says_how_far_it_is_settled(any_store: Store) -> None:
    for parameters in ({}, {"statementId": FIRST}, {"limit": "x"}):
        answer = any_store.send("GET", "statements", parameters)
        parse_instant(answer["X-Experience-API-Consistent-Through"], rfc3339=True)


def test_xapi_00154_00155_00156_00158_one_statement_by_its_id(any_store: Store) -> None:
    any_store.post(full_statement(1))

    found = any_store.get(statementId=FIRST)

    assert found["id"] == FIRST
    assert found["context"] == full_statement()["context"]
    assert any_store.send("GET", "statements", {"statementId": ref(9)["id"]}).status_code == 404


FILTERED: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "XAPI-00164": ({}, {"actor": agent("other")}, {"agent": agent()}),
    "XAPI-00178": (
        {"context": {"registration": FIRST}},
        {"context": {"registration": ref(2)["id"]}},
        {"registration": FIRST},
    ),
    "XAPI-00179": ({}, {"object": activity("other")}, {"activity": activity()["id"]}),
    "XAPI-00180": ({}, {"verb": {"id": "a:b"}}, {"verb": f"{VERBS}completed"}),
    "XAPI-00181": ({}, {"actor": agent("other"), "object": activity()}, {"agent": agent()}),
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


def test_xapi_00166_00173_00174_00175_order_limit_and_times(any_store: Store) -> None:
    for number in (1, 2, 3):
        any_store.post(statement(number))
    second = any_store.get(statementId=str(UUID(int=2)))["stored"]

    assert any_store.numbers() == [3, 2, 1]
    assert any_store.numbers(ascending="true") == [1, 2, 3]
    assert any_store.numbers(limit="1") == [3]
    assert any_store.numbers(since=second) == [3]
    assert any_store.numbers(until=second) == [2, 1]


@pytest.mark.parametrize("form", ["exact", "ids", "canonical"])
def test_xapi_00168_00169_00170_00171_formats(any_store: Store, form: str) -> None:
    any_store.post(full_statement(1))

    found = any_store.get(format=form, statementId=FIRST)

    if form == "exact":
        assert found["object"] == full_statement()["object"]
    if form == "ids":
        assert (found["object"], found["verb"]) == (
            {"id": full_statement()["object"]["id"]},
            {"id": full_statement()["verb"]["id"]},
        )
    if form == "canonical":
        assert found["object"]["definition"]["name"] == {"en": "Who is missing?"}


def test_xapi_00172_canonical_is_in_the_language_accepted(any_store: Store) -> None:
    any_store.post(full_statement(1))

    answer = any_store.send(
        "GET", "statements", {"format": "canonical"}, accept_language="cy, en;q=0.5"
    )

    name = answer.json()["statements"][0]["object"]["definition"]["name"]
    assert name == {"cy": "Pwy sydd ar goll?"}


def test_xapi_00161_without_attachments_the_answer_is_json(any_store: Store) -> None:
    any_store.post(full_statement(1))

    for parameters in ({}, {"attachments": "false"}):
        answer = any_store.send("GET", "statements", parameters)
        assert answer["Content-Type"] == "application/json"


def test_xapi_00182_00326_a_refused_batch_leaves_nothing(any_store: Store) -> None:
    any_store.post(statement(1))

    bad = any_store.post(statement(2), statement(3), statement(4, verb={}))
    twice = any_store.post(statement(5), statement(5))
    conflict = any_store.post(statement(6), statement(1, actor=agent("other")))

    assert (bad.status_code, twice.status_code, conflict.status_code) == (400, 400, 409)
    assert any_store.numbers() == [1]


@pytest.mark.parametrize(
    "sent",
    [
        {"mbox": "mailto:ffion@example.org", "name": "Ffion Testwell"},
        {"mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"},
        {"openid": "https://id.example/ffion"},
        {"account": {"homePage": "https://hr.example", "name": "ffion"}},
    ],
)
def test_xapi_00236_to_00242_00244_00245_00248_a_person(
    any_store: Store, sent: dict[str, Any]
) -> None:
    any_store.post(statement(1, actor=sent))

    person = any_store.get("agents", agent=sent)

    assert person.pop("objectType") == "Person"
    assert person == {name: [value] for name, value in sent.items()}


def test_xapi_00243_00249_agents_want_an_agent(any_store: Store) -> None:
    for parameters in ({}, {"agent": "ffion"}, {"agent": {"name": "Ffion"}}, {"agent": []}):
        assert any_store.send("GET", "agents", parameters).status_code == 400


def test_xapi_00250_00251_00252_00253_00254_activities(
    any_store: Store, django_capture_on_commit_callbacks: Any
) -> None:
    for number, names in enumerate(({"en": "Lesson"}, {"cy": "Gwers"}), start=1):
        with django_capture_on_commit_callbacks(execute=True):
            any_store.post(
                statement(number, object={**activity(), "definition": {"description": names}})
            )

    found = any_store.get("activities", activityId=activity()["id"])

    assert found == {
        **activity(),
        "definition": {"description": {"en": "Lesson", "cy": "Gwers"}},
    }
    assert any_store.send("GET", "activities").status_code == 400
    assert any_store.send("GET", "activities", {"activityId": "lesson"}).status_code == 400


def test_xapi_00315_to_00319_about() -> None:
    answer = Client().get("/xapi/about")

    assert answer.status_code == 200
    assert set(answer.json()["version"]) == {"1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0.0"}
    assert Client().get("/xapi/about?extra=1").status_code == 400


@pytest.mark.parametrize("resource", GETS)
def test_xapi_00125_00126_head(any_store: Store, resource: str) -> None:
    got = any_store.send("GET", resource, GETS[resource])
    head = any_store.send("HEAD", resource, GETS[resource])

    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head["Content-Length"] == str(len(got.content))
    assert head["Content-Type"] == got["Content-Type"]


@pytest.mark.parametrize("resource", GETS)
def test_xapi_00321_00331_00333_versions(any_store: Store, resource: str) -> None:
    good = any_store.send("GET", resource, GETS[resource])
    none = any_store.send("GET", resource, GETS[resource], x_experience_api_version=None)
    bad = any_store.send("GET", resource, GETS[resource], x_experience_api_version="1.2.0")

    assert (good.status_code, none.status_code, bad.status_code) == (200, 400, 400)
    assert good["X-Experience-API-Version"] == any_store.version


@pytest.mark.parametrize("resource", GETS)
def test_xapi_00324_00325_unknown_and_misspelt_parameters(any_store: Store, resource: str) -> None:
    for name in ("extra", "Limit", "ActivityID", "STATEID"):
        answer = any_store.send("GET", resource, {**GETS[resource], name: "1"})
        assert answer.status_code == 400, name


@pytest.mark.parametrize("resource", GETS)
def test_xapi_00334_00335_basic_authentication(any_store: Store, resource: str) -> None:
    wrong = "Basic " + base64.b64encode(b"some:body").decode()

    for header in (None, wrong):
        answer = any_store.send("GET", resource, GETS[resource], authorization=header)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Basic ")


def test_xapi_00148_00336_the_alternate_syntax_is_served_in_1_0_3_and_refused_in_2_0(
    any_store: Store,
) -> None:
    answer = any_store.send(
        "POST",
        "statements",
        {"method": "GET"},
        b"limit=1",
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == (200 if any_store.version == "1.0.3" else 400)


def test_2_0_gives_last_modified_and_utc(any_store: Store) -> None:
    any_store.post(statement(1, timestamp="2026-05-04T11:30:00+02:00"))

    answer = any_store.send("GET", "statements", {"statementId": FIRST})

    stored = parse_instant(answer.json()["stored"])
    assert answer["Last-Modified"] == stored.strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert answer.json()["timestamp"] == "2026-05-04T09:30:00.000Z"
