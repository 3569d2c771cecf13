"""A quiz in a lesson's body."""

import json
import uuid

import pytest
from django.test import Client

from cms.rules.starter_files import UnreadableStarterFile, read_starter_file
from cms.services import stream_data
from learning.importers.starter import _quiz
from learning.models import LessonPage
from tests.factories.assessments import QuizFactory
from tests.factories.learning import make_course
from tests.factories.organisations import PersonFactory

pytestmark = pytest.mark.django_db


def test_a_lesson_shows_its_quiz_and_the_way_back() -> None:
    quiz = QuizFactory(title="Looking back")
    course = make_course(lessons=1)
    lesson = LessonPage.objects.descendant_of(course).get()
    lesson.body = json.dumps([{"type": "quiz", "id": str(uuid.uuid4()), "value": quiz.pk}])
    lesson.save_revision().publish()
    client = Client()
    client.force_login(PersonFactory())

    page = client.get(lesson.url).content.decode()

    assert "Looking back" in page
    assert f'href="/learn/quizzes/{quiz.uuid}/?back={lesson.url}"' in page
    page = client.get(f"/learn/quizzes/{quiz.uuid}/", {"back": lesson.url}).content.decode()
    assert f'href="{lesson.url}"' in page


def test_a_file_names_a_quiz_by_its_key() -> None:
    said = read_starter_file("---\ntitle: A\n---\nText.\n\n::: quiz one-team\n:::\n", name="a.md")

    [text, quiz] = stream_data(
        blocks=said.blocks,
        namespace=uuid.uuid4(),
        image_for=lambda source, alt: pytest.fail("no picture"),
        quiz_for={"one-team": 7}.__getitem__,
    )

    assert (text["type"], quiz["type"], quiz["value"]) == ("text", "quiz", 7)


def test_a_quiz_that_is_not_there_is_said() -> None:
    with pytest.raises(UnreadableStarterFile, match="there is no quiz called two-teams"):
        _quiz("one-team/03", "two-teams")
    with pytest.raises(UnreadableStarterFile, match="needs an identity"):
        read_starter_file("---\ntitle: A\n---\n::: quiz\n:::\n", name="a.md")
