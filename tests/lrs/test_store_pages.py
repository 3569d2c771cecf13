"""Who may open the pages of a record store."""

import pytest
from django.test import Client
from django.urls import reverse

from organisations.enums import GrantKind
from organisations.models import Organisation, User
from tests.factories.organisations import GrantFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust() -> Organisation:
    return OrganisationFactory(name="Testshire Trust")


def administrator_of(organisation: Organisation) -> User:
    person: User = GrantFactory(
        kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=organisation
    ).person
    return person


def page_of(store: object) -> str:
    return reverse("lrs:store", args=[store])


def test_an_administrator_goes_straight_to_their_store(client: Client, trust: Organisation) -> None:
    client.force_login(administrator_of(trust))

    answer = client.get(reverse("lrs:stores"), follow=True)

    assert answer.redirect_chain == [(page_of(trust.uuid), 302)]
    assert "Testshire Trust" in answer.text


def test_an_operator_finds_every_store_and_reads_none(client: Client, trust: Organisation) -> None:
    client.force_login(GrantFactory(kind=GrantKind.OPERATOR).person)

    listed = client.get(reverse("lrs:stores")).text

    assert page_of(trust.uuid) in listed
    assert page_of("platform") in listed
    for store in (trust.uuid, "platform"):
        answer = client.get(page_of(store))
        assert answer.status_code == 200
        assert answer.context["store"].may_read is False


@pytest.mark.parametrize(
    "store", ["platform", "nonsense", "0", "00000000-0000-0000-0000-000000000000"]
)
def test_other_stores_are_not_there_for_an_administrator(
    client: Client, trust: Organisation, store: str
) -> None:
    client.force_login(administrator_of(trust))

    assert client.get(page_of(store)).status_code == 404


def test_an_administrator_may_read_their_own_store_only(
    client: Client, trust: Organisation
) -> None:
    client.force_login(administrator_of(trust))
    other = OrganisationFactory()

    assert client.get(page_of(trust.uuid)).context["store"].may_read is True
    assert client.get(page_of(other.uuid)).status_code == 404


def test_a_learner_finds_no_store_and_a_visitor_is_asked_to_sign_in(
    client: Client, trust: Organisation
) -> None:
    assert client.get(page_of(trust.uuid)).status_code == 302
    client.force_login(PersonFactory())

    assert client.get(page_of(trust.uuid)).status_code == 404
    assert client.get(reverse("lrs:stores")).status_code == 404
