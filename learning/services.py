"""What a learner can do with a course, and what publishing one brings about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Count
from wagtail.models import Page

from competencies.services import ShownCompetency, set_activity_mappings
from learning.enums import LessonState, StepKind
from learning.models import CoursePage, Enrolment, LessonPage, LessonProgress, StepAnswer
from learning.queries import Outline, course_of, course_outline
from learning.rules.answers import is_right
from learning.signals import course_finished
from lrs import statements
from lrs.services import store_own_statements
from organisations.models import Organisation, User

MOST_WORDS_IN_REFLECTION = 5000


class LessonLocked(Exception):
    """An earlier lesson of the course has to be finished first."""


class NoSuchStep(Exception):
    """The lesson has no step with that identity, or of that kind."""


class AnswerMissing(Exception):
    """Nothing was written."""


class AnswerTooLong(Exception):
    """More was written than is kept."""


@dataclass(frozen=True)
class Completion:
    """What finishing a lesson led to."""

    outline: Outline
    is_first_time: bool
    has_finished_course: bool


@transaction.atomic
def enrol(
    *,
    person: User,
    course: CoursePage,
    at: datetime,
    language: str,
    employer: Organisation | None = None,
) -> Enrolment:
    """Enrol a person in a course, or take them back who had left.

    Writes: Enrolment, one statement the first time. Safe to repeat.
    """
    row, is_new = Enrolment.objects.get_or_create(
        person=person,
        course_key=course.translation_key,
        defaults={"started_at": at, "employer": employer},
    )
    if row.left_at is not None:
        row.left_at = None
        row.save(update_fields=["left_at"])
    if is_new:
        store_own_statements(
            statements=[
                statements.registered(
                    person_uuid=person.uuid,
                    activity=activity_of(course),
                    registration=row.uuid,
                    timestamp=at,
                    language=language,
                )
            ],
        )
    return row


@transaction.atomic
def leave_course(*, person: User, course_key: UUID, at: datetime) -> None:
    """Take a course off the person's list; what they did stays.

    Writes: Enrolment.left_at. Safe to repeat.
    """
    Enrolment.objects.filter(person=person, course_key=course_key, left_at__isnull=True).update(
        left_at=at
    )


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

    Raises: LessonLocked.
    Writes: Enrolment, LessonProgress, one statement for the lesson and one for the course when it
    is finished. Safe to repeat.
    """
    course = course_of(lesson)
    _refuse_if_locked(person, course, lesson)
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
def settle_enrolment(
    *, person: User, outline: Outline, enrolment: Enrolment, at: datetime, language: str
) -> bool:
    """Mark a course finished when all that it requires now is done; return whether it just was.

    Writes: Enrolment.finished_at, one statement. Safe to repeat.
    """
    if enrolment.finished_at is not None or not outline.progress.is_finished:
        return False
    enrolment.finished_at = at
    enrolment.save(update_fields=["finished_at"])
    store_own_statements(
        statements=[
            statements.completed(
                person_uuid=person.uuid,
                activity=activity_of(outline.course),
                registration=enrolment.uuid,
                timestamp=at,
                language=language,
            )
        ],
        received_at=at,
    )
    transaction.on_commit(
        partial(
            course_finished.send_robust,
            sender=Enrolment,
            person_id=person.pk,
            course_key=outline.course.translation_key,
        )
    )
    return True


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


def _block(lesson: LessonPage, block_key: str, kind: StepKind) -> dict[str, object]:
    for block in lesson.body:
        if block.id == block_key and block.block_type == kind:
            return block.value
    raise NoSuchStep(block_key)


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


def activity_of(page: Page) -> "statements.Activity":
    """Return the xAPI activity that a course, module or lesson is, in every language."""
    return statements.Activity(
        iri=page.activity_iri,
        kind=page.activity_kind,
        name={page.locale.language_code: page.title},
    )


def sync_competency_mappings(*, page: CoursePage | LessonPage, at: datetime) -> int:
    """Make what a published page says it shows what its activity is evidence of.

    Translations share the source's activity and say nothing of their own. Returns how many
    mappings changed.

    Writes: ActivityMapping. Safe to repeat.
    """
    if page.locale.language_code != "en" and page.get_translations().exists():
        return 0
    shown = [
        ShownCompetency(competency=row.competency, level=row.level, counts_past=row.counts_past)
        for row in page.competencies_shown.select_related("competency", "level")
    ]
    return set_activity_mappings(activity_iri=page.activity_iri, shown=shown, at=at)


def is_in_course(page: Page) -> bool:
    """Return whether a module or lesson is in a course."""
    paths = [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]
    return CoursePage.objects.filter(path__in=paths).exists()


def settle_course(*, course_key: UUID, at: datetime) -> int:
    """Finish a course for everyone who has done all that it requires now; return how many.

    Publishing can make a course shorter: who had done the rest has finished it.

    Writes: Enrolment.finished_at, a statement each. Safe to repeat.
    """
    course = (
        CoursePage.objects.live()
        .filter(translation_key=course_key, locale__language_code="en")
        .select_related("locale")
        .first()
    )
    if course is None:
        return 0
    required = [
        step.key
        for step in course_outline(viewer=AnonymousUser(), course=course).steps
        if step.is_required
    ]
    if not required:
        return 0
    done = (
        LessonProgress.objects.filter(lesson_key__in=required, state=LessonState.COMPLETED)
        .values("person")
        .annotate(count=Count("pk"))
        .filter(count=len(required))
        .values("person")
    )
    finished = 0
    waiting = Enrolment.objects.filter(
        course_key=course_key, finished_at__isnull=True, person__in=done
    ).select_related("person")
    for enrolment in waiting.order_by("pk").iterator(chunk_size=200):
        finished += settle_enrolment(
            person=enrolment.person,
            outline=course_outline(viewer=enrolment.person, course=course),
            enrolment=enrolment,
            at=at,
            language="en",
        )
    return finished


def settle_all_courses(*, at: datetime) -> int:
    """Settle every course; return how many people finished one.

    Writes: as settle_course. Safe to repeat.
    """
    keys = CoursePage.objects.live().values_list("translation_key", flat=True).distinct()
    return sum(settle_course(course_key=key, at=at) for key in keys)


@transaction.atomic
def erase_learning(*, person_id: int) -> None:
    """Take away everything that shows how a person got through courses.

    Writes: Enrolment, LessonProgress, StepAnswer. Safe to repeat.
    """
    for model in (Enrolment, LessonProgress, StepAnswer):
        model.objects.filter(person_id=person_id).delete()


@transaction.atomic
def merge_learning(*, kept: User, gone: User) -> None:
    """Give one person's way through courses to another; what both have, the further one stays.

    Writes: Enrolment, LessonProgress, StepAnswer. Safe to repeat.
    """
    has = set(Enrolment.objects.filter(person=kept).values_list("course_key", flat=True))
    Enrolment.objects.filter(person=gone).exclude(course_key__in=has).update(person=kept)
    completed = set(
        LessonProgress.objects.filter(person=kept, state=LessonState.COMPLETED).values_list(
            "lesson_key", flat=True
        )
    )
    better = LessonProgress.objects.filter(person=gone, state=LessonState.COMPLETED).exclude(
        lesson_key__in=completed
    )
    LessonProgress.objects.filter(person=kept, lesson_key__in=better.values("lesson_key")).delete()
    better.update(person=kept)
    has = set(LessonProgress.objects.filter(person=kept).values_list("lesson_key", flat=True))
    LessonProgress.objects.filter(person=gone).exclude(lesson_key__in=has).update(person=kept)
    answered = StepAnswer.objects.filter(person=kept)
    pairs = set(answered.values_list("lesson_key", "block_key"))
    for row in StepAnswer.objects.filter(person=gone).order_by("pk"):
        if (row.lesson_key, row.block_key) not in pairs:
            row.person = kept
            row.save(update_fields=["person"])
    erase_learning(person_id=gone.pk)
