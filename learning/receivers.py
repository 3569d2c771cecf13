"""What learning does when something happens elsewhere."""

import logging
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Page
from wagtail.search import index
from wagtail.signals import page_published, page_unpublished

from assessments.signals import attempt_marked
from competencies.queries import LearningLink
from competencies.signals import competency_changed
from learning import services, tasks
from learning.models import CourseCompetency, CoursePage, LessonPage, ModulePage
from learning.queries import course_of, courses_for_activities
from organisations.models import User
from organisations.signals import people_merged, person_erased

logger = logging.getLogger(__name__)


@receiver(page_published)
def on_course_published(*, instance: Page, **kwargs: Any) -> None:
    """What the page shows counts from now on; search finds it by that; finished is finished."""
    if not isinstance(instance, CoursePage | ModulePage | LessonPage):
        return
    if isinstance(instance, CoursePage | LessonPage):
        services.sync_competency_mappings(page=instance, at=timezone.now())
    try:
        # Wagtail indexed the page before its inline children were committed; what a page shows is
        # among the words of its translations too
        for page in instance.get_translations(inclusive=True).live().specific():
            index.insert_or_update_object(page)
    except DatabaseError:
        logger.exception("indexing failed", extra={"page_id": instance.pk})
    _settle_later(instance)


@receiver(page_unpublished)
def on_course_unpublished(*, instance: Page, **kwargs: Any) -> None:
    """Who had done all that is left has finished the course."""
    if isinstance(instance, ModulePage | LessonPage):
        _settle_later(instance)


def _settle_later(page: Page) -> None:
    if isinstance(page, CoursePage):
        tasks.settle_course.delay(course_key=str(page.translation_key))
    elif services.is_in_course(page):
        tasks.settle_course.delay(course_key=str(course_of(page).translation_key))


@receiver(competency_changed)
def on_competency_changed(*, competency_ids: list[int], **kwargs: Any) -> None:
    """Courses are found by what they show, so index those again."""
    pages = CourseCompetency.objects.filter(competency_id__in=competency_ids).values("page")
    for page in CoursePage.objects.filter(pk__in=pages).order_by("pk").iterator(chunk_size=100):
        index.insert_or_update_object(page)


@receiver(attempt_marked)
def on_attempt_marked(
    *, person_id: int, quiz_uuid: UUID, is_passed: bool, at: datetime, language: str, **kwargs: Any
) -> None:
    """Passing a quiz finishes the lessons that asked for it."""
    if is_passed:
        services.complete_lessons_with_quiz(
            person=User.objects.get(pk=person_id), quiz_uuid=quiz_uuid, at=at, language=language
        )


@receiver(person_erased)
def on_person_erased(*, person_id: int, **kwargs: Any) -> None:
    """Take the person's way through courses away."""
    services.erase_learning(person_id=person_id)


@receiver(people_merged)
def on_people_merged(*, kept_id: int, gone_id: int, **kwargs: Any) -> None:
    """Give the way through courses to who stays."""
    services.merge_learning(kept=User.objects.get(pk=kept_id), gone=User.objects.get(pk=gone_id))


def competency_learning(
    viewer: User | None, activity_iris: Collection[str], language: str
) -> dict[str, LearningLink]:
    """Tell the pages of competencies which courses and lessons are behind activities."""
    pages = courses_for_activities(
        viewer=viewer or AnonymousUser(), activity_iris=activity_iris, language=language
    )
    return {
        iri: LearningLink(
            title=page.title,
            url=page.get_url() or "/",
            kind=str(page.specific_class._meta.verbose_name),
            language="" if page.content_language == language else page.content_language,
        )
        for iri, page in pages.items()
    }
