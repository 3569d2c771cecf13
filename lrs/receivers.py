"""What the record store does when something happens below."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.utils import timezone

from lrs import services, tasks
from lrs.queries import person_identifier
from organisations.models import User
from organisations.signals import person_erased


@receiver(post_migrate, dispatch_uid="lrs-partitions")
def on_post_migrate(*, sender: Any, **kwargs: Any) -> None:
    """Make the first partitions as soon as there are tables."""
    if sender.label == "lrs":
        services.keep_partitions_ahead(at=timezone.now())


@receiver(person_erased)
def on_person_erased(*, person_id: int, person_uuid: UUID, **kwargs: Any) -> None:
    """Erase them from what was done here: asked for now, done after the commit."""
    merged = User.objects.filter(merged_into_id=person_id).values_list("uuid", flat=True)
    services.ask_erasure(
        tenant=services.platform_tenant(),
        identifiers=[person_identifier(uuid) for uuid in (person_uuid, *merged)],
        reason="The account was erased.",
        at=timezone.now(),
        cuts_extensions=True,
    )
    transaction.on_commit(lambda: tasks.carry_out_acts.delay(), robust=True)
