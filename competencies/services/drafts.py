"""Writing frameworks here: drafts, their items and their levels."""

import uuid as uuids
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from competencies.enums import AssociationType, CompetencyKind, FrameworkStatus
from competencies.models import (
    Competency,
    CompetencyAssociation,
    CompetencyVersion,
    Framework,
    FrameworkVersion,
    Level,
    LevelDescriptor,
)
from competencies.rules.trees import BrokenTree, depths, find_cycle, reading_order
from competencies.services.frameworks import free_slug
from organisations.models import Organisation


class DraftExists(ValueError):
    """The framework has a draft already; ``draft`` is it."""

    def __init__(self, draft: FrameworkVersion) -> None:
        self.draft = draft
        super().__init__(f"{draft} is a draft already: publish or delete it first.")


class NotADraft(ValueError):
    """Something was to be changed in a version that has been published."""


@transaction.atomic
def create_framework(
    *,
    title: str,
    at: datetime,
    owner: Organisation | None = None,
    description: str = "",
    language: str = "en",
    creator: str = "",
    licence: str = "",
    label: str = "",
    mint: Callable[[], uuids.UUID] = uuids.uuid4,
) -> FrameworkVersion:
    """Make a framework of our own and its first draft.

    Writes: Framework, FrameworkVersion.
    """
    identity = mint()
    framework = Framework.objects.create(
        uuid=identity,
        slug=free_slug(title, fallback=identity.hex),
        owner_organisation=owner,
        source="here",
        source_identifier=str(identity),
    )
    return FrameworkVersion.objects.create(
        framework=framework,
        number=1,
        title=title,
        description=description,
        language=language,
        creator=creator,
        licence=licence,
        label=label,
        changed_at=at,
    )


@transaction.atomic
def start_draft(*, version: FrameworkVersion, at: datetime) -> FrameworkVersion:
    """Make a draft that says what ``version`` says, to be changed and published.

    Raises:
        DraftExists: the framework has one.

    Writes: FrameworkVersion and what hangs on it.
    """
    framework = Framework.objects.select_for_update().get(pk=version.framework_id)
    draft = framework.versions.filter(status=FrameworkStatus.DRAFT).first()
    if draft is not None:
        raise DraftExists(draft)
    last = framework.versions.aggregate(last=Max("number"))["last"]
    draft = FrameworkVersion.objects.create(
        framework=framework,
        number=last + 1,
        label="",
        language=version.language,
        title=version.title,
        description=version.description,
        creator=version.creator,
        licence=version.licence,
        case_extra=version.case_extra,
        changed_at=at,
    )
    items = _copy_items(version, draft)
    CompetencyAssociation.objects.bulk_create(
        _copy(
            link,
            version=draft,
            origin=items.get(link.origin_id),
            destination=items.get(link.destination_id),
        )
        for link in version.associations.order_by("position", "pk")
    )
    return draft


def _copy_items(
    version: FrameworkVersion, draft: FrameworkVersion
) -> dict[int | None, CompetencyVersion]:
    old = list(version.items.order_by("position", "pk"))
    parents = {str(one.pk): str(one.parent_id) if one.parent_id else None for one in old}
    depth = depths(parents)
    made: dict[int | None, CompetencyVersion] = {}
    for level in range(max(depth.values(), default=-1) + 1):
        rows = [one for one in old if depth[str(one.pk)] == level]
        copies = CompetencyVersion.objects.bulk_create(
            [_copy(one, version=draft, parent=made.get(one.parent_id)) for one in rows]
        )
        made |= {one.pk: copy for one, copy in zip(rows, copies, strict=True)}
    LevelDescriptor.objects.bulk_create(
        _copy(one, item=made[one.item_id])
        for one in LevelDescriptor.objects.filter(item__version=version).order_by("pk")
    )
    return made


def _copy(row: Any, **changes: Any) -> Any:
    """Return an unsaved row that says the same, with an identity of its own."""
    kept = {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if field.name not in {"id", "uuid", *changes}
    }
    return type(row)(**kept, **changes)


@transaction.atomic
def save_item(
    *,
    version: FrameworkVersion,
    statement: str,
    at: datetime,
    item: CompetencyVersion | None = None,
    parent: CompetencyVersion | None = None,
    kind: str = CompetencyKind.COMPETENCY,
    code: str = "",
    title: str = "",
    notes: str = "",
    descriptors: Mapping[int, str] | None = None,
    mint: Callable[[], uuids.UUID] = uuids.uuid4,
) -> CompetencyVersion:
    """Write an item of a draft; without ``item`` a new one, last under its parent.

    ``descriptors`` are by the level's key in the database; an empty one is taken away.

    Raises:
        NotADraft: the version has been published.
        BrokenTree: the item would stand under itself, or under another framework's item.

    Writes: Competency, CompetencyVersion, LevelDescriptor, CompetencyAssociation.
    """
    _must_be_draft(version)
    if parent is not None and parent.version_id != version.pk:
        raise BrokenTree("Choose a place in the same draft.")
    if item is None:
        item = CompetencyVersion(
            version=version,
            competency=_new_competency(version, code, mint),
            position=version.items.count(),
        )
    moved = item.pk is None or item.parent_id != (parent.pk if parent else None)
    item.parent, item.kind, item.code = parent, kind, code
    item.title, item.statement, item.notes = title, statement, notes
    item.changed_at = at
    for part in ("CFItem", "row"):
        for key in (
            "humanCodingScheme",
            "abbreviatedStatement",
            "notes",
            "lastChangeDateTime",
            "code",
            "title",
        ):
            item.case_extra.get(part, {}).pop(key, None)
    if item.pk:
        _must_not_circle(version, item)
    item.save()
    _save_descriptors(item, descriptors or {})
    if moved:
        _link_to_parent(item, at)
    _renumber(version)
    version.changed_at = at
    version.content_sha256 = ""
    version.case_extra.pop("CFRubrics", None)
    version.save(update_fields=["changed_at", "content_sha256", "case_extra"])
    return item


@transaction.atomic
def delete_item(*, item: CompetencyVersion, at: datetime) -> None:
    """Take an item, and what stands under it, out of a draft.

    The competency itself stays if another version, evidence or a role names it.

    Raises:
        NotADraft: the version has been published.

    Writes: CompetencyVersion, Competency, FrameworkVersion.
    """
    version = item.version
    _must_be_draft(version)
    item.delete()
    Competency.objects.filter(
        framework=version.framework,
        versions=None,
        evidence=None,
        requirements=None,
        mappings=None,
    ).delete()
    _renumber(version)
    version.changed_at = at
    version.content_sha256 = ""
    version.save(update_fields=["changed_at", "content_sha256"])


@transaction.atomic
def delete_draft(*, version: FrameworkVersion) -> None:
    """Throw a draft away; a framework that has nothing else goes with it.

    Raises:
        NotADraft: the version has been published.

    Writes: FrameworkVersion, Competency, Framework.
    """
    _must_be_draft(version)
    framework = version.framework
    version.delete()
    if not framework.versions.exists() and not framework.roles.exists():
        framework.delete()


def _must_be_draft(version: FrameworkVersion) -> None:
    if version.status != FrameworkStatus.DRAFT:
        raise NotADraft(f"{version} has been published. Start a draft to change it.")


def _new_competency(
    version: FrameworkVersion, code: str, mint: Callable[[], uuids.UUID]
) -> Competency:
    framework = version.framework
    identity = mint()
    if framework.source == "here" and code:
        known = framework.competencies.filter(source_identifier=code).first()
        if known is not None and not known.versions.filter(version=version).exists():
            return known
    name = code if framework.source == "here" and code else str(identity)
    if framework.competencies.filter(source_identifier=name).exists():
        name = str(identity)
    return Competency.objects.create(uuid=identity, framework=framework, source_identifier=name)


def _must_not_circle(version: FrameworkVersion, item: CompetencyVersion) -> None:
    rows = list(version.items.exclude(pk=item.pk).values_list("pk", "parent_id"))
    parents = {str(pk): [str(up)] for pk, up in rows if up is not None}
    if item.parent_id is not None:
        parents[str(item.pk)] = [str(item.parent_id)]
    if find_cycle(parents):
        raise BrokenTree("It cannot stand under itself. Choose another place.")


def _save_descriptors(item: CompetencyVersion, descriptors: Mapping[int, str]) -> None:
    for level in Level.objects.filter(pk__in=descriptors, framework=item.version.framework):
        text = descriptors[level.pk].strip()
        if text:
            LevelDescriptor.objects.update_or_create(
                item=item, level=level, defaults={"text": text}
            )
        else:
            LevelDescriptor.objects.filter(item=item, level=level).delete()


def _link_to_parent(item: CompetencyVersion, at: datetime) -> None:
    version = item.version
    version.associations.filter(origin=item, kind=AssociationType.IS_CHILD_OF).delete()
    framework = version.framework
    is_foreign = framework.source.startswith("case:")

    def node(one: CompetencyVersion | None) -> dict[str, str]:
        if one is None:
            name = framework.source_identifier if is_foreign else str(framework.uuid)
            return {"title": version.title, "identifier": name, "uri": ""}
        competency = one.competency
        name = competency.source_identifier if is_foreign else str(competency.uuid)
        return {"title": one.code or one.short_title, "identifier": name, "uri": ""}

    above = node(item.parent)
    last = version.associations.aggregate(last=Max("position"))["last"]
    CompetencyAssociation.objects.create(
        version=version,
        source_identifier=str(
            uuids.uuid5(item.competency.uuid, f"isChildOf {above['identifier']}")
        ),
        kind=AssociationType.IS_CHILD_OF,
        origin=item,
        destination=item.parent,
        origin_node=node(item),
        destination_node=above,
        position=0 if last is None else last + 1,
        changed_at=at,
    )


def _renumber(version: FrameworkVersion) -> None:
    """Put the items in reading order, each under its parent."""
    rows = {str(one.pk): one for one in version.items.order_by("position", "pk")}
    parents = {pk: str(one.parent_id) if one.parent_id else None for pk, one in rows.items()}
    changed = []
    for position, pk in enumerate(reading_order(list(rows), parents)):
        if rows[pk].position != position:
            rows[pk].position = position
            changed.append(rows[pk])
    CompetencyVersion.objects.bulk_update(changed, ["position"], batch_size=200)
