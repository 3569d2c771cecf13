"""Trying a quiz: start, save as one goes, hand in."""

import random
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial

from django.db import transaction

from assessments.models import Attempt, AttemptAnswer, QuestionVersion, Quiz, QuizQuestion
from assessments.rules.scoring import result, share_earned
from assessments.rules.wording import wording
from assessments.services.sending import send_attempt
from assessments.services.versions import keep_versions
from assessments.signals import attempt_marked
from organisations.models import User


class QuizNotOpen(ValueError):
    """The quiz is not published, or has no question that can be marked."""


class AttemptsUsedUp(ValueError):
    """The person has tried as often as the quiz allows."""


class AttemptAlreadyMarked(ValueError):
    """The attempt was handed in; its answers no longer change."""


class NotAnAnswer(ValueError):
    """What was chosen is not among the answers, or is more than may be chosen."""


class Unanswered(ValueError):
    """Some questions have no answer yet; ``positions`` says which, from 1."""

    def __init__(self, positions: Collection[int]) -> None:
        self.positions = sorted(positions)
        super().__init__(f"Not answered yet: {self.positions}")


@transaction.atomic
def start_attempt(*, person: User, quiz: Quiz, at: datetime, source: random.Random) -> Attempt:
    """Return the attempt that the person has open, or start the next one.

    What is asked, in which order, is fixed now: later edits of the quiz or of its questions do not
    reach an attempt that has started.

    Args:
        person: who tries.
        quiz: one that this person may see.
        at: now.
        source: of the random order, used when the quiz shuffles.

    Raises:
        QuizNotOpen: not published, or without a question that can be marked.
        AttemptsUsedUp: no attempts left.

    Writes: Attempt, AttemptAnswer, perhaps QuestionVersion. Safe to repeat.
    """
    User.objects.select_for_update().get(pk=person.pk)
    mine = list(Attempt.objects.filter(person=person, quiz=quiz).order_by("number"))
    if mine and mine[-1].submitted_at is None:
        return mine[-1]
    if not quiz.is_published:
        raise QuizNotOpen
    if quiz.max_attempts is not None and len(mine) >= quiz.max_attempts:
        raise AttemptsUsedUp
    placed = QuizQuestion.objects.filter(quiz=quiz).order_by("-sort_order", "-pk")
    marks = {row.question_id: row.marks for row in placed}
    order = list(reversed(marks))
    versions = keep_versions(question_ids=order, at=at)
    if not order or not all(_can_be_marked(version) for version in versions.values()):
        raise QuizNotOpen
    if quiz.shuffle:
        source.shuffle(order)
    attempt = Attempt.objects.create(
        person=person,
        quiz=quiz,
        number=mine[-1].number + 1 if mine else 1,
        pass_percent=quiz.pass_percent,
        started_at=at,
    )
    AttemptAnswer.objects.bulk_create(
        AttemptAnswer(
            attempt=attempt,
            version=versions[pk],
            position=position,
            marks=marks[pk],
            choice_order=_choice_order(versions[pk], source if quiz.shuffle else None),
        )
        for position, pk in enumerate(order, start=1)
    )
    return attempt


@transaction.atomic
def save_answers(*, attempt: Attempt, chosen: Mapping[int, Collection[str]], at: datetime) -> None:
    """Save what was chosen, by the question's position, to be changed until handed in.

    Nothing chosen takes an answer away.

    Raises:
        AttemptAlreadyMarked: it was handed in.
        NotAnAnswer: not one of the answers, or several where one may be chosen; nothing is saved.

    Writes: AttemptAnswer. Safe to repeat.
    """
    if _locked(attempt).submitted_at is not None:
        raise AttemptAlreadyMarked
    answers = {
        row.position: row
        for row in attempt.answers.filter(position__in=chosen).select_related("version")
    }
    for position, uuids in chosen.items():
        if position not in answers:
            raise NotAnAnswer
        answers[position].chosen = _checked(answers[position], uuids)
        answers[position].saved_at = at
    AttemptAnswer.objects.bulk_update(answers.values(), ["chosen", "saved_at"])


@transaction.atomic
def submit_attempt(*, attempt: Attempt, at: datetime, language: str) -> Attempt:
    """Mark what was saved, say so in statements, and return the marked attempt.

    An attempt that was handed in before is returned as it was marked then.

    Args:
        attempt: with its answers saved.
        at: now.
        language: in which the person read the questions.

    Raises:
        Unanswered: some questions have no answer; nothing is marked.

    Writes: Attempt, AttemptAnswer, a statement a question and one for the quiz; announces
    attempt_marked on commit. Safe to repeat.
    """
    attempt = _locked(attempt)
    if attempt.submitted_at is not None:
        return attempt
    answers = list(attempt.answers.select_related("version__question").order_by("position"))
    open_positions = [answer.position for answer in answers if not answer.chosen]
    if open_positions:
        raise Unanswered(open_positions)
    parts = []
    for answer in answers:
        asked = wording(content=answer.version.content, language="")
        share = share_earned(right=asked.right, wrong=asked.wrong, chosen=answer.chosen)
        parts.append((share, answer.marks))
        answer.share = float(share)
    marked = result(parts=parts, pass_percent=attempt.pass_percent)
    attempt.submitted_at = at
    attempt.score_percent = marked.percent
    attempt.is_passed = marked.is_passed
    AttemptAnswer.objects.bulk_update(answers, ["share"])
    attempt.save(update_fields=["submitted_at", "score_percent", "is_passed"])
    send_attempt(attempt=attempt, answers=answers, at=at, language=language)
    transaction.on_commit(
        partial(
            attempt_marked.send_robust,
            sender=Attempt,
            attempt_id=attempt.pk,
            person_id=attempt.person_id,
            quiz_uuid=attempt.quiz.uuid,
            is_passed=marked.is_passed,
            at=at,
            language=language,
        )
    )
    return attempt


def _locked(attempt: Attempt) -> Attempt:
    return (
        Attempt.objects.select_for_update(of=("self",))
        .select_related("quiz", "person")
        .get(pk=attempt.pk)
    )


def _can_be_marked(version: QuestionVersion) -> bool:
    asked = wording(content=version.content, language="")
    return bool(asked.right) and len(asked.options) > 1


def _choice_order(version: QuestionVersion, source: random.Random | None) -> list[str]:
    order = [choice["uuid"] for choice in version.content["choices"]]
    if source is not None:
        source.shuffle(order)
    return order


def _checked(answer: AttemptAnswer, uuids: Collection[str]) -> list[str]:
    asked = wording(content=answer.version.content, language="")
    wanted = set(uuids)
    if not wanted <= {option.uuid for option in asked.options}:
        raise NotAnAnswer
    if len(wanted) > 1 and not asked.takes_several:
        raise NotAnAnswer
    return [option.uuid for option in asked.options if option.uuid in wanted]
