"""What frameworks say."""

import uuid as uuids
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from competencies.enums import FrameworkStatus
from competencies.models import (
    CompetencyAssociation,
    CompetencyVersion,
    Framework,
    FrameworkVersion,
    Level,
    LevelDescriptor,
)


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
