"""Forms, attachments and times: what the texts ask and the public suite does not."""

import hashlib
import json
from uuid import UUID

import pytest

from tests.lrs.conftest import Store
from tests.lrs.samples import VERBS, activity, agent, statement


def uuid(number: int) -> str:
    return str(UUID(int=number))


@pytest.mark.parametrize("form_name", ["exact", "ids", "canonical"])
@pytest.mark.parametrize("single", [True, False])
def test_attachments_come_in_every_form(any_store: Store, form_name: str, single: bool) -> None:
    content = b"An essay\r\n--with--\r\nlines"
    sha2 = hashlib.sha256(content).hexdigest()
    described = {
        "usageType": "https://ext.example/essay",
        "display": {"en": "Essay"},
        "contentType": "text/plain",
        "length": len(content),
        "sha2": sha2,
    }
    sent = json.dumps(statement(1, attachments=[described])).encode()
    boundary = "it's (odd)+_,-./:=?x y"
    body = (
        f"preamble\r\n--{boundary}\r\ncontent-type: application/json; charset=utf-8\r\n\r\n".encode()
        + sent
        + f"\r\n--{boundary}  \r\nContent-Type: text/plain\r\n"
        f"content-transfer-encoding: Binary\r\nX-Experience-API-Hash: {sha2.upper()}\r\n\r\n".encode()
        + content
        + f"\r\n--{boundary}--\r\nepilogue".encode()
    )
    kind = f'multipart/mixed; charset=utf-8; boundary="{boundary}"; a=b'
    stored = any_store.send("POST", "statements", None, body, content_type=kind)
    assert stored.status_code == 200, stored.content

    parameters = {"format": form_name, "attachments": "true"}
    if single:
        parameters["statementId"] = uuid(1)
    got = any_store.send("GET", "statements", parameters)

    mark = got["Content-Type"].partition("boundary=")[2].encode()
    parts = got.content.split(b"--" + mark)
    assert got["Content-Type"].startswith("multipart/mixed")
    head, _, shown = parts[1].partition(b"\r\n\r\n")
    found = json.loads(shown) if single else json.loads(shown)["statements"][0]
    assert b"application/json" in head
    assert found["attachments"] == [described]
    assert parts[2].endswith(b"\r\n\r\n" + content + b"\r\n")
    assert sha2.encode() in parts[2]
    assert b"Content-Transfer-Encoding: binary" in parts[2]
    assert parts[3].startswith(b"--")


def test_lines_without_carriage_returns_are_no_multipart(any_store: Store) -> None:
    body = (
        b"--b\nContent-Type: application/json\n\n" + json.dumps(statement(1)).encode() + b"\n--b--"
    )

    answer = any_store.send(
        "POST", "statements", None, body, content_type="multipart/mixed; boundary=b"
    )

    assert answer.status_code == 400
    assert any_store.numbers() == []


LANGUAGES = {"en-GB": "lesson", "en-US": "class", "cy": "gwers", "fr": "leçon"}


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("cy", "cy"),
        ("en;q=0.2, fr;q=0.9, cy;q=0.5", "fr"),
        ("de, fr;q=0.1", "fr"),
        ("EN-us", "en-US"),
        ("en-GB-oxendict", "en-GB"),
        ("fr;q=0, cy;q=0.1", "cy"),
        ("de", None),
        ("", None),
        ("nonsense;;;q=x", None),
    ],
)
def test_canonical_gives_one_language_by_quality(
    any_store: Store, header: str, chosen: str | None
) -> None:
    target = {**activity(), "definition": {"name": LANGUAGES, "description": {"fr": "seule"}}}
    any_store.post(statement(1, object=target, verb={"id": "a:b", "display": LANGUAGES}))

    answer = any_store.send(
        "GET",
        "statements",
        {"format": "canonical", "statementId": uuid(1)},
        accept_language=header or None,
    )
    found = answer.json()

    for texts in (found["object"]["definition"]["name"], found["verb"]["display"]):
        assert len(texts) == 1
        assert chosen is None or texts == {chosen: LANGUAGES[chosen]}
    assert found["object"]["definition"]["description"] == {"fr": "seule"}


def test_ids_leave_what_identifies_and_nothing_more(any_store: Store) -> None:
    group = {
        "objectType": "Group",
        "name": "Team",
        "mbox": "mailto:t@example.org",
        "member": [agent()],
    }
    anonymous = {"objectType": "Group", "name": "Some", "member": [{**agent(), "name": "Ffion"}]}
    any_store.post(
        statement(1, actor=group, object=anonymous, context={"team": group, "instructor": group})
    )

    found = any_store.get(format="ids", statementId=uuid(1))

    bare = {"objectType": "Group", "mbox": "mailto:t@example.org"}
    assert found["actor"] == found["context"]["team"] == found["context"]["instructor"] == bare
    assert found["object"] == {"objectType": "Group", "member": [agent()]}
    assert found["verb"] == {"id": f"{VERBS}completed"}


@pytest.mark.parametrize(
    ("sent", "given"),
    [
        ("2026-05-04T11:30:00+02:00", "2026-05-04T09:30:00.000Z"),
        ("2026-05-04T11:30:00.123456789+02:00", "2026-05-04T09:30:00.123456Z"),
        ("2026-05-04T09:30:00.1Z", "2026-05-04T09:30:00.1Z"),
        ("2026-12-31T23:30:00-00:45", "2027-01-01T00:15:00.000Z"),
    ],
)
def test_timestamps_are_the_same_instant_in_utc(any_store: Store, sent: str, given: str) -> None:
    any_store.post(statement(1, timestamp=sent))

    assert any_store.get(statementId=uuid(1))["timestamp"] == given


@pytest.mark.parametrize("sent", ["2026-05-04T09:30:00", "20260504T093000Z", "2026-05-04T09:30Z"])
def test_other_forms_of_iso_8601_are_only_for_1_0_3(any_store: Store, sent: str) -> None:
    answer = any_store.post(statement(1, timestamp=sent))

    if any_store.version == "2.0.0":
        assert answer.status_code == 400
    else:
        assert answer.status_code == 200
        assert any_store.get(statementId=uuid(1))["timestamp"].startswith("2026-05-04T09:30:00")


def test_unknown_activities_and_agents_are_answered(any_store: Store) -> None:
    known = any_store.get("activities", activityId="https://courses.example/nowhere")
    person = any_store.get("agents", agent={"openid": "https://id.example/nobody"})

    assert known == {"objectType": "Activity", "id": "https://courses.example/nowhere"}
    assert person == {"objectType": "Person", "openid": ["https://id.example/nobody"]}


def test_a_person_has_every_name_once(any_store: Store) -> None:
    for number, name in enumerate(("Ffion", "Ffion T.", "Ffion"), start=1):
        any_store.post(statement(number, actor={**agent(), "name": name}))

    person = any_store.get("agents", agent={**agent(), "name": "F."})

    assert sorted(person["name"]) == ["F.", "Ffion", "Ffion T."]
    assert person["account"] == [agent()["account"]]
