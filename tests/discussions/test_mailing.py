"""Mails about what is new, and to authors whose words were hidden."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from discussions import services
from discussions.enums import Delivery, ReportReason, ReportState
from discussions.models import Mailing, ModerationAction, Post
from discussions.tasks import mail_post, sweep_discussions
from tests.factories.discussions import (
    AT,
    PostFactory,
    ReportFactory,
    SpaceFactory,
    SubscriptionFactory,
    ThreadFactory,
)
from tests.factories.organisations import MembershipFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def says() -> services.Contribution:
    return services.Contribution(source="Some words.", language="en", uuid=uuid.uuid4())


def test_each_mail_goes_to_followers_once_and_not_to_the_author(
    django_capture_on_commit_callbacks: Any,
) -> None:
    thread = ThreadFactory()
    follower = SubscriptionFactory(thread=thread).person
    SubscriptionFactory(thread=thread, delivery=Delivery.NONE)
    of_space = SubscriptionFactory(space=thread.space).person
    author = SubscriptionFactory(thread=thread).person

    with django_capture_on_commit_callbacks(execute=True):
        post = services.reply(thread=thread, author=author, contribution=says(), at=AT)
    mail_post(post_id=post.pk)
    sweep_discussions()

    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
        [follower.email, of_space.email]
    )


def test_thread_choice_goes_before_the_space() -> None:
    thread = ThreadFactory()
    person = SubscriptionFactory(space=thread.space).person
    SubscriptionFactory(person=person, thread=thread, delivery=Delivery.NONE)
    post = PostFactory(thread=thread)

    mail_post(post_id=post.pk)

    assert mail.outbox == []


def test_no_mail_to_who_may_no_longer_read_it() -> None:
    organisation = OrganisationFactory()
    thread = ThreadFactory(space=SpaceFactory(restricted_to=organisation))
    inside, outside = SubscriptionFactory(thread=thread), SubscriptionFactory(thread=thread)
    MembershipFactory(person=inside.person, organisation=organisation)
    MembershipFactory(person=outside.person)
    post = PostFactory(thread=thread)

    mail_post(post_id=post.pk)

    assert [letter.to for letter in mail.outbox] == [[inside.person.email]]
    assert Mailing.objects.filter(sent_at__isnull=True).count() == 0


def test_a_mail_that_failed_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    thread = ThreadFactory()
    SubscriptionFactory(thread=thread)
    post = PostFactory(thread=thread)

    def broken(letter: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", broken)
        mail_post(post_id=post.pk)
    mailing = Mailing.objects.get()
    assert (mailing.tries, mailing.sent_at, mail.outbox) == (1, None, [])
    Mailing.objects.update(queued_at=AT)
    sweep_discussions()

    assert len(mail.outbox) == 1


def test_a_message_lost_by_the_broker_is_found_by_the_sweep() -> None:
    thread = ThreadFactory()
    SubscriptionFactory(thread=thread)
    Post.objects.update(mailed_at=AT)
    PostFactory(thread=thread)

    sweep_discussions()
    Mailing.objects.update(queued_at=AT)
    sweep_discussions()
    sweep_discussions()

    assert len(mail.outbox) == 1


def test_weekly_mail_tells_once_of_what_others_said() -> None:
    thread = ThreadFactory(replies=2)
    follower = SubscriptionFactory(thread=thread, delivery=Delivery.WEEKLY).person
    PostFactory(thread=thread, author=follower, created_at=AT + timedelta(days=1))
    PostFactory(thread=thread, created_at=AT + timedelta(days=1), hidden=True)
    participant = follower.participant

    went = [
        services.send_digest(participant_id=participant.pk, at=AT + timedelta(days=day))
        for day in (7, 14)
    ]

    assert went == [True, False]
    (letter,) = mail.outbox
    assert letter.subject == "2 new contributions in discussions you follow"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_unsubscribe_link_stops_one_thread_or_everything() -> None:
    thread = ThreadFactory()
    person = SubscriptionFactory(thread=thread).person
    SubscriptionFactory(person=person, space=thread.space)

    services.unsubscribe(token=services.unsubscribe_token(person=person, thread=thread), at=AT)
    after_one = sorted(person.subscriptions.values_list("delivery", flat=True))
    services.unsubscribe(token=services.unsubscribe_token(person=person), at=AT)
    after_all = sorted(person.subscriptions.values_list("delivery", flat=True))

    assert (after_one, after_all) == (["each", "none"], ["none", "none"])
    with pytest.raises(services.LinkNotValid):
        services.unsubscribe(token="made-up", at=AT)


def test_hide_post_settles_its_reports_and_tells_the_author(
    django_capture_on_commit_callbacks: Any,
) -> None:
    report = ReportFactory()
    post, moderator = report.post, PersonFactory()

    with django_capture_on_commit_callbacks(execute=True):
        services.hide_post(
            post=post, moderator=moderator, reason=ReportReason.IDENTIFIES, words="A street.", at=AT
        )

    report.refresh_from_db()
    action = ModerationAction.objects.get()
    assert (report.state, report.handled_by) == (ReportState.UPHELD, moderator)
    assert (action.kind, action.reason, action.words) == ("hide", "identifies", "A street.")
    (letter,) = mail.outbox
    assert letter.to == [post.author.email]
    assert "A street." in letter.body
    assert "It could identify someone" in letter.body
