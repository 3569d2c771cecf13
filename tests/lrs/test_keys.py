"""Keys: what each is limited to, new secrets, launches, and how all of them end."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from lrs.api import auth
from lrs.models import Credential, Tenant
from lrs.queries import identifier_of
from lrs.services import (
    BadLimit,
    CannotRotate,
    CredentialLimits,
    Refusal,
    issue_credential,
    issue_launch_key,
    revoke_credential,
    rotate_credential,
    sweep_credentials,
    tenant_of,
)
from organisations.models import Organisation
from tests.lrs.conftest import CLIENT, LONG_AGO, Store
from tests.lrs.samples import VERBS, activity, agent, statement

NOW = datetime.now(UTC)
LESSON = activity("lesson-1")["id"]


@pytest.fixture
def limited(make_store: Callable[..., Store]) -> Callable[..., Store]:
    def limited(*scopes: str, ends_at: datetime | None = None, **limits: Any) -> Store:
        organisation, _ = Organisation.objects.get_or_create(name="Aber Trust", sector="other")
        issued = issue_credential(
            organisation=organisation,
            scopes=scopes or ("all",),
            starts_at=LONG_AGO,
            ends_at=ends_at,
            limits=CredentialLimits(**limits),
        )
        return Store(tenant_of(organisation=organisation), issued.key, issued.secret)

    return limited


def credential_of(store: Store) -> Credential:
    return Credential.objects.get(key=store.key)


def with_key(issued: Any) -> Store:
    return Store(issued.credential.tenant, issued.key, issued.secret)


def about(number: int, name: str, **context: Any) -> dict[str, Any]:
    return statement(number, object=activity(name), context=context or None)


# Activities -----------------------------------------------------------------------------


def test_a_key_for_activities_writes_and_reads_about_these_only(
    store: Store, limited: Callable[..., Store]
) -> None:
    key = limited(activities=[LESSON, "https://courses.example/module/*"])
    store.post(about(1, "lesson-1"), about(2, "lesson-2"), about(3, "module/a"), about(4, "modul"))
    refused = key.post(about(5, "lesson-1"), about(6, "lesson-1/page"))

    assert sorted(key.numbers()) == [1, 3]
    assert refused.status_code == 403
    assert refused.json()["path"] == "$[1].object.id"
    assert key.post(about(7, "lesson-1"), about(8, "module/b/c")).status_code == 200
    assert key.send("GET", "statements", {"statementId": str(UUID(int=1))}).status_code == 200
    assert key.send("GET", "statements", {"statementId": str(UUID(int=2))}).status_code == 404
    assert sorted(store.numbers()) == [1, 2, 3, 4, 7, 8]


@pytest.mark.parametrize("prefix", [True, False])
def test_pages_of_a_limited_reader_are_whole_and_go_on(
    store: Store, limited: Callable[..., Store], prefix: bool
) -> None:
    key = limited("all/read", activities=[f"{LESSON}*" if prefix else LESSON])
    store.post(*(about(n, "lesson-1" if n % 3 == 0 else "other") for n in range(1, 31)))
    found: list[int] = []
    page = key.get(limit=4, ascending="true")

    while True:
        assert len(page["statements"]) <= 4
        found.extend(int(one["id"][-12:], 16) for one in page["statements"])
        if not page["more"]:
            break
        page = key.send("GET", page["more"]).json()

    assert found == list(range(3, 31, 3))


def test_a_long_way_to_the_next_statement_within_is_cut_into_pages(
    store: Store, limited: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrs.queries.matching._READ_AT_ONCE", 5)
    monkeypatch.setattr("lrs.queries.matching._MOST_READ", 10)
    key = limited("all/read", activities=[f"{LESSON}*"])
    store.post(about(1, "lesson-1"))
    store.post(*(about(n, "other") for n in range(2, 25)))
    page, turns = key.get(), 1

    while page["more"]:
        assert page["statements"] == []
        page, turns = key.send("GET", page["more"]).json(), turns + 1

    assert [one["id"] for one in page["statements"]] == [str(UUID(int=1))]
    assert turns == 3


def test_a_statement_about_a_statement_is_beyond_a_limit(
    store: Store, limited: Callable[..., Store]
) -> None:
    store.post(about(1, "lesson-2"))
    ref = {"objectType": "StatementRef", "id": str(UUID(int=1))}
    void = statement(2, verb={"id": f"{VERBS}voided"}, object=ref)
    comment = statement(3, object=ref)

    for limits in ({"activities": [LESSON]}, {"agent": identifier_of(agent())}):
        assert limited(**limits).post(void).status_code == 403, limits
    assert limited(activities=[LESSON]).post(comment).status_code == 403
    assert store.numbers() == [1]


def test_a_limited_key_defines_only_its_own_activities(
    store: Store, limited: Callable[..., Store], django_capture_on_commit_callbacks: Any
) -> None:
    key = limited(activities=[LESSON])
    named = {"definition": {"name": {"en": "Forged"}}}
    sent = statement(
        1,
        object={**activity("lesson-1"), **named},
        context={"contextActivities": {"category": [{**activity("course"), **named}]}},
    )

    with django_capture_on_commit_callbacks(execute=True):
        assert key.post(sent).status_code == 200

    assert "definition" in store.get("activities", activityId=LESSON)
    assert "definition" not in store.get("activities", activityId=activity("course")["id"])


def test_children_count_only_where_the_limit_says_so(limited: Callable[..., Store]) -> None:
    strict, wide = limited(activities=[LESSON]), limited(activities=[LESSON], with_children=True)
    child = about(1, "question", contextActivities={"parent": activity("lesson-1")})
    cousin = about(2, "question", contextActivities={"category": [activity("lesson-1")]})

    assert strict.post(child).status_code == 403
    assert wide.post(cousin).status_code == 403
    assert wide.post(child).status_code == 200
    assert (strict.numbers(), wide.numbers()) == ([], [1])


def test_a_substatement_is_about_its_own_object(limited: Callable[..., Store]) -> None:
    key = limited(activities=[LESSON])

    def planned(number: int, name: str) -> dict[str, Any]:
        inner = {"actor": agent(), "verb": {"id": "a:v"}, "object": activity(name)}
        return statement(number, object={"objectType": "SubStatement", **inner})

    assert key.post(planned(1, "lesson-2")).status_code == 403
    assert key.post(planned(2, "lesson-1")).status_code == 200
    assert key.numbers() == [2]


# One agent ------------------------------------------------------------------------------


def test_a_key_for_one_agent_is_of_that_agent(store: Store, limited: Callable[..., Store]) -> None:
    key = limited(agent=identifier_of({"mbox": "mailto:ffion@example.org"}))
    ffion = {"mbox": "mailto:ffion@Example.org"}
    store.post(statement(1, actor=ffion), statement(2))

    assert key.numbers() == [1]
    assert key.post(statement(3)).status_code == 403
    assert key.post(statement(4, actor=ffion)).status_code == 200
    assert key.send("GET", "agents", {"agent": agent()}).status_code == 403
    assert key.send("GET", "agents", {"agent": ffion}).status_code == 200


@pytest.mark.parametrize(
    "limits",
    [
        {"activities": ["lesson"]},
        {"activities": ["*"]},
        {"activities": [f"{LESSON} *"]},
        {"activities": [LESSON] + [f"a:{n}" for n in range(200)]},
        {"origins": ["https://content.example/"]},
        {"origins": ["*"]},
        {"origins": ["content.example"]},
        {"with_children": True},
    ],
)
def test_limits_that_are_none_are_refused(limits: Any, limited: Callable[..., Store]) -> None:
    with pytest.raises(BadLimit):
        limited(**limits)
    with pytest.raises(BadLimit):
        limited(ends_at=LONG_AGO - timedelta(days=1))


# Origins --------------------------------------------------------------------------------


def test_pages_of_other_web_addresses_may_not_use_a_key_that_names_some(
    limited: Callable[..., Store],
) -> None:
    key = limited(origins=["https://content.example"])

    assert key.send("GET", "statements", origin="https://content.example").status_code == 200
    assert key.send("GET", "statements").status_code == 200
    other = key.send("GET", "statements", origin="https://elsewhere.example")
    sent = key.send("POST", "statements", body=[statement(1)], origin="null")

    assert (other.status_code, sent.status_code) == (403, 403)
    assert other["Access-Control-Allow-Origin"] == "*"
    assert key.numbers() == []


# New secrets ----------------------------------------------------------------------------


def test_a_new_secret_works_at_once_and_the_old_one_until_its_end(store: Store) -> None:
    old, credential = store.secret, credential_of(store)
    assert store.send("GET", "statements").status_code == 200

    issued = rotate_credential(
        credential=credential, at=NOW, old_until=datetime.now(UTC) + timedelta(hours=1)
    )
    assert issued.key == store.key
    assert store.post(statement(1)).status_code == 200
    store.secret = issued.secret
    assert store.post(statement(2)).status_code == 200
    store.secret = old
    Credential.objects.update(old_ends_at=datetime.now(UTC))
    assert store.send("GET", "statements").status_code == 401
    store.secret = issued.secret
    assert sorted(store.numbers()) == [1, 2]


def test_a_secret_proved_before_its_end_is_not_remembered_beyond_it(store: Store) -> None:
    old, now = store.secret, datetime.now(UTC)
    until = now + timedelta(seconds=30)
    rotate_credential(credential=credential_of(store), at=now, old_until=until)
    header = basic(store.key, old)

    assert auth.credential_for(header, now).key == store.key
    assert auth.guarded_credential(header, until - timedelta(seconds=1))[0].key == store.key
    with pytest.raises(auth.Unauthorized):
        auth.guarded_credential(header, until)


def basic(key: str, secret: str) -> str:
    return f"Basic {base64.b64encode(f'{key}:{secret}'.encode()).decode()}"


def test_what_has_ended_gets_no_new_secret(store: Store) -> None:
    credential = credential_of(store)
    with pytest.raises(CannotRotate):
        rotate_credential(credential=credential, at=NOW, old_until=NOW + timedelta(days=91))
    revoke_credential(credential=credential, at=NOW)

    with pytest.raises(CannotRotate):
        rotate_credential(credential=credential, at=NOW, old_until=NOW)


# Launches -------------------------------------------------------------------------------


@pytest.fixture
def launch(store: Store) -> Callable[..., Store]:
    def launch(**parts: Any) -> Store:
        asked = {"actor": agent(), "activity": LESSON, "at": datetime.now(UTC), **parts}
        return with_key(issue_launch_key(issued_by=credential_of(store), **asked))

    return launch


def test_a_launch_is_of_one_learner_and_one_activity(
    store: Store, launch: Callable[..., Store]
) -> None:
    key = launch(children=[f"{LESSON}/*"])
    store.post(about(1, "lesson-1"), statement(2, actor=agent("gwil")), about(3, "lesson-2"))

    assert key.post(about(4, "lesson-1"), about(5, "lesson-1/question")).status_code == 200
    for sent in (statement(6, actor=agent("gwil")), about(7, "lesson-2"), about(8, "lesson-12")):
        answer = key.post(sent)
        assert answer.status_code == 403
        assert answer.json()["message"].startswith("This key is ")
    assert sorted(key.numbers()) == [1, 4, 5]
    authorities = {one["authority"]["account"]["name"] for one in key.get()["statements"]}
    assert authorities == {f"credential:{credential_of(store).uuid}"}


def test_a_launch_reads_only_what_its_own_credential_wrote(
    make_store: Callable[..., Store], launch: Callable[..., Store]
) -> None:
    make_store().post(about(1, "lesson-1"))

    assert launch().numbers() == []


def test_a_launch_keeps_documents_of_its_own(launch: Callable[..., Store]) -> None:
    key = launch()
    state = {"activityId": LESSON, "agent": agent(), "stateId": "place"}
    tries: list[tuple[str, dict[str, Any], int]] = [
        ("PUT", {}, 204),
        ("GET", {}, 200),
        ("DELETE", {}, 204),
        ("PUT", {"agent": agent("gwil")}, 403),
        ("GET", {"activityId": "https://courses.example/lesson-2"}, 403),
    ]
    for method, changes, expected in tries:
        body = {"page": 2} if method == "PUT" else None
        answer = key.send(method, "activities/state", {**state, **changes}, body)
        assert answer.status_code == expected, (method, changes)
    own = {"agent": agent(), "profileId": "p"}
    assert key.send("PUT", "agents/profile", own, {}, if_none_match="*").status_code == 204
    others = {"agent": agent("gwil"), "profileId": "p"}
    assert key.send("PUT", "agents/profile", others, {}, if_none_match="*").status_code == 403
    shared = {"activityId": LESSON, "profileId": "p"}
    assert key.send("PUT", "activities/profile", shared, {}, if_none_match="*").status_code == 403
    assert key.send("GET", "activities/profile", shared).status_code == 404


def test_a_launch_may_be_of_one_registration(launch: Callable[..., Store]) -> None:
    registration = UUID("ec531277-b57b-4c15-8d91-d292c5b2b8f7")
    key = launch(registration=registration)
    state = {"activityId": LESSON, "agent": agent(), "stateId": "place"}

    assert key.post(about(1, "lesson-1")).status_code == 403
    assert key.post(about(2, "lesson-1", registration=str(registration).upper())).status_code == 200
    assert key.send("PUT", "activities/state", state, {}).status_code == 403
    named = {**state, "registration": str(registration)}
    assert key.send("PUT", "activities/state", named, {}).status_code == 204


def test_a_launch_ends_by_itself_with_its_credential_and_when_told(
    store: Store, launch: Callable[..., Store]
) -> None:
    first, second, third = launch(), launch(minutes=1), launch()
    assert [one.send("GET", "statements").status_code for one in (first, second, third)] == [
        200
    ] * 3

    Credential.objects.filter(key=second.key).update(ends_at=datetime.now(UTC))
    assert second.send("GET", "statements").status_code == 401
    revoke_credential(credential=credential_of(third), at=NOW)
    assert third.post(about(1, "lesson-1")).status_code == 401
    assert first.post(about(1, "lesson-1")).status_code == 200
    revoke_credential(credential=credential_of(store), at=NOW)
    assert first.post(about(2, "lesson-1")).status_code == 401


def test_a_launch_is_never_more_than_who_asks(limited: Callable[..., Store]) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=5)
    asking = credential_of(limited(activities=[f"{LESSON}*"], ends_at=soon))
    asked: dict[str, Any] = {"actor": agent(), "at": datetime.now(UTC), "issued_by": asking}

    within = issue_launch_key(activity=LESSON, **asked)

    assert within.credential.ends_at == soon
    for beyond in (
        {"activity": "https://courses.example/other"},
        {"activity": LESSON, "children": ["https://courses.example/*"]},
        {"activity": LESSON, "with_grouped": True},
        {"activity": LESSON, "minutes": 0},
        {"activity": LESSON, "minutes": 1441},
        {"activity": "lesson"},
    ):
        with pytest.raises(BadLimit):
            issue_launch_key(**asked, **beyond)
    with pytest.raises(Refusal):
        issue_launch_key(activity=LESSON, **{**asked, "actor": {"name": "Ffion"}})


def test_our_own_apps_launch_in_the_platforms_store(db: None) -> None:
    key = with_key(issue_launch_key(actor=agent(), activity=LESSON, at=datetime.now(UTC)))

    assert key.post(about(1, "lesson-1")).status_code == 200
    assert key.numbers() == [1]
    assert Tenant.objects.get(is_platform=True) == key.tenant


def test_launch_keys_are_asked_for_over_the_api(
    store: Store, make_store: Callable[..., Store]
) -> None:
    address = "/api/record-store/keys/launch"
    asked = {"actor": agent(), "activity": LESSON, "minutes": 5}

    answer = store.send("POST", address, body=asked)
    key = Store(store.tenant, answer.json()["key"], answer.json()["secret"])

    assert answer.status_code == 201
    assert answer.json()["endpoint"] == "http://testserver/xapi"
    assert key.post(about(1, "lesson-1")).status_code == 200
    assert store.send("POST", address, body={**asked, "activity": "x"}).status_code == 400
    assert store.send("POST", address, body={**asked, "actor": {}}).status_code == 400
    assert key.send("POST", address, body=asked).status_code == 403
    assert make_store(scopes=["all/read"]).send("POST", address, body=asked).status_code == 403
    assert store.send("POST", address, body=asked, authorization=None).status_code == 401
    other = make_store("Bryn Care")
    assert other.send("DELETE", f"{address}/{key.key}").status_code == 404
    assert store.send("DELETE", f"{address}/{key.key}").status_code == 204
    assert key.send("GET", "statements").status_code == 401


def test_what_has_ended_by_itself_is_swept(store: Store, launch: Callable[..., Store]) -> None:
    launch()
    later = datetime.now(UTC) + timedelta(hours=12)

    assert sweep_credentials(at=later) == 0
    assert sweep_credentials(at=later + timedelta(days=1)) == 1
    assert [one.key for one in Credential.objects.all()] == [store.key]


# CORS -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["statements", "activities/state", "agents/profile", "about", "x/y", "shared/1"]
)
def test_every_address_answers_a_browser_that_asks_first(address: str) -> None:
    answer = CLIENT.options(f"/xapi/{address}", headers={"origin": "https://content.example"})
    allowed = answer["Access-Control-Allow-Headers"].lower()

    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    for name in (
        "authorization",
        "content-type",
        "x-experience-api-version",
        "if-match",
        "if-none-match",
        "x-experience-api-hash",
    ):
        assert name in allowed
    assert int(answer["Access-Control-Max-Age"]) > 3600


def test_a_browser_may_read_why_it_was_refused(store: Store) -> None:
    for answer in (
        store.send("GET", "statements", authorization=None),
        store.send("GET", "statements", {"x": "y"}),
        store.send("PATCH", "statements"),
        store.send("GET", "nowhere"),
        CLIENT.get("/xapi/about?x=1"),
    ):
        assert answer.status_code >= 400
        assert answer["Access-Control-Allow-Origin"] == "*"
    exposed = store.send("GET", "statements")["Access-Control-Expose-Headers"]
    for name in ("ETag", "Last-Modified", "X-Experience-API-Consistent-Through", "Link"):
        assert name in exposed
    assert json.loads(store.send("GET", "nowhere").content)["status"] == 404


def test_the_command_makes_a_limited_key(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    whose = ["--organisation", "Aber Trust", "--create"]
    limits = ["--activity", f"{LESSON}*", "--origin", "https://content.example"]

    call_command("create_lrs_credential", *whose, *limits, "--until", "2099-01-01T00:00:00Z")

    made = Credential.objects.get(key=json.loads(capsys.readouterr().out)["key"])
    assert (made.activities, made.origins) == ([f"{LESSON}*"], ["https://content.example"])
    assert made.ends_at == datetime(2099, 1, 1, tzinfo=UTC)
    for wrong in (["--until", "soon"], ["--until", "2020-01-01"], ["--activity", "x y"]):
        with pytest.raises(CommandError):
            call_command("create_lrs_credential", *whose, *wrong)
