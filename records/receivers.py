"""What records do when something happens below."""

import logging
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.conf import settings
from django.db import DatabaseError
from django.dispatch import receiver
from django.utils import timezone

from competencies.signals import mappings_changed
from lrs.queries import statements_numbered
from lrs.signals import (
    actor_erased,
    statement_voided,
    statements_changing,
    statements_seen,
    statements_stored,
)
from organisations.models import Organisation, User
from organisations.services import note_access
from organisations.signals import people_merged, person_erased
from records import queries, services, tasks
from records.models import IdentityLink, RecordEntry

logger = logging.getLogger(__name__)


_nudged_at = float("-inf")


def _catch_up_soon() -> None:
    """Tell a worker, once for all that comes until it begins."""
    global _nudged_at
    now, pause = time.monotonic(), settings.RECORDS_NUDGE_SECONDS
    if now - _nudged_at < pause:
        return
    _nudged_at = now
    tasks.catch_up.apply_async(countdown=pause)


@receiver(statements_stored)
def on_statements_stored(
    *, organisation_id: int | None, seqs: Sequence[int], **kwargs: Any
) -> None:
    """Project what was done here at once; leave what came from outside to a worker."""
    if organisation_id is not None:
        _catch_up_soon()
        return
    try:
        services.project_statements(statements=statements_numbered(seqs), at=timezone.now())
    except DatabaseError:
        logger.exception("projection failed; the cursor will mend it", extra={"seqs": list(seqs)})


@receiver(statement_voided)
def on_statement_voided(**kwargs: Any) -> None:
    """Retract what it had projected."""
    tasks.catch_up.delay()


@receiver(statements_changing)
def on_statements_changing(
    *,
    organisation_id: int | None,
    seqs: Sequence[int],
    statement_ids: Sequence[UUID],
    **kwargs: Any,
) -> None:
    """Bring records in line in the same transaction."""
    services.read_again(
        statements=statements_numbered(seqs),
        statement_ids=statement_ids,
        organisation_id=organisation_id,
        at=timezone.now(),
    )


@receiver(mappings_changed)
def on_mappings_changed(*, activity_iri: str, **kwargs: Any) -> None:
    """Count again what was done there before."""
    tasks.project_activity_again.delay(activity_iri=activity_iri)


@receiver(email_confirmed)
def on_email_confirmed(*, email_address: EmailAddress, **kwargs: Any) -> None:
    """Statements about the address are about who confirmed it."""
    try:
        services.link_verified_address(
            person=email_address.user, address=email_address.email, at=timezone.now()
        )
    except services.IdentityTaken:
        logger.warning("a confirmed address is linked to another person")


@receiver(person_erased)
def on_person_erased(*, person_id: int, person_uuid: UUID, **kwargs: Any) -> None:
    """Take the person's entries and links away; ask organisations about what is theirs."""
    services.ask_organisations_to_erase(
        person_id=person_id, person_uuid=person_uuid, at=timezone.now()
    )
    RecordEntry.objects.filter(person_id=person_id).delete()
    IdentityLink.objects.filter(person_id=person_id).delete()


@receiver(actor_erased)
def on_actor_erased(
    *, organisation_id: int | None, identifiers: Sequence[str], **kwargs: Any
) -> None:
    """Forget who went by an account in the systems of an organisation that erased them."""
    if organisation_id is not None:
        IdentityLink.objects.filter(
            organisation_id=organisation_id, actor__in=list(identifiers)
        ).delete()


@receiver(people_merged)
def on_people_merged(*, kept_id: int, gone_id: int, **kwargs: Any) -> None:
    """Give the entries to who stays, and read the statements again."""
    RecordEntry.objects.filter(person_id=gone_id).update(person_id=kept_id)
    IdentityLink.objects.filter(person_id=gone_id).update(person_id=kept_id)
    services.rebuild_record(person=User.objects.get(pk=kept_id), at=timezone.now())


@receiver(statements_seen)
def on_statements_seen(
    *,
    viewer: User,
    organisation: Organisation | None,
    actors: Sequence[str],
    page: str,
    at: datetime,
    **kwargs: Any,
) -> None:
    """Note the look for those among the actors whom we know."""
    people = queries.people_behind(actors=actors, organisation=organisation, at=at)
    if people:
        note_access(viewer=viewer, people=people, page=page, at=at, organisation=organisation)
