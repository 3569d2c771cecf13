"""Discussions in lists: of a space, and where something was said last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from wagtail.search.backends import get_search_backend

from cms.queries import Said, Texts, text_direction, texts_for
from discussions.enums import Delivery
from discussions.models import Post, Space, Subscription, Thread
from discussions.queries.spaces import (
    SpaceShown,
    posts_open_to,
    space_shown,
    spaces_open_to,
    threads_open_to,
)
from organisations.permissions import Access

THREADS_A_PAGE = 20
MOST_FOUND = 200


@dataclass(frozen=True)
class ThreadLine:
    """A discussion in a list; ``last_voice`` is empty until somebody has answered."""

    uuid: UUID
    title: str
    language: str
    space_slug: str
    space_title: Said
    begun_by: str
    posts: int
    answers: int
    last_voice: str
    last_post_at: datetime
    is_pinned: bool
    is_closed: bool

    @property
    def direction(self) -> str:
        return text_direction(self.language)


@dataclass(frozen=True)
class SpacePage:
    """A space with a page of its discussions."""

    space: SpaceShown
    threads: list[ThreadLine]
    page: Page[Thread]
    delivery: Delivery | None
    words: str


def latest_threads(*, viewer: Access, language: str, most: int) -> list[ThreadLine]:
    """Return where something was said last, of all spaces a viewer may read. Three queries at most."""
    rows = for_lines(threads_open_to(viewer)).order_by("-last_post_at", "-pk")[:most]
    return thread_lines(list(rows), language=language)


def space_page(
    *, viewer: Access, slug: str, language: str, words: str = "", page: int = 1
) -> SpacePage:
    """Return a space with a page of its discussions, those that hold ``words`` if there are any.

    Pinned ones first, then where something was said last. The same number of queries whatever is
    in it.

    Raises:
        Space.DoesNotExist: there is none, or the viewer may not read it.
    """
    space = spaces_open_to(viewer).get(slug=slug)
    threads = threads_open_to(viewer).filter(space=space)
    if words.strip():
        posts = posts_open_to(viewer).filter(thread__in=Thread.objects.filter(space=space))
        found = get_search_backend().search(words, posts)[:MOST_FOUND]
        threads = threads.filter(pk__in={post.thread_id for post in found})
    rows = for_lines(threads).order_by("-is_pinned", "-last_post_at", "-pk")
    paged = Paginator(rows, THREADS_A_PAGE).get_page(page)
    lines = list(paged)
    texts = texts_for(subject_uuids=[space.uuid], language=language)
    return SpacePage(
        space=space_shown(viewer=viewer, space=space, texts=texts),
        threads=thread_lines(lines, language=language, texts=texts),
        page=paged,
        delivery=delivery_of(viewer, Q(space=space)),
        words=words,
    )


def shown_name(post: Post) -> str:
    """Return the name a post is shown under."""
    if post.author_left:
        return _("A person who has left")
    if post.author is None or post.is_unnamed:
        return _("Someone")
    return str(post.author.public_name)


def delivery_of(viewer: Access, of: Q) -> Delivery | None:
    """Return how a viewer follows what ``of`` finds; None when they never chose. One query."""
    if not viewer.is_signed_in:
        return None
    chosen = Subscription.objects.filter(of, person_id=viewer.person_id).values_list(
        "delivery", flat=True
    )
    return next((Delivery(value) for value in chosen), None)


def for_lines(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    """Return threads with what a line of a list needs."""
    of_thread = Post.objects.filter(thread=OuterRef("pk"))
    first = of_thread.filter(number=1)
    stands = Q(posts__hidden_at__isnull=True, posts__withdrawn_at__isnull=True)
    return threads.select_related("space", "author").annotate(
        post_count=Count("posts", filter=stands),
        answer_count=Count("posts", filter=stands & Q(posts__number__gt=1)),
        last_answer_id=Subquery(
            of_thread.shown().filter(number__gt=1).order_by("-number").values("pk")[:1]
        ),
        is_begun_unnamed=Subquery(first.values("is_unnamed")[:1]),
        is_begun_by_leaver=Subquery(first.values("author_left")[:1]),
    )


def thread_lines(
    threads: Iterable[Thread], *, language: str, texts: Texts | None = None
) -> list[ThreadLine]:
    """Return lines for threads of `for_lines`. Two queries at most, one with ``texts`` given."""
    rows = list(threads)
    last = Post.objects.select_related("author").in_bulk(
        {thread.last_answer_id for thread in rows} - {None}  # type: ignore[attr-defined] # by for_lines
    )
    if texts is None:
        spaces: set[UUID] = {thread.space.uuid for thread in rows}
        texts = texts_for(subject_uuids=spaces, language=language)
    return [_line(thread, texts, last) for thread in rows]


def _line(thread: Thread, texts: Texts, last: Mapping[int, Post]) -> ThreadLine:
    space: Space = thread.space
    answer = last.get(thread.last_answer_id)  # type: ignore[attr-defined] # by for_lines
    return ThreadLine(
        uuid=thread.uuid,
        title=thread.title,
        language=thread.language,
        space_slug=space.slug,
        space_title=texts.say(space.uuid, "title", space.title, original_language=space.language),
        begun_by=_begun_by(thread),
        posts=thread.post_count,  # type: ignore[attr-defined] # by for_lines
        answers=thread.answer_count,  # type: ignore[attr-defined] # by for_lines
        last_voice=shown_name(answer) if answer else "",
        last_post_at=thread.last_post_at,
        is_pinned=thread.is_pinned,
        is_closed=thread.closed_at is not None,
    )


def _begun_by(thread: Thread) -> str:
    if thread.is_begun_by_leaver:  # type: ignore[attr-defined] # by for_lines
        return _("A person who has left")
    if thread.author is None or thread.is_begun_unnamed:  # type: ignore[attr-defined] # by for_lines
        return _("Someone")
    return str(thread.author.public_name)
