"""What a page says, who is refused, and that doing things by form does them."""

import uuid
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from discussions import services
from discussions.enums import Delivery
from discussions.models import Participant, Post, Report, Subscription, Thread
from discussions.queries import Subject
from discussions.queries.lessons import subject_token
from organisations.enums import GrantKind
from tests.factories.discussions import (
    ParticipantFactory,
    PostFactory,
    ReportFactory,
    SpaceFactory,
    SubscriptionFactory,
    ThreadFactory,
)
from tests.factories.organisations import (
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client: Client) -> Any:
    person = ParticipantFactory().person
    client.force_login(person)
    return person


def form_of(**given: Any) -> dict[str, Any]:
    return {"source": "Some words.", "language": "en", "uuid": str(uuid.uuid4())} | given


def address(name: str, thread: Thread) -> str:
    return reverse(f"discussions:{name}", args=[thread.space.slug, thread.uuid])


# Reading -------------------------------------------------------------------------------


def test_index_shows_spaces_one_may_see(client: Client) -> None:
    SpaceFactory(title="For everyone")
    SpaceFactory(title="For members", signed_in=True)
    ThreadFactory(title="Hello there", space=SpaceFactory(title="Another"))

    page = client.get("/discussions/").content.decode()

    assert "For everyone" in page
    assert "Hello there" in page
    assert "For members" not in page


@pytest.mark.parametrize("name", ["thread", "reply"])
def test_walled_thread_asks_a_visitor_to_sign_in_and_is_404_for_others(
    client: Client, name: str
) -> None:
    organisation = OrganisationFactory()
    thread = ThreadFactory(title="Ours alone", space=SpaceFactory(restricted_to=organisation))
    member = ParticipantFactory().person
    MembershipFactory(person=member, organisation=organisation)

    anonymous = client.get(address(name, thread))
    client.force_login(ParticipantFactory().person)
    stranger = client.get(address(name, thread))
    client.force_login(member)
    inside = client.get(address(name, thread))

    assert anonymous.status_code == 302
    assert anonymous["Location"].startswith("/accounts/login/?next=")
    assert stranger.status_code == 404
    assert inside.status_code == 200
    assert "Ours alone" in inside.content.decode()


@pytest.mark.parametrize(
    "name", ["post", "edit", "withdraw", "report", "hide", "restore", "dismiss"]
)
def test_walled_post_cannot_be_reached(client: Client, member: Any, name: str) -> None:
    thread = ThreadFactory(space=SpaceFactory(restricted_to=OrganisationFactory()))
    where = reverse(f"discussions:{name}", args=[thread.posts.get().uuid])

    assert client.get(where).status_code in {404, 405}
    assert client.post(where, form_of(reason="unkind")).status_code in {404, 405}
    assert Report.objects.count() == 0


def test_posts_are_shown_safely(client: Client) -> None:
    thread = ThreadFactory()
    PostFactory(thread=thread, source="<script>alert(1)</script> **so**")

    page = client.get(address("thread", thread)).content.decode()

    assert "<script>alert" not in page
    assert "<strong>so</strong>" in page


def test_permalink_goes_to_the_page_and_place_of_a_post(client: Client) -> None:
    thread = ThreadFactory()
    Post.objects.bulk_create(
        Post(thread=thread, number=n, source="x", body="x", text="x", created_at=timezone.now())
        for n in range(2, 31)
    )
    post = thread.posts.get(number=30)

    answer = client.get(reverse("discussions:post", args=[post.uuid]))

    assert answer["Location"] == f"{address('thread', thread)}?page=2#post-30"


@pytest.mark.parametrize("language", ["", "/cy", "/ar"])
def test_every_page_answers_in_every_language(client: Client, member: Any, language: str) -> None:
    services.load_starter_spaces(at=timezone.now())
    thread = ThreadFactory(author=member)
    post = thread.posts.get()
    GrantFactory(person=member, kind=GrantKind.MODERATOR)

    for path in (
        "/discussions/",
        "/discussions/welcome/",
        "/discussions/welcome/new/",
        "/discussions/join/",
        "/discussions/moderation/",
        "/me/notifications/",
        f"/discussions/{thread.space.slug}/{thread.uuid}/",
        f"/discussions/{thread.space.slug}/{thread.uuid}/reply/?to={post.uuid}&quote",
        f"/discussions/{thread.space.slug}/{thread.uuid}/close/",
        f"/discussions/post/{post.uuid}/report/",
        f"/discussions/post/{post.uuid}/withdraw/",
        f"/discussions/post/{post.uuid}/hide/",
        "/discussions/stop/any/",
    ):
        assert client.get(f"{language}{path}").status_code == 200, path


# Writing -------------------------------------------------------------------------------


def test_first_contribution_asks_once_for_a_name(client: Client) -> None:
    person = PersonFactory()
    client.force_login(person)
    space = SpaceFactory()
    new = reverse("discussions:new", args=[space.slug])

    asked = client.get(new)
    refused = client.post(
        asked["Location"], {"display_name": "me@example.org", "delivery": "weekly"}
    )
    joined = client.post(
        "/discussions/join/", {"display_name": "Ffion", "delivery": "each", "next": new}
    )

    assert asked["Location"] == f"/discussions/join/?next=%2Fdiscussions%2F{space.slug}%2Fnew%2F"
    assert refused.status_code == 400
    assert joined["Location"] == new
    assert client.get(new).status_code == 200
    assert Participant.objects.get().delivery == Delivery.EACH


def test_join_does_not_go_to_another_site(client: Client) -> None:
    client.force_login(PersonFactory())

    answer = client.post(
        "/discussions/join/",
        {"display_name": "Ffion", "delivery": "none", "next": "https://example.org/"},
    )

    assert answer["Location"] == "/discussions/"


def test_new_discussion_by_form(client: Client, member: Any) -> None:
    space = SpaceFactory()

    answer = client.post(
        reverse("discussions:new", args=[space.slug]),
        form_of(title="Who does what?", speaking_as="unpaid_carer"),
        follow=True,
    )

    page = answer.content.decode()
    assert Thread.objects.get().title == "Who does what?"
    assert "Unpaid carer" in page
    assert answer.redirect_chain[-1][0].endswith("#post-1")


def test_reply_by_form_with_quote(client: Client, member: Any) -> None:
    thread = ThreadFactory()
    first = thread.posts.get()
    where = address("reply", thread)

    page = client.get(f"{where}?to={first.uuid}&quote").content.decode()
    client.post(where, form_of(parent=str(first.uuid)))

    assert "&gt; Words of contribution 1." in page
    assert thread.posts.get(number=2).parent == first


def test_an_empty_reply_says_what_to_do(client: Client, member: Any) -> None:
    thread = ThreadFactory()

    answer = client.post(address("reply", thread), form_of(source=" "))

    assert answer.status_code == 400
    assert "Write something first." in answer.content.decode()
    assert thread.posts.count() == 1


def test_identifier_is_looked_at_before_it_is_posted(client: Client, member: Any) -> None:
    thread = ThreadFactory()
    words = form_of(source="Ring Ffion on 01632 960001.")

    warned = client.post(address("reply", thread), words)
    posted_before = thread.posts.count()
    client.post(address("reply", thread), words | {"checked": "1"})

    assert "a telephone number" in warned.content.decode()
    assert "Ring Ffion on 01632 960001." in warned.content.decode()
    assert (posted_before, thread.posts.count()) == (1, 2)


def test_preview_posts_nothing(client: Client, member: Any) -> None:
    thread = ThreadFactory()

    answer = client.post(
        address("reply", thread), form_of(source="**so** <img src=x>", preview="1")
    )

    assert "<strong>so</strong> &lt;img src=x&gt;" in answer.content.decode()
    assert thread.posts.count() == 1


def test_too_many_in_a_minute_is_429_and_keeps_the_words(client: Client, member: Any) -> None:
    thread = ThreadFactory()
    for _ in range(5):
        client.post(address("reply", thread), form_of())

    answer = client.post(address("reply", thread), form_of(source="My sixth."))

    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 61
    assert "My sixth." in answer.content.decode()
    assert thread.posts.count() == 6


def test_closed_thread_takes_nothing(client: Client, member: Any) -> None:
    thread = ThreadFactory(closed_at=timezone.now(), outcome="We agreed.")

    page = client.get(address("thread", thread)).content.decode()
    answer = client.post(address("reply", thread), form_of())

    assert "We agreed." in page
    assert answer.status_code == 409
    assert thread.posts.count() == 1


def test_form_cannot_claim_a_role_or_hide_a_name(client: Client, member: Any) -> None:
    thread = ThreadFactory()

    as_council = client.post(address("reply", thread), form_of(speaking_as="sector:council"))
    client.post(address("reply", thread), form_of(is_unnamed="on"))

    assert as_council.status_code == 400
    assert [post.is_unnamed for post in thread.posts.filter(number__gt=1)] == [False]


def test_edit_and_withdraw_by_form(client: Client, member: Any) -> None:
    thread = ThreadFactory(replies=1)
    post = PostFactory(thread=thread, author=member, created_at=timezone.now())
    other = thread.posts.get(number=2)

    client.post(reverse("discussions:edit", args=[post.uuid]), {"source": "Better."})
    changed = Post.objects.get(pk=post.pk).text
    client.post(reverse("discussions:withdraw", args=[post.uuid]))
    not_mine = client.post(reverse("discussions:withdraw", args=[other.uuid]))

    post.refresh_from_db()
    assert (changed, post.text, not_mine.status_code) == ("Better.", "", 404)


def test_lesson_discussion_begins_from_a_signed_form(client: Client, member: Any) -> None:
    SpaceFactory(for_lessons=True, signed_in=True)
    token = subject_token(Subject("https://example.org/l/1", "Ask first", "/learn/x/"))
    where = reverse("discussions:start_about")

    page = client.get(where, {"subject": token}).content.decode()
    client.post(where, form_of(subject=token))
    forged = client.post(where, form_of(subject="made-up"))

    assert "Ask first" in page
    thread = Thread.objects.get()
    assert (thread.subject_iri, thread.title) == ("https://example.org/l/1", "Ask first")
    assert forged.status_code == 404


# Reporting and moderating --------------------------------------------------------------


def test_report_asks_why_before_it_is_sent_and_thanks_at_the_contribution(
    client: Client, member: Any
) -> None:
    post = ThreadFactory().posts.get()
    where = reverse("discussions:report", args=[post.uuid])

    page = client.get(where).content.decode()
    order = [
        post.text[:10],
        'name="reason" value="unsafe"',
        'name="words"',
        "Send to the moderators",
    ]
    assert sorted(order, key=page.index) == order
    assert client.post(where, {"words": "See this"}).status_code == 400
    assert not Report.objects.exists()

    answer = client.post(where, {"reason": "unsafe", "words": "See this"})
    assert Report.objects.get().reporter == member
    assert answer["Location"].endswith("#post-1")
    thread = client.get(answer["Location"]).content.decode()
    assert thread.count("Thank you. A moderator will look") == 1
    assert thread.index('id="post-1"') < thread.index("Thank you. A moderator will look")
    assert "Thank you. A moderator" not in client.get(answer["Location"]).content.decode()


def test_a_line_tells_how_many_answered_and_who_last(client: Client, member: Any) -> None:
    thread = ThreadFactory()
    where = reverse("discussions:space", args=[thread.space.slug])
    assert "No answer yet" in client.get(where).content.decode()

    gethin, huw = (
        ParticipantFactory(person__display_name=name).person for name in ("Gethin", "Huw")
    )
    shown = PostFactory(thread=thread, author=gethin)
    PostFactory(thread=thread, author=huw, hidden=True)
    page = client.get(where).content.decode()
    assert "1 answer<" in page
    assert "last from <bdi>Gethin</bdi>" in page
    assert "Huw" not in page

    shown.is_unnamed = True
    shown.save()
    page = client.get(where).content.decode()
    assert "last from <bdi>Someone</bdi>" in page
    assert "Gethin" not in page


def test_moderator_hides_from_the_queue_and_author_reads_why(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    post = ReportFactory().post
    moderator = GrantFactory(kind=GrantKind.MODERATOR).person
    client.force_login(moderator)

    queue = client.get("/discussions/moderation/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("discussions:hide", args=[post.uuid]),
            {"reason": "identifies", "words": "Leave out the street.", "next": "/discussions/"},
        )
    client.force_login(post.author)
    page = client.get(address("thread", post.thread)).content.decode()

    assert post.body in queue
    assert "Leave out the street." in page
    assert mail.outbox[0].to == [post.author.email]


@pytest.mark.parametrize("path", ["/discussions/moderation/", "hide", "close"])
def test_moderation_is_404_for_others(client: Client, member: Any, path: str) -> None:
    thread = ThreadFactory(author=member)
    where = {
        "hide": reverse("discussions:hide", args=[thread.posts.get().uuid]),
        "close": address("close", thread),
    }.get(path, path)

    assert client.get(where).status_code == 404
    client.logout()
    assert client.get(where).status_code == 302


def test_close_pin_and_reopen_by_form(client: Client) -> None:
    thread = ThreadFactory()
    client.force_login(GrantFactory(kind=GrantKind.OPERATOR).person)

    client.post(address("pin", thread), {"pinned": "yes"})
    empty = client.post(address("close", thread), {"words": " "})
    client.post(address("close", thread), {"words": "We agreed."})
    thread.refresh_from_db()
    closed = (thread.is_pinned, thread.outcome)
    client.post(address("reopen", thread))
    thread.refresh_from_db()

    assert empty.status_code == 400
    assert closed == (True, "We agreed.")
    assert thread.closed_at is None


# Following -----------------------------------------------------------------------------


def test_follow_and_change_by_form(client: Client, member: Any) -> None:
    thread = ThreadFactory()

    client.post(address("follow_thread", thread), {"delivery": "each"})
    row = Subscription.objects.get()
    page = client.get("/me/notifications/").content.decode()
    client.post(reverse("discussions:change", args=[row.uuid]), {"delivery": "none"})
    wrong = client.post(address("follow_thread", thread), {"delivery": "hourly"})

    assert thread.title in page
    row.refresh_from_db()
    assert (row.delivery, wrong.status_code) == (Delivery.NONE, 404)


def test_nobody_changes_what_another_follows(client: Client, member: Any) -> None:
    row = SubscriptionFactory(thread=ThreadFactory())

    answer = client.post(reverse("discussions:change", args=[row.uuid]), {"delivery": "none"})

    row.refresh_from_db()
    assert (answer.status_code, row.delivery) == (404, Delivery.EACH)


def test_unsubscribe_link_changes_nothing_until_it_is_posted() -> None:
    row = SubscriptionFactory(thread=ThreadFactory())
    token = services.unsubscribe_token(person=row.person, thread=row.thread)
    client = Client(enforce_csrf_checks=True)
    where = reverse("discussions:unsubscribe", args=[token])

    client.get(where)
    row.refresh_from_db()
    before = row.delivery
    client.post(where, {"List-Unsubscribe": "One-Click"})
    row.refresh_from_db()
    broken = client.post(reverse("discussions:unsubscribe", args=["made-up"]))

    assert (before, row.delivery, broken.status_code) == (Delivery.EACH, Delivery.NONE, 404)


@pytest.mark.parametrize(("before", "after"), [("", "Ffion T"), ("Ffion before", "Ffion before")])
def test_notifications_saves_how_one_takes_part(
    client: Client, member: Any, before: str, after: str
) -> None:
    member.display_name = before
    member.save()

    client.post(
        "/me/notifications/",
        {"display_name": "Ffion T", "delivery": "none", "keeps_words": "on"},
    )

    member.refresh_from_db()
    participant = Participant.objects.get(person=member)
    assert (member.display_name, participant.delivery, participant.keeps_words) == (
        after,
        "none",
        True,
    )


@pytest.mark.parametrize("size", [1, 3])
def test_thread_page_takes_the_same_queries(
    client: Client, member: Any, django_assert_num_queries: Any, size: int
) -> None:
    thread = ThreadFactory(replies=size)
    client.get(address("thread", thread))

    with django_assert_num_queries(15):
        client.get(address("thread", thread))


def test_a_form_with_the_uuid_of_somebody_elses_post_says_what_to_do(client: Client) -> None:
    thread = ThreadFactory()
    client.force_login(ParticipantFactory().person)
    taken = str(thread.posts.get().uuid)

    for where in (
        reverse("discussions:reply", args=[thread.space.slug, thread.uuid]),
        reverse("discussions:new", args=[thread.space.slug]),
    ):
        answer = client.post(where, form_of(uuid=taken, title="A title"))
        assert answer.status_code == 409
        assert "reload the page and send it again" in answer.content.decode()
