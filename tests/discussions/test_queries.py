"""Who may read what; exact results; the same number of queries at two sizes."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from discussions import queries
from discussions.enums import SpeakingAs
from discussions.models import Post, Space, Thread
from organisations.enums import GrantKind
from organisations.permissions import Access
from organisations.queries import access_of
from tests.factories.discussions import (
    AT,
    ParticipantFactory,
    PostFactory,
    ReportFactory,
    SpaceFactory,
    ThreadFactory,
)
from tests.factories.organisations import (
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db
ON = AT.date()


def seen_by(person: Any = None) -> Access:
    return access_of(person or AnonymousUser(), on=ON)


def test_spaces_open_to_each_kind_of_viewer() -> None:
    organisation, other = OrganisationFactory(), OrganisationFactory()
    SpaceFactory(slug="public")
    SpaceFactory(slug="signed-in", signed_in=True)
    SpaceFactory(slug="named", restricted_to=organisation)
    SpaceFactory(slug="owned", restricted_to=other, owner_organisation=organisation)
    member = MembershipFactory(organisation=organisation).person
    left = MembershipFactory(
        organisation=organisation, ends_on=AT.date() - timedelta(days=1)
    ).person
    stranger = MembershipFactory().person
    educator = GrantFactory(kind=GrantKind.EDUCATOR, organisation=organisation).person
    operator = GrantFactory(kind=GrantKind.OPERATOR).person

    found = {
        name: set(queries.spaces_open_to(seen_by(person)).values_list("slug", flat=True))
        for name, person in {
            "nobody": None,
            "stranger": stranger,
            "member": member,
            "left": left,
            "educator": educator,
            "operator": operator,
        }.items()
    }

    assert found == {
        "nobody": {"public"},
        "stranger": {"public", "signed-in"},
        "member": {"public", "signed-in", "named", "owned"},
        "left": {"public", "signed-in"},
        "educator": {"public", "signed-in", "owned"},
        "operator": {"public", "signed-in", "named", "owned"},
    }


def test_posts_open_to_leaves_out_hidden_withdrawn_and_other_peoples() -> None:
    shown = ThreadFactory()
    PostFactory(thread=shown, hidden=True)
    PostFactory(thread=shown, withdrawn=True)
    hidden = ThreadFactory(hidden_at=AT)
    walled = ThreadFactory(space=SpaceFactory(restricted_to=OrganisationFactory()))
    assert Post.objects.count() == 5

    found = queries.posts_open_to(seen_by(MembershipFactory().person))

    assert [post.thread for post in found] == [shown]
    assert hidden.posts.count() == walled.posts.count() == 1


def test_hidden_thread_is_for_its_author_and_moderators() -> None:
    thread = ThreadFactory(hidden_at=AT)
    moderator = GrantFactory(kind=GrantKind.MODERATOR).person

    for person in (thread.author, moderator):
        assert queries.thread_to_read(viewer=seen_by(person), thread_uuid=thread.uuid) == thread
    for person in (None, PersonFactory()):
        with pytest.raises(Thread.DoesNotExist):
            queries.thread_to_read(viewer=seen_by(person), thread_uuid=thread.uuid)


def test_hidden_post_shows_its_words_to_author_and_moderator_only() -> None:
    thread = ThreadFactory(replies=1)
    post = thread.posts.get(number=2)
    Post.objects.filter(pk=post.pk).update(hidden_at=AT, hidden_reason="unkind")
    moderator = GrantFactory(kind=GrantKind.MODERATOR).person

    def bodies(person: Any) -> tuple[str, str]:
        shown = queries.thread_page(
            viewer=seen_by(person),
            slug=thread.space.slug,
            thread_uuid=thread.uuid,
            language="en",
            at=AT,
        ).posts[1]
        return shown.body, shown.hidden_reason

    words = ("<p>Words of contribution 2.</p>", "It is unkind or blames someone")
    assert bodies(post.author) == bodies(moderator) == words
    assert bodies(PersonFactory()) == bodies(None) == ("", "")


def test_name_of_an_unnamed_post_is_for_moderators_only() -> None:
    thread = ThreadFactory(space=SpaceFactory(unnamed=True))
    post = PostFactory(thread=thread, is_unnamed=True)
    moderator = GrantFactory(kind=GrantKind.MODERATOR).person

    def names(person: Any) -> tuple[str, str]:
        shown = queries.thread_page(
            viewer=seen_by(person),
            slug=thread.space.slug,
            thread_uuid=thread.uuid,
            language="en",
            at=AT,
        ).posts[1]
        return shown.name, shown.real_name

    assert names(PersonFactory()) == ("Someone", "")
    assert names(moderator) == ("Someone", post.author.display_name)


def test_ways_of_speaking_are_what_one_is_today() -> None:
    membership = MembershipFactory()
    ended = MembershipFactory(person=membership.person, ends_on=ON - timedelta(days=1))

    assert queries.sectors_of(person=membership.person, on=ON) == [membership.organisation.sector]
    assert queries.may_speak_as(
        person=membership.person,
        speaking=queries.Speaking(SpeakingAs.LIVED_EXPERIENCE),
        on=ON,
    )
    assert ended.person == membership.person


@pytest.mark.parametrize(
    ("kind", "of", "slugs"),
    [
        (GrantKind.MODERATOR, "mine", ["mine"]),
        (GrantKind.EDUCATOR, "mine", []),
        (GrantKind.EDUCATOR, None, []),
        (GrantKind.MODERATOR, None, ["mine", "nobodys", "theirs"]),
        (GrantKind.OPERATOR, None, ["mine", "nobodys", "theirs"]),
        (GrantKind.WORKFORCE_LEAD, "mine", []),
    ],
)
def test_moderators_look_after_their_own_spaces(
    kind: str, of: str | None, slugs: list[str]
) -> None:
    mine, theirs = OrganisationFactory(), OrganisationFactory()
    for slug, owner in (("mine", mine), ("theirs", theirs), ("nobodys", None)):
        thread = ThreadFactory(space=SpaceFactory(slug=slug, owner_organisation=owner))
        ReportFactory(post=thread.posts.get())
    viewer = seen_by(GrantFactory(kind=kind, organisation=mine if of else None).person)

    queue = queries.moderation_queue(viewer=viewer)

    assert sorted(post.space_slug for post in queue.posts) == slugs
    assert queries.moderates_anything(viewer) is bool(slugs)


def test_someone_at_risk_comes_first_in_the_queue() -> None:
    first, second = ThreadFactory().posts.get(), ThreadFactory().posts.get()
    ReportFactory(post=first)
    ReportFactory(post=second, reason="unsafe")
    viewer = seen_by(GrantFactory(kind=GrantKind.MODERATOR).person)

    queue = queries.moderation_queue(viewer=viewer)

    assert [(post.uuid, post.is_urgent) for post in queue.posts] == [
        (second.uuid, True),
        (first.uuid, False),
    ]


def test_subject_discussion_offers_to_begin_until_there_is_one() -> None:
    space = SpaceFactory(for_lessons=True, signed_in=True)
    subject = queries.Subject("https://example.org/activities/lesson/1", "A lesson", "/learn/a/")
    viewer = seen_by(PersonFactory())

    before = queries.subject_discussion(viewer=viewer, subject=subject, language="en")
    thread = ThreadFactory(space=space, subject_iri=subject.iri)
    after = queries.subject_discussion(viewer=viewer, subject=subject, language="en")

    assert before
    assert after
    assert queries.subject_of(before.start_token) == subject
    assert (before.thread, after.start_token) == (None, "")
    assert after.thread
    assert after.thread.uuid == thread.uuid
    assert queries.subject_discussion(viewer=seen_by(), subject=subject, language="en") is None
    with pytest.raises(queries.SubjectNotValid):
        queries.subject_of(before.start_token + "x")


@pytest.mark.parametrize("size", [1, 3])
def test_query_counts_do_not_grow(django_assert_num_queries: Any, size: int) -> None:
    space = SpaceFactory()
    threads = [ThreadFactory(space=space, replies=size) for _ in range(size)]
    for _ in range(size):
        ThreadFactory(space=SpaceFactory())
    PostFactory(thread=threads[0], hidden=True)
    for _ in range(size):
        ReportFactory(post=threads[0].posts.get(number=1))
        ReportFactory(post=ThreadFactory(space=space).posts.get())
    reader = seen_by(ParticipantFactory().person)
    moderator = seen_by(GrantFactory(kind=GrantKind.MODERATOR).person)

    with django_assert_num_queries(2):
        queries.space_list(viewer=reader, language="en")
    with django_assert_num_queries(3):
        queries.latest_threads(viewer=reader, language="en", most=10)
    with django_assert_num_queries(6):
        queries.space_page(viewer=reader, slug=space.slug, language="en")
    with django_assert_num_queries(6):
        queries.thread_page(
            viewer=reader, slug=space.slug, thread_uuid=threads[0].uuid, language="en", at=AT
        )
    with django_assert_num_queries(4):
        queries.moderation_queue(viewer=moderator)


def test_space_search_finds_words_of_that_space_only() -> None:
    here, there = SpaceFactory(), SpaceFactory()
    wanted = ThreadFactory(space=here, title="Bus passes")
    ThreadFactory(space=here, title="Something else")
    elsewhere = ThreadFactory(space=there, title="Bus stops")
    PostFactory(thread=elsewhere, source="The bus is late.")

    found = queries.space_page(viewer=seen_by(), slug=here.slug, language="en", words="bus")

    assert [line.uuid for line in found.threads] == [wanted.uuid]
    assert Space.objects.count() == 2
    assert timezone.now() > AT
