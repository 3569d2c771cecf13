"""Background work on the record store: each a thin doorway to a service."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from lrs import services


@shared_task(name="lrs.keep_partitions_ahead")
def keep_partitions_ahead(**kwargs: Any) -> None:
    """Have a partition of the log ready before its time begins."""
    services.keep_partitions_ahead(at=timezone.now())
