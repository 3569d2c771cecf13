"""Who vouches for statements, and how our own people are named in them."""

from typing import Any
from uuid import UUID

from lrs.models import Credential
from lrs.rules.identity import account_identifier
from organisations.queries import iri_base


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
        "account": {"homePage": iri_base(), "name": f"credential:{credential.uuid}"},
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
