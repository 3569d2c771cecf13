"""What course pages ask for, in a visit and in an editor's preview alike."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override

from assessments.queries.quizzes import QuizLine
from cms.queries import Said, Texts, texts_for
from competencies.models import CompetencyVersion, Level, Role
from competencies.queries import LearnerStanding
from discussions.queries import Subject, SubjectDiscussion, subject_discussion
from learning.home import card_of, progress_in_words
from learning.models import CoursePage, LessonPage, ModulePage
from learning.permissions import writer_mark
from learning.queries import (
    LessonView,
    ModuleLine,
    Outline,
    ShownLine,
    course_list,
    course_of,
    course_outline,
    lesson_view,
    quizzes_of_course,
    shown_lines,
    subjects_of_standing,
)
from learning.rules.sequencing import Progress
from organisations.enums import Visibility
from organisations.queries import access_of

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
def discussion_of_lesson(
    context: dict[str, Any], page: LessonPage, view: LessonView
) -> SubjectDiscussion | None:
    """The discussion of a lesson; none where not everyone may know of the course."""
    if view.course.visibility == Visibility.ORGANISATIONS:
        return None
    with override(settings.LANGUAGE_CODE):
        address = reverse("learning:lesson", args=[page.translation_key])
    return subject_discussion(
        viewer=access_of(context["request"].user, on=timezone.localdate()),
        subject=Subject(
            iri=page.activity_iri,
            title=page.title,
            address=address,
        ),
        language=get_language() or "en",
    )


@register.simple_tag(takes_context=True)
def view_of_module(context: dict[str, Any], page: ModulePage) -> tuple[Outline, ModuleLine | None]:
    """The course a module is in, and the module's line in it."""
    outline = course_outline(viewer=context["request"].user, course=course_of(page))
    return outline, next((line for line in outline.modules if line.page.pk == page.pk), None)


@register.simple_tag(takes_context=True)
def writer(context: dict[str, Any]) -> str:
    """Who writes in a form that may outlive the session, signed."""
    return writer_mark(context["request"].user)


@register.simple_tag
def shown_by(page: CoursePage | LessonPage) -> list[ShownLine]:
    """What finishing the page shows, in words."""
    return shown_lines(page=page)


@register.simple_tag(takes_context=True)
def quizzes_of(context: dict[str, Any], outline: Outline) -> list[QuizLine]:
    """The quizzes in a course's lessons, each with where the visitor is with it."""
    return quizzes_of_course(
        viewer=context["request"].user, outline=outline, language=get_language() or "en"
    )


@register.inclusion_tag("components/level_badge.html")
def level_reached(
    rank: int | None, level: Level | None, levels: Sequence[Level], words: Texts
) -> dict[str, Any]:
    """A standing in words, shape and colour; without a rank nothing is known, at 0 not yet."""
    state = "unknown" if rank is None else "none" if rank == 0 else ""
    return {"rank": rank, "of": len(levels), "state": state, "word": said(level, words)}


@register.inclusion_tag("components/progress.html")
def course_progress(progress: Progress) -> dict[str, Any]:
    """How far through a course."""
    return {
        "done": progress.done,
        "of": progress.required,
        "words": progress_in_words(progress),
    }


@register.inclusion_tag("components/course_card.html")
def course_card(outline: Outline, level: int = 2) -> dict[str, Any]:
    """A course in a list, as the home page shows it too."""
    return {**card_of(outline, href=outline.course.get_url() or ""), "level": level}


@register.simple_tag
def words_of(standing: LearnerStanding) -> Texts:
    """What the functions, competencies, levels and roles of a standing are called in the language
    read. One query.
    """
    return texts_for(subject_uuids=subjects_of_standing(standing), language=get_language() or "en")


@register.filter
def said(thing: CompetencyVersion | Level | Role | None, words: Texts) -> Said | str:
    """The name of a competency, level or role in the language read."""
    if thing is None:
        return ""
    if isinstance(thing, CompetencyVersion):
        return words.say(thing.competency.uuid, "title", thing.short_title)
    if isinstance(thing, Level):
        return words.say(thing.uuid, "name", thing.name)
    return words.say(thing.uuid, "title", thing.title)


@register.filter
def said_statement(item: CompetencyVersion, words: Texts) -> Said:
    """What a competency is about, in the language read."""
    return words.say(item.competency.uuid, "statement", item.statement)
