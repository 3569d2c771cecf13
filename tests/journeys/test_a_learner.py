"""Journey (a): a learner finishes a lesson; record and standing follow in the same request."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from competencies.models import Competency, Evidence
from learning.models import Enrolment, LessonProgress, StepAnswer
from lrs.queries import statements_after
from records.models import RecordEntry
from tests.committing import CommittingClient
from tests.factories.competencies import (
    FrameworkFactory,
    RequirementFactory,
    RoleAssignmentFactory,
    RoleFactory,
)
from tests.factories.learning import CHECK_ID, REFLECTION_ID, lessons_of, make_course
from tests.factories.organisations import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(client: Client) -> dict[str, Any]:
    framework = FrameworkFactory(is_shared=True)
    competency = Competency.objects.get(framework=framework, versions__code="F1.1")
    level = framework.levels.get(key="essential")
    course = make_course(lessons=2, shows=(competency, level))
    role = RoleFactory(framework=framework)
    RequirementFactory(role=role, competency=competency, level=level)
    person = PersonFactory()
    RoleAssignmentFactory(membership=MembershipFactory(person=person), role=role)
    client.force_login(person)
    return {"person": person, "course": course, "competency": competency, "level": level}


def test_a_learner_finishes_a_course_and_stands_where_it_says(
    client: Client, scene: dict[str, Any]
) -> None:
    first, second = lessons_of(scene["course"])
    assert client.get(first.url).status_code == 200

    client.post(reverse("learning:complete-lesson", args=[first.translation_key]))
    assert not Evidence.objects.exists()
    answer = client.post(
        reverse("learning:complete-lesson", args=[second.translation_key]), follow=True
    )

    assert "You have finished" in answer.content.decode()
    verbs = [
        one.payload["verb"]["id"].rsplit("/", 1)[1]
        for one in statements_after("", limit=50).statements
    ]
    assert verbs == ["registered", "completed", "completed", "completed"]
    evidence = Evidence.objects.get()
    assert (evidence.person, evidence.competency, evidence.level) == (
        scene["person"],
        scene["competency"],
        scene["level"],
    )
    assert evidence.source_organisation is None
    assert RecordEntry.objects.filter(person=scene["person"]).count() == 4
    page = client.get(reverse("learning:me")).content.decode()
    assert "1 of 1 essential competencies are at the level needed" in page
    assert (
        client.get(reverse("learning:reasons", args=[scene["competency"].uuid])).status_code == 200
    )


def test_finishing_twice_changes_nothing(client: Client, scene: dict[str, Any]) -> None:
    first, _second = lessons_of(scene["course"])
    address = reverse("learning:complete-lesson", args=[first.translation_key])

    client.post(address)
    client.post(address)

    assert LessonProgress.objects.count() == 1
    assert Enrolment.objects.count() == 1
    assert len(statements_after("", limit=50).statements) == 2


def test_answers_are_kept_and_come_back_on_another_device(
    client: Client, scene: dict[str, Any]
) -> None:
    lesson = lessons_of(scene["course"])[0]
    key = lesson.translation_key

    wrong = client.post(
        reverse("learning:answer-step", args=[key, CHECK_ID]), {"chosen": ["0"]}, follow=True
    )
    client.post(
        reverse("learning:answer-step", args=[key, REFLECTION_ID]), {"text": "My neighbour"}
    )

    assert "Not alone." in wrong.content.decode()
    assert StepAnswer.objects.get(block_key=CHECK_ID).is_right is False
    other = CommittingClient()
    other.force_login(scene["person"])
    page = other.get(lesson.url).content.decode()
    assert "My neighbour" in page
    log = "".join(str(one.payload) for one in statements_after("", limit=50).statements)
    assert "My neighbour" not in log


def test_nothing_chosen_says_what_to_do_and_keeps_nothing(
    client: Client, scene: dict[str, Any]
) -> None:
    lesson = lessons_of(scene["course"])[0]

    answer = client.post(
        reverse("learning:answer-step", args=[lesson.translation_key, CHECK_ID]), {}
    )

    assert answer.status_code == 422
    assert "Choose an answer first" in answer.content.decode()
    assert not StepAnswer.objects.exists()


def test_one_progress_whichever_language_is_read(client: Client, scene: dict[str, Any]) -> None:
    lesson = lessons_of(scene["course"])[0]

    client.post(reverse("learning:complete-lesson", args=[lesson.translation_key]))
    client.post(f"/ar{reverse('learning:complete-lesson', args=[lesson.translation_key])}")

    assert LessonProgress.objects.count() == 1


def test_somebody_elses_course_is_not_there(client: Client, scene: dict[str, Any]) -> None:
    hidden = make_course(lessons=1, title="Inside", visibility="organisations")
    lesson = lessons_of(hidden)[0]

    assert client.get(lesson.url).status_code == 404
    assert client.get(hidden.url).status_code == 404
    answer = client.post(reverse("learning:complete-lesson", args=[lesson.translation_key]))
    assert answer.status_code == 404
    assert not LessonProgress.objects.exists()
