"""What course pages ask for, in a visit and in an editor's preview alike."""

from typing import Any

from django import template
from django.utils.translation import get_language

from learning.models import CoursePage, LessonPage, ModulePage
from learning.queries import (
    LessonView,
    ModuleLine,
    Outline,
    ShownLine,
    course_list,
    course_of,
    course_outline,
    lesson_view,
    shown_lines,
)

register = template.Library()


@register.simple_tag(takes_context=True)
def all_courses(context: dict[str, Any]) -> list[Outline]:
    """Every course the visitor may see, in the language read."""
    return course_list(viewer=context["request"].user, language=get_language() or "en")


@register.simple_tag(takes_context=True)
def outline_of(context: dict[str, Any], page: CoursePage) -> Outline:
    """A course as the visitor sees it."""
    return course_outline(viewer=context["request"].user, course=page)


@register.simple_tag(takes_context=True)
def view_of_lesson(context: dict[str, Any], page: LessonPage) -> LessonView:
    """A lesson as the visitor sees it."""
    return lesson_view(viewer=context["request"].user, lesson=page)


@register.simple_tag(takes_context=True)
def view_of_module(context: dict[str, Any], page: ModulePage) -> tuple[Outline, ModuleLine | None]:
    """The course a module is in, and the module's line in it."""
    outline = course_outline(viewer=context["request"].user, course=course_of(page))
    return outline, next((line for line in outline.modules if line.page.pk == page.pk), None)


@register.simple_tag
def shown_by(page: CoursePage | LessonPage) -> list[ShownLine]:
    """What finishing the page shows, in words."""
    return shown_lines(page=page)
