"""What the home page shows of courses: all that are open, and where this person left off."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from learning.queries import SOURCE_LANGUAGE, Outline, course_list


def courses_for_home(request: HttpRequest) -> dict[str, Any]:
    """Return `courses` and, for who is half-way through one, `carry_on`."""
    language = get_language() or SOURCE_LANGUAGE
    found = course_list(viewer=request.user, language=language)
    under_way = [one for one in found if _is_under_way(one)]
    latest = max(under_way, key=lambda one: one.enrolment.started_at, default=None)  # type: ignore[union-attr]  # only the enrolled are under way
    return {
        "courses": [_card(one, request) for one in found],
        "carry_on": _carry_on(latest, request) if latest else None,
    }


def _is_under_way(outline: Outline) -> bool:
    enrolment = outline.enrolment
    return bool(
        enrolment
        and not enrolment.left_at
        and outline.next_lesson
        and not outline.progress.is_finished
    )


def _card(outline: Outline, request: HttpRequest) -> dict[str, Any]:
    course = outline.course
    is_enrolled = bool(outline.enrolment and not outline.enrolment.left_at)
    return {
        "title": course.title,
        "href": course.get_url(request),
        "text": course.summary,
        "seed": course.path[-course.steplen :],
        "minutes": outline.minutes,
        "lessons": len(outline.lessons),
        "done": outline.progress.done if is_enrolled else None,
        "of": outline.progress.required if is_enrolled else None,
        "language": course.content_language if course.is_fallback else None,
    }


def _carry_on(outline: Outline, request: HttpRequest) -> dict[str, Any] | None:
    lesson = outline.next_lesson
    if lesson is None:
        return None
    return {
        "course": outline.course.title,
        "course_language": outline.course.content_language,
        "lesson": lesson.page.title,
        "lesson_language": lesson.page.content_language,
        "href": lesson.page.get_url(request),
        "minutes": lesson.page.minutes,
        "done": outline.progress.done,
        "of": outline.progress.required,
    }
