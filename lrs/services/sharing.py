"""Agreements by which one organisation reads statements of another."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from lrs.models import SharingAgreement, Tenant
from lrs.rules.formats import is_iri
from lrs.rules.limits import is_activity_limit
from organisations.models import User

_MOST: Final = 200


class BadAgreement(ValueError):
    """An agreement that cannot be made."""


def agree_to_share(
    *,
    giver: Tenant,
    reader: Tenant,
    purpose: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    verbs: Sequence[str] = (),
    activities: Sequence[str] = (),
    made_by: User | None = None,
) -> SharingAgreement:
    """Let one organisation read statements that another holds.

    Args:
        giver: whose statements.
        reader: who may read them, with a credential of its own.
        purpose: why, in words.
        starts_at: from when.
        ends_at: until when; None until it is ended.
        verbs: only with these; IRIs.
        activities: only about these; IRIs, or beginnings of them with ``*`` at the end.
        made_by: who agreed, for the giver.

    Raises:
        BadAgreement: something is not as above, or it is about the platform's own statements,
            which people open by consent and nobody else can.

    Writes: SharingAgreement.
    """
    if giver.is_platform or reader.is_platform:
        raise BadAgreement("An agreement is between two organisations.")
    if giver.pk == reader.pk:
        raise BadAgreement("Choose another organisation: this one reads its own already.")
    if not purpose.strip():
        raise BadAgreement("Say what the agreement is for.")
    if ends_at is not None and ends_at <= starts_at:
        raise BadAgreement("Let it end after it begins.")
    if len(verbs) > _MOST or len(activities) > _MOST:
        raise BadAgreement(f"Name at most {_MOST} verbs and as many activities.")
    for verb in verbs:
        if not is_iri(verb):
            raise BadAgreement(f"{verb[:80]!r} is not a whole IRI.")
    for iri in activities:
        if not is_activity_limit(iri):
            raise BadAgreement(
                f"{iri[:80]!r} is neither a whole IRI nor the beginning of one with * at its end."
            )
    return SharingAgreement.objects.create(
        giver=giver,
        reader=reader,
        purpose=purpose.strip(),
        verbs=list(dict.fromkeys(verbs)),
        activities=list(dict.fromkeys(activities)),
        starts_at=starts_at,
        ends_at=ends_at,
        made_by=made_by,
    )


def end_sharing(*, agreement: SharingAgreement, at: datetime, by: User | None = None) -> None:
    """End an agreement; from the next request on nothing is read by it.

    Writes: SharingAgreement. Safe to repeat: the first time counts.
    """
    SharingAgreement.objects.filter(pk=agreement.pk, ended_at__isnull=True).update(
        ended_at=at, ended_by=by
    )
