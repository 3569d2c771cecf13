"""Bringing frameworks in, and publishing them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Max, Q
from django.utils.text import slugify

from competencies.enums import FrameworkStatus
from competencies.models import (
    Competency,
    CompetencyAssociation,
    CompetencyVersion,
    Framework,
    FrameworkVersion,
    Level,
    LevelDescriptor,
)
from competencies.rules.documents import (
    FrameworkDocument,
    ItemText,
    competency_uuid,
    level_uuid,
)
from competencies.rules.trees import depths, find_cycle
from competencies.signals import competency_changed
from organisations.models import Organisation

BATCH = 500


class FrameworkNotReady(ValueError):
    """The version cannot be published; ``problems`` says why, a sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problems))


@dataclass(frozen=True)
class ImportedFramework:
    """What an import did with one framework: ``added``, ``changed`` or ``unchanged``."""

    version: FrameworkVersion
    change: str
    items: int
    associations: int


@transaction.atomic
def import_document(
    *, document: FrameworkDocument, at: datetime, owner: Organisation | None = None
) -> ImportedFramework:
    """Store what a document says as a version of its framework.

    The framework is found by source and identifier, or made. Content that the framework has in any
    of its versions changes nothing; other content is a new version, in which competencies keep
    their identity by what the source calls them. The version is published, superseding the one
    before, unless the document is a draft or withdrawn.

    Raises:
        BrokenTree: the items do not make a tree.
        FrameworkNotReady: it cannot be published.

    Writes: Framework, FrameworkVersion, Level, Competency and what hangs on the version; announces
    competency_changed on commit. Safe to repeat.
    """
    framework, is_new = _framework(document, owner)
    known = framework.versions.filter(
        Q(uuid=document.same_as) if document.same_as else Q(content_sha256=document.sha256)
    ).first()
    if known is not None:
        return ImportedFramework(
            known, "unchanged", document.item_count, known.associations.count()
        )
    levels = _sync_levels(framework, document)
    number = (framework.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    before = framework.versions.order_by("-number").first()
    version = FrameworkVersion.objects.create(
        framework=framework,
        number=number,
        label=document.label[:80],
        language=document.language[:16],
        title=document.title[:300],
        description=document.description,
        creator=document.creator[:200],
        licence=document.licence[:200],
        content_sha256=document.sha256,
        case_extra=dict(document.extra),
        changed_at=document.changed_at or at,
    )
    items = _add_items(version, document, before, at)
    _add_descriptors(document, items, levels)
    links = _add_links(version, document, items, at)
    _settle_status(version, document.status, at)
    return ImportedFramework(version, "added" if is_new else "changed", document.item_count, links)


def _framework(document: FrameworkDocument, owner: Organisation | None) -> tuple[Framework, bool]:
    found = (
        Framework.objects.select_for_update()
        .filter(
            Q(uuid=document.framework_uuid)
            | Q(source=document.source, source_identifier=document.identifier or None)
        )
        .first()
    )
    if found is not None:
        return found, False
    return (
        Framework.objects.create(
            uuid=document.framework_uuid,
            slug=free_slug(document.slug or document.title, fallback=document.framework_uuid.hex),
            owner_organisation=owner,
            source=document.source,
            source_identifier=document.identifier,
            is_shared=document.is_shared and not Framework.objects.filter(is_shared=True).exists(),
        ),
        True,
    )


def free_slug(title: str, *, fallback: str) -> str:
    """Return an address part made from ``title`` that no framework has yet."""
    base = slugify(title)[:100].strip("-") or f"framework-{fallback[:8]}"
    taken = {
        "import",
        *Framework.objects.filter(slug__startswith=base).values_list("slug", flat=True),
    }
    slug, turn = base, 2
    while slug in taken:
        slug, turn = f"{base}-{turn}", turn + 1
    return slug


def _sync_levels(framework: Framework, document: FrameworkDocument) -> dict[str, Level]:
    """Make the scale what the document says; a step it no longer has stays for old versions."""
    have = {level.key: level for level in framework.levels.all()}
    if not document.levels:
        return have
    wanted = {one.key: one for one in document.levels}
    left = [level for key, level in have.items() if key not in wanted]
    spare = 1000 + max([0, *(level.rank for level in have.values())])
    for turn, level in enumerate(have.values()):
        level.rank = spare + turn
        level.save(update_fields=["rank"])
    for key, one in wanted.items():
        have[key], _ = Level.objects.update_or_create(
            framework=framework,
            key=key,
            defaults={"rank": one.rank, "name": one.name[:80], "descriptor": one.descriptor},
            create_defaults={
                "uuid": level_uuid(framework.uuid, key),
                "rank": one.rank,
                "name": one.name[:80],
                "descriptor": one.descriptor,
            },
        )
    for turn, level in enumerate(left, start=len(wanted) + 1):
        level.rank = turn
        level.save(update_fields=["rank"])
    return have


def _add_items(
    version: FrameworkVersion,
    document: FrameworkDocument,
    before: FrameworkVersion | None,
    at: datetime,
) -> dict[str, CompetencyVersion]:
    framework = version.framework
    competencies = {one.source_identifier: one for one in framework.competencies.all()}
    fresh = [item.identifier for item in document.items if item.identifier not in competencies]
    for one in Competency.objects.bulk_create(
        (
            Competency(
                uuid=competency_uuid(framework.uuid, identifier),
                framework=framework,
                source_identifier=identifier,
            )
            for identifier in fresh
        ),
        batch_size=BATCH,
    ):
        competencies[one.source_identifier] = one
    said_before = (
        {item.competency_id: item for item in before.items.all()} if before is not None else {}
    )
    depth = depths({item.identifier: item.parent for item in document.items})
    by_depth: dict[int, list[tuple[int, ItemText]]] = defaultdict(list)
    for position, item in enumerate(document.items):
        by_depth[depth[item.identifier]].append((position, item))
    rows: dict[str, CompetencyVersion] = {}
    changed: list[int] = []
    for _, level_items in sorted(by_depth.items()):
        made = []
        for position, item in level_items:
            competency = competencies[item.identifier]
            old = said_before.get(competency.pk)
            is_same = old is not None and _same_words(old, item)
            if not is_same:
                changed.append(competency.pk)
            made.append(
                CompetencyVersion(
                    competency=competency,
                    version=version,
                    parent=rows[item.parent] if item.parent is not None else None,
                    kind=item.kind,
                    code=item.code[:80],
                    title=item.title[:300],
                    statement=item.statement,
                    notes=item.notes,
                    position=position,
                    changed_at=item.changed_at or (old.changed_at if old and is_same else at),
                    case_extra=dict(item.extra),
                )
            )
        for row in CompetencyVersion.objects.bulk_create(made, batch_size=BATCH):
            rows[row.competency.source_identifier] = row
    changed += [pk for pk in said_before if pk not in {row.competency_id for row in rows.values()}]
    _announce(changed)
    return rows


def _same_words(old: CompetencyVersion, item: ItemText) -> bool:
    return (old.code, old.title, old.statement, old.notes) == (
        item.code[:80],
        item.title[:300],
        item.statement,
        item.notes,
    )


def _add_descriptors(
    document: FrameworkDocument,
    items: Mapping[str, CompetencyVersion],
    levels: Mapping[str, Level],
) -> None:
    LevelDescriptor.objects.bulk_create(
        (
            LevelDescriptor(item=items[item.identifier], level=levels[key], text=text)
            for item in document.items
            for key, text in item.descriptors.items()
        ),
        batch_size=BATCH,
    )


def _add_links(
    version: FrameworkVersion,
    document: FrameworkDocument,
    items: Mapping[str, CompetencyVersion],
    at: datetime,
) -> int:
    ends = dict(items) | {str(row.competency.uuid): row for row in items.values()}
    rows = CompetencyAssociation.objects.bulk_create(
        (
            CompetencyAssociation(
                version=version,
                source_identifier=link.identifier,
                kind=link.kind,
                origin=ends.get(link.origin["identifier"]),
                destination=ends.get(link.destination["identifier"]),
                origin_node=dict(link.origin),
                destination_node=dict(link.destination),
                sequence=link.sequence,
                position=position,
                changed_at=link.changed_at or at,
                case_extra=dict(link.extra),
            )
            for position, link in enumerate(document.links)
        ),
        batch_size=BATCH,
    )
    return len(rows)


def _settle_status(version: FrameworkVersion, status: str, at: datetime) -> None:
    if status == FrameworkStatus.PUBLISHED:
        publish_framework(version=version, at=at)
    elif status != FrameworkStatus.DRAFT:
        version.status = status
        version.save(update_fields=["status"])


def publishing_problems(version: FrameworkVersion) -> list[str]:
    """Return what keeps the version from being published, a sentence each; none when it may be."""
    items = list(version.items.order_by("position", "pk"))
    problems = []
    if not version.title.strip():
        problems.append("Give the framework a title.")
    if not items:
        problems.append("Add at least one competency.")
    problems += [
        f"{item.code or item.title or 'An item'} says nothing: write its statement."
        for item in items
        if not item.statement.strip()
    ]
    seen: dict[str, int] = defaultdict(int)
    for item in items:
        if item.code:
            seen[item.code] += 1
    if version.framework.source in {"here", "starter"}:
        problems += [
            f"Code {code} is used {n} times: give each item its own."
            for code, n in seen.items()
            if n > 1
        ]
    names = {item.pk: item.code or item.short_title for item in items}
    cycle = find_cycle(
        {str(item.pk): [str(item.parent_id)] for item in items if item.parent_id is not None}
    )
    if cycle:
        path = " → ".join(names[int(pk)] for pk in cycle)
        problems.append(f"These stand under one another in a circle: {path}. Move one of them.")
    return problems


@transaction.atomic
def publish_framework(*, version: FrameworkVersion, at: datetime) -> FrameworkVersion:
    """Make a draft what the framework says from ``at`` on; the one before is superseded.

    Raises:
        FrameworkNotReady: not a draft, or something in it must be put right first.

    Writes: FrameworkVersion; announces competency_changed on commit.
    """
    if version.status != FrameworkStatus.DRAFT:
        raise FrameworkNotReady(["Only a draft can be published."])
    problems = publishing_problems(version)
    if problems:
        raise FrameworkNotReady(problems)
    Framework.objects.select_for_update().get(pk=version.framework_id)
    FrameworkVersion.objects.filter(framework_id=version.framework_id).published().update(
        status=FrameworkStatus.SUPERSEDED
    )
    version.status = FrameworkStatus.PUBLISHED
    version.published_at = at
    version.save(update_fields=["status", "published_at"])
    _announce(list(version.items.values_list("competency_id", flat=True)))
    return version


@transaction.atomic
def withdraw_framework(*, version: FrameworkVersion, at: datetime) -> FrameworkVersion:
    """Take a version out of use without a successor.

    Writes: FrameworkVersion; announces competency_changed on commit. Safe to repeat.
    """
    version.status = FrameworkStatus.WITHDRAWN
    version.changed_at = at
    version.save(update_fields=["status", "changed_at"])
    _announce(list(version.items.values_list("competency_id", flat=True)))
    return version


def _announce(competency_ids: Sequence[int]) -> None:
    if competency_ids:
        transaction.on_commit(
            partial(
                competency_changed.send_robust,
                sender=Competency,
                competency_ids=sorted(set(competency_ids)),
            )
        )
