"""Writing, following, moderating and leaving: what changed, what was raised, what was announced."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from competencies.models import RoleAssignment
from discussions import services
from discussions.enums import Delivery, ModerationKind, ReportReason, ReportState, SpeakingAs
from discussions.models import ModerationAction, Post, Report, Subscription, Thread
from discussions.queries import Speaking
from lrs.models import Statement
from organisations.signals import people_merged, person_erased
from tests.factories.competencies import RoleFactory
from tests.factories.discussions import (
    AT,
    ParticipantFactory,
    ReportFactory,
    SpaceFactory,
    SubscriptionFactory,
    ThreadFactory,
)
from tests.factories.organisations import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db


def says(source: str = "Some words.", **options: Any) -> services.Contribution:
    return services.Contribution(
        source=source, language="en", uuid=options.pop("uuid", uuid.uuid4()), **options
    )


def test_start_thread_writes_its_first_post_and_one_statement() -> None:
    space, person = SpaceFactory(), ParticipantFactory().person

    thread = services.start_thread(
        space=space, author=person, title="  Who  does what? ", contribution=says(), at=AT
    )

    assert thread.title == "Who does what?"
    assert [(post.number, post.text) for post in thread.posts.all()] == [(1, "Some words.")]
    assert Subscription.objects.get().delivery == Delivery.WEEKLY
    statement = Statement.objects.get()
    assert statement.uuid == thread.posts.get().uuid
    assert (
        b"Some words" not in bytes(statement.payload)
        if isinstance(statement.payload, bytes)
        else "Some words" not in statement.payload
    )


def test_start_thread_twice_with_the_same_form_says_it_once() -> None:
    space, person, words = SpaceFactory(), ParticipantFactory().person, says()

    first = services.start_thread(
        space=space, author=person, title="Once", contribution=words, at=AT
    )
    second = services.start_thread(
        space=space, author=person, title="Once", contribution=words, at=AT
    )

    assert first == second
    assert Post.objects.count() == 1


def test_reply_counts_on_and_moves_the_thread_up() -> None:
    thread = ThreadFactory()
    person = ParticipantFactory().person

    post = services.reply(
        thread=thread,
        author=person,
        contribution=says("An answer."),
        parent=thread.posts.get(),
        at=AT + timedelta(hours=1),
    )

    thread.refresh_from_db()
    assert (post.number, post.parent) == (2, thread.posts.get(number=1))
    assert thread.last_post_at == AT + timedelta(hours=1)
    assert Statement.objects.get().uuid == post.uuid


def test_a_post_without_a_name_leaves_no_statement() -> None:
    thread = ThreadFactory(space=SpaceFactory(unnamed=True))

    services.reply(
        thread=thread, author=ParticipantFactory().person, contribution=says(is_unnamed=True), at=AT
    )

    assert Statement.objects.count() == 0


@pytest.mark.parametrize(
    ("space", "thread", "words", "error"),
    [
        ({"is_open": False}, {}, {}, services.SpaceClosed),
        ({}, {"closed_at": AT}, {}, services.ThreadClosed),
        ({}, {"hidden_at": AT}, {}, services.ThreadClosed),
        ({}, {}, {"source": " \n "}, services.NothingSaid),
        ({}, {}, {"source": "x" * 8001}, services.TooLong),
        ({}, {}, {"is_unnamed": True}, services.NamesNeeded),
        ({}, {}, {"source": "write to a@example.org"}, services.MayIdentifySomeone),
        ({}, {}, {"speaking": Speaking(SpeakingAs.SECTOR, sector="council")}, services.NotYourRole),
    ],
)
def test_reply_refuses(space: Any, thread: Any, words: Any, error: type[Exception]) -> None:
    target = ThreadFactory(space=SpaceFactory(**space), **thread)

    with pytest.raises(error):
        services.reply(
            thread=target, author=ParticipantFactory().person, contribution=says(**words), at=AT
        )

    assert target.posts.count() == 1


def test_reply_needs_a_chosen_name() -> None:
    with pytest.raises(services.NotYetTakingPart):
        services.reply(thread=ThreadFactory(), author=PersonFactory(), contribution=says(), at=AT)


def test_reply_with_an_identifier_goes_when_the_author_has_looked() -> None:
    post = services.reply(
        thread=ThreadFactory(),
        author=ParticipantFactory().person,
        contribution=says("The helpline is 01632 960001.", is_checked=True),
        at=AT,
    )

    assert post.text == "The helpline is 01632 960001."


def test_reply_too_often_says_how_long_to_wait() -> None:
    thread, person = ThreadFactory(), ParticipantFactory().person
    for second in range(5):
        services.reply(
            thread=thread, author=person, contribution=says(), at=AT + timedelta(seconds=second)
        )

    with pytest.raises(services.TooFast) as caught:
        services.reply(
            thread=thread, author=person, contribution=says(), at=AT + timedelta(seconds=10)
        )

    assert caught.value.seconds_to_wait == 51
    assert thread.posts.count() == 6


def test_speaking_as_a_role_needs_filling_it() -> None:
    person, role = ParticipantFactory().person, RoleFactory()
    thread = ThreadFactory()
    as_role = says(speaking=Speaking(SpeakingAs.ROLE, role_id=role.pk))

    with pytest.raises(services.NotYourRole):
        services.reply(thread=thread, author=person, contribution=as_role, at=AT)
    membership = MembershipFactory(person=person)
    RoleAssignment.objects.create(membership=membership, role=role, starts_on=membership.starts_on)
    post = services.reply(thread=thread, author=person, contribution=as_role, at=AT)

    assert post.role == role


def test_start_thread_about_a_subject_with_a_discussion_adds_to_it() -> None:
    space, iri = SpaceFactory(for_lessons=True), "https://example.org/activities/lesson/1"
    one, other = ParticipantFactory().person, ParticipantFactory().person

    first = services.start_thread(
        space=space, author=one, title="L", contribution=says(), at=AT, subject_iri=iri
    )
    second = services.start_thread(
        space=space, author=other, title="L", contribution=says(), at=AT, subject_iri=iri
    )

    assert first == second
    assert first.posts.count() == 2


def test_edit_post_only_ones_own_and_only_for_a_while() -> None:
    post = ThreadFactory().posts.get()

    edited = services.edit_post(
        post=post,
        author=post.author,
        source="Better.",
        is_checked=False,
        at=AT + timedelta(minutes=5),
    )

    assert (edited.text, edited.edited_at) == ("Better.", AT + timedelta(minutes=5))
    with pytest.raises(services.TooLateToEdit):
        services.edit_post(
            post=post,
            author=post.author,
            source="Late.",
            is_checked=False,
            at=AT + timedelta(hours=1),
        )
    with pytest.raises(services.NotYours):
        services.edit_post(
            post=post, author=ParticipantFactory().person, source="No.", is_checked=False, at=AT
        )


def test_withdraw_post_empties_it_and_keeps_its_place() -> None:
    thread = ThreadFactory(replies=1)
    post = thread.posts.get(number=1)

    services.withdraw_post(post=post, author=post.author, at=AT)

    post.refresh_from_db()
    thread.refresh_from_db()
    assert (post.source, post.body, post.text, post.withdrawn_at) == ("", "", "", AT)
    assert thread.withdrawn_at is None


def test_withdraw_the_only_post_withdraws_the_thread() -> None:
    thread = ThreadFactory()
    post = thread.posts.get()

    services.withdraw_post(post=post, author=post.author, at=AT)

    thread.refresh_from_db()
    assert thread.withdrawn_at == AT


def test_hide_post_needs_a_reason() -> None:
    post = ThreadFactory().posts.get()

    with pytest.raises(services.ReasonNeeded):
        services.hide_post(post=post, moderator=PersonFactory(), reason="", words="", at=AT)

    post.refresh_from_db()
    assert post.hidden_at is None


def test_hide_the_first_post_hides_the_thread_and_restore_shows_both() -> None:
    thread, moderator = ThreadFactory(replies=1), PersonFactory()
    post = thread.posts.get(number=1)

    services.hide_post(post=post, moderator=moderator, reason=ReportReason.UNKIND, words="", at=AT)
    thread.refresh_from_db()
    hidden_at = thread.hidden_at
    services.restore_post(post=post, moderator=moderator, words="", at=AT)
    thread.refresh_from_db()
    post.refresh_from_db()

    assert hidden_at == AT
    assert (thread.hidden_at, post.hidden_at, post.hidden_reason) == (None, None, "")


def test_report_post_again_changes_the_reason() -> None:
    post, person = ThreadFactory().posts.get(), ParticipantFactory().person

    for reason in (ReportReason.WRONG, ReportReason.UNSAFE):
        services.report_post(post=post, reporter=person, reason=reason, words="", at=AT)

    assert Report.objects.get().reason == ReportReason.UNSAFE


def test_dismiss_reports_leaves_the_post() -> None:
    report = ReportFactory()

    settled = services.dismiss_reports(
        post=report.post, moderator=PersonFactory(), words="Fine.", at=AT
    )

    report.refresh_from_db()
    report.post.refresh_from_db()
    assert (settled, report.state, report.outcome) == (1, ReportState.DISMISSED, "Fine.")
    assert report.post.hidden_at is None


def test_close_thread_needs_an_outcome_and_reopen_takes_it_away() -> None:
    thread, moderator = ThreadFactory(), PersonFactory()

    with pytest.raises(services.OutcomeNeeded):
        services.close_thread(thread=thread, moderator=moderator, outcome=" ", at=AT)
    services.close_thread(thread=thread, moderator=moderator, outcome="We agreed.", at=AT)
    thread.refresh_from_db()
    outcome = thread.outcome
    services.reopen_thread(thread=thread, moderator=moderator, at=AT)
    thread.refresh_from_db()

    assert outcome == "We agreed."
    assert (thread.closed_at, thread.outcome) == (None, "")
    assert list(ModerationAction.objects.order_by("pk").values_list("kind", flat=True)) == [
        ModerationKind.CLOSE,
        ModerationKind.REOPEN,
    ]


# People --------------------------------------------------------------------------------


def test_erased_person_takes_their_words_with_them() -> None:
    thread = ThreadFactory(replies=1, title="My own words")
    person = thread.author
    ReportFactory(post=thread.posts.get(number=2), reporter=person, words="Mine")

    person_erased.send(sender=None, person_id=person.pk, person_uuid=person.uuid)

    thread.refresh_from_db()
    post = thread.posts.get(number=1)
    assert (post.author, post.author_left, post.source, post.text) == (None, True, "", "")
    assert (thread.author, thread.title) == (None, "…")
    assert (Report.objects.get().reporter, Report.objects.get().words) == (None, "")


def test_erased_person_who_chose_so_leaves_their_words() -> None:
    participant = ParticipantFactory(keeps_words=True)
    thread = ThreadFactory(author=participant.person)

    person_erased.send(
        sender=None, person_id=participant.person.pk, person_uuid=participant.person.uuid
    )

    post = thread.posts.get()
    assert (post.author, post.author_left, post.text) == (None, True, "Words of contribution 1.")


def test_merged_people_have_one_part() -> None:
    thread = ThreadFactory(replies=1)
    kept, gone = ParticipantFactory().person, thread.author
    for person in (kept, gone):
        SubscriptionFactory(person=person, thread=thread)
    SubscriptionFactory(person=gone, space=thread.space)

    people_merged.send(sender=None, kept_id=kept.pk, gone_id=gone.pk, memberships={})

    assert (
        Post.objects.filter(author=gone).count() == Thread.objects.filter(author=gone).count() == 0
    )
    assert thread.posts.get(number=1).author == kept
    assert Subscription.objects.filter(person=kept).count() == 2
    assert Subscription.objects.filter(person=gone).count() == 0


# Constraints ---------------------------------------------------------------------------


def test_database_refuses_withdrawn_words_and_two_lesson_spaces() -> None:
    post = ThreadFactory().posts.get()
    SpaceFactory(for_lessons=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(withdrawn_at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpaceFactory(for_lessons=True)


def test_starter_spaces_load_once_in_three_languages() -> None:
    first = services.load_starter_spaces(at=AT)
    second = services.load_starter_spaces(at=AT)

    assert (first.spaces, first.created, first.texts) == (6, 6, 36)
    assert (second.created, second.texts) == (0, 0)


def test_a_form_of_somebody_elses_words_is_refused() -> None:
    thread, person = ThreadFactory(), ParticipantFactory().person
    words = says(uuid=thread.posts.get().uuid)

    with pytest.raises(services.FormOfSomeoneElse):
        services.start_thread(
            space=thread.space, author=person, title="Mine", contribution=words, at=AT
        )
    with pytest.raises(services.FormOfSomeoneElse):
        services.reply(thread=thread, author=person, contribution=words, at=AT)

    assert Post.objects.count() == Thread.objects.count() == 1


def test_a_form_sent_to_another_thread_says_it_once() -> None:
    thread, other = ThreadFactory(), ThreadFactory()
    person, words = ParticipantFactory().person, says()
    first = services.reply(thread=thread, author=person, contribution=words, at=AT)

    again = services.reply(thread=other, author=person, contribution=words, at=AT)

    assert again == first
    assert other.posts.count() == 1
