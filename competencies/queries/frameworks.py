"""What frameworks say."""

import uuid as uuids
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, Q

from competencies.enums import FrameworkStatus
from competencies.models import (
    CompetencyAssociation,
    CompetencyVersion,
    Framework,
    FrameworkVersion,
    Level,
    LevelDescriptor,
)
from organisations.enums import Visibility

SERVED = (FrameworkStatus.PUBLISHED, FrameworkStatus.SUPERSEDED, FrameworkStatus.WITHDRAWN)
"""What a framework version may be for everybody to read it; a draft is not."""


@dataclass(frozen=True)
class FrameworkContent:
    """All that one version of a framework says."""

    version: FrameworkVersion
    items: tuple[CompetencyVersion, ...]
    links: tuple[CompetencyAssociation, ...]
    levels: tuple[Level, ...]

    @property
    def framework(self) -> Framework:
        return self.version.framework

    @cached_property
    def by_pk(self) -> Mapping[int, CompetencyVersion]:
        return {item.pk: item for item in self.items}

    @cached_property
    def children(self) -> Mapping[int | None, list[CompetencyVersion]]:
        """The items under each, by the parent's key; None for the top."""
        found: dict[int | None, list[CompetencyVersion]] = defaultdict(list)
        for item in self.items:
            found[item.parent_id].append(item)
        return found

    def descriptors(self, item: CompetencyVersion) -> dict[str, LevelDescriptor]:
        """What the item looks like at each level, by level key."""
        keys = {level.pk: level.key for level in self.levels}
        return {keys[one.level_id]: one for one in item.level_descriptors.all()}


def framework_content(*, version: FrameworkVersion) -> FrameworkContent:
    """Return everything a version says, items in reading order. Four queries."""
    return FrameworkContent(
        version=version,
        items=tuple(
            version.items.select_related("competency")
            .prefetch_related(Prefetch("level_descriptors"))
            .order_by("position", "pk")
        ),
        links=tuple(version.associations.order_by("position", "pk")),
        levels=tuple(version.framework.levels.order_by("rank")),
    )


def find_version(*, identifier: str) -> FrameworkVersion | None:
    """Return the version that an identifier names.

    A version's uuid names that version. A framework's uuid, or what its source calls it, names the
    published version, or the newest when none is published.
    """
    versions = FrameworkVersion.objects.select_related("framework")
    try:
        wanted: uuids.UUID | None = uuids.UUID(identifier)
    except ValueError:
        wanted = None
    if wanted is not None:
        found = versions.filter(uuid=wanted).first()
        if found is not None:
            return found
    framework = (
        Framework.objects.filter(uuid=wanted).first() if wanted is not None else None
    ) or Framework.objects.filter(source_identifier=identifier).order_by("-pk").first()
    if framework is None:
        return None
    newest_first = list(versions.filter(framework=framework).order_by("-number"))
    published = (one for one in newest_first if one.status == FrameworkStatus.PUBLISHED)
    return next(published, newest_first[0] if newest_first else None)


def public_versions() -> list[FrameworkVersion]:
    """Return what everybody may read: of each public framework its published version.

    Of a framework that has none any more, the newest that was. By title. Two queries.
    """
    current: dict[int, tuple[bool, int, int]] = {}
    for pk, framework_id, status, number in FrameworkVersion.objects.filter(
        framework__visibility=Visibility.PUBLIC, status__in=SERVED
    ).values_list("pk", "framework_id", "status", "number"):
        rank = (status == FrameworkStatus.PUBLISHED, number, pk)
        current[framework_id] = max(rank, current.get(framework_id, rank))
    return list(
        FrameworkVersion.objects.filter(pk__in=[pk for _, _, pk in current.values()])
        .select_related("framework")
        .order_by("title", "pk")
    )


def find_public_version(*, identifier: uuids.UUID) -> FrameworkVersion | None:
    """Return the public version that a CASE identifier names, or None.

    A version's own uuid names that version; a framework's, or a CASE document identifier, its
    current one. Where two sources use one identifier, the framework that came last is meant.
    """
    versions = FrameworkVersion.objects.filter(
        framework__visibility=Visibility.PUBLIC, status__in=SERVED
    ).select_related("framework")
    found = versions.filter(uuid=identifier).first()
    if found is not None:
        return found
    of_framework = versions.filter(
        Q(framework__uuid=identifier)
        | Q(framework__source__startswith="case:", framework__source_identifier=str(identifier))
    )
    return max(of_framework, key=_currency, default=None)


def _currency(version: FrameworkVersion) -> tuple[int, bool, int]:
    return (
        version.framework_id,
        version.status == FrameworkStatus.PUBLISHED,
        version.number,
    )


def find_public_item(*, identifier: uuids.UUID) -> CompetencyVersion | None:
    """Return the current text of the competency that a CASE identifier names, or None."""
    items = CompetencyVersion.objects.filter(
        Q(competency__uuid=identifier)
        | Q(
            competency__framework__source__startswith="case:",
            competency__source_identifier=str(identifier),
        ),
        version__framework__visibility=Visibility.PUBLIC,
        version__status__in=SERVED,
    ).select_related("competency", "version__framework")
    return max(items, key=lambda item: _currency(item.version), default=None)


def find_public_link(*, identifier: uuids.UUID) -> CompetencyAssociation | None:
    """Return the current association that a CASE identifier names, or None."""
    links = CompetencyAssociation.objects.filter(
        source_identifier=str(identifier),
        version__framework__visibility=Visibility.PUBLIC,
        version__status__in=SERVED,
    ).select_related("version__framework")
    return max(links, key=lambda link: _currency(link.version), default=None)
