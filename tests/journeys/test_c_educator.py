"""Journey (c): an educator publishes what a course shows; it counts, and search finds it."""

import pytest
from django.test import Client
from django.urls import reverse

from competencies.models import ActivityMapping, Competency, Evidence
from learning.models import CourseCompetency, CoursePage
from organisations.models import User
from tests.committing import CommittingClient
from tests.factories.competencies import FrameworkFactory
from tests.factories.learning import lessons_of, make_course
from tests.factories.organisations import PersonFactory

pytestmark = pytest.mark.django_db


def publish(course: CoursePage, shown: list[tuple[Competency, str]]) -> None:
    page = CoursePage.objects.get(pk=course.pk)
    page.competencies_shown = [
        CourseCompetency(competency=one, level=one.framework.levels.get(key=level))
        for one, level in shown
    ]
    page.save_revision().publish()


def finish(person: User, course: CoursePage) -> None:
    client = CommittingClient()
    client.force_login(person)
    for lesson in lessons_of(course):
        client.post(reverse("learning:complete-lesson", args=[lesson.translation_key]))


def test_publishing_ends_the_old_mapping_and_keeps_what_was_earned(client: Client) -> None:
    framework = FrameworkFactory(is_shared=True)
    first = Competency.objects.get(framework=framework, versions__code="F1.1")
    second = Competency.objects.get(framework=framework, versions__code="F2.1")
    course = make_course(lessons=1)
    publish(course, [(first, "essential")])
    early, late = PersonFactory(), PersonFactory()

    finish(early, course)
    publish(course, [(second, "enhanced")])
    finish(late, course)

    assert ActivityMapping.objects.filter(ends_at__isnull=True).get().competency == second
    earned = Evidence.objects.filter(withdrawn_at=None)
    assert {(row.person, row.competency) for row in earned} == {(early, first), (late, second)}


def test_search_finds_a_course_by_the_competency_it_shows_once_it_is_published(
    client: Client,
) -> None:
    framework = FrameworkFactory(is_shared=True)
    competency = Competency.objects.get(framework=framework, versions__code="F2.2")
    item = competency.versions.get()
    item.title = "Marmalade diplomacy"
    item.save()
    course = make_course(lessons=1, title="Working side by side")
    before = client.get("/search/", {"q": "marmalade diplomacy"}).content.decode()

    publish(course, [(competency, "essential")])

    after = client.get("/search/", {"q": "marmalade diplomacy"}).content.decode()
    assert "Working side by side" not in before
    assert "Working side by side" in after


def test_a_draft_changes_nothing(client: Client) -> None:
    framework = FrameworkFactory(is_shared=True)
    competency = Competency.objects.get(framework=framework, versions__code="F1.1")
    course = make_course(lessons=1)
    page = CoursePage.objects.get(pk=course.pk)
    page.title = "Quite another title"
    page.competencies_shown = [
        CourseCompetency(competency=competency, level=framework.levels.get(key="essential"))
    ]

    page.save_revision()

    assert not ActivityMapping.objects.exists()
    assert "Quite another title" not in client.get(course.url).content.decode()


def test_an_educator_is_told_how_many_have_finished(client: Client) -> None:
    course = make_course(lessons=1)
    finish(PersonFactory(), course)
    finish(PersonFactory(), course)
    client.force_login(PersonFactory(is_superuser=True))

    page = client.get(reverse("wagtailadmin_pages:edit", args=[course.pk])).content.decode()

    assert "2 people have finished this so far" in page
