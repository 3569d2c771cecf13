"""Everything that the clock should do is something a worker knows how to do."""

from django.conf import settings

from config.celery import app


def test_every_task_of_the_clock_exists() -> None:
    app.loader.import_default_modules()
    app.autodiscover_tasks(force=True)

    unknown = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} - set(app.tasks)

    assert unknown == set()
