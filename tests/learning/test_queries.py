"""Course and learner pages ask the same number of questions at any size."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page

from cms.services import synchronise_trees
from competencies.models import Competency
from learning.models import CoursePage, Enrolment
from learning.services import complete_lesson, settle_course
from organisations.enums import GrantKind
from tests.factories.competencies import (
    FrameworkFactory,
    RequirementFactory,
    RoleAssignmentFactory,
    RoleFactory,
)
from tests.factories.learning import lessons_of, make_course
from tests.factories.organisations import (
    STARTED_AT,
    GrantFactory,
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


def test_an_educator_sees_what_they_may_edit(client: Client) -> None:
    owner = OrganisationFactory()
    course = make_course(lessons=1, visibility="organisations", owner_organisation=owner)
    theirs, everywhere, elsewhere = PersonFactory(), PersonFactory(), PersonFactory()
    GrantFactory(person=theirs, kind=GrantKind.EDUCATOR, organisation=owner)
    GrantFactory(person=everywhere, kind=GrantKind.EDUCATOR, organisation=None)
    GrantFactory(person=elsewhere, kind=GrantKind.EDUCATOR, organisation=OrganisationFactory())

    seen = []
    for person in (theirs, everywhere, elsewhere):
        client.force_login(person)
        seen.append(client.get(course.url).status_code)

    assert seen == [200, 200, 404]


def test_lesson_of_an_unpublished_module_is_not_there(client: Client) -> None:
    lesson = lessons_of(make_course(lessons=1))[0]
    lesson.get_parent().specific.unpublish()
    client.force_login(PersonFactory())

    assert client.get(lesson.url).status_code == 404
    done = client.post(reverse("learning:complete-lesson", args=[lesson.translation_key]))
    assert done.status_code == 404


def test_a_course_asks_for_the_same_in_every_language() -> None:
    course = make_course(lessons=3)
    welsh = Locale.objects.get(language_code="cy")
    synchronise_trees()
    read_in_welsh = CoursePage.objects.get(translation_key=course.translation_key, locale=welsh)
    for lesson in lessons_of(read_in_welsh)[1:]:
        lesson.unpublish()
    person = PersonFactory()

    first = lessons_of(read_in_welsh)[0]
    done = complete_lesson(person=person, lesson=first, at=STARTED_AT, language="cy")

    assert not done.has_finished_course
    assert done.outline.progress.percent == 33
    assert [line.page.locale.language_code for line in done.outline.lessons] == ["cy", "en", "en"]


def test_a_course_in_one_language_alone_is_settled_too() -> None:
    course = make_course(lessons=2)
    Page.objects.filter(path__startswith=course.path).update(
        locale=Locale.objects.get(language_code="cy")
    )
    person = PersonFactory()
    first, second = lessons_of(course)
    complete_lesson(person=person, lesson=first, at=STARTED_AT, language="cy")
    second.unpublish()

    assert settle_course(course_key=course.translation_key, at=STARTED_AT) == 0  # settled by then
    assert Enrolment.objects.get().finished_at is not None
