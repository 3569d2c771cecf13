"""Asking a moderator to look, and what moderators do. Whether they may is asked before."""

from datetime import datetime

from django.db import transaction

from discussions.enums import ModerationKind, ReportReason, ReportState
from discussions.models import ModerationAction, Post, Report, Thread
from discussions.rules.limits import LONGEST_POST
from discussions.services.errors import (
    AlreadyGone,
    OutcomeNeeded,
    ReasonNeeded,
    TooLong,
)
from discussions.signals import moderation_done
from organisations.models import User


@transaction.atomic
def report_post(
    *, post: Post, reporter: User, reason: ReportReason, words: str, at: datetime
) -> Report:
    """Ask a moderator to look at a post. Asking again while it waits changes the reason.

    Raises:
        AlreadyGone: it was withdrawn.
        TooLong: the words are more than a contribution may have.

    Writes: Report.
    """
    if post.withdrawn_at:
        raise AlreadyGone
    if len(words) > LONGEST_POST:
        raise TooLong
    report, _created = Report.objects.update_or_create(
        post=post,
        reporter=reporter,
        state=ReportState.WAITING,
        defaults={"reason": reason, "words": words.strip(), "reported_at": at},
    )
    return report


@transaction.atomic
def hide_post(
    *, post: Post, moderator: User, reason: ReportReason | str, words: str, at: datetime
) -> ModerationAction:
    """Hide a post from everybody but its author and moderators, and tell the author why.

    With its first post a whole thread is hidden. Reports that wait are settled by it.

    Raises:
        ReasonNeeded: the reason is none of those there are.
        AlreadyGone: it is hidden or was withdrawn.

    Writes: Post, perhaps Thread, Report, ModerationAction. Announces `moderation_done`.
    """
    if reason not in ReportReason.values:
        raise ReasonNeeded
    locked = _locked(post)
    if locked.hidden_at or locked.withdrawn_at:
        raise AlreadyGone
    locked.hidden_at, locked.hidden_by, locked.hidden_reason = at, moderator, reason
    locked.save()
    if locked.number == 1:
        locked.thread.hidden_at = at
        locked.thread.save(update_fields=["hidden_at"])
    _settle(locked, moderator=moderator, state=ReportState.UPHELD, words=words, at=at)
    return _act(
        thread=locked.thread,
        post=locked,
        kind=ModerationKind.HIDE,
        moderator=moderator,
        at=at,
        reason=reason,
        words=words,
    )


@transaction.atomic
def restore_post(*, post: Post, moderator: User, words: str, at: datetime) -> ModerationAction:
    """Show a hidden post again, and tell the author.

    Raises:
        AlreadyGone: it is not hidden.

    Writes: Post, perhaps Thread, ModerationAction. Announces `moderation_done`.
    """
    locked = _locked(post)
    if not locked.hidden_at:
        raise AlreadyGone
    locked.hidden_at, locked.hidden_by, locked.hidden_reason = None, None, ""
    locked.save()
    if locked.number == 1:
        locked.thread.hidden_at = None
        locked.thread.save(update_fields=["hidden_at"])
    return _act(
        thread=locked.thread,
        post=locked,
        kind=ModerationKind.RESTORE,
        moderator=moderator,
        at=at,
        words=words,
    )


@transaction.atomic
def dismiss_reports(*, post: Post, moderator: User, words: str, at: datetime) -> int:
    """Decide that nothing needs doing about a post; return how many reports that settles.

    Writes: Report. Safe to repeat.
    """
    return _settle(
        _locked(post), moderator=moderator, state=ReportState.DISMISSED, words=words, at=at
    )


@transaction.atomic
def close_thread(
    *, thread: Thread, moderator: User, outcome: str, at: datetime
) -> ModerationAction:
    """End a discussion with a few words on what came of it, shown above it.

    Raises:
        OutcomeNeeded: there are none.
        TooLong: there are more than a contribution may have.
        AlreadyGone: it is closed.

    Writes: Thread, ModerationAction. Announces `moderation_done`.
    """
    words = outcome.strip()
    if not words:
        raise OutcomeNeeded
    if len(words) > LONGEST_POST:
        raise TooLong
    locked = Thread.objects.select_for_update().get(pk=thread.pk)
    if locked.closed_at:
        raise AlreadyGone
    locked.closed_at, locked.outcome = at, words
    locked.save(update_fields=["closed_at", "outcome"])
    return _act(
        thread=locked, post=None, kind=ModerationKind.CLOSE, moderator=moderator, at=at, words=words
    )


@transaction.atomic
def reopen_thread(*, thread: Thread, moderator: User, at: datetime) -> ModerationAction:
    """Take contributions again; the outcome is kept with what was done.

    Raises:
        AlreadyGone: it is open.

    Writes: Thread, ModerationAction. Announces `moderation_done`.
    """
    locked = Thread.objects.select_for_update().get(pk=thread.pk)
    if not locked.closed_at:
        raise AlreadyGone
    locked.closed_at, locked.outcome = None, ""
    locked.save(update_fields=["closed_at", "outcome"])
    return _act(thread=locked, post=None, kind=ModerationKind.REOPEN, moderator=moderator, at=at)


@transaction.atomic
def pin_thread(*, thread: Thread, moderator: User, is_pinned: bool, at: datetime) -> None:
    """Keep a thread at the top of its space, or let it go. Writes: Thread, ModerationAction."""
    locked = Thread.objects.select_for_update().get(pk=thread.pk)
    if locked.is_pinned == is_pinned:
        return
    locked.is_pinned = is_pinned
    locked.save(update_fields=["is_pinned"])
    kind = ModerationKind.PIN if is_pinned else ModerationKind.UNPIN
    ModerationAction.objects.create(
        thread=locked, kind=kind, moderator=moderator, done_at=at, told_at=at
    )


def _locked(post: Post) -> Post:
    return Post.objects.select_for_update(of=("self",)).select_related("thread").get(pk=post.pk)


def _settle(post: Post, *, moderator: User, state: ReportState, words: str, at: datetime) -> int:
    return post.reports.filter(state=ReportState.WAITING).update(
        state=state, handled_by=moderator, handled_at=at, outcome=words.strip()
    )


def _act(
    *,
    thread: Thread,
    post: Post | None,
    kind: ModerationKind,
    moderator: User,
    at: datetime,
    reason: str = "",
    words: str = "",
) -> ModerationAction:
    action = ModerationAction.objects.create(
        thread=thread,
        post=post,
        kind=kind,
        reason=reason,
        words=words.strip(),
        moderator=moderator,
        done_at=at,
    )
    transaction.on_commit(
        lambda: moderation_done.send(sender=ModerationAction, action_id=action.pk)
    )
    return action
