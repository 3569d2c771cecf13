"""Who vouches for statements, and how our own people are named in them."""

from typing import Any
from uuid import UUID

from django.db import connection

from lrs.models import Credential, Tenant
from lrs.models.database import quick_cursor
from lrs.models.tenants import ROW_VERSION, Guard
from lrs.rules.identity import account_identifier
from organisations.queries import iri_base

_AS_STORED = {
    "postgresql": ROW_VERSION,
    "sqlite": "key, secret_digest, old_digest, old_ends_at, scopes, activities, with_children, agent,"
    " registration, origins, starts_at, ends_at, revoked_at, tenant_id",
}


def credential_as_stored(credential_id: int) -> tuple[Any, ...] | None:
    """Return something that differs whenever a credential has been changed; None if it is gone."""
    with quick_cursor() as cursor:
        cursor.execute(
            f"SELECT {_AS_STORED[connection.vendor]} FROM lrs_credential"  # noqa: S608 - constants
            " WHERE id = %s",
            [credential_id],
        )
        row = cursor.fetchone()
    return None if row is None else tuple(row)


def is_as_proved(guard: Guard) -> bool:
    """Return whether a credential still is as it was when it was proved."""
    return credential_as_stored(guard.credential_id) == guard.as_stored


def platform_authority() -> dict[str, Any]:
    """Return the agent who vouches for what was done here."""
    return {
        "objectType": "Agent",
        "name": "Careweave",
        "account": {"homePage": iri_base(), "name": "platform"},
    }


def authority_of(credential: Credential) -> dict[str, Any]:
    """Return the agent who vouches for what a credential sends."""
    return {
        "objectType": "Agent",
        "account": {"homePage": iri_base(), "name": f"credential:{credential.authority}"},
    }


def import_authority() -> dict[str, Any]:
    """Return the agent who vouches for statements taken in from a file."""
    return {
        "objectType": "Agent",
        "account": {"homePage": iri_base(), "name": "import"},
    }


def person_identifier(person_uuid: UUID) -> str:
    """Return the identifier under which a person's own statements are found."""
    return account_identifier(home_page=iri_base(), name=str(person_uuid))


def organisations_with_stores() -> list[int]:
    """Return the ids of the organisations that keep a record store here."""
    rows = Tenant.objects.filter(organisation__isnull=False)
    return list(rows.order_by("pk").values_list("organisation_id", flat=True))
