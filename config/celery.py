"""The Celery application: `celery -A config worker`."""

import os
from typing import Any

from celery import Celery
from celery.beat import EmbeddedService
from celery.signals import worker_ready
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

TRANSPORT_ALIASES["filesystem"] = "config.broker:Transport"

app = Celery("careweave")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def keep_time(sender: Any, **kwargs: Any) -> None:
    """Run the clock inside the worker that `make run` starts, as a thread of it.

    A clock of its own process would outlive a worker that was killed, and hide that it is gone.
    Where there are many workers, `celery beat` runs beside them instead.
    """
    schedule = os.environ.get("CAREWEAVE_CLOCK_FILE")
    if schedule:
        EmbeddedService(app, thread=True, schedule_filename=schedule).start()
