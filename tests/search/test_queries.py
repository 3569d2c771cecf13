"""What is found, by whom, and by nobody else; the same number of queries at two sizes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from wagtail.models import Locale, Page, PageViewRestriction

from cms.models import GuidePage, HomePage, TranslatedText
from cms.services import prepare_site
from cms.signals import texts_changed
from competencies.enums import FrameworkStatus
from competencies.models import CompetencyVersion, FrameworkVersion
from discussions.models import Post
from discussions.services import forget_person, hide_post, withdraw_post
from learning.models import CoursePage, LessonPage, ModulePage
from organisations.enums import GrantKind, Visibility
from organisations.models import Organisation, User
from search.enums import Kind, Languages
from search.queries import Answer, find
from tests.factories.competencies import FrameworkFactory, RoleFactory
from tests.factories.discussions import AT, PostFactory, SpaceFactory, ThreadFactory
from tests.factories.learning import lessons_of, make_course
from tests.factories.organisations import (
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)


def look(text: str, person: User | None = None, **options: Any) -> Answer:
    return find(
        viewer=person or AnonymousUser(),
        text=text,
        on=ON,
        language=options.pop("language", "en"),
        **options,
    )


def found(answer: Answer) -> dict[str, int]:
    return {section.kind.value: section.total for section in answer.sections if section.total}


def guide(title: str) -> GuidePage:
    home = prepare_site()
    page = GuidePage(title=title, slug=title.lower().replace(" ", "-"), locale=home.locale)
    HomePage.objects.get(pk=home.pk).add_child(instance=page)
    page.save_revision().publish()
    return page


# Finding -------------------------------------------------------------------------------


def test_every_kind_is_found_in_one_box() -> None:
    make_course(lessons=1, title="Warblers one")
    ModulePage.objects.get().save_revision().publish()
    lesson = LessonPage.objects.get()
    lesson.title = "Warblers at dawn"
    lesson.save_revision().publish()
    module = ModulePage.objects.get()
    module.title = "Warblers by day"
    module.save_revision().publish()
    guide("Warblers and privacy")
    framework = FrameworkFactory(published__functions=1, published__competencies=1)
    item = CompetencyVersion.objects.get(code="F1.1")
    item.statement = "Counts warblers with others."
    item.save()
    RoleFactory(title="Warbler navigator", framework=framework)
    ThreadFactory(title="Where are the warblers?")

    answer = look("warbler")

    assert found(answer) == {
        "course": 1,
        "module": 1,
        "lesson": 1,
        "competency": 1,
        "role": 1,
        "discussion": 1,
        "guide": 1,
    }
    assert answer.total == 7


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Café culture", "cafe"),
        ("Cafe culture", "CAFÉ"),
        ("Bwrdd y gêm", "gem"),
        ("إلى المدرسة", "الي المدرسه"),
        ("مُدَرِّس جديد", "مدرس"),
        ("Care navigators", "navigator"),
        ("A care navigator", "navigators"),
        ("F1.2 and what it asks", "F1.2"),
        ("The person's own plan", "persons plan"),
    ],
)
def test_words_are_found_however_they_are_written(text: str, question: str) -> None:
    ThreadFactory(title=text)

    assert found(look(question)) == {"discussion": 1}


@pytest.mark.parametrize(
    "question",
    ['"', "'", "a\\", "AND", "NOT OR", "car*", "title:x", "(((", "%s %d %", "NEAR(x y)", "🙂", "-"],
)
def test_no_question_breaks_the_search(question: str) -> None:
    ThreadFactory(title="Quiet lunch", replies=0)

    assert look(question).total == 0


def test_all_words_first_and_some_when_nothing_holds_all() -> None:
    both = ThreadFactory(title="Bus pass for carers")
    ThreadFactory(title="Bus stop")

    strict, loose = look("bus carers"), look("bus wheelchair")

    assert (found(strict), strict.is_partial) == ({"discussion": 1}, False)
    assert (found(loose), loose.is_partial) == ({"discussion": 2}, True)
    assert both.title in strict.sections[5].results[0].title.replace("<mark>", "").replace(
        "</mark>", ""
    )


def test_title_matches_come_before_others() -> None:
    body = ThreadFactory(title="Something else")
    PostFactory(thread=body, source="We talked about lunch clubs and more. " * 3)
    ThreadFactory(title="Lunch")

    (section,) = look("lunch").shown

    assert "<mark>Lunch</mark>" in section.results[0].title


def test_matches_are_marked_and_everything_else_is_escaped() -> None:
    thread = ThreadFactory(title="Is <b>lunch</b> & tea free?")
    PostFactory(thread=thread, source="The <script>alert(1)</script> lunch club is open.")

    results = [result for section in look("lunch").shown for result in section.results]

    assert "Is &lt;b&gt;<mark>lunch</mark>&lt;/b&gt; &amp; tea free?" in {r.title for r in results}
    assert all("<script" not in result.text for result in results)


def test_meant_is_offered_when_nothing_is_found() -> None:
    ThreadFactory(title="Care navigation")

    assert look("navegation").meant == "navigation"
    assert look("zzzzzz").meant == ""


def test_meant_comes_from_words_of_texts_too() -> None:
    thread = ThreadFactory(title="What next?")
    PostFactory(thread=thread, source="We asked about safeguarding and were heard.")

    assert look("safegarding").meant == "safeguarding"


def test_meant_is_something_that_finds_something() -> None:
    """A word that stands in how a text is stored, and not in what is read, is not offered."""
    prepare_site()
    make_course(title="Skylarks", lessons=1)

    assert look("paragrph").meant == ""


def test_meant_offers_no_word_of_a_text_behind_a_wall() -> None:
    space = SpaceFactory(restricted_to=OrganisationFactory())
    member = MembershipFactory(organisation=space.visible_to.get()).person
    thread = ThreadFactory(title="What next?", space=space)
    PostFactory(thread=thread, source="The Ebbside ward closes.")

    assert look("ebsside", member).meant == "ebbside"
    assert look("ebsside").meant == ""


def test_meant_offers_nothing_from_behind_a_wall() -> None:
    space = SpaceFactory(restricted_to=OrganisationFactory())
    member = MembershipFactory(organisation=space.visible_to.get()).person
    ThreadFactory(title="Closing the Ebbside ward", space=space)

    assert look("ebsside", member).meant == "ebbside"
    assert look("ebsside").meant == ""


def test_a_page_of_one_kind_with_counts_of_the_others() -> None:
    ThreadFactory(title="Lunch", replies=0)
    for number in range(12):
        ThreadFactory(title=f"Lunch club {number}")
    RoleFactory(title="Lunch cook")

    first, last = (look("lunch", kind=Kind.DISCUSSION, page=page) for page in (1, 99))

    assert found(first) == {"discussion": 13, "role": 1}
    assert [len(section.results) for section in first.shown] == [10]
    assert (last.page, last.pages, [len(s.results) for s in last.shown]) == (2, 2, [3])


def test_pages_are_found_in_their_own_language() -> None:
    course = make_course(title="Skylark course")
    welsh = Locale.objects.get(language_code="cy")
    index = course.get_parent().get_translation_or_none(welsh)
    if index is None:
        course.get_parent().specific.copy_for_translation(welsh, copy_parents=True, alias=True)
    translated = course.copy_for_translation(welsh)
    translated.title = "Cwrs ehedydd"
    translated.save_revision().publish()

    assert found(look("skylark")) == {"course": 1}
    assert found(look("ehedydd")) == {}
    assert found(look("ehedydd", language="cy")) == {"course": 1}
    assert found(look("ehedydd", languages=Languages.ALL)) == {"course": 1}


def test_translated_competency_is_found_in_both_languages_and_shown_in_the_readers() -> None:
    FrameworkFactory(published__functions=1, published__competencies=1)
    item = CompetencyVersion.objects.get(code="F1.1")
    item.title = "Listen to people"
    item.save()
    TranslatedText.objects.create(
        subject_uuid=item.competency.uuid, field="title", language="cy", text="Gwrando ar bobl"
    )
    texts_changed.send(sender=None, subject_uuids={item.competency.uuid})

    welsh = look("gwrando", language="cy").shown[0].results[0]
    english = look("listen").shown[0].results[0]

    assert (welsh.title, welsh.language) == ("<mark>Gwrando</mark> ar bobl", "cy")
    assert (english.title, english.language) == ("<mark>Listen</mark> to people", "en")


def test_rebuilding_the_index_finds_the_same() -> None:
    make_course(title="Skylark course")
    ThreadFactory(title="Skylark sightings")
    before = found(look("skylark"))

    call_command("update_index", verbosity=0)

    assert before == found(look("skylark")) == {"course": 1, "discussion": 1}


# Walls ---------------------------------------------------------------------------------


def walled_course(organisation: Organisation, **fields: Any) -> CoursePage:
    course = make_course(lessons=1, title="Skylark course", **fields)
    course.visibility = Visibility.ORGANISATIONS
    course.visible_to.add(organisation)
    course.save_revision().publish()
    for page in [ModulePage.objects.get(), *lessons_of(course)]:
        page.title = f"Skylark {page.title}"
        page.save_revision().publish()
    return CoursePage.objects.get(pk=course.pk)


def test_a_course_for_named_organisations_is_for_them_alone() -> None:
    organisation = OrganisationFactory()
    walled_course(organisation)
    member = MembershipFactory(organisation=organisation).person
    stranger = MembershipFactory().person

    assert found(look("skylark", member)) == {"course": 1, "module": 1, "lesson": 1}
    assert found(look("skylark", stranger)) == {}
    assert found(look("skylark")) == {}


def test_a_course_for_people_signed_in_is_not_for_visitors() -> None:
    course = walled_course(OrganisationFactory())
    course.visibility = Visibility.SIGNED_IN
    course.save_revision().publish()

    assert found(look("skylark", PersonFactory())) == {"course": 1, "module": 1, "lesson": 1}
    assert found(look("skylark")) == {}


@pytest.mark.parametrize("model", [CoursePage, ModulePage, LessonPage])
def test_what_is_unpublished_takes_what_is_in_it_along(model: type[Page]) -> None:
    walled_course(OrganisationFactory())
    CoursePage.objects.get().save()
    course = CoursePage.objects.get()
    course.visibility = Visibility.PUBLIC
    course.save_revision().publish()
    assert found(look("skylark")) == {"course": 1, "module": 1, "lesson": 1}

    model.objects.get().unpublish()

    left = {CoursePage: {}, ModulePage: {"course": 1}, LessonPage: {"course": 1, "module": 1}}
    assert found(look("skylark")) == left[model]


def test_a_draft_change_is_not_found_before_it_is_published() -> None:
    course = make_course(title="Skylark course")
    course.title = "Nightingale course"
    course.save_revision()

    assert found(look("nightingale")) == {}
    assert found(look("skylark")) == {"course": 1}


def test_a_page_an_editor_has_made_private_is_not_found() -> None:
    page = guide("Skylark manual")
    assert found(look("skylark")) == {"guide": 1}

    PageViewRestriction.objects.create(page=page, restriction_type="login")

    assert found(look("skylark", PersonFactory())) == {}


@pytest.mark.parametrize(
    "status", [FrameworkStatus.DRAFT, FrameworkStatus.SUPERSEDED, FrameworkStatus.WITHDRAWN]
)
def test_frameworks_that_are_not_published_are_not_found(status: str) -> None:
    framework = FrameworkFactory(published__functions=1, published__competencies=1)
    RoleFactory(title="Function keeper", framework=framework)
    assert found(look("function")) == {"competency": 1, "role": 1}

    FrameworkVersion.objects.update(status=status)

    assert found(look("function")) == {}
    assert found(look("function", GrantFactory(kind=GrantKind.OPERATOR).person)) == {}


def test_a_framework_for_named_organisations_is_for_them_alone() -> None:
    framework = FrameworkFactory(published__functions=1, published__competencies=1)
    RoleFactory(title="Function keeper", framework=framework)
    organisation = OrganisationFactory()
    framework.visibility = Visibility.ORGANISATIONS
    framework.save()
    framework.visible_to.add(organisation)

    member = MembershipFactory(organisation=organisation).person
    assert found(look("function", member)) == {"competency": 1, "role": 1}
    assert found(look("function", MembershipFactory().person)) == {}
    assert found(look("function")) == {}


def test_discussions_behind_a_wall_are_found_inside_it_alone() -> None:
    organisation = OrganisationFactory()
    ThreadFactory(title="Skylark", space=SpaceFactory(restricted_to=organisation))
    ended = MembershipFactory(organisation=organisation, ends_on=ON - timedelta(days=1)).person

    assert found(look("skylark", MembershipFactory(organisation=organisation).person)) == {
        "discussion": 1
    }
    assert found(look("skylark", ended)) == {}
    assert found(look("skylark", MembershipFactory().person)) == {}
    assert found(look("skylark")) == {}


def test_what_is_hidden_withdrawn_or_forgotten_is_not_found() -> None:
    posts = [
        PostFactory(thread=ThreadFactory(), source=f"Skylark {number}", number=2)
        for number in range(4)
    ]
    assert found(look("skylark")) == {"discussion": 4}

    hide_post(post=posts[0], moderator=PersonFactory(), reason="unkind", words="", at=AT)
    withdraw_post(post=posts[1], author=posts[1].author, at=AT)
    forget_person(person_id=posts[2].author_id, at=AT)

    assert found(look("skylark", GrantFactory(kind=GrantKind.OPERATOR).person)) == {"discussion": 1}
    assert Post.objects.filter(text__contains="Skylark").count() == 2


# Size ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(("kind", "queries"), [(None, 23), (Kind.LESSON, 14)])
def test_query_counts_do_not_grow(
    django_assert_num_queries: Any, size: int, kind: Kind | None, queries: int
) -> None:
    for _ in range(size):
        course = make_course(lessons=size, title="Skylark")
        for page in [*course.get_children().specific(), *lessons_of(course)]:
            page.title = "Skylark"
            page.save_revision().publish()
        ThreadFactory(title="Skylark", replies=size)
        framework = FrameworkFactory(published__functions=1, published__competencies=size)
        RoleFactory(title="Skylark", framework=framework)
        for item in CompetencyVersion.objects.filter(version__framework=framework):
            item.title = "Skylark"
            item.save()
    guide("Skylark guide")
    person = MembershipFactory().person
    look("skylark", person, kind=kind)

    with django_assert_num_queries(queries):
        answer = look("skylark", person, kind=kind)

    assert len([section for section in answer.sections if section.total]) == 7
