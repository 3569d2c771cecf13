"""What a learner can do with a course, and what publishing one brings about."""

from learning.services.activities import activity_of
from learning.services.answers import (
    MOST_WORDS_IN_REFLECTION,
    AnswerMissing,
    AnswerTooLong,
    NoSuchStep,
    answer_check,
    answer_reflection,
)
from learning.services.enrolments import (
    enrol,
    leave_course,
    settle_all_courses,
    settle_course,
    settle_enrolment,
)
from learning.services.lessons import (
    Completion,
    LessonLocked,
    QuizNotPassed,
    complete_lesson,
    complete_lessons_with_quiz,
    start_lesson,
)
from learning.services.people import erase_learning, merge_learning
from learning.services.publishing import is_in_course, sync_competency_mappings

__all__ = [
    "MOST_WORDS_IN_REFLECTION",
    "AnswerMissing",
    "AnswerTooLong",
    "Completion",
    "LessonLocked",
    "NoSuchStep",
    "QuizNotPassed",
    "activity_of",
    "answer_check",
    "answer_reflection",
    "complete_lesson",
    "complete_lessons_with_quiz",
    "enrol",
    "erase_learning",
    "is_in_course",
    "leave_course",
    "merge_learning",
    "settle_all_courses",
    "settle_course",
    "settle_enrolment",
    "start_lesson",
    "sync_competency_mappings",
]
