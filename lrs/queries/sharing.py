"""What one organisation may read of another."""

from datetime import datetime
from uuid import UUID

from lrs.models import SharingAgreement, Tenant


def agreements_between(*, giver: UUID, reader: Tenant, at: datetime) -> list[SharingAgreement]:
    """Return the agreements that hold now, by which one tenant reads an organisation's statements.

    Args:
        giver: the organisation's uuid.
        reader: who reads.
        at: now.
    """
    return list(
        SharingAgreement.objects.open_at(at)
        .select_related("giver")
        .filter(giver__organisation__uuid=giver, reader=reader)
        .order_by("pk")
    )
