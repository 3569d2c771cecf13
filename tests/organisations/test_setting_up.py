"""Operators set up organisations, places, partnerships and teams in the editor."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from organisations import services
from organisations.enums import GrantKind
from organisations.models import Organisation, Place, Team, User
from tests.factories.organisations import (
    OrganisationFactory,
    PartnershipFactory,
    PersonFactory,
    PlaceFactory,
)

THINGS = ["organisation", "place", "partnership", "team", "accountsystem"]

pytestmark = pytest.mark.django_db


def with_leave(kind: GrantKind) -> User:
    person: User = PersonFactory()
    services.grant_leave(person=person, kind=kind, starts_on=timezone.localdate(), granted_by=None)
    return person


@pytest.mark.parametrize("thing", THINGS)
def test_operators_come_in_and_educators_do_not(client: Client, thing: str) -> None:
    client.force_login(with_leave(GrantKind.OPERATOR))
    assert client.get(f"/admin/{thing}/").status_code == 200
    assert client.get(f"/admin/{thing}/new/").status_code == 200

    client.force_login(with_leave(GrantKind.EDUCATOR))
    assert client.get("/admin/").status_code == 200
    assert client.get(f"/admin/{thing}/").status_code == 302
    assert client.post(f"/admin/{thing}/new/", {"name": "X"}).status_code == 302


def test_an_operator_makes_an_organisation_and_a_team(client: Client) -> None:
    client.force_login(with_leave(GrantKind.OPERATOR))
    partnership, place = PartnershipFactory(), PlaceFactory()

    client.post(
        "/admin/organisation/new/",
        {"name": "Testshire Trust", "sector": "hospital", "place": "", "retention_months": "12"},
    )
    client.post(
        "/admin/team/new/",
        {"name": "Harbour", "purpose": "", "place": place.pk, "partnership": partnership.pk},
    )

    assert Organisation.objects.get(name="Testshire Trust").retention_months == 12
    assert Team.objects.get().partnership == partnership


def test_a_place_cannot_lie_inside_itself(client: Client) -> None:
    client.force_login(with_leave(GrantKind.OPERATOR))
    outer = PlaceFactory()
    inner = PlaceFactory(parent=PlaceFactory(parent=outer))

    answer = client.post(
        f"/admin/place/edit/{outer.pk}/", {"name": "X", "kind": "rural", "parent": inner.pk}
    )

    assert answer.status_code == 200
    assert "lies inside the one you chose" in answer.content.decode()
    assert Place.objects.get(pk=outer.pk).parent is None


def test_operators_do_not_delete_what_people_belong_to(client: Client) -> None:
    client.force_login(with_leave(GrantKind.OPERATOR))
    organisation = OrganisationFactory()

    client.post(f"/admin/organisation/delete/{organisation.pk}/")

    assert Organisation.objects.filter(pk=organisation.pk).exists()


def test_operators_lose_the_editor_with_their_leave(client: Client) -> None:
    person = with_leave(GrantKind.OPERATOR)
    services.end_grant(grant=person.grants.get(), on=date(2100, 1, 1))
    client.force_login(person)

    assert client.get("/admin/").status_code == 302
