"""What waits for a moderator, and what was done."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString, mark_safe

from discussions.enums import ReportReason, ReportState
from discussions.models import ModerationAction, Post, Report, Space, Thread
from discussions.queries.lines import shown_name
from organisations.permissions import Access

POSTS_A_PAGE = 20
MOST_ACTIONS = 20


@dataclass(frozen=True)
class ReportShown:
    """One report of a post, to a moderator."""

    reason: str
    words: str
    reported_at: datetime
    reporter: str


@dataclass(frozen=True)
class ReportedPost:
    """A post that somebody asked a moderator to look at."""

    uuid: UUID
    number: int
    name: str
    body: SafeString
    language: str
    thread_title: str
    thread_uuid: UUID
    space_slug: str
    space_title: str
    created_at: datetime
    is_hidden: bool
    is_withdrawn: bool
    is_urgent: bool
    reports: list[ReportShown]


@dataclass(frozen=True)
class ModerationQueue:
    """What waits, and what was done last."""

    posts: list[ReportedPost]
    page: Page[Post]
    actions: list[ModerationAction]


def spaces_moderated_by(viewer: Access) -> QuerySet[Space]:
    """Return the spaces whose discussions ``viewer`` looks after: `may_moderate_space` as a filter."""
    if viewer.is_operator or viewer.is_moderator_everywhere:
        return Space.objects.all()
    return Space.objects.filter(owner_organisation_id__in=viewer.moderated_organisation_ids)


def moderates_anything(viewer: Access) -> bool:
    """Whether there is a space that ``viewer`` looks after; no query when they plainly do not."""
    return (viewer.is_operator or viewer.is_moderator) and spaces_moderated_by(viewer).exists()


def moderation_queue(*, viewer: Access, page: int = 1) -> ModerationQueue:
    """Return reported posts of the viewer's spaces, someone at risk first, then the oldest."""
    spaces = spaces_moderated_by(viewer)
    waiting = Report.objects.filter(state=ReportState.WAITING, post__thread__space__in=spaces)
    urgent = waiting.filter(reason=ReportReason.UNSAFE).values("post_id")
    rows = (
        Post.objects.filter(pk__in=waiting.values("post_id"))
        .annotate(waits_urgently=Q(pk__in=urgent))
        .select_related("thread__space", "author")
        .order_by("-waits_urgently", "created_at", "pk")
    )
    paged = Paginator(rows, POSTS_A_PAGE).get_page(page)
    posts = list(paged)
    reports: dict[int, list[Report]] = {post.pk: [] for post in posts}
    for report in (
        waiting.filter(post__in=posts).select_related("reporter").order_by("reported_at", "pk")
    ):
        reports[report.post_id].append(report)
    actions = (
        ModerationAction.objects.filter(thread__space__in=spaces)
        .select_related("thread__space", "post", "moderator")
        .order_by("-done_at", "-pk")[:MOST_ACTIONS]
    )
    return ModerationQueue(
        posts=[_reported(post, reports[post.pk]) for post in posts],
        page=paged,
        actions=list(actions),
    )


def post_to_moderate(*, viewer: Access, post_uuid: UUID) -> Post:
    """Return a post of a space the viewer looks after.

    Raises:
        Post.DoesNotExist: there is none, or it is not theirs to look after.
    """
    return Post.objects.select_related("thread__space", "author").get(
        uuid=post_uuid, thread__space__in=spaces_moderated_by(viewer)
    )


def thread_to_moderate(*, viewer: Access, thread_uuid: UUID) -> Thread:
    """Return a thread of a space the viewer looks after.

    Raises:
        Thread.DoesNotExist: there is none, or it is not theirs to look after.
    """
    return Thread.objects.select_related("space").get(
        uuid=thread_uuid, space__in=spaces_moderated_by(viewer)
    )


def _reported(post: Post, reports: list[Report]) -> ReportedPost:
    return ReportedPost(
        uuid=post.uuid,
        number=post.number,
        name=shown_name(post),
        body=mark_safe(post.body),  # noqa: S308 - made by safe_html
        language=post.language,
        thread_title=post.thread.title,
        thread_uuid=post.thread.uuid,
        space_slug=post.thread.space.slug,
        space_title=post.thread.space.title,
        created_at=post.created_at,
        is_hidden=post.hidden_at is not None,
        is_withdrawn=post.withdrawn_at is not None,
        is_urgent=any(report.reason == ReportReason.UNSAFE for report in reports),
        reports=[
            ReportShown(
                reason=str(ReportReason(report.reason).label),
                words=report.words,
                reported_at=report.reported_at,
                reporter=report.reporter.public_name if report.reporter else "",
            )
            for report in reports
        ],
    )
