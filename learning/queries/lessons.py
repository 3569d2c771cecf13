"""A lesson as one learner sees it: its blocks, and what they answered."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Page, ReferenceIndex

from assessments.models import Quiz
from assessments.queries.quizzes import QuizLine, quiz_lines, quizzes_to_pass
from learning.models import (
    CoursePage,
    LessonPage,
    StepAnswer,
)
from learning.queries.access import Viewer, course_of, lesson_by_key
from learning.queries.outlines import LessonLine, Outline, course_outline
from organisations.queries import access_of


def quizzes_in(lesson: LessonPage) -> list[Quiz]:
    """Return the quizzes that a lesson's body holds. At most one query."""
    return [block.value for block in lesson.body if block.block_type == "quiz" and block.value]


def lessons_with_quiz(*, viewer: Viewer, quiz_uuid: UUID, language: str) -> list[LessonPage]:
    """Return the live lessons that hold a quiz, each once, in this language where it is there.

    Wagtail's reference index says which pages hold it.
    """
    quiz = Quiz.objects.filter(uuid=quiz_uuid).first()
    if quiz is None:
        return []
    ids = ReferenceIndex.get_references_to(quiz).values_list("object_id", flat=True)
    keys = (
        LessonPage.objects.live()
        .filter(pk__in=[int(one) for one in set(ids) if one.isdigit()])
        .values_list("translation_key", flat=True)
        .distinct()
    )
    lessons = [lesson_by_key(viewer=viewer, key=key, language=language) for key in sorted(keys)]
    return [lesson for lesson in lessons if lesson is not None and quiz in quizzes_in(lesson)]


def quizzes_of_course(*, viewer: Viewer, outline: Outline, language: str) -> list[QuizLine]:
    """Return the quizzes that a course's lessons hold and that the viewer may take.

    At most four queries, and what `access_of` asks; one where no lesson holds a quiz.
    """
    if not viewer.is_authenticated:
        return []
    quiz_ids = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(Quiz),
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id__in=[str(line.page.pk) for line in outline.lessons],
    ).values_list("to_object_id", flat=True)
    ids = {int(one) for one in quiz_ids}
    if not ids:
        return []
    access = access_of(viewer, on=timezone.localdate())
    return quiz_lines(viewer=access, quiz_ids=ids, language=language)


def answers_for(*, viewer: Viewer, lesson_key: UUID) -> dict[str, StepAnswer]:
    """Return the person's own answers in a lesson, by block."""
    if not viewer.is_authenticated:
        return {}
    return {
        row.block_key: row
        for row in StepAnswer.objects.filter(person=viewer, lesson_key=lesson_key)
    }


@dataclass(frozen=True)
class OptionView:
    """An answer to choose, as one learner sees it."""

    place: int
    text: str
    is_right: bool
    feedback: str
    is_chosen: bool


@dataclass(frozen=True)
class BlockView:
    """A block of a lesson's body, with what the learner answered if it asks for something."""

    block: Any
    answer: StepAnswer | None = None
    options: tuple[OptionView, ...] = ()

    @property
    def kind(self) -> str:
        return str(self.block.block_type)

    @property
    def key(self) -> str:
        return str(self.block.id)

    @property
    def takes_several(self) -> bool:
        return sum(option.is_right for option in self.options) > 1

    @property
    def feedback(self) -> list[OptionView]:
        """What to say: about each answer that was chosen."""
        return [option for option in self.options if option.is_chosen]


@dataclass(frozen=True)
class LessonView:
    """A lesson as one learner sees it: its place in the course, and its blocks with answers."""

    course: CoursePage
    outline: Outline
    line: LessonLine | None
    place: int
    previous: LessonLine | None
    following: LessonLine | None
    blocks: tuple[BlockView, ...]
    shown: tuple[Any, ...]
    to_pass: tuple[Quiz, ...] = ()

    @property
    def steps_to_do(self) -> int:
        return sum(1 for block in self.blocks if block.options or block.kind == "reflection")

    @property
    def steps_done(self) -> int:
        return sum(1 for block in self.blocks if block.answer is not None)


def lesson_view(*, viewer: Viewer, lesson: LessonPage) -> LessonView:
    """Return a lesson as the viewer sees it. A fixed number of queries."""
    course = course_of(lesson)
    outline = course_outline(viewer=viewer, course=course)
    lines = outline.lessons
    place = next((at for at, line in enumerate(lines) if line.key == lesson.translation_key), None)
    answers = answers_for(viewer=viewer, lesson_key=lesson.translation_key)
    return LessonView(
        course=course,
        outline=outline,
        line=None if place is None else lines[place],
        place=0 if place is None else place + 1,
        previous=lines[place - 1] if place else None,
        following=lines[place + 1] if place is not None and place + 1 < len(lines) else None,
        blocks=tuple(_block_view(block, answers.get(str(block.id))) for block in lesson.body),
        shown=tuple(
            lesson.in_source_language.competencies_shown.select_related("competency", "level")
        ),
        to_pass=_to_pass(viewer, lesson, lines, place),
    )


def _to_pass(
    viewer: Viewer, lesson: LessonPage, lines: list[LessonLine], place: int | None
) -> tuple[Quiz, ...]:
    quizzes = quizzes_in(lesson)
    if not quizzes or not viewer.is_authenticated or (place is not None and lines[place].is_done):
        return ()
    access = access_of(viewer, on=timezone.localdate())
    return tuple(quizzes_to_pass(viewer=access, quizzes=quizzes))


def _block_view(block: Any, answer: StepAnswer | None) -> BlockView:
    if block.block_type != "check":
        return BlockView(block=block, answer=answer)
    chosen = set(answer.answer.get("chosen", ())) if answer else set()
    return BlockView(
        block=block,
        answer=answer,
        options=tuple(
            OptionView(
                place=place,
                text=option["text"],
                is_right=bool(option["is_right"]),
                feedback=option["feedback"],
                is_chosen=place in chosen,
            )
            for place, option in enumerate(block.value["options"])
        ),
    )
