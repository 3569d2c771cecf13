"""Which spaces somebody may read, and what is in them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from cms.queries import Said, Texts, texts_for
from discussions.models import Post, Space, Thread
from discussions.permissions import may_moderate_space, may_write_in
from organisations.enums import Visibility
from organisations.permissions import Access


@dataclass(frozen=True)
class SpaceShown:
    """A space as one reader sees it."""

    slug: str
    uuid: UUID
    title: Said
    description: Said
    house_rules: Said
    is_open: bool
    allows_unnamed: bool
    is_restricted: bool
    can_write: bool
    can_moderate: bool
    threads: int = 0
    last_post_at: datetime | None = None

    @property
    def rules(self) -> list[str]:
        """The house rules, one a line."""
        return [line.strip() for line in self.house_rules.value.splitlines() if line.strip()]


def spaces_open_to(viewer: Access) -> QuerySet[Space]:
    """Return the spaces that ``viewer`` may read: the rule of `may_see_content`, as a filter."""
    if viewer.is_operator or viewer.is_educator_everywhere or viewer.is_moderator_everywhere:
        return Space.objects.all()
    rule = Q(visibility=Visibility.PUBLIC)
    if viewer.is_signed_in:
        mine = viewer.employer_ids
        keeps = viewer.educator_ids | viewer.moderated_organisation_ids
        named = Space.visible_to.through.objects.filter(organisation_id__in=mine)
        rule |= (
            Q(visibility=Visibility.SIGNED_IN)
            | Q(owner_organisation_id__in=mine | keeps)
            | Q(visibility=Visibility.ORGANISATIONS, pk__in=named.values("space_id"))
        )
    return Space.objects.filter(rule)


def threads_open_to(viewer: Access) -> QuerySet[Thread]:
    """Return the threads that ``viewer`` may find: shown ones of spaces they may read."""
    return Thread.objects.shown().filter(space__in=spaces_open_to(viewer))


def posts_open_to(viewer: Access) -> QuerySet[Post]:
    """Return the posts that ``viewer`` may find: shown ones of threads they may find."""
    return Post.objects.shown().filter(thread__in=threads_open_to(viewer))


def space_shown(*, viewer: Access, space: Space, texts: Texts) -> SpaceShown:
    """Return a space in the language of ``texts``. No query."""

    def said(field: str, original: str) -> Said:
        return texts.say(space.uuid, field, original, original_language=space.language)

    return SpaceShown(
        slug=space.slug,
        uuid=space.uuid,
        title=said("title", space.title),
        description=said("description", space.description),
        house_rules=said("house_rules", space.house_rules),
        is_open=space.is_open,
        allows_unnamed=space.allows_unnamed,
        is_restricted=space.visibility == Visibility.ORGANISATIONS,
        can_write=may_write_in(viewer, is_open=space.is_open),
        can_moderate=may_moderate_space(viewer, owner_id=space.owner_organisation_id),
        threads=getattr(space, "thread_count", 0),
        last_post_at=getattr(space, "last_said_at", None),
    )


def space_to_read(*, viewer: Access, slug: str) -> Space:
    """Return a space the viewer may read.

    Raises:
        Space.DoesNotExist: there is none, or they may not.
    """
    return spaces_open_to(viewer).get(slug=slug)


def space_in_language(*, viewer: Access, space: Space, language: str) -> SpaceShown:
    """Return a space as a reader of ``language`` sees it. One query."""
    texts = texts_for(subject_uuids=[space.uuid], language=language)
    return space_shown(viewer=viewer, space=space, texts=texts)


def space_list(*, viewer: Access, language: str) -> list[SpaceShown]:
    """Return the spaces a viewer may read, in their order. Two queries."""
    shown = Q(threads__hidden_at__isnull=True, threads__withdrawn_at__isnull=True)
    spaces = list(
        spaces_open_to(viewer)
        .annotate(
            thread_count=Count("threads", filter=shown),
            last_said_at=Max("threads__last_post_at", filter=shown),
        )
        .order_by("position", "title", "pk")
    )
    texts = texts_for(subject_uuids=[space.uuid for space in spaces], language=language)
    return [space_shown(viewer=viewer, space=space, texts=texts) for space in spaces]
