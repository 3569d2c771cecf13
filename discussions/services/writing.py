"""Saying something, changing it, and taking it back."""

import uuid as uuids
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from discussions.enums import SpeakingAs
from discussions.models import Participant, Post, Space, Thread
from discussions.queries.speaking import Speaking, may_speak_as
from discussions.rules.formatting import plain_words, safe_html
from discussions.rules.identifiers import identifiers_in
from discussions.rules.limits import LONGEST_POST, ROW, may_still_edit, seconds_to_wait
from discussions.services.errors import (
    AlreadyGone,
    FormOfSomeoneElse,
    MayIdentifySomeone,
    NamesNeeded,
    NothingSaid,
    NotYetTakingPart,
    NotYourRole,
    NotYours,
    SpaceClosed,
    ThreadClosed,
    TooFast,
    TooLateToEdit,
    TooLong,
)
from discussions.services.following import follow_what_i_write_in
from discussions.services.statements import state_post
from discussions.signals import post_written
from organisations.models import User

UNSAID = Speaking(SpeakingAs.UNSAID)


@dataclass(frozen=True)
class Contribution:
    """What somebody sends: the words, and how they want to be shown.

    ``uuid`` is made with the form, so that sending it twice says it once. ``is_checked``: the
    author has looked at the warning about identifying someone.
    """

    source: str
    language: str
    uuid: uuids.UUID
    speaking: Speaking = UNSAID
    is_unnamed: bool = False
    is_checked: bool = False


@transaction.atomic
def start_thread(
    *,
    space: Space,
    author: User,
    title: str,
    contribution: Contribution,
    at: datetime,
    subject_iri: str = "",
) -> Thread:
    """Begin a discussion with its first post.

    For a ``subject_iri`` that already has a discussion, the words are added to that one.

    Raises:
        DiscussionError: one of its kinds, as for `reply`; `NothingSaid` also without a title.

    Writes: Thread, Post, Subscription, one statement unless without a name. Announces
    `post_written`. Safe to repeat with the same contribution.
    """
    before = _said_before(author=author, contribution=contribution)
    if before is not None:
        return before.thread
    if subject_iri:
        thread = Thread.objects.filter(subject_iri=subject_iri).first()
        if thread is not None:
            return reply(thread=thread, author=author, contribution=contribution, at=at).thread
    words = " ".join(title.split())
    if not words:
        raise NothingSaid
    if len(words) > 160:
        raise TooLong
    _check(space=space, author=author, contribution=contribution, extra=words, at=at)
    thread = Thread.objects.create(
        space=space,
        subject_iri=subject_iri,
        title=words,
        language=contribution.language,
        author=author,
        created_at=at,
        last_post_at=at,
    )
    _add(thread=thread, author=author, contribution=contribution, parent=None, at=at)
    return thread


@transaction.atomic
def reply(
    *,
    thread: Thread,
    author: User,
    contribution: Contribution,
    at: datetime,
    parent: Post | None = None,
) -> Post:
    """Add to a discussion, perhaps in answer to one of its posts.

    Raises:
        FormOfSomeoneElse: the form was made for another person's words.
        SpaceClosed, ThreadClosed: nothing more is taken.
        NotYetTakingPart: no display name was chosen.
        NothingSaid, TooLong: the words.
        NotYourRole, NamesNeeded: how they want to be shown.
        TooFast: too many in the last minute.
        MayIdentifySomeone: and the author has not looked at the warning.

    Writes: Post, Thread.last_post_at, Subscription, one statement unless without a name. Announces
    `post_written`. Safe to repeat with the same contribution.
    """
    before = _said_before(author=author, contribution=contribution)
    if before is not None:
        return before
    locked = (
        Thread.objects.select_for_update(of=("self",)).select_related("space").get(pk=thread.pk)
    )
    if locked.closed_at or locked.hidden_at or locked.withdrawn_at:
        raise ThreadClosed
    _check(space=locked.space, author=author, contribution=contribution, extra="", at=at)
    if parent is not None and parent.thread_id != locked.pk:
        raise ThreadClosed
    return _add(thread=locked, author=author, contribution=contribution, parent=parent, at=at)


@transaction.atomic
def edit_post(*, post: Post, author: User, source: str, is_checked: bool, at: datetime) -> Post:
    """Change one's own words, within minutes of writing them.

    Raises:
        NotYours, AlreadyGone, TooLateToEdit: it may not be changed.
        NothingSaid, TooLong, MayIdentifySomeone: the new words.

    Writes: Post.
    """
    locked = _own(post, author)
    if not may_still_edit(written_at=locked.created_at, at=at):
        raise TooLateToEdit
    _check_words(source=source, extra="", is_checked=is_checked)
    _set_words(locked, source)
    locked.edited_at = at
    locked.save()
    return locked


@transaction.atomic
def withdraw_post(*, post: Post, author: User, at: datetime) -> Post:
    """Take one's own words back; the place stays, so that answers to it still make sense.

    A discussion that nobody has answered goes with its first post.

    Raises:
        NotYours, AlreadyGone: it cannot be withdrawn.

    Writes: Post, perhaps Thread.
    """
    locked = _own(post, author)
    _empty(locked, at=at)
    return locked


def take_words_away(*, post: Post, at: datetime) -> None:
    """Empty a post whose author has left. Writes: Post, perhaps Thread."""
    if post.withdrawn_at is None:
        _empty(post, at=at)


def _said_before(*, author: User, contribution: Contribution) -> Post | None:
    """Return what the author sent with this very form, once nothing else of theirs is under way."""
    User.objects.select_for_update().get(pk=author.pk)
    found = Post.objects.filter(uuid=contribution.uuid).select_related("thread").first()
    if found is not None and found.author_id != author.pk:
        raise FormOfSomeoneElse
    return found


def _own(post: Post, author: User) -> Post:
    locked = Post.objects.select_for_update(of=("self",)).select_related("thread").get(pk=post.pk)
    if locked.author_id != author.pk:
        raise NotYours
    if locked.withdrawn_at or locked.hidden_at:
        raise AlreadyGone
    return locked


def _empty(post: Post, *, at: datetime) -> None:
    post.source = post.body = post.text = ""
    post.withdrawn_at = at
    post.save()
    if post.number == 1 and not post.thread.posts.shown().exists():
        post.thread.withdrawn_at = at
        post.thread.save(update_fields=["withdrawn_at"])


def _check(
    *, space: Space, author: User, contribution: Contribution, extra: str, at: datetime
) -> None:
    if not space.is_open:
        raise SpaceClosed
    if not author.display_name or not Participant.objects.filter(person=author).exists():
        raise NotYetTakingPart
    if contribution.is_unnamed and not space.allows_unnamed:
        raise NamesNeeded
    if not may_speak_as(person=author, speaking=contribution.speaking, on=timezone.localdate(at)):
        raise NotYourRole
    _check_words(source=contribution.source, extra=extra, is_checked=contribution.is_checked)
    recent = Post.objects.filter(author=author, created_at__gt=at - ROW)
    wait = seconds_to_wait(written_at=list(recent.values_list("created_at", flat=True)), at=at)
    if wait:
        raise TooFast(seconds_to_wait=wait)


def _check_words(*, source: str, extra: str, is_checked: bool) -> None:
    words = plain_words(safe_html(source))
    if not words:
        raise NothingSaid
    if len(source) > LONGEST_POST:
        raise TooLong
    kinds = identifiers_in(f"{extra}\n{words}")
    if kinds and not is_checked:
        raise MayIdentifySomeone(kinds=kinds)


def _set_words(post: Post, source: str) -> None:
    post.source = source.strip()
    post.body = safe_html(post.source)
    post.text = plain_words(post.body)


def _add(
    *,
    thread: Thread,
    author: User,
    contribution: Contribution,
    parent: Post | None,
    at: datetime,
) -> Post:
    last = thread.posts.aggregate(last=Max("number"))["last"] or 0
    post = Post(
        uuid=contribution.uuid,
        thread=thread,
        number=last + 1,
        parent=parent,
        author=author,
        is_unnamed=contribution.is_unnamed,
        speaking_as=contribution.speaking.kind,
        role_id=contribution.speaking.role_id,
        sector=contribution.speaking.sector,
        language=contribution.language,
        created_at=at,
    )
    _set_words(post, contribution.source)
    post.save()
    thread.last_post_at = at
    thread.save(update_fields=["last_post_at"])
    follow_what_i_write_in(person=author, thread=thread, at=at)
    state_post(post=post)
    transaction.on_commit(lambda: post_written.send(sender=Post, post_id=post.pk))
    return post
