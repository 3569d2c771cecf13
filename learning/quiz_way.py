"""The way down to a quiz: the course and the lesson that hold it."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from assessments.models import Quiz
from learning.queries import SOURCE_LANGUAGE, lessons_with_quiz


def crumbs_of_quiz(request: HttpRequest, quiz: Quiz, back: str) -> list[dict[str, Any]]:
    """Return the pages above a quiz, the lesson last; the one of ``back`` where several hold it."""
    lessons = lessons_with_quiz(
        viewer=request.user, quiz_uuid=quiz.uuid, language=get_language() or SOURCE_LANGUAGE
    )
    if not lessons:
        return []
    lesson = next((one for one in lessons if one.get_url(request) == back), lessons[0])
    above = lesson.get_ancestors(inclusive=True).filter(depth__gt=2).live().order_by("depth")
    return [
        {"title": page.title, "url": page.get_url(request)} for page in above.specific(defer=True)
    ]
