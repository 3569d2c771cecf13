"""Course and learner pages ask the same number of questions at any size."""

import pytest
from django.test import Client
from django.urls import reverse

from competencies.models import Competency
from learning.models import CoursePage
from learning.services import complete_lesson
from tests.factories.competencies import (
    FrameworkFactory,
    RequirementFactory,
    RoleAssignmentFactory,
    RoleFactory,
)
from tests.factories.learning import lessons_of, make_course
from tests.factories.organisations import (
    STARTED_AT,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db


def counted(client: Client, address: str, django_assert_max_num_queries) -> int:
    client.get(address)
    with django_assert_max_num_queries(40) as found:
        assert client.get(address).status_code == 200
    return len(found)


def learner(courses: int, lessons: int) -> tuple[Client, CoursePage]:
    framework = FrameworkFactory(slug=f"f{courses}-{lessons}")
    person = PersonFactory()
    role = RoleFactory(framework=framework)
    for competency in Competency.objects.filter(framework=framework):
        RequirementFactory(
            role=role, competency=competency, level=framework.levels.get(key="essential")
        )
    RoleAssignmentFactory(membership=MembershipFactory(person=person), role=role)
    for _ in range(courses):
        course = make_course(lessons=lessons)
        for lesson in lessons_of(course)[:-1] or lessons_of(course):
            complete_lesson(person=person, lesson=lesson, at=STARTED_AT, language="en")
    client = Client()
    client.force_login(person)
    return client, course


def test_query_counts_do_not_grow_with_courses_and_lessons(django_assert_max_num_queries) -> None:
    small, small_course = learner(courses=1, lessons=1)
    large, large_course = learner(courses=3, lessons=3)

    for one, other in (
        (reverse("learning:me"), reverse("learning:me")),
        (small_course.url, large_course.url),
        (lessons_of(small_course)[0].url, lessons_of(large_course)[0].url),
        ("/learn/", "/learn/"),
    ):
        at_one = counted(small, one, django_assert_max_num_queries)
        at_three = counted(large, other, django_assert_max_num_queries)
        assert at_one == at_three, one
        assert at_three <= (26 if "lesson" in one else 20), (one, at_three)


def test_who_has_left_an_employer_no_longer_sees_its_courses(client: Client) -> None:
    employer = OrganisationFactory()
    course = make_course(lessons=1, visibility="organisations", owner_organisation=employer)
    here, gone = PersonFactory(), PersonFactory()
    MembershipFactory(person=here, organisation=employer)
    MembershipFactory(person=gone, organisation=employer, ended=True)

    client.force_login(here)
    assert client.get(course.url).status_code == 200
    client.force_login(gone)
    assert client.get(course.url).status_code == 404
