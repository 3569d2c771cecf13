"""My record on paper, everything I did, and what finishing a course leads to."""

import json
import re
import uuid
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.blocks import StructBlockValidationError

from competencies.models import Competency
from learning.blocks import CheckBlock
from learning.models import CoursePage, LessonPage
from learning.services import complete_lesson
from organisations.models import User
from records.enums import EntryKind
from records.models import RecordEntry
from tests.factories.assessments import QuizFactory, tried
from tests.factories.competencies import (
    FrameworkFactory,
    RequirementFactory,
    RoleAssignmentFactory,
    RoleFactory,
)
from tests.factories.learning import lessons_of, make_course
from tests.factories.organisations import (
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def entry(person: User, year: int, **fields: object) -> RecordEntry:
    return RecordEntry.objects.create(
        person=person,
        statement_uuid=uuid.uuid4(),
        verb_iri="http://adlnet.gov/expapi/verbs/completed",
        activity_iri=f"https://example.org/{uuid.uuid4()}",
        occurred_at=datetime(year, 3, 1, tzinfo=UTC),
        **{"kind": EntryKind.COMPLETED, "activity_name": {"en": f"Of {year}"}} | fields,
    )


@pytest.fixture
def finished(django_capture_on_commit_callbacks) -> tuple[User, CoursePage]:
    """Somebody with a role who has finished a course that shows what the role needs."""
    framework = FrameworkFactory()
    person = PersonFactory(first_name="Ffion", last_name="Testwell")
    role = RoleFactory(framework=framework, title="Community nurse")
    competency = Competency.objects.filter(framework=framework).order_by("pk").first()
    level = framework.levels.get(key="essential")
    RequirementFactory(role=role, competency=competency, level=level)
    RoleAssignmentFactory(membership=MembershipFactory(person=person), role=role)
    with django_capture_on_commit_callbacks(execute=True):
        course = make_course(lessons=1, title="Knowing the way", shows=(competency, level))
    at = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        complete_lesson(person=person, lesson=lessons_of(course)[0], at=at, language="en")
    return person, course


def test_the_record_says_who_what_and_on_what_it_rests(
    finished: tuple[User, CoursePage], django_assert_max_num_queries
) -> None:
    person, _ = finished
    client = signed_in(person)

    with django_assert_max_num_queries(22):
        page = client.get(reverse("learning:record")).content.decode()

    assert "Ffion Testwell" in page
    assert "Community nurse" in page
    assert "Knowing the way" in page
    assert "Completed learning" in page
    assert "Save as PDF" in page
    assert f"{timezone.localdate():%B %Y}" in page


def test_a_course_that_is_gone_stays_in_the_record(finished: tuple[User, CoursePage]) -> None:
    person, course = finished
    course.delete()

    page = signed_in(person).get(reverse("learning:record")).content.decode()

    assert re.search(r"<th[^>]*>Knowing the way</th>", page)


def test_the_record_is_for_its_person_alone(finished: tuple[User, CoursePage]) -> None:
    for name in ("learning:record", "learning:history"):
        assert Client().get(reverse(name)).status_code == 302
        page = signed_in(PersonFactory()).get(reverse(name)).content.decode()
        assert "Knowing the way" not in page


def test_history_comes_by_year_and_kind_and_page() -> None:
    person = PersonFactory()
    for number in range(60):
        entry(person, 2024 if number < 55 else 2025)
    entry(person, 2026, kind=EntryKind.PASSED)
    client, address = signed_in(person), reverse("learning:history")

    def rows(**query: object) -> int:
        return client.get(address, query).content.decode().count('<td data-label="When">')

    assert rows() == 50
    assert rows(page=2) == 11
    assert rows(year=2024) == 50
    assert rows(year=2024, page=2) == 5
    assert rows(year=2025) == 5
    assert rows(kind="passed") == 1
    assert rows(year=2025, kind="passed") == 0
    assert 'href="?year=2024&amp;page=2"' in client.get(address, {"year": 2024}).content.decode()
    assert client.get(address, {"year": "last"}).status_code == 400


@pytest.mark.parametrize("name", ["learning:me", "learning:history"])
def test_where_is_a_column_only_when_something_came_from_elsewhere(name: str) -> None:
    person = PersonFactory()
    client = signed_in(person)
    entry(person, 2026)
    assert '<th scope="col">Where</th>' not in client.get(reverse(name)).content.decode()

    entry(person, 2026, source_organisation=OrganisationFactory(name="Riverbank Trust"))
    page = client.get(reverse(name)).content.decode()

    assert '<th scope="col">Where</th>' in page
    assert "Riverbank Trust" in page


def test_finishing_a_course_leads_on(finished: tuple[User, CoursePage]) -> None:
    person = PersonFactory()
    client, course = signed_in(person), finished[1]
    address = reverse("learning:finished", args=[course.translation_key])
    assert client.get(address).url == course.url

    lesson = lessons_of(course)[0]
    answer = client.post(reverse("learning:complete-lesson", args=[lesson.translation_key]))

    assert answer.url == address
    page = client.get(address).content.decode()
    assert "You have finished this course" in page
    assert "What it shows" in page
    assert f'href="{reverse("learning:record")}"' in page
    assert f'href="{address}"' in client.get(course.url).content.decode()


def test_quizzes_stand_on_the_course_page_with_their_state() -> None:
    quiz, other = QuizFactory(title="Looking back"), QuizFactory(title="Of another course")
    course = make_course(lessons=1)
    lesson = LessonPage.objects.descendant_of(course).get()
    lesson.body = json.dumps([{"type": "quiz", "id": str(uuid.uuid4()), "value": quiz.pk}])
    lesson.save_revision().publish()
    person = PersonFactory()
    client = signed_in(person)

    page = client.get(course.url).content.decode()
    assert "Looking back" in page
    assert "Not tried yet" in page
    assert other.title not in page
    assert "Looking back" not in Client().get(course.url).content.decode()

    attempt = tried(person=person, quiz=quiz)
    page = client.get(course.url).content.decode()
    assert ("Passed" if attempt.is_passed else "Not passed yet") in page

    address = reverse("assessments:quiz", args=[quiz.uuid])
    for below in (address, f"{address}results/1/"):
        page = client.get(below).content.decode()
        crumbs = re.findall(r'nhsuk-breadcrumb__link" href="([^"]+)"', page)
        assert crumbs[:3] == ["/", "/learn/", course.url]
        assert lesson.url in crumbs
        assert (address in crumbs) == (below != address)
        assert page.count(f'href="{lesson.url}"') == 2  # in the crumbs, and as the way back


@pytest.mark.parametrize(
    ("answers", "wrong"), [(1, "at least two answers"), (2, None), (0, "at least two answers")]
)
def test_a_check_wants_two_answers_when_it_is_saved(answers: int, wrong: str | None) -> None:
    block = CheckBlock()
    option = {"text": "A", "is_right": True, "feedback": "Yes."}
    value = block.to_python({"question": "<p>Who?</p>", "options": [option] * answers})

    assert block.child_blocks["options"].meta.min_num is None  # nothing red while one writes
    if wrong is None:
        assert len(block.clean(value)["options"]) == answers
    else:
        with pytest.raises(StructBlockValidationError) as found:
            block.clean(value)
        assert wrong in str(found.value.as_json_data())


def test_course_page_starts_with_the_way_in() -> None:
    course = make_course(lessons=1)

    page = Client().get(course.url).content.decode()

    assert page.index("Sign in to start") < page.index('id="lessons"')
