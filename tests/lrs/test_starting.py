"""The overview of a store, connecting a tool to it, and what was refused."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lrs.models import Credential
from lrs.services import tenant_of
from organisations.enums import GrantKind
from organisations.models import Organisation, User
from tests.factories.organisations import GrantFactory, OrganisationFactory
from tests.lrs.conftest import Store
from tests.lrs.samples import statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust() -> Organisation:
    cache.clear()
    return OrganisationFactory(name="Testshire Trust")


@pytest.fixture
def keeper(client: Client, trust: Organisation) -> User:
    person: User = GrantFactory(
        kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=trust
    ).person
    client.force_login(person)
    return person


def address(name: str, trust: Organisation) -> str:
    return reverse(f"lrs:{name}", args=[trust.uuid])


def test_a_newcomer_gets_a_key_that_works_as_pasted(
    client: Client, trust: Organisation, keeper: User
) -> None:
    first = client.get(address("store", trust))
    assert "/xapi</code>" in first.text
    assert "Waiting for the first statement" in first.text

    answer = client.post(address("start", trust), {"label": "Ward <b>tablet</b>"}, follow=True)
    assert answer.redirect_chain[0][0] == f"{address('start', trust)}#the-key"
    page = answer.text
    key, secret = (re.search(f'id="{name}"[^>]*>([^<]+)<', page)[1] for name in ("key", "secret"))  # type: ignore[index]
    store = Store(tenant_of(organisation=trust), key, secret)
    assert f"{key}:{secret}" in page
    assert store.post(statement(1)).status_code == 200

    heard = client.get(address("heard", trust)).text
    assert "A statement has just arrived" in heard
    assert "completed" in heard
    assert secret not in client.get(address("start", trust)).text
    assert secret not in str(dict(client.session))
    assert Credential.objects.get().issued_by == keeper
    assert store.send("GET", "statements").status_code == 200


def test_a_test_statement_can_be_sent_from_the_page(
    client: Client, trust: Organisation, keeper: User
) -> None:
    answer = client.post(address("start", trust), {"test": "1"}, follow=True)

    assert "A statement has just arrived" in answer.text
    assert "tried out" in answer.text
    assert not Credential.objects.exists()


def test_refused_requests_are_told_with_the_reason_and_never_the_statement(
    client: Client, trust: Organisation, keeper: User, make_store: Callable[..., Store]
) -> None:
    store, other = make_store("Aber Trust"), make_store("Bryn Council")
    broken = statement(1, actor={"mbox": "ffion-private@example.org"})
    for _ in range(20):
        assert store.post(broken).status_code == 400
    other.send("GET", "statements", {"colour": "red"})
    store.send("POST", "statements", body=[broken], authorization="Basic eDp5")
    organisation = Organisation.objects.get(name="Aber Trust")

    assert client.get(address("heard", organisation)).status_code == 404
    client.force_login(
        GrantFactory(kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=organisation).person
    )
    page = client.get(address("heard", organisation))

    assert len(page.context["refused"]) == 8
    assert page.context["refused"][0].path == "$[0].actor.mbox"
    assert "mailto" in page.text
    assert "ffion-private" not in page.text
    assert "colour" not in page.text


def test_the_overview_counts_days_verbs_people_and_keys(
    client: Client, trust: Organisation, keeper: User, make_store: Callable[..., Store]
) -> None:
    organisation = OrganisationFactory(name="Bryn Council", sector="other")
    store = make_store("Bryn Council")
    client.force_login(
        GrantFactory(kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=organisation).person
    )
    store.post(statement(1), statement(2))

    page = client.get(address("store", organisation))

    assert (page.context["total"], page.context["today"], page.context["week"]) == (2, 2, 2)
    assert page.context["people"] == 1
    assert len(page.context["days"].columns) == 84
    assert page.context["days"].columns[-1].begins == timezone.localdate()
    assert [(bar.what["name"], bar.count) for bar in page.context["verbs"]] == [("completed", 2)]
    assert len(page.context["keys"]) == 1
    assert len(page.context["shown"]) == 2


def test_an_operator_sees_numbers_and_no_names(
    client: Client, make_store: Callable[..., Store]
) -> None:
    cache.clear()
    organisation = OrganisationFactory(name="Bryn Council", sector="other")
    store = make_store("Bryn Council")
    store.post(
        statement(1, actor={"mbox": "mailto:zebedee@example.org", "name": "Zebedee Testwell"})
    )
    client.force_login(GrantFactory(kind=GrantKind.OPERATOR).person)

    pages: list[Any] = [
        client.get(address("store", organisation)),
        client.get(address("start", organisation)),
        client.get(reverse("lrs:store", args=["platform"])),
    ]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert pages[0].context["total"] == 1
    for page in pages:
        assert "zebedee" not in page.text.lower()
        assert address("statements", organisation) not in page.text
