"""Agreements and issuers of a store, for those who keep it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from lrs.models import SharingAgreement, Tenant, TokenIssuer
from organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Agreements:
    """What a store gives others to read, and what others give it; the newest first."""

    given: list[SharingAgreement]
    received: list[SharingAgreement]


def agreements_of(*, tenant: Tenant, at: datetime) -> Agreements:
    """Return the agreements that hold, or will, of both kinds."""
    lasting = SharingAgreement.objects.not_over_at(at).order_by("-pk")
    return Agreements(
        list(lasting.filter(giver=tenant).select_related("reader__organisation")),
        list(lasting.filter(reader=tenant).select_related("giver__organisation")),
    )


def agreement_given(*, tenant: Tenant, uuid: UUID) -> SharingAgreement | None:
    """Return an agreement by which a store gives something to read."""
    given = SharingAgreement.objects.filter(giver=tenant, uuid=uuid)
    return given.select_related("reader__organisation").first()


def others_than(organisation: Organisation) -> QuerySet[Organisation]:
    """Return every other organisation, by name."""
    return Organisation.objects.exclude(pk=organisation.pk).order_by("name")


def issuers_of(*, tenant: Tenant, at: datetime) -> list[TokenIssuer]:
    """Return the issuers whose tokens open a store, the newest first."""
    return list(TokenIssuer.objects.open_at(at).filter(tenant=tenant).order_by("-pk"))


def issuer_of_store(*, tenant: Tenant, uuid: UUID) -> TokenIssuer | None:
    """Return one issuer of a store."""
    return TokenIssuer.objects.filter(tenant=tenant, uuid=uuid).first()
