"""Background work on courses: each a thin doorway to a service."""

from typing import Any
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from learning import services


@shared_task(name="learning.settle_course")
def settle_course(*, course_key: str, **kwargs: Any) -> None:
    """Finish the course for those who have done all that it requires now."""
    services.settle_course(course_key=UUID(course_key), at=timezone.now())


@shared_task(name="learning.settle_all_courses")
def settle_all_courses(**kwargs: Any) -> None:
    """The sweep behind the message: settle every course."""
    services.settle_all_courses(at=timezone.now())
