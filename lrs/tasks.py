"""Background work on the record store: each a thin doorway to a service."""

from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from lrs import services
from lrs.outside import Reachable


@shared_task(name="lrs.sweep_credentials")
def sweep_credentials(**kwargs: Any) -> None:
    """Delete keys of launches and access tokens that have ended."""
    services.sweep_credentials(at=timezone.now())


@shared_task(name="lrs.keep_partitions_ahead")
def keep_partitions_ahead(**kwargs: Any) -> None:
    """Have a partition of the log ready before its time begins."""
    services.keep_partitions_ahead(at=timezone.now())


@shared_task(name="lrs.learn_actors")
def learn_actors(**kwargs: Any) -> None:
    """Know who has been seen in statements since the last time."""
    services.learn_actors()


@shared_task(name="lrs.carry_out_acts")
def carry_out_acts(**kwargs: Any) -> None:
    """Go on with erasures, changes and retention that are not finished."""
    services.carry_out_acts(at=timezone.now())


@shared_task(name="lrs.apply_policies")
def apply_policies(**kwargs: Any) -> None:
    """Leave behind what the policies that are switched on no longer keep."""
    services.apply_policies(at=timezone.now())


@shared_task(name="lrs.count_stores")
def count_stores(**kwargs: Any) -> None:
    """Count what each store holds."""
    services.count_stores(at=timezone.now())


@shared_task(name="lrs.send_on")
def send_on(*, target_id: int, **kwargs: Any) -> None:
    """Send one target what it should have."""
    services.send_on(
        target_id=target_id,
        reachable=Reachable(frozenset(settings.SENDING_HOSTS)),
        clock=timezone.now,
    )


@shared_task(name="lrs.sweep_sending")
def sweep_sending(**kwargs: Any) -> None:
    """Have every target served for which there is something; nothing depends on a message."""
    for target_id in services.targets_with_work(at=timezone.now()):
        send_on.delay(target_id=target_id)
