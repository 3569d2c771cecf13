"""A discussion and its posts, as one reader sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.safestring import SafeString, mark_safe

from cms.queries import Said, Texts, text_direction, texts_for
from discussions.enums import Delivery, ModerationKind, ReportReason, SpeakingAs
from discussions.models import ModerationAction, Post, Thread
from discussions.permissions import may_moderate_space, may_write_in
from discussions.queries.lines import delivery_of, shown_name
from discussions.queries.spaces import SpaceShown, space_shown, spaces_open_to
from discussions.rules.limits import may_still_edit
from organisations.enums import Sector
from organisations.permissions import Access

POSTS_A_PAGE = 25


@dataclass(frozen=True)
class PostShown:
    """One contribution as one reader sees it."""

    uuid: UUID
    number: int
    name: str
    real_name: str
    speaking: Said | str
    is_mine: bool
    is_unnamed: bool
    body: SafeString
    source: str
    language: str
    created_at: datetime
    edited_at: datetime | None
    answers_number: int | None
    is_withdrawn: bool
    is_hidden: bool
    is_readable: bool
    hidden_reason: str
    hidden_words: str
    can_edit: bool
    can_withdraw: bool
    can_report: bool
    can_hide: bool
    can_restore: bool

    @property
    def is_standing(self) -> bool:
        """Neither hidden nor withdrawn."""
        return not self.is_hidden and not self.is_withdrawn

    @property
    def has_actions(self) -> bool:
        """Whether there is anything the reader may do with it, answering aside."""
        return any(
            (self.can_edit, self.can_withdraw, self.can_report, self.can_hide, self.can_restore)
        )

    @property
    def direction(self) -> str:
        return text_direction(self.language)


@dataclass(frozen=True)
class ThreadShown:
    """A discussion with a page of its contributions."""

    uuid: UUID
    title: str
    language: str
    space: SpaceShown
    subject_iri: str
    is_pinned: bool
    is_closed: bool
    is_hidden: bool
    closed_at: datetime | None
    outcome: str
    posts: list[PostShown]
    page: Page[Post]
    delivery: Delivery | None
    can_reply: bool
    can_moderate: bool

    @property
    def direction(self) -> str:
        return text_direction(self.language)


def thread_page(
    *,
    viewer: Access,
    slug: str,
    thread_uuid: UUID,
    language: str,
    at: datetime,
    page: int = 1,
) -> ThreadShown:
    """Return a discussion with a page of its posts. The same number of queries whatever is in it.

    Raises:
        Thread.DoesNotExist: there is none in this space, or the viewer may not read it.
    """
    thread = thread_to_read(viewer=viewer, thread_uuid=thread_uuid, slug=slug)
    moderates = may_moderate_space(viewer, owner_id=thread.space.owner_organisation_id)
    rows = thread.posts.select_related("author", "role", "parent").order_by("number")
    paged = Paginator(rows, POSTS_A_PAGE).get_page(page)
    posts = list(paged)
    roles = [post.role.uuid for post in posts if post.role]
    texts = texts_for(subject_uuids=[thread.space.uuid, *roles], language=language)
    reader = _Reader(
        viewer=viewer,
        moderates=moderates,
        texts=texts,
        at=at,
        told=_what_authors_are_told(posts),
        takes_more=thread.closed_at is None and may_write_in(viewer, is_open=thread.space.is_open),
    )
    return ThreadShown(
        uuid=thread.uuid,
        title=thread.title,
        language=thread.language,
        space=space_shown(viewer=viewer, space=thread.space, texts=texts),
        subject_iri=thread.subject_iri,
        is_pinned=thread.is_pinned,
        is_closed=thread.closed_at is not None,
        is_hidden=thread.hidden_at is not None,
        closed_at=thread.closed_at,
        outcome=thread.outcome,
        posts=[reader.shows(post) for post in posts],
        page=paged,
        delivery=delivery_of(viewer, Q(thread=thread)),
        can_reply=reader.takes_more and thread.hidden_at is None,
        can_moderate=moderates,
    )


def thread_to_read(*, viewer: Access, thread_uuid: UUID, slug: str | None = None) -> Thread:
    """Return a thread the viewer may read; a hidden one only to who began it and moderators.

    Raises:
        Thread.DoesNotExist: there is none, or the viewer may not read it.
    """
    found = Thread.objects.select_related("space").filter(
        uuid=thread_uuid, withdrawn_at__isnull=True, space__in=spaces_open_to(viewer)
    )
    thread = (found if slug is None else found.filter(space__slug=slug)).get()
    if thread.hidden_at and not (
        may_moderate_space(viewer, owner_id=thread.space.owner_organisation_id)
        or (viewer.is_signed_in and thread.author_id == viewer.person_id)
    ):
        raise Thread.DoesNotExist
    return thread


def post_to_read(*, viewer: Access, post_uuid: UUID) -> Post:
    """Return a post of a thread the viewer may read, itself hidden or not.

    Raises:
        Post.DoesNotExist: there is none, or the viewer may not read its thread.
    """
    post = Post.objects.select_related("thread__space", "author", "role").get(uuid=post_uuid)
    try:
        thread_to_read(viewer=viewer, thread_uuid=post.thread.uuid)
    except Thread.DoesNotExist as error:
        raise Post.DoesNotExist from error
    return post


def post_to_answer(*, viewer: Access, post_uuid: UUID) -> Post:
    """Return a post the viewer may read the words of.

    Raises:
        Post.DoesNotExist: there is none, it is hidden or withdrawn, or they may not read it.
    """
    post = post_to_read(viewer=viewer, post_uuid=post_uuid)
    if post.hidden_at or post.withdrawn_at:
        raise Post.DoesNotExist
    return post


def page_of(post: Post) -> int:
    """Return on which page of its discussion a post is, from 1."""
    return (post.number - 1) // POSTS_A_PAGE + 1


@dataclass(frozen=True)
class _Reader:
    """Who reads, and what they may do with what they read."""

    viewer: Access
    moderates: bool
    texts: Texts
    at: datetime
    told: dict[int, str]
    takes_more: bool

    def shows(self, post: Post) -> PostShown:
        mine = self.viewer.is_signed_in and post.author_id == self.viewer.person_id
        hidden, withdrawn = post.hidden_at is not None, post.withdrawn_at is not None
        readable = not withdrawn and (not hidden or mine or self.moderates)
        explained = hidden and readable
        standing = not hidden and not withdrawn
        return PostShown(
            uuid=post.uuid,
            number=post.number,
            name=shown_name(post),
            real_name=self._real_name(post),
            speaking=self._speaking(post) if readable else "",
            is_mine=mine,
            is_unnamed=post.is_unnamed,
            body=mark_safe(post.body) if readable else SafeString(""),  # noqa: S308 - made by safe_html
            source=post.source if readable else "",
            language=post.language,
            created_at=post.created_at,
            edited_at=post.edited_at,
            answers_number=post.parent.number if post.parent else None,
            is_withdrawn=withdrawn,
            is_hidden=hidden,
            is_readable=readable,
            hidden_reason=str(ReportReason(post.hidden_reason).label) if explained else "",
            hidden_words=self.told.get(post.pk, "") if explained else "",
            can_edit=mine and standing and may_still_edit(written_at=post.created_at, at=self.at),
            can_withdraw=mine and standing,
            can_report=self.viewer.is_signed_in and not mine and standing,
            can_hide=self.moderates and standing,
            can_restore=self.moderates and hidden and not withdrawn,
        )

    def _real_name(self, post: Post) -> str:
        if self.moderates and post.is_unnamed and post.author is not None:
            return str(post.author.public_name)
        return ""

    def _speaking(self, post: Post) -> Said | str:
        if post.speaking_as == SpeakingAs.ROLE:
            return self.texts.say(post.role.uuid, "title", post.role.title) if post.role else ""
        if post.speaking_as == SpeakingAs.SECTOR:
            return str(Sector(post.sector).label) if post.sector else ""
        return str(SpeakingAs(post.speaking_as).label) if post.speaking_as else ""


def _what_authors_are_told(posts: Sequence[Post]) -> dict[int, str]:
    """Return, for hidden posts, what the moderator wrote when hiding them last. One query."""
    hidden = [post.pk for post in posts if post.hidden_at]
    actions = ModerationAction.objects.filter(
        post_id__in=hidden, kind=ModerationKind.HIDE
    ).order_by("done_at", "pk")
    return {action.post_id: action.words for action in actions if action.post_id is not None}
