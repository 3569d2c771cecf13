"""The resources over HTTP: who is let in, what is answered, and that nothing is half done."""

import base64
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.test import Client

from lrs.api import calls
from lrs.models import Credential, Document, Statement
from lrs.services import revoke_credential
from tests.lrs.conftest import Store
from tests.lrs.samples import VERBS, activity, agent, full_statement, statement

RESOURCES = [
    "statements",
    "activities",
    "activities/state",
    "activities/profile",
    "agents",
    "agents/profile",
]


def test_a_statement_comes_back_as_it_was_sent(any_store: Store) -> None:
    answer = any_store.post(full_statement())
    found = any_store.get(statementId=str(UUID(int=1)))

    assert (answer.status_code, answer.json()) == (200, [str(UUID(int=1))])
    added = {name: found.pop(name) for name in ("stored", "authority", "version")}
    assert found == full_statement()
    assert added["version"] == ("2.0.0" if any_store.version == "2.0.0" else "1.0.0")
    assert added["authority"]["account"]["name"].startswith("credential:")


def test_put_takes_the_id_of_the_address(store: Store) -> None:
    put = store.send("PUT", "statements", {"statementId": str(UUID(int=5))}, statement(id=None))
    other = store.send("PUT", "statements", {"statementId": str(UUID(int=6))}, statement(7))

    assert put.status_code == 204
    assert store.numbers() == [5]
    assert (other.status_code, other.json()["path"]) == (400, "$.id")


def test_a_refusal_says_where_which_clause_and_what_to_do(any_store: Store) -> None:
    answer = any_store.post(statement(1), statement(2, actor={"mbox": "ffion"}))

    assert answer.status_code == 400
    assert answer.json() == {
        "status": 400,
        "message": "Write the address as a mailto IRI: mailto:name@example.org.",
        "path": "$[1].actor.mbox",
        "clause": "IEEE 9274.1.1 4.2.2.1"
        if any_store.version == "2.0.0"
        else "xAPI 1.0.3 Data 2.4.2.3",
    }
    assert not Statement.objects.exists()


def test_a_conflict_is_409_and_changes_nothing(store: Store) -> None:
    store.post(statement(1))

    answer = store.post(statement(2), statement(1, actor=agent("someone-else")))

    assert answer.status_code == 409
    assert "never change" in answer.json()["message"]
    assert store.numbers() == [1]
    assert store.post(statement(1)).status_code == 200


@pytest.mark.parametrize("header", ["0.95", "1.1.0", "3.0", "1.0.x", ""])
def test_a_version_we_do_not_serve_is_400(store: Store, header: str) -> None:
    answer = store.send("GET", "statements", x_experience_api_version=header)

    assert answer.status_code == 400
    assert "2.0.0" in answer.json()["message"]
    nearest = {"3.0": "2.0.0", "": "0.9"}.get(header, "1.0.3")
    assert answer["X-Experience-API-Version"] == nearest


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("1.0", "1.0.3"),
        ("1.0.1", "1.0.3"),
        ("1.0.3", "1.0.3"),
        ("2.0", "2.0.0"),
        ("2.0.0", "2.0.0"),
    ],
)
@pytest.mark.parametrize("resource", RESOURCES)
def test_every_answer_names_its_version(
    store: Store, asked: str, answered: str, resource: str
) -> None:
    answer = store.send("GET", resource, {"bad": "x"}, x_experience_api_version=asked)

    assert answer.status_code == 400
    assert answer["X-Experience-API-Version"] == answered


def test_answers_of_statements_say_how_far_the_store_is_settled(store: Store) -> None:
    before = datetime.now(UTC) - timedelta(seconds=10)

    for answer in (store.post(statement(1)), store.send("GET", "statements")):
        settled = datetime.fromisoformat(answer["X-Experience-API-Consistent-Through"])
        assert before < settled < datetime.now(UTC) + timedelta(seconds=10)


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer abc",
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"nobody").decode(),
        "Basic " + base64.b64encode(b"nobody:nothing").decode(),
        "Basic " + base64.b64encode(b"\xff:\xff").decode(),
    ],
)
def test_strangers_are_asked_who_they_are(store: Store, resource: str, header: str | None) -> None:
    answer = store.send("GET", resource, authorization=header)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic ")
    assert len(answer.json()["message"]) > 20


def test_a_wrong_secret_a_revoked_and_an_ended_key_are_strangers(store: Store) -> None:
    right = store.secret
    store.secret = "wrong"
    assert store.send("GET", "statements").status_code == 401
    store.secret = right
    assert store.send("GET", "statements").status_code == 200

    credential = Credential.objects.get()
    assert credential.last_used_at is not None
    Credential.objects.update(ends_at=datetime(2021, 1, 1, tzinfo=UTC))
    assert store.send("GET", "statements").status_code == 401
    Credential.objects.update(ends_at=None)
    revoke_credential(credential=credential, at=datetime.now(UTC))
    assert store.send("GET", "statements").status_code == 401


def test_a_remembered_key_that_is_revoked_stores_nothing_more(store: Store) -> None:
    bodies = [[statement(10)], [statement(11), statement(12)], [{"actor": None}]]
    assert store.post(statement(1)).status_code == 200
    assert store.post(statement(2), statement(3)).status_code == 200

    revoke_credential(credential=Credential.objects.get(), at=datetime.now(UTC))
    answers = [store.send("POST", "statements", body=body) for body in bodies]

    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert Statement.objects.count() == 3


def test_a_remembered_key_does_what_it_now_may(store: Store) -> None:
    assert store.post(statement(1)).status_code == 200

    Credential.objects.update(scopes=["statements/read"])
    assert store.post(statement(2)).status_code == 403
    Credential.objects.update(scopes=["statements/write"])
    assert store.post(statement(3)).status_code == 200

    assert Statement.objects.count() == 2


SCOPE_MATRIX = {
    "statements/write": {"write"},
    "statements/read/mine": {"read"},
    "statements/read": {"read", "know"},
    "state": {"state", "know"},
    "profile": {"profile", "know"},
    "all/read": {"read", "know", "read state", "read profile"},
    "all": {"write", "read", "know", "state", "profile"},
}


@pytest.mark.parametrize("scope", SCOPE_MATRIX)
def test_a_scope_opens_its_own_doors_only(make_store: Callable[..., Store], scope: str) -> None:
    store = make_store(scopes=[scope])
    may = SCOPE_MATRIX[scope]
    state = {"activityId": "a:b", "agent": agent(), "stateId": "s"}
    profile = {"activityId": "a:b", "profileId": "p"}
    tries = {
        ("write",): store.post(statement(1)),
        ("read",): store.send("GET", "statements"),
        ("know",): store.send("GET", "activities", {"activityId": "a:b"}),
        ("state",): store.send("PUT", "activities/state", state, {"a": 1}),
        ("state", "read state"): store.send("GET", "activities/state", state),
        ("profile",): store.send("PUT", "activities/profile", profile, {"a": 1}, if_none_match="*"),
        ("profile", "read profile"): store.send("GET", "activities/profile", profile),
    }

    for doors, answer in tries.items():
        assert (answer.status_code != 403) == any(door in may for door in doors), doors


def test_read_mine_reads_what_the_same_key_wrote(make_store: Callable[..., Store]) -> None:
    everything = make_store()
    mine = make_store(scopes=["statements/write", "statements/read/mine"])
    everything.post(statement(1))
    mine.post(statement(2))

    assert mine.numbers() == [2]
    assert sorted(everything.numbers()) == [1, 2]
    assert mine.send("GET", "statements", {"statementId": str(UUID(int=1))}).status_code == 404


def test_organisations_do_not_see_each_other(make_store: Callable[..., Store]) -> None:
    here, there = make_store("Aber Trust"), make_store("Bryn Care")
    state = {"activityId": "a:b", "agent": agent(), "stateId": "s"}
    here.post(full_statement(1))
    here.send("PUT", "activities/state", state, {"a": 1})
    assert here.numbers() == [1]

    assert there.numbers() == []
    assert there.send("GET", "statements", {"statementId": str(UUID(int=1))}).status_code == 404
    assert there.send("GET", "activities/state", state).status_code == 404
    activity_id = full_statement()["object"]["id"]
    assert there.get("activities", activityId=activity_id) == {
        "objectType": "Activity",
        "id": activity_id,
    }
    there.post(statement(3, verb={"id": f"{VERBS}voided"}, object=ref(1)))
    assert here.numbers() == [1]


def ref(number: int) -> dict[str, Any]:
    return {"objectType": "StatementRef", "id": str(UUID(int=number))}


@pytest.mark.parametrize(
    "query",
    [
        "limit=1&limit=2",
        "Limit=1",
        "unknown=1",
        "limit=-1",
        "limit=1.5",
        "limit=%EF%BC%91",
        "agent=ffion",
        "agent=%7B%7D",
        "agent=%7B%22mbox%22:%22mailto:a@b.example%22,%22mbox%22:%22mailto:a@b.example%22%7D",
        "verb=completed",
        "activity=lesson",
        "registration=1",
        "since=yesterday",
        "since=2026-05-04+09:30:00",
        "ascending=yes",
        "related_agents=1",
        "attachments=TRUE",
        "format=pretty",
        "statementId=1",
        "statementId=ec531277-b57b-4c15-8d91-d292c5b2b8f7&limit=1",
        "statementId=ec531277-b57b-4c15-8d91-d292c5b2b8f7"
        "&voidedStatementId=ec531277-b57b-4c15-8d91-d292c5b2b8f7",
        "%ff=1",
        "limit",
        "=1",
    ],
)
def test_parameters_are_strict(any_store: Store, query: str) -> None:
    answer = any_store.send("GET", f"/xapi/statements?{query}")

    assert answer.status_code == 400
    assert answer.json()["message"].endswith(".")


def test_an_ampersand_too_many_does_no_harm(store: Store) -> None:
    assert store.send("GET", "/xapi/statements?&limit=1&&ascending=true&").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"{",
        b'{"actor": NaN}',
        b"\xff",
        b"[" * 10_000 + b"]" * 10_000,
        json.dumps(statement()).replace("{", '{"id": "x", ', 1).encode(),
    ],
)
def test_bodies_are_strict(any_store: Store, body: bytes) -> None:
    for method, parameters in (("POST", None), ("PUT", {"statementId": str(UUID(int=1))})):
        answer = any_store.send(method, "statements", parameters, body)
        assert answer.status_code == 400, answer.content
        assert "clause" in answer.json()


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_other_content_types_are_400(store: Store, kind: str) -> None:
    answer = store.send("POST", "statements", body=[statement(1)], content_type=kind)

    assert answer.status_code == 400


def test_a_body_too_large_is_413_and_is_not_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "MOST_BYTES", 1024 * 1024)

    answer = store.send("POST", "statements", body=b" " * (1024 * 1024 + 1))

    assert answer.status_code == 413
    assert "1 MiB" in answer.json()["message"]


def test_a_body_in_chunks_is_read_to_its_end_and_no_further_than_we_take_in(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    basic = base64.b64encode(f"{store.key}:{store.secret}".encode()).decode()

    def send(data: bytes) -> int:
        environ = {
            "REQUEST_METHOD": "POST",
            "CONTENT_LENGTH": "",
            "wsgi.input": io.BytesIO(data),
            "wsgi.input_terminated": True,
            "HTTP_TRANSFER_ENCODING": "chunked",
            "HTTP_AUTHORIZATION": f"Basic {basic}",
            "HTTP_X_EXPERIENCE_API_VERSION": "1.0.3",
            "CONTENT_TYPE": "application/json",
        }
        return Client().request(PATH_INFO="/xapi/statements", **environ).status_code

    assert send(json.dumps([statement(1)]).encode()) == 200
    assert store.numbers() == [1]
    monkeypatch.setattr(calls, "MOST_BYTES", 1024 * 1024)
    assert send(b" " * (1024 * 1024 + 1)) == 413


def test_a_statement_may_be_larger_than_a_form(store: Store) -> None:
    big = statement(1, result={"response": "a" * (6 * 1024 * 1024)})

    assert store.post(big).status_code == 200


@pytest.mark.parametrize("resource", ["about", *RESOURCES])
def test_a_method_that_is_not_there_is_405(store: Store, resource: str) -> None:
    answer = store.send("PATCH", resource)

    assert answer.status_code == 405
    assert "GET" in answer["Allow"]


def test_about_needs_no_key_and_no_version() -> None:
    answer = Client().get("/xapi/about")

    assert answer.status_code == 200
    assert {"1.0.3", "2.0.0"} <= set(answer.json()["version"])


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/xapi/", "/xapi/about/", "/xapi/statement", "/xapi/x/y"])
def test_a_lost_newcomer_is_shown_the_way(address: str) -> None:
    answer = Client().get(address)

    assert answer.status_code in (200, 404)
    assert "http" in answer.content.decode() or "version" in answer.json()


def test_a_browser_of_another_origin_may_ask(store: Store) -> None:
    preflight = Client().options("/xapi/statements", headers={"origin": "https://content.example"})
    answer = store.send("GET", "statements", origin="https://content.example")

    assert preflight.status_code == 204
    assert "X-Experience-API-Version" in preflight["Access-Control-Allow-Headers"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in answer["Access-Control-Expose-Headers"]


def test_head_is_get_without_a_body(any_store: Store) -> None:
    any_store.post(statement(1))
    parameters = {"statementId": str(UUID(int=1))}

    got = any_store.send("GET", "statements", parameters)
    head = any_store.send("HEAD", "statements", parameters)

    assert head.status_code == 200
    assert head.content == b""
    assert head["Content-Length"] == str(len(got.content))
    assert head["Last-Modified"] == got["Last-Modified"]


def form(**fields: str) -> bytes:
    return urlencode(fields).encode()


FORM = "application/x-www-form-urlencoded"


def test_the_alternate_syntax_is_of_1_0_3_only(store: Store) -> None:
    body = form(statementId=str(UUID(int=1)), content=json.dumps(statement(1)))

    put = store.send("POST", "/xapi/statements?method=PUT", None, body, content_type=FORM)
    got = store.send(
        "POST", "/xapi/statements?method=GET", None, form(limit="1"), content_type=FORM
    )
    store.version = "2.0.0"
    newer = store.send("POST", "/xapi/statements?method=GET", None, b"", content_type=FORM)

    assert put.status_code == 204
    assert len(got.json()["statements"]) == 1
    assert newer.status_code == 400


@pytest.mark.parametrize(
    ("address", "method", "body", "kind"),
    [
        ("/xapi/statements?method=PUT&statementId=1", "POST", form(content="{}"), FORM),
        ("/xapi/statements?method=PUT", "PUT", form(content="{}"), FORM),
        ("/xapi/statements?method=PUT", "POST", form(statementId="1"), FORM),
        ("/xapi/statements?method=PATCH", "POST", form(content="{}"), FORM),
        ("/xapi/statements?method=PUT", "POST", b"{}", "application/json"),
        ("/xapi/statements?method=PUT", "POST", b"\xff", FORM),
        ("/xapi/statements?method=GET", "POST", b"a=1&a=2", FORM),
    ],
)
def test_a_broken_alternate_syntax_is_400(
    store: Store, address: str, method: str, body: bytes, kind: str
) -> None:
    assert store.send(method, address, None, body, content_type=kind).status_code == 400


def test_the_form_can_carry_the_key_and_version(store: Store) -> None:
    basic = base64.b64encode(f"{store.key}:{store.secret}".encode()).decode()
    body = form(
        **{"Authorization": f"Basic {basic}", "X-Experience-API-Version": "1.0.3", "limit": "1"}
    )

    answer = Client().generic("POST", "/xapi/statements?method=GET", body, content_type=FORM)

    assert answer.status_code == 200


def test_an_unknown_activity_and_agent_are_still_answered(any_store: Store) -> None:
    assert any_store.get("activities", activityId="a:b") == {"objectType": "Activity", "id": "a:b"}
    assert any_store.get("agents", agent={"mbox": "mailto:a@example.org"}) == {
        "objectType": "Person",
        "mbox": ["mailto:a@example.org"],
    }


def test_an_agent_is_known_by_every_name_it_used(store: Store) -> None:
    for number, name in enumerate(("Ffion T.", "Ffion Testwell"), start=1):
        store.post(statement(number, actor={**agent(), "name": name}))

    person = store.get("agents", agent=agent())

    assert person["name"] == ["Ffion Testwell", "Ffion T."]
    assert person["account"] == [agent()["account"]]


@pytest.fixture
def define(django_capture_on_commit_callbacks: Any) -> Callable[..., None]:
    def define(store: Store, number: int, **definition: Any) -> None:
        with_definition = {**activity(), "definition": definition}
        with django_capture_on_commit_callbacks(execute=True):
            assert store.post(statement(number, object=with_definition)).status_code == 200

    return define


def test_an_activity_gathers_what_statements_say_of_it(
    store: Store, define: Callable[..., None]
) -> None:
    define(store, 1, name={"en": "Lesson one"}, type="a:lesson")
    define(store, 2, name={"cy": "Gwers un", "en": "Lesson 1"})

    found = store.get("activities", activityId=activity()["id"])

    assert found["definition"] == {
        "name": {"en": "Lesson 1", "cy": "Gwers un"},
        "type": "a:lesson",
    }


def test_who_may_not_define_changes_no_definition(
    make_store: Callable[..., Store], define: Callable[..., None]
) -> None:
    writer = make_store(scopes=["statements/write", "all/read"])
    define(writer, 1, name={"en": "Forged"})

    assert "definition" not in writer.get("activities", activityId=activity()["id"])


def test_canonical_is_in_the_readers_language_with_the_stores_definition(
    store: Store, define: Callable[..., None]
) -> None:
    define(store, 1, name={"en": "Lesson one"})
    define(store, 2, name={"cy": "Gwers un"})

    answer = store.send(
        "GET",
        "statements",
        {"format": "canonical", "statementId": str(UUID(int=1))},
        accept_language="fr;q=0.9, cy-GB, en;q=0.5",
    )

    assert answer.json()["object"]["definition"]["name"] == {"cy": "Gwers un"}


def test_ids_is_no_more_than_identifies(store: Store) -> None:
    store.post(full_statement(1))

    found = store.get(format="ids")["statements"][0]

    assert found["verb"] == {"id": full_statement()["verb"]["id"]}
    assert found["object"] == {"id": "https://courses.example/question-1"}
    assert found["context"]["contextActivities"]["parent"] == [{"id": activity("module-1")["id"]}]


def test_documents_are_not_listed_for_another_agent(store: Store) -> None:
    for name in ("ffion", "gwil"):
        store.send(
            "PUT",
            "activities/state",
            {"activityId": "a:b", "agent": agent(name), "stateId": f"of-{name}"},
            {"a": 1},
        )

    assert store.get("activities/state", activityId="a:b", agent=agent()) == ["of-ffion"]
    assert Document.objects.count() == 2


@pytest.mark.parametrize("resource", ["activities/state", "activities/profile", "agents/profile"])
def test_documents_merge_into_none_larger_than_a_body(
    store: Store, monkeypatch: pytest.MonkeyPatch, resource: str
) -> None:
    monkeypatch.setattr(calls, "MOST_BYTES", 1024 * 1024)
    place = {
        "activities/state": {"activityId": "a:b", "agent": agent("ffion"), "stateId": "s"},
        "activities/profile": {"activityId": "a:b", "profileId": "s"},
        "agents/profile": {"agent": agent("ffion"), "profileId": "s"},
    }[resource]
    half = "a" * (512 * 1024)
    assert store.send("POST", resource, place, {"first": half}).status_code == 204

    answer = store.send("POST", resource, place, {"second": half})

    assert answer.status_code == 413
    assert "1 MiB" in answer.json()["message"]
    assert store.get(resource, **place) == {"first": half}
    assert store.send("POST", resource, place, {"first": "b" * 600_000}).status_code == 204
