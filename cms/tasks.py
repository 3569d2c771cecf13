"""Background work on pages."""

from typing import Any

from celery import shared_task
from django.core.management import call_command


@shared_task(name="cms.publish_scheduled")
def publish_scheduled(**kwargs: Any) -> None:
    """Publish and take down the pages whose time has come."""
    call_command("publish_scheduled", verbosity=0)
