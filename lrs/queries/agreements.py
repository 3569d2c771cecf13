"""Agreements and issuers of a store, for those who keep it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from lrs.models import SharingAgreement, Tenant, TokenIssuer
from organisations.models import Organisation

MOST_ENDED: Final = 100
"""How many of those that ended are listed, the newest."""


@dataclass(frozen=True, slots=True)
class Agreements:
    """What a store gives others to read, and what others give it; the newest first."""

    given: list[SharingAgreement]
    received: list[SharingAgreement]


def agreements_of(*, tenant: Tenant, at: datetime) -> Agreements:
    """Return the agreements that hold, or will, of both kinds."""
    lasting = SharingAgreement.objects.not_over_at(at).order_by("-pk")
    given = lasting.filter(giver=tenant).select_related("reader__organisation", "made_by")
    received = lasting.filter(reader=tenant).select_related("giver__organisation")
    return Agreements(list(given), list(received))


def ended_agreements_of(*, tenant: Tenant, at: datetime) -> Agreements:
    """Return the agreements that held once, of both kinds, as the proof of what was open."""
    over = SharingAgreement.objects.over_at(at).order_by("-pk")
    given = over.filter(giver=tenant).select_related("reader__organisation", "made_by", "ended_by")
    received = over.filter(reader=tenant).select_related("giver__organisation")
    return Agreements(list(given[:MOST_ENDED]), list(received[:MOST_ENDED]))


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


def ended_issuers_of(*, tenant: Tenant) -> list[TokenIssuer]:
    """Return the issuers whose tokens opened a store once, the newest first."""
    ended = TokenIssuer.objects.filter(tenant=tenant, ended_at__isnull=False)
    return list(ended.order_by("-pk")[:MOST_ENDED])


def issuer_of_store(*, tenant: Tenant, uuid: UUID) -> TokenIssuer | None:
    """Return one issuer of a store."""
    return TokenIssuer.objects.filter(tenant=tenant, uuid=uuid).first()
