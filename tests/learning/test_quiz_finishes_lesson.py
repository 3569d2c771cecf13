"""A lesson that holds a quiz is finished by passing it."""

import json
import random
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Attempt, Quiz
from assessments.services import save_answers, start_attempt, submit_attempt
from learning.models import Enrolment, LessonPage, LessonProgress
from learning.services import (
    QuizNotPassed,
    complete_lesson,
    complete_lessons_with_quiz,
    enrol,
    start_lesson,
)
from organisations.models import User
from tests.committing import CommittingClient
from tests.factories.assessments import QuizFactory
from tests.factories.learning import lessons_of, make_course
from tests.factories.organisations import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> CommittingClient:
    return CommittingClient()


@pytest.fixture
def scene(client: Client) -> dict[str, Any]:
    quiz = QuizFactory(title="Looking back", pass_percent=80)
    course = make_course(lessons=2)
    lesson = lessons_of(course)[1]
    lesson.body = json.dumps([{"type": "quiz", "id": str(uuid.uuid4()), "value": quiz.pk}])
    lesson.save_revision().publish()
    person = PersonFactory()
    client.force_login(person)
    return {
        "quiz": quiz,
        "course": course,
        "lesson": LessonPage.objects.get(pk=lesson.pk),
        "person": person,
    }


def sit(person: User, quiz: Quiz, *, rightly: bool) -> Attempt:
    now = timezone.now()
    attempt = start_attempt(person=person, quiz=quiz, at=now, source=random.Random(1))
    chosen = {
        answer.position: [
            choice["uuid"]
            for choice in answer.version.content["choices"]
            if choice["is_right"] is rightly
        ][: None if rightly else 1]
        for answer in attempt.answers.select_related("version")
    }
    save_answers(attempt=attempt, chosen=chosen, at=now)
    return submit_attempt(attempt=attempt, at=now, language="en")


def test_finishing_waits_for_the_quiz(client: Client, scene: dict[str, Any]) -> None:
    lesson = scene["lesson"]
    page = client.get(lesson.url).content.decode()
    assert "Finish this lesson" not in page
    assert "Passing the quiz finishes this lesson" in page

    answer = client.post(reverse("learning:complete-lesson", args=[lesson.translation_key]))

    assert answer.url.endswith(f"#quiz-{scene['quiz'].uuid}")
    assert not LessonProgress.objects.exists()
    with pytest.raises(QuizNotPassed):
        complete_lesson(person=scene["person"], lesson=lesson, at=timezone.now(), language="en")


def test_passing_finishes_the_lesson_of_a_course_one_takes(
    scene: dict[str, Any], django_capture_on_commit_callbacks: Any
) -> None:
    person, lesson = scene["person"], scene["lesson"]
    start_lesson(person=person, lesson=lesson, at=timezone.now(), language="en")

    with django_capture_on_commit_callbacks(execute=True):
        sit(person, scene["quiz"], rightly=False)
    assert LessonProgress.objects.get().state == "started"
    with django_capture_on_commit_callbacks(execute=True):
        sit(person, scene["quiz"], rightly=True)

    assert LessonProgress.objects.get().state == "completed"
    complete_lesson(
        person=person, lesson=lessons_of(scene["course"])[0], at=timezone.now(), language="en"
    )
    assert Enrolment.objects.get().finished_at is not None


def test_passing_enrols_nobody_who_has_not_begun_the_course(
    scene: dict[str, Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sit(scene["person"], scene["quiz"], rightly=True)
    assert not Enrolment.objects.exists()

    enrol(person=scene["person"], course=scene["course"], at=timezone.now(), language="en")
    done = complete_lessons_with_quiz(
        person=scene["person"], quiz_uuid=scene["quiz"].uuid, at=timezone.now(), language="en"
    )

    assert [one.is_first_time for one in done] == [True]


def test_a_quiz_taken_back_by_its_educator_is_not_waited_for(scene: dict[str, Any]) -> None:
    Quiz.objects.update(is_published=False)

    done = complete_lesson(
        person=scene["person"], lesson=scene["lesson"], at=timezone.now(), language="en"
    )

    assert done.is_first_time
