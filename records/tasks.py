"""Background work on records: each a thin doorway to a service."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from records import services


@shared_task(name="records.catch_up")
def catch_up(**kwargs: Any) -> None:
    """Project what the log holds beyond the cursor."""
    services.catch_up(at=timezone.now())


@shared_task(name="records.project_activity_again")
def project_activity_again(*, activity_iri: str, **kwargs: Any) -> None:
    """Project an activity again whose mappings have changed."""
    services.project_activity_again(activity_iri=activity_iri, at=timezone.now())


@shared_task(name="records.link_known_addresses")
def link_known_addresses(**kwargs: Any) -> None:
    """Link verified addresses that a lost message left out."""
    services.link_known_addresses(at=timezone.now())
