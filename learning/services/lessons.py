"""Opening a lesson and finishing it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from assessments.models import Quiz
from assessments.queries.quizzes import quizzes_to_pass
from learning.enums import LessonState
from learning.models import CoursePage, Enrolment, LessonPage, LessonProgress
from learning.queries import Outline, course_of, course_outline, lessons_with_quiz, quizzes_in
from learning.services.activities import activity_of
from learning.services.enrolments import enrol, settle_enrolment
from lrs import statements
from lrs.services import store_own_statements
from organisations.models import User
from organisations.queries import access_of


class QuizNotPassed(Exception):
    """The lesson holds a quiz that has to be passed first; ``quiz`` is that one."""

    def __init__(self, quiz: Quiz) -> None:
        self.quiz = quiz
        super().__init__(f"The quiz {quiz} has to be passed first")


class LessonLocked(Exception):
    """An earlier lesson of the course has to be finished first."""


@dataclass(frozen=True)
class Completion:
    """What finishing a lesson led to."""

    outline: Outline
    is_first_time: bool
    has_finished_course: bool


@transaction.atomic
def start_lesson(*, person: User, lesson: LessonPage, at: datetime, language: str) -> None:
    """Note that a learner has opened a lesson, so that they can go on here on another device.

    Raises: LessonLocked.
    Writes: Enrolment, LessonProgress, one statement the first time. Safe to repeat.
    """
    course = course_of(lesson)
    _refuse_if_locked(person, course, lesson)
    enrolment = enrol(person=person, course=course, at=at, language=language)
    _, is_new = _progress(person=person, lesson=lesson, course=course, at=at, language=language)
    if is_new:
        store_own_statements(
            statements=[
                statements.initialized(
                    person_uuid=person.uuid,
                    activity=activity_of(lesson),
                    parent=activity_of(course),
                    registration=enrolment.uuid,
                    timestamp=at,
                    language=language,
                )
            ],
        )


@transaction.atomic
def complete_lesson(*, person: User, lesson: LessonPage, at: datetime, language: str) -> Completion:
    """Finish a lesson, and with it the course if it was the last that was required.

    A lesson that holds a quiz is finished by passing it.

    Raises: LessonLocked, QuizNotPassed.
    Writes: Enrolment, LessonProgress, one statement for the lesson and one for the course when it
    is finished. Safe to repeat.
    """
    course = course_of(lesson)
    _refuse_if_locked(person, course, lesson)
    _refuse_before_quiz(person, lesson, at)
    enrolment = enrol(person=person, course=course, at=at, language=language)
    row, _ = _progress(person=person, lesson=lesson, course=course, at=at, language=language)
    is_first_time = row.state != LessonState.COMPLETED
    if is_first_time:
        row.state = LessonState.COMPLETED
        row.completed_at = at
        row.save(update_fields=["state", "completed_at"])
        store_own_statements(
            statements=[
                statements.completed(
                    person_uuid=person.uuid,
                    activity=activity_of(lesson),
                    parent=activity_of(course),
                    registration=enrolment.uuid,
                    timestamp=at,
                    language=language,
                )
            ],
        )
    outline = course_outline(viewer=person, course=course)
    has_finished = settle_enrolment(
        person=person, outline=outline, enrolment=enrolment, at=at, language=language
    )
    return Completion(
        outline=outline, is_first_time=is_first_time, has_finished_course=has_finished
    )


@transaction.atomic
def complete_lessons_with_quiz(
    *, person: User, quiz_uuid: UUID, at: datetime, language: str
) -> list[Completion]:
    """Finish the lessons that asked for a quiz which has now been passed.

    Only lessons of courses that the person takes, that are open, and that ask for no other quiz.

    Writes: as complete_lesson. Safe to repeat.
    """
    taken = set(
        Enrolment.objects.filter(person=person, left_at__isnull=True).values_list(
            "course_key", flat=True
        )
    )
    done = []
    for lesson in lessons_with_quiz(viewer=person, quiz_uuid=quiz_uuid, language=language):
        if course_of(lesson).translation_key not in taken:
            continue
        try:
            done.append(complete_lesson(person=person, lesson=lesson, at=at, language=language))
        except (LessonLocked, QuizNotPassed):
            continue
    return done


def _refuse_before_quiz(person: User, lesson: LessonPage, at: datetime) -> None:
    quizzes = quizzes_in(lesson)
    if (
        not quizzes
        or LessonProgress.objects.filter(
            person=person, lesson_key=lesson.translation_key, state=LessonState.COMPLETED
        ).exists()
    ):
        return
    left = quizzes_to_pass(viewer=access_of(person, on=timezone.localdate(at)), quizzes=quizzes)
    if left:
        raise QuizNotPassed(left[0])


def _refuse_if_locked(person: User, course: CoursePage, lesson: LessonPage) -> None:
    if not course.is_in_order:
        return
    line = course_outline(viewer=person, course=course).line(lesson.translation_key)
    if line is not None and not line.is_open:
        raise LessonLocked


def _progress(
    *, person: User, lesson: LessonPage, course: CoursePage, at: datetime, language: str
) -> tuple[LessonProgress, bool]:
    row, is_new = LessonProgress.objects.select_for_update().get_or_create(
        person=person,
        lesson_key=lesson.translation_key,
        defaults={
            "course_key": course.translation_key,
            "started_at": at,
            "seen_at": at,
            "language": language,
        },
    )
    if not is_new:
        row.seen_at, row.language = at, language
        row.save(update_fields=["seen_at", "language"])
    return row, is_new
