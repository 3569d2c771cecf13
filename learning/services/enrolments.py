"""Taking a course, leaving it, and having finished it."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Count

from learning.enums import LessonState
from learning.models import CoursePage, Enrolment, LessonProgress
from learning.queries import Outline, course_outline, deciding_pages
from learning.services.activities import activity_of
from learning.signals import course_finished
from lrs import statements
from lrs.services import store_own_statements
from organisations.models import Organisation, User


@transaction.atomic
def enrol(
    *,
    person: User,
    course: CoursePage,
    at: datetime,
    language: str,
    employer: Organisation | None = None,
) -> Enrolment:
    """Enrol a person in a course, or take them back who had left.

    Writes: Enrolment, one statement the first time. Safe to repeat.
    """
    row, is_new = Enrolment.objects.get_or_create(
        person=person,
        course_key=course.translation_key,
        defaults={"started_at": at, "employer": employer},
    )
    if row.left_at is not None:
        row.left_at = None
        row.save(update_fields=["left_at"])
    if is_new:
        store_own_statements(
            statements=[
                statements.registered(
                    person_uuid=person.uuid,
                    activity=activity_of(course),
                    registration=row.uuid,
                    timestamp=at,
                    language=language,
                )
            ],
        )
    return row


@transaction.atomic
def leave_course(*, person: User, course_key: UUID, at: datetime) -> None:
    """Take a course off the person's list; what they did stays.

    Writes: Enrolment.left_at. Safe to repeat.
    """
    Enrolment.objects.filter(person=person, course_key=course_key, left_at__isnull=True).update(
        left_at=at
    )


@transaction.atomic
def settle_enrolment(
    *, person: User, outline: Outline, enrolment: Enrolment, at: datetime, language: str
) -> bool:
    """Mark a course finished when all that it requires now is done; return whether it just was.

    Writes: Enrolment.finished_at, one statement. Safe to repeat.
    """
    if enrolment.finished_at is not None or not outline.progress.is_finished:
        return False
    enrolment.finished_at = at
    enrolment.save(update_fields=["finished_at"])
    store_own_statements(
        statements=[
            statements.completed(
                person_uuid=person.uuid,
                activity=activity_of(outline.course),
                registration=enrolment.uuid,
                timestamp=at,
                language=language,
            )
        ],
        received_at=at,
    )
    transaction.on_commit(
        partial(
            course_finished.send_robust,
            sender=Enrolment,
            person_id=person.pk,
            course_key=outline.course.translation_key,
        )
    )
    return True


def settle_course(*, course_key: UUID, at: datetime) -> int:
    """Finish a course for everyone who has done all that it requires now; return how many.

    Publishing can make a course shorter: who had done the rest has finished it.

    Writes: Enrolment.finished_at, a statement each. Safe to repeat.
    """
    pages = CoursePage.objects.live().filter(translation_key=course_key)
    course = deciding_pages(pages.select_related("locale").order_by("-pk")).get(course_key)
    if course is None:
        return 0
    required = [
        step.key
        for step in course_outline(viewer=AnonymousUser(), course=course).steps
        if step.is_required
    ]
    if not required:
        return 0
    done = (
        LessonProgress.objects.filter(lesson_key__in=required, state=LessonState.COMPLETED)
        .values("person")
        .annotate(count=Count("pk"))
        .filter(count=len(required))
        .values("person")
    )
    finished = 0
    waiting = Enrolment.objects.filter(
        course_key=course_key, finished_at__isnull=True, person__in=done
    ).select_related("person")
    for enrolment in waiting.order_by("pk").iterator(chunk_size=200):
        finished += settle_enrolment(
            person=enrolment.person,
            outline=course_outline(viewer=enrolment.person, course=course),
            enrolment=enrolment,
            at=at,
            language=course.locale.language_code,
        )
    return finished


def settle_all_courses(*, at: datetime) -> int:
    """Settle every course; return how many people finished one.

    Writes: as settle_course. Safe to repeat.
    """
    keys = CoursePage.objects.live().values_list("translation_key", flat=True).distinct()
    return sum(settle_course(course_key=key, at=at) for key in keys)
