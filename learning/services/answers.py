"""Answering the questions of a lesson."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from learning.enums import StepKind
from learning.models import Enrolment, LessonPage, StepAnswer
from learning.queries import course_of
from learning.rules.answers import is_right
from learning.services.activities import activity_of
from learning.services.lessons import start_lesson
from lrs import statements
from lrs.services import store_own_statements
from organisations.models import User

MOST_WORDS_IN_REFLECTION = 5000


class NoSuchStep(Exception):
    """The lesson has no step with that identity, or of that kind."""


class AnswerMissing(Exception):
    """Nothing was written."""


class AnswerTooLong(Exception):
    """More was written than is kept."""


@transaction.atomic
def answer_check(
    *,
    person: User,
    lesson: LessonPage,
    block_key: str,
    chosen: Sequence[int],
    at: datetime,
    language: str,
) -> StepAnswer:
    """Keep what a learner chose in a knowledge check, and whether it is right.

    Raises: LessonLocked, NoSuchStep, and NoAnswerChosen or NoSuchOption of `learning.rules.answers`.
    Writes: StepAnswer (the latest answer, and how many tries), LessonProgress, one statement.
    """
    block = _block(lesson, block_key, StepKind.CHECK)
    verdict = is_right(chosen=chosen, right=[option["is_right"] for option in block["options"]])
    return _keep_answer(
        person=person,
        lesson=lesson,
        block_key=block_key,
        kind=StepKind.CHECK,
        answer={"chosen": sorted(set(chosen))},
        verdict=verdict,
        at=at,
        language=language,
    )


@transaction.atomic
def answer_reflection(
    *, person: User, lesson: LessonPage, block_key: str, text: str, at: datetime, language: str
) -> StepAnswer:
    """Keep a learner's own words; nobody else sees them, and the statement does not hold them.

    Raises: LessonLocked, NoSuchStep, AnswerMissing, AnswerTooLong.
    Writes: StepAnswer, LessonProgress, one statement.
    """
    _block(lesson, block_key, StepKind.REFLECTION)
    words = text.replace("\x00", "").strip()
    if not words:
        raise AnswerMissing
    if len(words.split()) > MOST_WORDS_IN_REFLECTION or len(words) > 40_000:
        raise AnswerTooLong
    return _keep_answer(
        person=person,
        lesson=lesson,
        block_key=block_key,
        kind=StepKind.REFLECTION,
        answer={"text": words},
        verdict=None,
        at=at,
        language=language,
    )


def _keep_answer(
    *,
    person: User,
    lesson: LessonPage,
    block_key: str,
    kind: StepKind,
    answer: dict[str, object],
    verdict: bool | None,
    at: datetime,
    language: str,
) -> StepAnswer:
    start_lesson(person=person, lesson=lesson, at=at, language=language)
    row, is_new = StepAnswer.objects.select_for_update().get_or_create(
        person=person,
        lesson_key=lesson.translation_key,
        block_key=block_key,
        defaults={"kind": kind, "answer": answer, "is_right": verdict, "answered_at": at},
    )
    if not is_new:
        row.answer, row.is_right, row.answered_at = answer, verdict, at
        row.tries = min(row.tries + 1, 32_000)
        row.save(update_fields=["answer", "is_right", "answered_at", "tries"])
    course = course_of(lesson)
    enrolment = Enrolment.objects.get(person=person, course_key=course.translation_key)
    store_own_statements(
        statements=[
            statements.answered(
                person_uuid=person.uuid,
                activity=statements.Activity(
                    iri=f"{lesson.activity_iri}/steps/{block_key}",
                    kind="question" if kind == StepKind.CHECK else "reflection",
                    name={lesson.locale.language_code: lesson.title},
                ),
                parent=activity_of(lesson),
                registration=enrolment.uuid,
                success=verdict,
                timestamp=at,
                language=language,
            )
        ],
        received_at=at,
    )
    return row


def _block(lesson: LessonPage, block_key: str, kind: StepKind) -> dict[str, Any]:
    for block in lesson.body:
        if block.id == block_key and block.block_type == kind:
            return block.value
    raise NoSuchStep(block_key)
