"""What the pages about frameworks show: in the reader's language, only what they may see."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from cms.models import TranslatedText
from cms.queries import Said, Texts, texts_for
from competencies.enums import AssociationType, CompetencyKind, FrameworkStatus
from competencies.models import (
    CompetencyAssociation,
    CompetencyVersion,
    Framework,
    FrameworkVersion,
    Level,
    RoleRequirement,
)
from competencies.queries.said import (
    ItemSaid,
    LevelSaid,
    item_address,
    items_said,
    levels_said,
    tree_of,
)
from organisations.permissions import Access, may_edit_content


@dataclass(frozen=True)
class FrameworkCard:
    """A framework in the list."""

    slug: str
    number: int
    status: str
    title: Said
    description: Said
    competencies: int
    roles: int
    is_shared: bool
    is_current: bool


@dataclass(frozen=True)
class FrameworkHead:
    """Which framework and version a page is about, and what a viewer may do with it."""

    framework: Framework
    version: FrameworkVersion
    versions: tuple[FrameworkVersion, ...]
    is_current: bool
    may_edit: bool

    @property
    def number_asked(self) -> int | None:
        """The version's number where it must be named, since it is not the current one."""
        return None if self.is_current else self.version.number


@dataclass(frozen=True)
class FrameworkPage:
    """A whole framework to read."""

    head: FrameworkHead
    title: Said
    description: Said
    levels: tuple[LevelSaid, ...]
    tree: tuple[ItemSaid, ...]
    competencies: int
    is_unchecked: bool


@dataclass(frozen=True)
class RelatedItem:
    """Another item that this one is linked to, here or elsewhere."""

    kind: str
    is_outgoing: bool
    name: str
    address: str = ""
    uri: str = ""


@dataclass(frozen=True)
class ItemPage:
    """One function or competency to read."""

    head: FrameworkHead
    framework_title: Said
    item: ItemSaid
    above: tuple[ItemSaid, ...]
    levels: tuple[tuple[LevelSaid, Said], ...]
    related: tuple[RelatedItem, ...]
    below_ids: tuple[int, ...] = field(default=())
    is_unchecked: bool = False


def frameworks_found(
    *, access: Access, text: str = "", status: str = FrameworkStatus.PUBLISHED
) -> QuerySet[FrameworkVersion]:
    """Return the versions to list, the shared framework's first, then by title.

    Of each framework the version in use; withdrawn ones and drafts only when asked for, and drafts
    only to who may edit them.
    """
    versions = FrameworkVersion.objects.filter(
        framework__in=Framework.objects.visible_to(access), status=status
    )
    if status == FrameworkStatus.DRAFT and not (
        access.is_operator or access.is_educator_everywhere
    ):
        versions = versions.filter(framework__owner_organisation__in=access.educator_ids)
    if status == FrameworkStatus.WITHDRAWN:
        versions = versions.exclude(framework__versions__status=FrameworkStatus.PUBLISHED)
    for word in text.split()[:8]:
        versions = versions.filter(
            Q(title__icontains=word)
            | Q(description__icontains=word)
            | Exists(
                CompetencyVersion.objects.filter(
                    Q(title__icontains=word)
                    | Q(statement__icontains=word)
                    | Q(code__iexact=word)
                    | Q(
                        competency__uuid__in=TranslatedText.objects.filter(
                            text__icontains=word
                        ).values("subject_uuid")
                    ),
                    version=OuterRef("pk"),
                )
            )
        )
    return versions.select_related("framework").order_by("-framework__is_shared", "title", "pk")


def framework_cards(*, versions: Sequence[FrameworkVersion], language: str) -> list[FrameworkCard]:
    """Return the cards of one page of the list. Three queries."""
    texts = texts_for(subject_uuids=[one.framework.uuid for one in versions], language=language)
    items = dict(
        CompetencyVersion.objects.filter(version__in=versions, kind=CompetencyKind.COMPETENCY)
        .values_list("version")
        .annotate(n=Count("pk"))
    )
    roles = dict(
        Framework.objects.filter(versions__in=versions)
        .values_list("pk")
        .annotate(n=Count("roles", distinct=True))
    )
    return [
        FrameworkCard(
            slug=one.framework.slug,
            number=one.number,
            status=one.status,
            title=_framework_text(texts, one, "title"),
            description=_framework_text(texts, one, "description"),
            competencies=items.get(one.pk, 0),
            roles=roles.get(one.framework_id, 0),
            is_shared=one.framework.is_shared,
            is_current=one.status == FrameworkStatus.PUBLISHED,
        )
        for one in versions
    ]


def framework_head(*, access: Access, slug: str, number: int | None) -> FrameworkHead | None:
    """Return the version a page is about, or None when the viewer may not see it.

    Without a number the published version; of a framework without one, the newest withdrawn; a
    draft only to who may edit it. Two queries.
    """
    framework = Framework.objects.visible_to(access).filter(slug=slug).first()
    if framework is None:
        return None
    may_edit = may_edit_content(access, framework.owner_organisation_id)
    versions = [
        one
        for one in framework.versions.order_by("-number")
        if may_edit or one.status != FrameworkStatus.DRAFT
    ]
    for one in versions:
        one.framework = framework
    if not versions:
        return None
    published = [one for one in versions if one.status == FrameworkStatus.PUBLISHED]
    retired = [one for one in versions if one.status != FrameworkStatus.DRAFT]
    current = next(iter(published or retired or versions))
    wanted = current if number is None else next((v for v in versions if v.number == number), None)
    if wanted is None:
        return None
    return FrameworkHead(framework, wanted, tuple(versions), wanted == current, may_edit)


def framework_page(*, head: FrameworkHead, language: str) -> FrameworkPage:
    """Return everything a framework says. Four queries, whatever its size."""
    items = _items(head.version)
    levels = list(head.framework.levels.order_by("rank"))
    texts = _texts(head, items, levels, language)
    roles = dict(
        RoleRequirement.objects.filter(competency__framework=head.framework)
        .values_list("competency_id")
        .annotate(n=Count("role", distinct=True))
    )
    said = items_said(items, texts, head.version.language, roles)
    return FrameworkPage(
        head=head,
        title=_framework_text(texts, head.version, "title"),
        description=_framework_text(texts, head.version, "description"),
        levels=tuple(levels_said(levels, texts, head.version.language)),
        tree=tree_of(said),
        competencies=sum(1 for item in items if item.kind == CompetencyKind.COMPETENCY),
        is_unchecked=_any_unchecked(texts),
    )


def item_page(*, head: FrameworkHead, name: str, language: str) -> ItemPage | None:
    """Return one item by its code or uuid, or None when the version has none such.

    Five queries, whatever the framework's size.
    """
    items = _items(head.version)
    found = next((item for item in items if item.code == name), None) or next(
        (item for item in items if str(item.competency.uuid) == name.lower()), None
    )
    if found is None:
        return None
    levels = list(head.framework.levels.order_by("rank"))
    near = _above(items, found)
    below = _below(items, found)
    texts = _texts(head, [*near, found, *below], levels, language)
    said = {
        item.pk: item
        for item in items_said([*near, found, *below], texts, head.version.language, {})
    }
    own = {one.level_id: one.text for one in found.level_descriptors.all()}
    return ItemPage(
        head=head,
        framework_title=_framework_text(texts, head.version, "title"),
        item=next(
            one for one in tree_of([said[item.pk] for item in [found, *below]], top=found.parent_id)
        ),
        above=tuple(said[item.pk] for item in near),
        levels=tuple(
            (
                level,
                texts.say(
                    found.competency.uuid,
                    f"level.{level.key}",
                    own.get(level.pk, ""),
                    original_language=head.version.language,
                ),
            )
            for level in levels_said(levels, texts, head.version.language)
        ),
        related=tuple(_related(found, items)),
        below_ids=tuple(
            item.competency_id
            for item in (below or [found])
            if item.kind == CompetencyKind.COMPETENCY
        ),
        is_unchecked=_any_unchecked(texts),
    )


def _items(version: FrameworkVersion) -> list[CompetencyVersion]:
    return list(
        version.items.select_related("competency")
        .only(
            "version_id",
            "parent_id",
            "kind",
            "code",
            "title",
            "statement",
            "notes",
            "position",
            "competency__uuid",
            "competency__source_identifier",
        )
        .order_by("position", "pk")
    )


def _texts(
    head: FrameworkHead,
    items: Iterable[CompetencyVersion],
    levels: Iterable[Level],
    language: str,
) -> Texts:
    subjects = [head.framework.uuid]
    subjects += [item.competency.uuid for item in items]
    subjects += [level.uuid for level in levels]
    return texts_for(subject_uuids=subjects, language=language)


def _framework_text(texts: Texts, version: FrameworkVersion, name: str) -> Said:
    return texts.say(
        version.framework.uuid, name, getattr(version, name), original_language=version.language
    )


def _any_unchecked(texts: Texts) -> bool:
    return any(not checked_by for _, checked_by in texts.rows.values())


def _above(items: Sequence[CompetencyVersion], found: CompetencyVersion) -> list[CompetencyVersion]:
    by_pk = {item.pk: item for item in items}
    path: list[CompetencyVersion] = []
    here = by_pk.get(found.parent_id or 0)
    while here is not None:
        path.insert(0, here)
        here = by_pk.get(here.parent_id or 0)
    return path


def _below(items: Sequence[CompetencyVersion], found: CompetencyVersion) -> list[CompetencyVersion]:
    inside = {found.pk}
    below = []
    for item in items:
        if item.parent_id in inside:
            inside.add(item.pk)
            below.append(item)
    return below


def _related(
    found: CompetencyVersion, items: Collection[CompetencyVersion]
) -> Iterable[RelatedItem]:
    """Give the links that are not the tree's own. One query."""
    by_pk = {item.pk: item for item in items}
    links = (
        CompetencyAssociation.objects.filter(Q(origin=found) | Q(destination=found))
        .exclude(kind=AssociationType.IS_CHILD_OF)
        .order_by("position", "pk")
    )
    for link in links:
        is_outgoing = link.origin_id == found.pk
        other = by_pk.get((link.destination_id if is_outgoing else link.origin_id) or 0)
        node = link.destination_node if is_outgoing else link.origin_node
        uri = str(node.get("uri", ""))
        yield RelatedItem(
            kind=link.kind,
            is_outgoing=is_outgoing,
            name=other.short_title
            if other
            else str(node.get("title") or node.get("identifier", "")),
            address=item_address(other) if other else "",
            uri=uri if not other and urlsplit(uri).scheme in {"http", "https"} else "",
        )


def versions_published_at(head: FrameworkHead) -> list[tuple[FrameworkVersion, datetime]]:
    """Return the versions with the time to show beside them, newest first."""
    return [(one, one.published_at or one.changed_at) for one in head.versions]
