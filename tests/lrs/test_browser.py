"""The statement browser: what it finds, what it shows, and that every look is noted."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client, TestCase
from django.urls import reverse

from lrs.enums import Scope
from lrs.services import issue_credential, learn_actors, tenant_of
from organisations.enums import GrantKind, PageSeen
from organisations.models import AccessNote, Organisation, User
from records.enums import Proof
from records.models import IdentityLink
from tests.factories.organisations import GrantFactory, OrganisationFactory, PersonFactory
from tests.lrs.conftest import Store
from tests.lrs.samples import activity, agent, full_statement, statement

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
VERBS = "http://adlnet.gov/expapi/verbs/"


@pytest.fixture
def trust() -> Organisation:
    return OrganisationFactory(name="Testshire Trust")


@pytest.fixture
def keeper(client: Client, trust: Organisation) -> User:
    person: User = GrantFactory(
        kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=trust
    ).person
    client.force_login(person)
    return person


class LearningStore(Store):
    """A store whose writers' commit hooks have run when they get their answer."""

    def send(self, *args: Any, **kwargs: Any) -> Any:
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().send(*args, **kwargs)


def store_of(trust: Organisation, *scopes: str) -> Store:
    issued = issue_credential(
        organisation=trust, scopes=scopes or ("all",), starts_at=LONG_AGO, label="Ward system"
    )
    return LearningStore(tenant_of(organisation=trust), issued.key, issued.secret)


@pytest.fixture
def store(trust: Organisation) -> Store:
    return store_of(trust)


@pytest.fixture
def opened(client: Client, trust: Organisation, keeper: User) -> Callable[..., Any]:
    def open_(name: str = "statements", *parts: Any, **query: str) -> Any:
        return client.get(reverse(f"lrs:{name}", args=[trust.uuid, *parts]), query)

    return open_


def named(name: str, number: str) -> dict[str, Any]:
    return {**agent(number), "name": name}


def numbers(answer: Any) -> list[int]:
    return [one.told.id.int for one in answer.context["shown"]]


def test_a_statement_is_told_as_a_sentence(opened: Callable[..., Any], store: Store) -> None:
    thing = {**activity(), "definition": {"name": {"en": "Moving and handling"}}}
    store.post(
        statement(
            1,
            actor=named("Ffion Testwell", "s-1"),
            object=thing,
            result={"score": {"scaled": 0.9}, "success": True, "duration": "PT1H5M"},
        )
    )

    page = opened().text

    assert "Ffion Testwell" in page
    assert "Moving and handling" in page
    assert "90 %" in page
    assert "1 h" in page


def test_filters_narrow_the_list_one_by_one(opened: Callable[..., Any], store: Store) -> None:
    passed = {"id": f"{VERBS}passed", "display": {"en": "passed"}}
    lesson = {**activity("lesson-2"), "definition": {"name": {"en": "Fire safety"}}}
    registration = "ec531277-b57b-4c15-8d91-d292c5b2b8f7"
    store.post(
        statement(1, actor=named("Ffion Testwell", "s-1"), result={"success": True}),
        statement(2, actor=named("Gwil Prydderch", "s-2"), verb=passed, result={"success": False}),
        statement(3, actor={"mbox": "mailto:mair@example.org"}, object=lesson),
        statement(4, actor=named("Ffion Prysor", "s-4"), context={"registration": registration}),
    )
    learn_actors()

    assert numbers(opened()) == [4, 3, 2, 1]
    assert numbers(opened(who="testwell")) == [1]
    assert numbers(opened(who="s-2")) == [2]
    assert numbers(opened(who="mair@EXAMPLE.org")) == [3]
    assert numbers(opened(who="https://hr.example|s-4")) == [4]
    assert numbers(opened(verb=f"{VERBS}passed")) == [2]
    assert numbers(opened(activity="fire")) == [3]
    assert numbers(opened(activity="https://courses.example/lesson-2")) == [3]
    assert numbers(opened(registration=registration.upper())) == [4]
    assert numbers(opened(outcome="yes")) == [1]
    assert numbers(opened(outcome="no", who="Prydderch")) == [2]
    assert numbers(opened(until="2020-01-01")) == []


def test_a_name_of_several_asks_which_is_meant(opened: Callable[..., Any], store: Store) -> None:
    store.post(
        statement(1, actor=named("Ffion Testwell", "s-1")),
        statement(2, actor=named("Ffion Prysor", "s-2")),
    )
    learn_actors()

    page = opened(who="ffion")
    (question,) = page.context["choices"]

    assert numbers(page) == []
    assert {link["choice"].name for link in question["links"]} == {"Ffion Testwell", "Ffion Prysor"}
    chosen = page.client.get(question["links"][0]["href"])
    assert len(numbers(chosen)) == 1
    assert "Nobody by that name" in opened(who="nobody at all").text


def test_only_what_one_key_sent(
    opened: Callable[..., Any], store: Store, trust: Organisation
) -> None:
    other = store_of(trust, Scope.STATEMENTS_WRITE)
    store.post(statement(1))
    other.post(statement(2))
    form = opened().context["form"]
    (_any, first, second) = form.fields["key"].choices

    assert first[1] == "Ward system"
    assert numbers(opened(key=first[0])) == [1]
    assert numbers(opened(key=second[0])) == [2]


def test_pages_go_on_where_the_last_ended(opened: Callable[..., Any], store: Store) -> None:
    store.post(*[statement(number) for number in range(1, 61)])
    first = opened()
    second = first.client.get(first.context["more"])
    third = first.client.get(second.context["more"])

    assert numbers(first) + numbers(second) + numbers(third) == list(range(60, 0, -1))
    assert third.context["more"] == ""
    assert opened(after="nonsense").status_code == 404


def test_wrong_filters_are_told_at_the_field(opened: Callable[..., Any], store: Store) -> None:
    answer = opened(registration="not-one", since="2026-05-02", until="2026-05-01")

    assert "36 characters" in answer.text
    assert "not before the first" in answer.text
    assert answer.context["shown"] == []


@pytest.mark.parametrize("many", [1, 3])
def test_a_list_asks_the_same_few_questions_at_any_length(
    opened: Callable[..., Any],
    store: Store,
    many: int,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    store.post(*[statement(n, actor=named("Ffion", f"s-{n}")) for n in range(1, many + 1)])
    opened()

    with django_assert_max_num_queries(11):
        assert len(numbers(opened())) == many


def test_one_statement_in_full_letter_by_letter(opened: Callable[..., Any], store: Store) -> None:
    sent = json.dumps(full_statement(1)).replace("1.1,", "1.10,")
    answer = store.send("POST", "statements", body=sent.encode())
    assert answer.status_code == 200, answer.content

    page = opened("statement", UUID(int=1))
    texts = [line.text for line in page.context["lines"]]

    assert any("1.10" in text for text in texts)
    assert json.loads("".join(texts))["id"] == str(UUID(int=1))
    assert [line.number for line in page.context["lines"]] == list(range(1, len(texts) + 1))
    file = opened("statement-json", UUID(int=1))
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert b"1.10" in file.content
    assert opened("statement", UUID(int=9)).status_code == 404


def test_what_hangs_together_is_linked_and_void_is_said(
    opened: Callable[..., Any], store: Store
) -> None:
    target = {"objectType": "StatementRef", "id": str(UUID(int=1))}
    store.post(
        statement(1),
        statement(2, object=target),
        statement(3, verb={"id": f"{VERBS}voided"}, object=target),
    )

    void = opened("statement", UUID(int=1)).text
    reply = opened("statement", UUID(int=2)).text

    assert "This statement is void" in void
    assert str(UUID(int=2)) in void
    assert str(UUID(int=3)) in void
    assert "This statement is void" not in reply
    assert reverse("lrs:statement", args=["x", UUID(int=1)])[-20:] in reply
    assert numbers(opened()) == [3, 2]


def test_an_attachment_comes_as_a_file_and_only_from_its_own_statement(
    opened: Callable[..., Any], store: Store
) -> None:
    content = b"<script>alert(1)</script>"
    sha2 = hashlib.sha256(content).hexdigest()
    declared = {
        "usageType": "https://ext.example/essay",
        "display": {"en": "Essay"},
        "contentType": "text/html",
        "length": len(content),
        "sha2": sha2,
    }
    body = (
        b"--b\r\nContent-Type: application/json\r\n\r\n"
        + json.dumps(statement(1, attachments=[declared])).encode()
        + b"\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: binary\r\n"
        + f"X-Experience-API-Hash: {sha2}\r\n\r\n".encode()
        + content
        + b"\r\n--b--\r\n"
    )
    sent = store.send("POST", "statements", body=body, content_type="multipart/mixed; boundary=b")
    assert sent.status_code == 200, sent.content
    store.post(statement(2))

    file = opened("attachment", UUID(int=1), sha2)

    assert file.content == content
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert opened("attachment", UUID(int=2), sha2).status_code == 404
    assert "Essay" in opened("statement", UUID(int=1)).text


def test_files_hold_what_the_filters_leave(opened: Callable[..., Any], store: Store) -> None:
    store.post(
        statement(1, actor=named("=cmd|' /C calc'!A0", "s-1")),
        statement(2, result={"success": True, "score": {"scaled": -0.5}}),
    )

    lines = list(csv.reader(io.StringIO(opened("statements-file", "csv").getvalue().decode())))
    found = json.loads(opened("statements-file", "json", outcome="yes").getvalue())

    assert [line[0] for line in lines] == ["id", str(UUID(int=2)), str(UUID(int=1))]
    assert lines[2][3] == "'=cmd|' /C calc'!A0"
    assert lines[1][11] == "-0.5"
    assert [one["id"] for one in found] == [str(UUID(int=2))]
    assert json.loads(opened("statements-file", "json", until="2020-01-01").getvalue()) == []


def test_each_look_is_noted_once_for_people_we_know(
    opened: Callable[..., Any], store: Store, trust: Organisation, keeper: User
) -> None:
    known, stranger = PersonFactory(), agent("stranger")
    link_of(known, "https://hr.example", "s-1", trust)
    store.post(
        *[statement(n, actor=named("Ffion", "s-1")) for n in (1, 2)], statement(3, actor=stranger)
    )

    opened()
    opened("statement", UUID(int=1))
    opened("statement", UUID(int=3))
    opened("statements-file", "csv").getvalue()
    opened("actor", agent="account::https://hr.example|s-1")

    notes = AccessNote.objects.order_by("pk")
    assert [
        (note.person_id, note.viewer_id, note.page, note.organisation_id) for note in notes
    ] == [
        (known.pk, keeper.pk, page, trust.pk)
        for page in (
            PageSeen.STORE_STATEMENTS,
            PageSeen.STORE_STATEMENT,
            PageSeen.STORE_STATEMENTS_FILE,
            PageSeen.STORE_ACTOR,
        )
    ]


def link_of(person: User, home_page: str, name: str, trust: Organisation) -> None:
    from lrs.queries import key_of_identifier

    actor = f"account::{home_page}|{name}"
    IdentityLink.objects.create(
        actor=actor,
        actor_key=key_of_identifier(actor),
        person=person,
        proof=next(iter(Proof)),
        organisation=trust,
        starts_at=LONG_AGO,
    )


def test_who_may_not_read_finds_nothing(client: Client, store: Store, trust: Organisation) -> None:
    store.post(statement(1))
    pages = [
        reverse("lrs:statements", args=[trust.uuid]),
        reverse("lrs:statement", args=[trust.uuid, UUID(int=1)]),
        reverse("lrs:statement-json", args=[trust.uuid, UUID(int=1)]),
        reverse("lrs:statements-file", args=[trust.uuid, "csv"]),
        reverse("lrs:actor", args=[trust.uuid]) + "?agent=account::https://hr.example|ffion",
        reverse("lrs:activity", args=[trust.uuid]) + "?iri=https://courses.example/lesson-1",
    ]
    assert {client.get(page).status_code for page in pages} == {302}

    for kind in (GrantKind.OPERATOR, GrantKind.EDUCATOR):
        client.force_login(GrantFactory(kind=kind).person)
        assert {client.get(page).status_code for page in pages} == {404}
    other: User = GrantFactory(
        kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=OrganisationFactory()
    ).person
    client.force_login(other)
    assert {client.get(page).status_code for page in pages} == {404}


def test_an_activity_and_an_actor_have_a_page(opened: Callable[..., Any], store: Store) -> None:
    course = {**activity("course"), "definition": {"name": {"en": "Induction"}}}
    store.post(
        statement(1, actor=named("Ffion", "s-1"), object=course),
        statement(2, actor=named("Gwil", "s-2"), object=course),
        statement(3, actor=named("Gwil", "s-2"), object=course),
        statement(
            4, object=activity("lesson"), context={"contextActivities": {"parent": [course]}}
        ),
    )

    page = opened("activity", iri=course["id"])
    who = opened("actor", agent="account::https://hr.example|s-2")

    assert page.context["total"] == 3
    assert [(bar.what.name, bar.count) for bar in page.context["people"]] == [
        ("Gwil", 2),
        ("Ffion", 1),
    ]
    assert [child.value for child, _ in page.context["children"]] == [activity("lesson")["id"]]
    assert [(bar.what.name, bar.count) for bar in who.context["activities"]] == [("Induction", 2)]
    assert opened("activity", iri="https://courses.example/none").status_code == 404
    assert opened("actor", agent="account::https://hr.example|none").status_code == 404
