"""Agreements and issuers that have ended stay to be seen; what the words of a claim stand for."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lrs.models import TokenIssuer
from lrs.services import agree_to_share, end_issuer, end_sharing, register_issuer, tenant_of
from organisations.enums import GrantKind
from organisations.models import Organisation, User
from tests.factories.organisations import GrantFactory, OrganisationFactory
from tests.lrs.conftest import LONG_AGO

pytestmark = pytest.mark.django_db
ISSUER = {
    "issuer": "https://login.example",
    "audience": "careweave",
    "keys_url": "https://login.example/jwks.json",
    "scopes": ["statements/write", "define"],
}


@pytest.fixture
def trust() -> Organisation:
    return OrganisationFactory(name="Testshire Trust")


@pytest.fixture
def keeper(client: Client, trust: Organisation) -> User:
    grant = GrantFactory(kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=trust)
    client.force_login(grant.person)
    person: User = grant.person
    return person


def address(organisation: Organisation, name: str) -> str:
    return reverse(f"lrs:{name}", args=[organisation.uuid])


def share(giver: Organisation, reader: Organisation, purpose: str, **options: Any) -> Any:
    tenants = {"giver": tenant_of(organisation=giver), "reader": tenant_of(organisation=reader)}
    return agree_to_share(purpose=purpose, **{"starts_at": LONG_AGO, **tenants, **options})


def test_agreements_that_ended_stay_to_be_seen_by_both(
    client: Client, keeper: User, trust: Organisation
) -> None:
    other: Organisation = OrganisationFactory(name="Aber Care")
    now = timezone.now()
    share(trust, other, "Holds still")
    share(trust, other, "Ran out", ends_at=LONG_AGO + timedelta(days=1))
    pressed = share(trust, other, "Pressed", ends_at=now + timedelta(days=1), made_by=keeper)
    end_sharing(agreement=pressed, at=now, by=keeper)

    page = client.get(address(trust, "keys-sharing"))

    assert [one.purpose for one, _who in page.context["given"]] == ["Holds still"]
    ended = {one.purpose: one.over_at for one, _who in page.context["ended_given"]}
    assert ended == {"Pressed": now, "Ran out": LONG_AGO + timedelta(days=1)}
    assert "Ended by" in page.text
    assert str(keeper) in page.text.partition("Pressed")[2]
    grant = GrantFactory(kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=other)
    client.force_login(grant.person)
    theirs = client.get(address(other, "keys-sharing"))
    assert len(theirs.context["ended_received"]) == 2
    assert "Ended by" not in theirs.text
    client.force_login(GrantFactory(kind=GrantKind.OPERATOR).person)
    assert "Ended by" not in client.get(address(trust, "keys-sharing")).text


def test_an_issuer_that_ended_stays_to_be_seen(
    client: Client, keeper: User, trust: Organisation
) -> None:
    tenant = tenant_of(organisation=trust)
    made = register_issuer(tenant=tenant, starts_at=LONG_AGO, **ISSUER)  # type: ignore[arg-type]
    assert "Those that have ended" not in client.get(address(trust, "keys-issuers")).text

    end_issuer(issuer=made, at=timezone.now())

    page = client.get(address(trust, "keys-issuers"))
    assert page.context["rows"] == []
    assert [one for one, _words in page.context["ended"]] == [made]
    assert "https://login.example" in page.text


def test_the_words_of_a_claim_stand_for_what_was_filled_in(
    client: Client, keeper: User, trust: Organisation
) -> None:
    meant = {
        "claim": "roles",
        "claim_scopes": "ward-app = statements/write, define\r\n\r\nhttps://x/y=statements/write",
    }
    assert client.post(address(trust, "keys-add-issuer"), {**ISSUER, **meant}).status_code == 302

    made = TokenIssuer.objects.get()
    assert made.claim == "roles"
    assert made.claim_scopes == {
        "ward-app": ["define", "statements/write"],
        "https://x/y": ["statements/write"],
    }
    page = client.get(address(trust, "keys-issuers")).text
    assert "ward-app = define statements/write" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"claim": "roles", "claim_scopes": "ward-app"}, "Write ward-app as a word"),
        ({"claim": "roles", "claim_scopes": "ward-app = send"}, "Write ward-app = send as"),
        ({"claim": "roles", "claim_scopes": "= define"}, "Write = define as a word"),
        ({"claim_scopes": "ward-app = define"}, "Name the claim whose words these are."),
        ({"claim": "r" * 61}, "at most 60"),
    ],
)
def test_a_claim_that_cannot_be_read_is_said_beside_its_field(
    client: Client, keeper: User, trust: Organisation, changed: dict[str, str], words: str
) -> None:
    page = client.post(address(trust, "keys-add-issuer"), {**ISSUER, **changed})

    assert words in page.text
    assert "There is a problem" in page.text
    assert not TokenIssuer.objects.exists()


def test_the_pages_take_the_same_queries_for_one_and_for_three(
    client: Client, keeper: User, trust: Organisation
) -> None:
    def one_more(number: int) -> None:
        other: Organisation = OrganisationFactory()
        end_sharing(agreement=share(trust, other, "Over", made_by=keeper), at=timezone.now())
        share(trust, other, "Holds")
        share(other, trust, "Theirs")
        register_issuer(
            tenant=tenant_of(organisation=trust),
            starts_at=LONG_AGO,
            **ISSUER | {"audience": str(number)},  # type: ignore[arg-type]
        )

    pages = [address(trust, name) for name in ("keys-sharing", "keys-issuers")]

    def asked() -> list[int]:
        counts = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            counts.append(len(queries))
        return counts

    one_more(1)
    asked()
    first = asked()
    one_more(2)
    one_more(3)
    assert asked() == first
