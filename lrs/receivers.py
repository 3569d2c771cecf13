"""What the record store does when something happens below."""

from typing import Any

from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.utils import timezone

from lrs import services


@receiver(post_migrate, dispatch_uid="lrs-partitions")
def on_post_migrate(*, sender: Any, **kwargs: Any) -> None:
    """Make the first partitions as soon as there are tables."""
    if sender.label == "lrs":
        services.keep_partitions_ahead(at=timezone.now())
