"""Courses of a few short lessons, as Wagtail pages."""

import json
import uuid
from typing import Any

from wagtail.models import Page

from cms.models import HomePage
from cms.services import prepare_site
from competencies.models import Competency, Level
from learning.models import (
    CourseCompetency,
    CoursePage,
    LearnIndexPage,
    LessonCompetency,
    LessonPage,
    ModulePage,
)

CHECK_ID = "11111111-1111-4111-8111-111111111111"
REFLECTION_ID = "22222222-2222-4222-8222-222222222222"


def make_site() -> LearnIndexPage:
    """The home page in every language, and the list of courses."""
    home = prepare_site()
    index = LearnIndexPage.objects.filter(locale=home.locale).first()
    if index is None:
        index = LearnIndexPage(title="Learn", slug="learn", locale=home.locale)
        HomePage.objects.get(pk=home.pk).add_child(instance=index)
        index.save_revision().publish()
    return LearnIndexPage.objects.get(pk=index.pk)


def make_course(
    *,
    lessons: int = 2,
    title: str = "Working together",
    shows: tuple[Competency, Level] | None = None,
    **fields: Any,
) -> CoursePage:
    """A published course with one module of so many lessons; the last may show a competency."""
    index = make_site()
    course = _add(index, CoursePage(title=title, slug=f"course-{uuid.uuid4().hex[:8]}", **fields))
    if shows:
        course.competencies_shown = [CourseCompetency(competency=shows[0], level=shows[1])]
        course.save_revision().publish()
    module = _add(course, ModulePage(title="First part", slug="first-part"))
    for number in range(1, lessons + 1):
        make_lesson(module, title=f"Lesson {number}")
    return CoursePage.objects.get(pk=course.pk)


def make_lesson(
    module: ModulePage,
    *,
    title: str = "A lesson",
    shows: tuple[Competency, Level] | None = None,
    **fields: Any,
) -> LessonPage:
    """A published lesson with text, a reflection and a check whose second option is right."""
    lesson = LessonPage(
        title=title,
        slug=f"lesson-{uuid.uuid4().hex[:8]}",
        minutes=fields.pop("minutes", 6),
        body=json.dumps(
            [
                {"type": "text", "id": str(uuid.uuid4()), "value": "<p>Ask what matters.</p>"},
                {
                    "type": "reflection",
                    "id": REFLECTION_ID,
                    "value": {"prompt": "<p>Whom will you ask?</p>"},
                },
                {
                    "type": "check",
                    "id": CHECK_ID,
                    "value": {
                        "question": "<p>Who decides?</p>",
                        "options": [
                            {"text": "The team", "is_right": False, "feedback": "Not alone."},
                            {"text": "The person", "is_right": True, "feedback": "Yes."},
                        ],
                    },
                },
            ]
        ),
        **fields,
    )
    _add(ModulePage.objects.get(pk=module.pk), lesson)
    if shows:
        lesson.competencies_shown = [LessonCompetency(competency=shows[0], level=shows[1])]
        lesson.save_revision().publish()
    return LessonPage.objects.get(pk=lesson.pk)


def lessons_of(course: CoursePage) -> list[LessonPage]:
    """The course's lessons in order."""
    return list(LessonPage.objects.descendant_of(course).order_by("path"))


def _add(parent: Page, page: Any) -> Any:
    page.locale = parent.locale
    type(parent).objects.get(pk=parent.pk).add_child(instance=page)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)
