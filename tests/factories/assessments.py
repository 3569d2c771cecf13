"""Questions, quizzes, attempts and ratings."""

import random
from datetime import UTC, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from assessments.enums import QuestionKind, RatingKind
from assessments.models import Attempt, Choice, Question, Quiz, QuizQuestion, Rating
from assessments.services.attempts import save_answers, start_attempt, submit_attempt
from organisations.models import User
from tests.factories.organisations import PersonFactory

AT = datetime(2026, 2, 2, 10, tzinfo=UTC)


class ChoiceFactory(DjangoModelFactory[Choice]):
    class Meta:
        model = Choice

    text = factory.Sequence(lambda number: f"Answer {number}")
    is_right = False
    feedback = factory.LazyAttribute(lambda choice: f"Why {choice.text.lower()}.")
    sort_order = factory.Sequence(lambda number: number)


class QuestionFactory(DjangoModelFactory[Question]):
    """One right answer and two others; ``several=True`` has two right and two others."""

    class Meta:
        model = Question
        skip_postgeneration_save = True

    class Params:
        several = factory.Trait(kind=QuestionKind.MULTIPLE)
        retired = factory.Trait(is_retired=True)

    text = factory.Sequence(lambda number: f"<p>What would you do first, number {number}?</p>")

    @factory.post_generation
    def choices(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        if not create or extracted is False:
            return
        rights = [True, True] if self.kind == QuestionKind.MULTIPLE else [True]
        for is_right in [*rights, False, False]:
            ChoiceFactory(question=self, is_right=is_right)


class QuizFactory(DjangoModelFactory[Quiz]):
    """Published, with two questions in a fixed order; ``questions=0`` for none."""

    class Meta:
        model = Quiz
        skip_postgeneration_save = True

    title = factory.Sequence(lambda number: f"Quiz {number}")
    intro = "<p>A few questions.</p>"
    pass_percent = 70
    shuffle = False
    is_published = True

    @factory.post_generation
    def questions(self, create: bool, extracted: int | None, **kwargs: Any) -> None:
        if not create:
            return
        for place in range(2 if extracted is None else extracted):
            QuizQuestion.objects.create(
                quiz=self, question=QuestionFactory(**kwargs), marks=1, sort_order=place
            )


class RatingFactory(DjangoModelFactory[Rating]):
    """The person's own view, at the first level of the competency's framework."""

    class Meta:
        model = Rating

    class Params:
        withdrawn = factory.Trait(withdrawn_at=AT)

    person = factory.SubFactory(PersonFactory)
    rater = factory.LazyAttribute(
        lambda rating: rating.person if rating.kind == RatingKind.SELF else PersonFactory()
    )
    kind = RatingKind.SELF
    item = factory.SubFactory("tests.factories.competencies.ItemFactory")
    competency = factory.LazyAttribute(lambda rating: rating.item.competency)
    level = factory.LazyAttribute(
        lambda rating: rating.competency.framework.levels.order_by("rank").first()
    )
    rated_at = AT


def started(*, person: User, quiz: Quiz, at: datetime = AT) -> Attempt:
    """An open attempt, its answers in the quiz's own order."""
    return start_attempt(person=person, quiz=quiz, at=at, source=random.Random(1))


def answers_of(attempt: Attempt, *, right: bool) -> dict[int, list[str]]:
    """For every position all right answers, or one that is not."""
    chosen = {}
    for answer in attempt.answers.select_related("version").order_by("position"):
        choices = answer.version.content["choices"]
        fitting = [choice["uuid"] for choice in choices if choice["is_right"] == right]
        chosen[answer.position] = fitting if right else fitting[:1]
    return chosen


def tried(*, person: User, quiz: Quiz, right: bool = True, at: datetime = AT) -> Attempt:
    """A marked attempt with everything right, or everything else."""
    attempt = started(person=person, quiz=quiz, at=at)
    save_answers(attempt=attempt, chosen=answers_of(attempt, right=right), at=at)
    return submit_attempt(attempt=attempt, at=at, language="en")
