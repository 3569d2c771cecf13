"""Judgements side by side: what has been said of a person, role by role."""

import re
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import cast

from django.db.models import Q, QuerySet

from assessments.enums import RatingKind
from assessments.models import Rating
from cms.queries import Said, Texts, texts_for
from competencies.enums import FrameworkStatus, Importance
from competencies.models import (
    CompetencyVersion,
    Evidence,
    Level,
    LevelDescriptor,
    Role,
    RoleRequirement,
)
from competencies.queries.standing import roles_filled
from organisations.models import User
from organisations.permissions import Access

PLAIN_CODE = re.compile(r"[A-Za-z0-9_.-]*[A-Za-z0-9]")


@dataclass(frozen=True)
class LevelShown:
    """A level in the reader's language, and what one competency looks like at it."""

    level: Level
    name: Said
    descriptor: Said


@dataclass(frozen=True)
class RatingShown:
    """A row of the ledger, its level in the reader's language; no level is "not yet"."""

    rating: Rating
    level: LevelShown | None


@dataclass(frozen=True)
class EvidenceShown:
    """What was done or brought, its level in the reader's language."""

    evidence: Evidence
    level: LevelShown | None


@dataclass(frozen=True)
class RatedCompetency:
    """A competency of a role: what is needed, and what has been said about one person.

    ``own`` is the person's newest view; ``others`` the newest of each other rater, newest first;
    ``history`` everything said, newest first, what was withdrawn too.
    """

    item: CompetencyVersion
    title: Said
    statement: Said
    needed: LevelShown
    is_essential: bool
    levels: tuple[LevelShown, ...]
    history: tuple[RatingShown, ...]
    evidence: tuple[EvidenceShown, ...]

    @cached_property
    def own(self) -> RatingShown | None:
        return next(
            (
                one
                for one in self.history
                if one.rating.kind == RatingKind.SELF and one.rating.withdrawn_at is None
            ),
            None,
        )

    @cached_property
    def others(self) -> tuple[RatingShown, ...]:
        newest: dict[tuple[int, str], RatingShown] = {}
        for one in self.history:
            row = one.rating
            if row.kind != RatingKind.SELF and row.withdrawn_at is None:
                newest.setdefault((row.rater_id or -row.pk, row.kind), one)
        return tuple(newest.values())

    def by(self, rater_id: int | None) -> RatingShown | None:
        """The newest view that one of the others gave."""
        return next((one for one in self.others if one.rating.rater_id == rater_id), None)


@dataclass(frozen=True)
class RatedFunction:
    """A core function of a role, with the competencies in it that the role asks for."""

    function: CompetencyVersion
    title: Said
    statement: Said
    lines: tuple[RatedCompetency, ...]

    @property
    def key(self) -> str:
        """What the function is called in an address: its code, or its uuid where that will not do."""
        code = self.function.code
        return code if PLAIN_CODE.fullmatch(code) else str(self.function.competency.uuid)

    @property
    def said(self) -> int:
        """How many of them the person has given a view of."""
        return sum(1 for line in self.lines if line.own is not None)

    def said_by(self, rater_id: int | None) -> int:
        """How many of them one of the others has given a view of."""
        return sum(1 for line in self.lines if line.by(rater_id) is not None)


@dataclass(frozen=True)
class RatedRole:
    """A role, function by function, with what has been said about one person."""

    role: Role
    title: Said
    functions: tuple[RatedFunction, ...]

    @property
    def said(self) -> int:
        return sum(function.said for function in self.functions)

    @property
    def asked(self) -> int:
        return sum(len(function.lines) for function in self.functions)


def roles_open_to(*, viewer: Access) -> QuerySet[Role]:
    """Return the roles that the viewer may look at: everyone's, and their employers'."""
    return Role.objects.filter(
        Q(owner_organisation__isnull=True) | Q(owner_organisation__in=viewer.employer_ids)
    )


def role_ids_of(*, person_id: int, on: date) -> list[int]:
    """Return the ids of the roles a person fills on a day. One query."""
    return roles_filled(person_ids=[person_id], on=on).get(person_id, [])


def own_ratings(*, viewer: Access) -> Q:
    """Return which ratings a person sees of themselves: all of them, whoever gave them."""
    return Q(person_id=viewer.person_id)


def ratings_open_to_supervisor(*, viewer: Access, visible: Q) -> Q:
    """Return which ratings a supervisor sees of the people they supervise.

    Their own always, since they gave them; another's while it is evidence they may see.

    Args:
        viewer: the supervisor.
        visible: which evidence they may see; `organisations.queries` makes it.
    """
    seen = Evidence.objects.filter(visible, rating_uuid__isnull=False, withdrawn_at__isnull=True)
    return Q(person_id__in=viewer.supervised_ids) & (
        Q(rater_id=viewer.person_id) | Q(uuid__in=seen.values("rating_uuid"))
    )


def rated_role(
    *,
    viewer: Access,
    person: User,
    role: Role,
    ratings: Q,
    on: date,
    language: str,
    evidence: Q | None = None,
    function_key: str | None = None,
) -> RatedRole:
    """Return a role with what has been said about ``person``, as far as the viewer may see it.

    A fixed number of queries. The caller has settled that ``viewer`` may look.

    Args:
        viewer: who looks.
        person: who is spoken of.
        role: what is asked for.
        ratings: which ratings the viewer may see.
        on: the day.
        language: the reader's.
        evidence: which evidence other than ratings to show beside them; None for none.
        function_key: only the function that `RatedFunction.key` calls so.
    """
    required = {
        row.competency_id: row for row in RoleRequirement.objects.filter(role=role).order_by("pk")
    }
    items = _items(role=role, competency_ids=list(required), function_key=function_key)
    ids = [item.competency_id for item in items]
    said = _ratings(person=person, ratings=ratings, competency_ids=ids)
    seen = _evidence(person=person, visible=evidence, competency_ids=ids, on=on)
    words = _Words(role=role, items=items, language=language)
    lines: dict[CompetencyVersion, list[RatedCompetency]] = defaultdict(list)
    for item in items:
        requirement = required[item.competency_id]
        levels = words.levels(item)
        lines[_function_of(item)].append(
            RatedCompetency(
                item=item,
                title=words.title(item),
                statement=words.statement(item),
                needed=levels[requirement.level_id],
                is_essential=requirement.importance == Importance.ESSENTIAL,
                levels=tuple(levels.values()),
                history=tuple(
                    RatingShown(row, levels.get(row.level_id))
                    for row in said.get(item.competency_id, [])
                ),
                evidence=tuple(
                    EvidenceShown(row, levels.get(row.level_id))
                    for row in seen.get(item.competency_id, [])
                ),
            )
        )
    return RatedRole(
        role=role,
        title=words.role_title,
        functions=tuple(
            RatedFunction(function, words.title(function), words.statement(function), tuple(parts))
            for function, parts in sorted(
                lines.items(), key=lambda pair: (pair[0].position, pair[0].pk)
            )
        ),
    )


class _Words:
    """What a role's framework says, in a language. Three queries."""

    def __init__(self, *, role: Role, items: Collection[CompetencyVersion], language: str) -> None:
        self._levels = list(Level.objects.filter(framework=role.framework_id).order_by("rank"))
        self._descriptors = {
            (row.item_id, row.level_id): row.text
            for row in LevelDescriptor.objects.filter(item__in=[item.pk for item in items])
        }
        subjects = {role.uuid, *(level.uuid for level in self._levels)}
        for item in items:
            subjects |= {item.competency.uuid, _function_of(item).competency.uuid}
        self._texts = texts_for(subject_uuids=subjects, language=language)
        self._own = next(iter(items)).version.language if items else "en"
        self.role_title = self._texts.say(role.uuid, "title", role.title)

    def title(self, item: CompetencyVersion) -> Said:
        return self._say(item.competency.uuid, "title", item.short_title)

    def statement(self, item: CompetencyVersion) -> Said:
        return self._say(item.competency.uuid, "statement", item.statement)

    def levels(self, item: CompetencyVersion) -> dict[int | None, LevelShown]:
        return {
            level.pk: LevelShown(
                level=level,
                name=self._say(level.uuid, "name", level.name),
                descriptor=self._say(
                    item.competency.uuid,
                    f"level.{level.key}",
                    self._descriptors.get((item.pk, level.pk), ""),
                ),
            )
            for level in self._levels
        }

    def _say(self, subject: uuid.UUID, field: str, original: str) -> Said:
        return self._texts.say(subject, field, original, original_language=self._own)


def role_titles(*, roles: Collection[Role], language: str) -> dict[int, Said]:
    """Return the titles of roles in a language, by role. One query."""
    texts: Texts = texts_for(subject_uuids=[role.uuid for role in roles], language=language)
    return {role.pk: texts.say(role.uuid, "title", role.title) for role in roles}


def _items(
    *, role: Role, competency_ids: Collection[int], function_key: str | None
) -> list[CompetencyVersion]:
    items = (
        CompetencyVersion.objects.filter(
            competency__in=competency_ids,
            version__framework=role.framework_id,
            version__status=FrameworkStatus.PUBLISHED,
            parent__isnull=False,
        )
        .select_related("competency", "parent__competency", "version")
        .order_by("position", "pk")
    )
    if function_key is not None:
        items = items.filter(_is_called(function_key))
    return list(items)


def _function_of(item: CompetencyVersion) -> CompetencyVersion:
    """Return what the item is part of; `_items` gives only those that are part of something."""
    return cast(CompetencyVersion, item.parent)


def _is_called(key: str) -> Q:
    try:
        return Q(parent__competency__uuid=uuid.UUID(key))
    except ValueError:
        return Q(parent__code=key)


def _ratings(
    *, person: User, ratings: Q, competency_ids: Collection[int]
) -> Mapping[int, list[Rating]]:
    found: dict[int, list[Rating]] = defaultdict(list)
    for row in (
        Rating.objects.filter(ratings, person=person, competency_id__in=competency_ids)
        .select_related("rater", "organisation", "team")
        .newest_first()
    ):
        found[row.competency_id].append(row)
    return found


def _evidence(
    *, person: User, visible: Q | None, competency_ids: Collection[int], on: date
) -> Mapping[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = defaultdict(list)
    if visible is None:
        return found
    for row in (
        Evidence.objects.valid_on(on)
        .filter(visible, person=person, competency_id__in=competency_ids, rating_uuid__isnull=True)
        .select_related("source_organisation")
        .order_by("-observed_at", "-pk")
    ):
        found[row.competency_id].append(row)
    return found
