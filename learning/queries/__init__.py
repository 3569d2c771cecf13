"""Questions about courses and a learner's way through them."""

from learning.queries.access import (
    SOURCE_LANGUAGE,
    Viewer,
    course_of,
    courses_for_activities,
    courses_open_to,
    in_language,
    language_pages,
    lesson_by_key,
    may_see_page,
    source_locale,
)
from learning.queries.lessons import (
    BlockView,
    LessonView,
    OptionView,
    answers_for,
    lesson_view,
    lessons_with_quiz,
    quizzes_in,
)
from learning.queries.outlines import (
    LessonLine,
    ModuleLine,
    Outline,
    course_list,
    course_outline,
    my_courses,
    outlines,
)
from learning.queries.showing import NextThing, ShownLine, shown_lines, what_next

__all__ = [
    "SOURCE_LANGUAGE",
    "BlockView",
    "LessonLine",
    "LessonView",
    "ModuleLine",
    "NextThing",
    "OptionView",
    "Outline",
    "ShownLine",
    "Viewer",
    "answers_for",
    "course_list",
    "course_of",
    "course_outline",
    "courses_for_activities",
    "courses_open_to",
    "in_language",
    "language_pages",
    "lesson_by_key",
    "lesson_view",
    "lessons_with_quiz",
    "may_see_page",
    "my_courses",
    "outlines",
    "quizzes_in",
    "shown_lines",
    "source_locale",
    "what_next",
]
