"""Which quizzes someone may take, and where they are with one."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from assessments.models import Attempt, AttemptAnswer, Quiz, QuizQuestion
from assessments.models.attempts import AttemptQuerySet
from assessments.rules.wording import Wording, clean_html, wording
from cms.queries import Said, texts_for
from organisations.permissions import Access


@dataclass(frozen=True)
class QuizOverview:
    """A quiz as one person finds it: what it asks for, and how their tries went."""

    quiz: Quiz
    question_count: int
    open_attempt: Attempt | None
    marked: tuple[Attempt, ...]
    attempts_left: int | None

    @property
    def is_passed(self) -> bool:
        """Whether any try passed: a later one that does not takes nothing away."""
        return any(attempt.is_passed for attempt in self.marked)

    @property
    def can_start(self) -> bool:
        """Whether a new attempt may be started."""
        return (
            self.quiz.is_published
            and self.open_attempt is None
            and self.question_count > 0
            and self.attempts_left != 0
        )


@dataclass(frozen=True)
class AskedQuestion:
    """A question of an attempt in the reader's language, with what was chosen."""

    answer: AttemptAnswer
    wording: Wording

    @property
    def position(self) -> int:
        return self.answer.position

    @property
    def is_answered(self) -> bool:
        return bool(self.answer.chosen)

    @property
    def is_right(self) -> bool:
        """Whether every mark was earned."""
        return self.answer.share == 1

    @property
    def is_partly_right(self) -> bool:
        return self.answer.share is not None and 0 < self.answer.share < 1

    @property
    def chosen(self) -> frozenset[str]:
        return frozenset(self.answer.chosen)


@dataclass(frozen=True)
class QuizWords:
    """What a quiz says, in a language."""

    title: Said
    intro: Said


def quiz_words(*, quiz: Quiz, language: str) -> QuizWords:
    """Return what a quiz says, in a language. One query."""
    texts = texts_for(subject_uuids=[quiz.uuid], language=language)
    return QuizWords(
        title=texts.say(quiz.uuid, "title", quiz.title, original_language=quiz.language),
        intro=texts.say(
            quiz.uuid, "intro", clean_html(quiz.intro), original_language=quiz.language
        ),
    )


def quizzes_open_to(*, viewer: Access) -> QuerySet[Quiz]:
    """Return the published quizzes that the viewer may take: nobody who is not signed in."""
    if not viewer.is_signed_in:
        return Quiz.objects.none()
    return Quiz.objects.published().open_to_members_of(viewer.employer_ids | viewer.educator_ids)


def quizzes_shown_to(*, viewer: Access) -> QuerySet[Quiz]:
    """Return the quizzes that have a page for the viewer: those open, and those once tried."""
    if not viewer.is_signed_in:
        return Quiz.objects.none()
    tried = Attempt.objects.filter(person_id=viewer.person_id).values("quiz")
    return Quiz.objects.filter(pk__in=quizzes_open_to(viewer=viewer).values("pk")) | (
        Quiz.objects.filter(pk__in=tried)
    )


def quizzes_to_pass(*, viewer: Access, quizzes: Collection[Quiz]) -> list[Quiz]:
    """Return those of some quizzes that the viewer may take and has not passed yet. One query."""
    passed = Attempt.objects.filter(person_id=viewer.person_id, is_passed=True).values("quiz")
    return list(
        quizzes_open_to(viewer=viewer)
        .filter(pk__in=[quiz.pk for quiz in quizzes])
        .exclude(pk__in=passed)
        .order_by("pk")
    )


@dataclass(frozen=True)
class QuizLine:
    """A quiz in a list: what it is called, and where the viewer is with it."""

    quiz: Quiz
    title: Said
    is_passed: bool
    is_under_way: bool
    is_tried: bool


def quiz_lines(*, viewer: Access, quiz_ids: Collection[int], language: str) -> list[QuizLine]:
    """Return those of some quizzes that have a page for the viewer. At most three queries."""
    quizzes = list(quizzes_shown_to(viewer=viewer).filter(pk__in=quiz_ids).order_by("pk"))
    if not quizzes:
        return []
    texts = texts_for(subject_uuids=[quiz.uuid for quiz in quizzes], language=language)
    tries: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.filter(person_id=viewer.person_id, quiz__in=quizzes):
        tries[attempt.quiz_id].append(attempt)
    return [
        QuizLine(
            quiz=quiz,
            title=texts.say(quiz.uuid, "title", quiz.title, original_language=quiz.language),
            is_passed=any(one.is_passed for one in tries[quiz.pk]),
            is_under_way=any(one.submitted_at is None for one in tries[quiz.pk]),
            is_tried=bool(tries[quiz.pk]),
        )
        for quiz in quizzes
    ]


def attempts_of(*, viewer: Access) -> AttemptQuerySet:
    """Return the viewer's own attempts; nobody else's are anyone's to open."""
    return Attempt.objects.filter(person_id=viewer.person_id).select_related("quiz")


def quiz_overview(*, viewer: Access, quiz: Quiz) -> QuizOverview:
    """Return where the viewer is with a quiz. Two queries."""
    attempts = list(attempts_of(viewer=viewer).filter(quiz=quiz).order_by("-number"))
    return QuizOverview(
        quiz=quiz,
        question_count=QuizQuestion.objects.filter(quiz=quiz).aggregate(
            n=Count("question", distinct=True)
        )["n"],
        open_attempt=next((one for one in attempts if one.submitted_at is None), None),
        marked=tuple(one for one in attempts if one.submitted_at is not None),
        attempts_left=(
            None if quiz.max_attempts is None else max(0, quiz.max_attempts - len(attempts))
        ),
    )


def asked_questions(*, viewer: Access, attempt: Attempt, language: str) -> list[AskedQuestion]:
    """Return an attempt's questions in order, in a language. One query; none of another's."""
    rows = (
        AttemptAnswer.objects.filter(attempt=attempt, attempt__person_id=viewer.person_id)
        .select_related("version")
        .order_by("position")
    )
    return [
        AskedQuestion(
            answer=row,
            wording=wording(
                content=row.version.content, language=language, choice_order=row.choice_order
            ),
        )
        for row in rows
    ]
