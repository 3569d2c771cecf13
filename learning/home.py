"""What the home page shows of courses: all that are open, and where this person left off."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from learning.queries import SOURCE_LANGUAGE, Outline, course_list
from learning.rules.sequencing import Progress


def courses_for_home(request: HttpRequest) -> dict[str, Any]:
    """Return `courses` and, for who is half-way through one, `carry_on`."""
    language = get_language() or SOURCE_LANGUAGE
    found = course_list(viewer=request.user, language=language)
    under_way = [one for one in found if _is_under_way(one)]
    latest = max(under_way, key=lambda one: one.enrolment.started_at, default=None)  # type: ignore[union-attr]  # only the enrolled are under way
    return {
        "courses": [card_of(one, href=one.course.get_url(request) or "") for one in found],
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


def card_of(outline: Outline, *, href: str) -> dict[str, Any]:
    """Return what `components/course_card.html` asks for."""
    course = outline.course
    is_enrolled = bool(outline.enrolment and not outline.enrolment.left_at)
    return {
        "title": course.title,
        "href": href,
        "text": course.summary,
        "seed": course.path[-course.steplen :],
        "minutes": outline.minutes,
        "lessons": len(outline.lessons),
        "done": outline.progress.done if is_enrolled else None,
        "of": outline.progress.required if is_enrolled else None,
        "words": progress_in_words(outline.progress) if is_enrolled else "",
        "language": course.content_language if course.is_fallback else None,
    }


def progress_in_words(progress: Progress) -> str:
    """Return how far somebody is, as one marked-up phrase."""
    if progress.is_finished:
        return format_html("<strong>{}</strong>", _("Finished"))
    done = ngettext(
        "<strong>%(done)d of %(required)d</strong> lesson done",
        "<strong>%(done)d of %(required)d</strong> lessons done",
        progress.required,
    )
    left = ngettext(
        "about %(minutes)d minute left", "about %(minutes)d minutes left", progress.minutes_left
    )
    return format_html(
        "{} · {}",
        SafeString(done % {"done": progress.done, "required": progress.required}),  # our own words
        left % {"minutes": progress.minutes_left},
    )


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
