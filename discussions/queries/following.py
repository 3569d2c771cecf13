"""What people follow, and who is to hear of what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet

from cms.queries import Said, texts_for
from discussions.enums import Delivery
from discussions.models import Mailing, Participant, Post, Subscription, Thread
from discussions.queries.spaces import posts_open_to
from organisations.models import User
from organisations.permissions import Access

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Followed:
    """Something a person follows, and how."""

    uuid: UUID
    title: Said | str
    space_slug: str
    thread_uuid: UUID | None
    delivery: Delivery


@dataclass(frozen=True)
class News:
    """How much was said in one discussion since a person was last told."""

    title: str
    space_slug: str
    thread_uuid: UUID
    first_post_uuid: UUID
    posts: int


def participant_of(person: User) -> Participant | None:
    """Return what a person decided about taking part; None for who never did. One query."""
    return Participant.objects.filter(person=person).first()


def followed_by(*, person: User, language: str) -> list[Followed]:
    """Return what a person follows: spaces first, then discussions. Two queries."""
    rows = list(
        Subscription.objects.filter(person=person)
        .filter(Q(thread__isnull=True) | Q(thread__withdrawn_at__isnull=True))
        .select_related("space", "thread__space")
        .order_by("thread_id", "pk")
    )
    rows.sort(key=lambda row: row.thread_id is not None)
    texts = texts_for(
        subject_uuids=[row.space.uuid for row in rows if row.space], language=language
    )
    found: list[Followed] = []
    for row in rows:
        space = row.thread.space if row.thread else row.space
        if space is None:
            continue
        title: Said | str = (
            row.thread.title
            if row.thread
            else texts.say(space.uuid, "title", space.title, original_language=space.language)
        )
        found.append(
            Followed(
                uuid=row.uuid,
                title=title,
                space_slug=space.slug,
                thread_uuid=row.thread.uuid if row.thread else None,
                delivery=Delivery(row.delivery),
            )
        )
    return found


def people_to_tell(post: Post) -> QuerySet[User]:
    """Return who wants a mail for each post there: by the thread, or by its space if not said.

    Whether they may still read it is asked when the mail is sent.
    """
    thread = post.thread
    of_thread = Subscription.objects.filter(thread=thread, person=OuterRef("pk"))
    of_space = Subscription.objects.filter(space_id=thread.space_id, person=OuterRef("pk"))
    wants_each = Q(Exists(of_thread.filter(delivery=Delivery.EACH))) | (
        ~Q(Exists(of_thread)) & Q(Exists(of_space.filter(delivery=Delivery.EACH)))
    )
    people = User.objects.filter(wants_each, is_active=True, merged_into__isnull=True)
    return people.exclude(pk=post.author_id) if post.author_id else people


def posts_to_mail(*, before: datetime) -> QuerySet[Post]:
    """Return posts whose mails have not been written, among those from before a moment."""
    return Post.objects.filter(mailed_at__isnull=True, created_at__lt=before)


def mailings_to_send(*, before: datetime, most_tries: int) -> QuerySet[Mailing]:
    """Return mails that have not gone out, among those written before a moment."""
    return Mailing.objects.filter(sent_at__isnull=True, queued_at__lt=before, tries__lt=most_tries)


def due_for_digest(*, at: datetime) -> QuerySet[Participant]:
    """Return participants whose last weekly mail is a week old and who follow something weekly."""
    weekly = Subscription.objects.filter(person=OuterRef("person"), delivery=Delivery.WEEKLY)
    return Participant.objects.filter(
        Exists(weekly),
        digest_at__lte=at - WEEK,
        person__is_active=True,
        person__merged_into__isnull=True,
    )


def news_for(*, viewer: Access, person: User, since: datetime, until: datetime) -> list[News]:
    """Return what others said since a moment where the person wants a weekly mail.

    Only what ``viewer``, who is that person, may read. One query.
    """
    mine = Subscription.objects.filter(person=person)
    threads = Thread.objects.filter(
        Q(pk__in=mine.filter(delivery=Delivery.WEEKLY, thread__isnull=False).values("thread"))
        | (
            Q(space__in=mine.filter(delivery=Delivery.WEEKLY, space__isnull=False).values("space"))
            & ~Q(pk__in=mine.filter(thread__isnull=False).values("thread"))
        )
    )
    posts = (
        posts_open_to(viewer)
        .filter(thread__in=threads, created_at__gt=since, created_at__lte=until)
        .exclude(author=person)
    )
    rows = list(posts.select_related("thread__space").order_by("thread__pk", "number"))
    return [_news(list(said)) for _thread, said in groupby(rows, key=lambda post: post.thread_id)]


def verified_address(person: User) -> str:
    """Return the address a person proved to be theirs, the main one first; empty for none."""
    found = (
        EmailAddress.objects.filter(user=person, verified=True)
        .order_by("-primary", "pk")
        .values_list("email", flat=True)
        .first()
    )
    return found or ""


def _news(posts: list[Post]) -> News:
    first = posts[0]
    return News(
        title=first.thread.title,
        space_slug=first.thread.space.slug,
        thread_uuid=first.thread.uuid,
        first_post_uuid=first.uuid,
        posts=len(posts),
    )
