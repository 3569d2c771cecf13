"""Requests in general, agents, activities and about, by the numbers of the public requirements."""

import base64
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.lrs.conftest import Store
from tests.lrs.samples import activity, agent, statement

FIRST = str(UUID(int=1))
FORM = "application/x-www-form-urlencoded"
GETS: dict[str, dict[str, Any]] = {
    "statements": {},
    "activities": {"activityId": "a:b"},
    "agents": {"agent": agent()},
    "activities/state": {"activityId": "a:b", "agent": agent()},
    "activities/profile": {"activityId": "a:b"},
    "agents/profile": {"agent": agent()},
}
every_resource = pytest.mark.parametrize("resource", GETS)


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


def test_xapi_00127_other_content_types_are_refused(any_store: Store) -> None:
    for method, parameters in (("POST", None), ("PUT", {"statementId": FIRST})):
        for kind in ("text/plain", "application/xml", "multipart/form-data; boundary=a", ""):
            answer = any_store.send(
                method, "statements", parameters, statement(1), content_type=kind
            )
            assert answer.status_code == 400


@every_resource
@pytest.mark.parametrize("number", ["XAPI-00125", "XAPI-00126"])
def test_head_is_get_without_a_body(any_store: Store, resource: str, number: str) -> None:
    got = any_store.send("GET", resource, GETS[resource])
    head = any_store.send("HEAD", resource, GETS[resource])

    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head["Content-Length"] == str(len(got.content))
    for name in ("Content-Type", "ETag", "Last-Modified", "X-Experience-API-Version"):
        assert head.get(name) == got.get(name)


@every_resource
def test_xapi_00140_every_resource_is_there(any_store: Store, resource: str) -> None:
    assert any_store.send("GET", resource, GETS[resource]).status_code == 200


@every_resource
@pytest.mark.parametrize("number", ["XAPI-00321", "XAPI-00331"])
def test_a_version_is_needed(any_store: Store, resource: str, number: str) -> None:
    for version in (None, "", "0.95", "1.1.0", "1.2.0", "3.0.0", "1"):
        answer = any_store.send("GET", resource, GETS[resource], x_experience_api_version=version)
        assert answer.status_code == 400
        assert "X-Experience-API-Version" in answer.json()["message"]
        if not version:  # the only answer that both versions of the standard allow
            assert answer["X-Experience-API-Version"] == "0.9"


@every_resource
def test_xapi_00333_the_answer_has_the_highest_patch(any_store: Store, resource: str) -> None:
    line = any_store.version[:3]
    for asked in (line, f"{line}.0", f"{line}.1", f"{line}.9", any_store.version):
        answer = any_store.send("GET", resource, GETS[resource], x_experience_api_version=asked)
        assert answer.status_code == 200
        assert answer["X-Experience-API-Version"] == any_store.version


def test_xapi_00332_a_version_is_kept_and_given(any_store: Store) -> None:
    any_store.post(statement(1), statement(2, version="1.0.2"))

    given = "2.0.0" if any_store.version == "2.0.0" else "1.0.0"
    assert any_store.get(statementId=FIRST)["version"] == given
    assert any_store.get(statementId=str(UUID(int=2)))["version"] == "1.0.2"


def test_xapi_00330_statements_are_not_turned_into_another_version(
    any_store: Store,
) -> None:
    context: dict[str, Any] = {"contextActivities": {"parent": [activity()]}}
    if any_store.version == "2.0.0":
        context["contextAgents"] = [{"objectType": "contextAgent", "agent": agent()}]
    any_store.post(statement(1, context=context))
    first = any_store.get(statementId=FIRST)

    any_store.version = "1.0.3" if any_store.version == "2.0.0" else "2.0.0"

    assert any_store.get(statementId=FIRST) == first
    assert first["context"] == context


@every_resource
def test_xapi_00324_unknown_parameters(any_store: Store, resource: str) -> None:
    for name in ("extra", "foo", "limits", "agents"):
        answer = any_store.send("GET", resource, {**GETS[resource], name: "1"})
        assert answer.status_code == 400, name


@every_resource
def test_xapi_00325_parameters_in_another_case(any_store: Store, resource: str) -> None:
    names = ("Limit", "StatementID", "ActivityID", "activityid", "Agent", "STATEID", "Profileid")
    for name in names:
        answer = any_store.send("GET", resource, {**GETS[resource], name: "1"})
        assert answer.status_code == 400, name
    for name in GETS[resource]:
        changed = {key.upper(): value for key, value in GETS[resource].items()}
        assert any_store.send("GET", resource, changed).status_code == 400, name


def test_xapi_00323_refusals_have_statuses_of_the_standard(any_store: Store) -> None:
    any_store.post(statement(1))
    other = statement(1, verb={"id": "a:b"})

    refused = [
        any_store.post({}),
        any_store.send("GET", "statements", authorization=None),
        any_store.send("GET", "statements", {"statementId": str(UUID(int=9))}),
        any_store.post(other),
    ]

    assert [answer.status_code for answer in refused] == [400, 401, 404, 409]
    for answer in refused:
        assert answer.json()["message"]


def test_xapi_00327_who_may_not_is_told_so(make_store: Any, any_store: Store) -> None:
    reader = make_store(scopes=["statements/read"], version=any_store.version)
    writer = make_store(scopes=["statements/write"], version=any_store.version)

    assert reader.post(statement(1)).status_code == 403
    assert writer.send("GET", "statements").status_code == 403
    assert writer.send("PUT", "activities/state", GETS["activities/state"], {}).status_code == 403
    assert reader.get() == {"statements": [], "more": ""}


def test_xapi_00328_what_is_too_large_is_413(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrs.api.calls.MOST_BYTES", 2000)
    large = statement(1, result={"response": "x" * 2000})

    assert any_store.post(large).status_code == 413
    assert any_store.post(statement(2)).status_code == 200
    assert any_store.numbers() == [2]


@every_resource
def test_xapi_00334_who_is_not_known_is_401(any_store: Store, resource: str) -> None:
    wrong = "Basic " + base64.b64encode(b"some:body").decode()

    for header in (None, wrong, "Basic", "Basic ???", "Bearer abc"):
        answer = any_store.send("GET", resource, GETS[resource], authorization=header)
        assert answer.status_code == 401


@every_resource
def test_xapi_00335_basic_authentication(any_store: Store, resource: str) -> None:
    none = any_store.send("GET", resource, GETS[resource], authorization=None)

    assert any_store.send("GET", resource, GETS[resource]).status_code == 200
    assert none["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("number", ["XAPI-00148", "XAPI-00336", "2.0-alternate-syntax"])
def test_the_alternate_syntax_is_served_in_1_0_3_and_refused_in_2_0(
    any_store: Store, number: str
) -> None:
    any_store.post(statement(1))

    def form(method: str, body: bytes) -> Any:
        return any_store.send("POST", "statements", {"method": method}, body, content_type=FORM)

    got = form("GET", b"limit=1")
    put = form("PUT", b"statementId=%s&content={}" % FIRST.encode())
    extra = any_store.send(
        "POST", "statements", {"method": "GET", "limit": "1"}, b"", content_type=FORM
    )

    assert got.status_code == (200 if any_store.version == "1.0.3" else 400)
    assert (put.status_code, extra.status_code) == (400, 400)
    if got.status_code == 200:
        assert len(got.json()["statements"]) == 1


PEOPLE: dict[str, dict[str, Any]] = {
    "XAPI-00238": {"mbox": "mailto:ffion@example.org", "name": "Ffion Testwell"},
    "XAPI-00239": {"mbox": "mailto:ffion@example.org"},
    "XAPI-00240": {"mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"},
    "XAPI-00241": {"openid": "https://id.example/ffion"},
    "XAPI-00242": {"account": {"homePage": "https://hr.example", "name": "ffion"}},
    "XAPI-00244": {"mbox": "mailto:Ffion.Testwell+a@example.org"},
    "XAPI-00246": {"mbox": "mailto:ffion@example.org", "name": "Ffion"},
    "XAPI-00248": {"account": {"homePage": "https://hr.example", "name": "ffion"}, "name": "F"},
}


@pytest.mark.parametrize("number", PEOPLE)
def test_a_person_is_lists_of_what_is_known(any_store: Store, number: str) -> None:
    sent = PEOPLE[number]
    any_store.post(statement(1, actor=sent))
    identifier = {name: value for name, value in sent.items() if name != "name"}

    person = any_store.get("agents", agent=identifier)

    assert person.pop("objectType") == "Person"
    assert person == {name: [value] for name, value in sent.items()}


def test_xapi_00237_a_person_says_so(any_store: Store) -> None:
    assert any_store.get("agents", agent=agent())["objectType"] == "Person"


@pytest.mark.parametrize("number", ["XAPI-00236", "XAPI-00245"])
def test_agents_are_asked_about(any_store: Store, number: str) -> None:
    assert any_store.send("GET", "agents", {"agent": agent()}).status_code == 200
    assert any_store.send("POST", "agents", {"agent": agent()}).status_code == 405


def test_xapi_00247_an_unknown_agent_is_a_person_too(any_store: Store) -> None:
    person = any_store.get("agents", agent={"mbox": "mailto:nobody@example.org"})

    assert person == {"objectType": "Person", "mbox": ["mailto:nobody@example.org"]}


def test_xapi_00243_agents_want_an_agent(any_store: Store) -> None:
    assert any_store.send("GET", "agents").status_code == 400


def test_xapi_00249_agents_want_a_whole_agent(any_store: Store) -> None:
    for broken in ("ffion", {"name": "Ffion"}, [], {"objectType": "Person", "mbox": ["a"]}):
        assert any_store.send("GET", "agents", {"agent": broken}).status_code == 400


@pytest.mark.parametrize("number", ["XAPI-00252", "XAPI-00254"])
def test_an_activity_is_put_together_from_statements(
    any_store: Store, django_capture_on_commit_callbacks: Any, number: str
) -> None:
    for count, names in enumerate(({"en": "Lesson"}, {"cy": "Gwers"}), start=1):
        with django_capture_on_commit_callbacks(execute=True):
            any_store.post(
                statement(count, object={**activity(), "definition": {"description": names}})
            )

    assert any_store.get("activities", activityId=activity()["id"]) == {
        **activity(),
        "definition": {"description": {"en": "Lesson", "cy": "Gwers"}},
    }


def test_xapi_00250_activities_want_an_id(any_store: Store) -> None:
    assert any_store.send("GET", "activities").status_code == 400
    assert any_store.send("GET", "activities", {"activityId": "lesson"}).status_code == 400


@pytest.mark.parametrize("number", ["XAPI-00251", "XAPI-00253", "2.0-unknown-activity"])
def test_an_unknown_activity_is_answered(any_store: Store, number: str) -> None:
    assert any_store.get("activities", activityId="a:b") == {"objectType": "Activity", "id": "a:b"}


ABOUT = ["XAPI-00315", "XAPI-00316", "XAPI-00317", "XAPI-00318", "XAPI-00319"]


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0", None])
@pytest.mark.parametrize("number", ABOUT)
def test_about_needs_nothing(number: str, version: str | None) -> None:
    headers = {"x-experience-api-version": version} if version else {}
    answer = Client().get("/xapi/about", headers=headers)

    assert answer.status_code == 200
    assert answer["X-Experience-API-Version"] == (version or "2.0.0")
    assert answer.json()["version"] == ["2.0.0", "1.0.3", "1.0.2", "1.0.1", "1.0.0"]
    assert Client().get("/xapi/about?extra=1", headers=headers).status_code == 400
