"""What roles need, and who else does something: readable both ways."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from cms.models import TranslatedText
from cms.queries import Said, Texts, texts_for
from competencies.enums import FrameworkStatus, Importance
from competencies.models import CompetencyVersion, Framework, Role, RoleRequirement
from competencies.queries.said import ItemSaid, LevelSaid, items_said, levels_said, tree_of
from organisations.permissions import Access


@dataclass(frozen=True)
class RoleSaid:
    """A role in the reader's language."""

    pk: int
    slug: str
    title: Said
    summary: Said
    also_called: tuple[str, ...]
    where_found: tuple[str, ...]
    competencies: int = 0
    language: str = "en"


@dataclass(frozen=True)
class Need:
    """That a role needs a competency at a level, or finds it useful."""

    role: RoleSaid
    level: LevelSaid
    is_essential: bool


@dataclass(frozen=True)
class RoleInFunction:
    """How much of a function a role takes part in."""

    role: RoleSaid
    essential: int
    useful: int
    highest: LevelSaid


@dataclass(frozen=True)
class CompetencyLine:
    """A competency, and what each of the roles looked at needs of it."""

    item: ItemSaid
    needs: tuple[Need | None, ...]


@dataclass(frozen=True)
class LevelCount:
    """How many competencies of a function a role needs at a level."""

    level: LevelSaid
    essential: int
    useful: int


@dataclass(frozen=True)
class FunctionLine:
    """A function: how many of its competencies are needed at each level, and which."""

    function: ItemSaid
    counts: tuple[tuple[LevelCount, ...], ...]
    lines: tuple[CompetencyLine, ...]


@dataclass(frozen=True)
class RolePage:
    """What one role needs, or two beside each other."""

    roles: tuple[RoleSaid, ...]
    framework_slug: str
    framework_title: Said
    levels: tuple[LevelSaid, ...]
    functions: tuple[FunctionLine, ...]
    others: tuple[RoleSaid, ...]
    is_unchecked: bool


def roles_found(*, access: Access, language: str, text: str = "") -> list[RoleSaid]:
    """Return the roles whose words hold all of ``text``, by title. Two queries."""
    roles = Role.objects.filter(framework__in=Framework.objects.visible_to(access))
    for word in text.split()[:8]:
        roles = roles.filter(
            Q(title__icontains=word)
            | Q(summary__icontains=word)
            | Q(also_called__icontains=word)
            | Exists(
                TranslatedText.objects.filter(subject_uuid=OuterRef("uuid"), text__icontains=word)
            )
        )
    rows = list(roles.annotate(needs=Count("requirements")).order_by("title", "pk"))
    texts = texts_for(subject_uuids=[role.uuid for role in rows], language=language)
    said = [_role_said(role, texts, role.needs) for role in rows]
    return sorted(said, key=lambda role: (role.title.value.casefold(), role.pk))


def role_page(*, access: Access, slug: str, language: str, beside: str = "") -> RolePage | None:
    """Return what a role needs of the functions of its framework, None when there is none such.

    ``beside`` is the slug of another role of the same framework to compare it with; one that does
    not exist is left out. Six queries, whatever it needs.
    """
    everyone = list(
        Role.objects.filter(
            framework__in=Framework.objects.visible_to(access),
            framework__roles__slug=slug,
        )
        .select_related("framework")
        .order_by("title", "pk")
    )
    chosen = [role for name in (slug, beside) for role in everyone if role.slug == name]
    chosen = list(dict.fromkeys(chosen))
    if not chosen or chosen[0].slug != slug:
        return None
    framework = chosen[0].framework
    items = list(
        CompetencyVersion.objects.filter(
            version__framework=framework, version__status=FrameworkStatus.PUBLISHED
        )
        .select_related("competency", "version")
        .order_by("position", "pk")
    )
    levels = list(framework.levels.order_by("rank"))
    texts = texts_for(
        subject_uuids=[
            framework.uuid,
            *(role.uuid for role in everyone),
            *(level.uuid for level in levels),
            *(item.competency.uuid for item in items),
        ],
        language=language,
    )
    original = items[0].version.language if items else "en"
    title = items[0].version.title if items else framework.slug
    scale = levels_said(levels, texts, original)
    roles = tuple(_role_said(role, texts, 0) for role in chosen)
    needs = _needs_by_competency(roles, scale)
    return RolePage(
        roles=roles,
        framework_slug=framework.slug,
        framework_title=texts.say(framework.uuid, "title", title, original_language=original),
        levels=tuple(scale),
        functions=tuple(
            _function_line(function, roles, needs, scale)
            for function in tree_of(items_said(items, texts, original, {}))
            if any(one.competency_id in needs for one in _flat(function))
        ),
        others=tuple(
            _role_said(role, texts, 0) for role in everyone if role.slug != chosen[0].slug
        ),
        is_unchecked=any(not checked for _, checked in texts.rows.values()),
    )


def who_needs(
    *, access: Access, competency_ids: Collection[int], levels: Collection[LevelSaid], language: str
) -> dict[int, list[Need]]:
    """Return the roles that need each competency, essential first, then by level. Two queries."""
    by_pk = {level.pk: level for level in levels}
    rows = list(
        RoleRequirement.objects.filter(
            competency_id__in=competency_ids,
            role__framework__in=Framework.objects.visible_to(access),
        )
        .select_related("role")
        .order_by("-level__rank", "role__title", "pk")
    )
    texts = texts_for(subject_uuids={row.role.uuid for row in rows}, language=language)
    roles = {row.role_id: _role_said(row.role, texts, 0) for row in rows}
    found: dict[int, list[Need]] = defaultdict(list)
    for row in rows:
        found[row.competency_id].append(
            Need(
                roles[row.role_id],
                by_pk[row.level_id],
                row.importance == Importance.ESSENTIAL,
            )
        )
    return {
        pk: sorted(needs, key=lambda need: not need.is_essential) for pk, needs in found.items()
    }


def roles_in_function(needs: Mapping[int, Collection[Need]]) -> list[RoleInFunction]:
    """Return each role with how many of these competencies it needs, those with most first."""
    together: dict[int, list[Need]] = defaultdict(list)
    for of_competency in needs.values():
        for need in of_competency:
            together[need.role.pk].append(need)
    lines = [
        RoleInFunction(
            role=of_role[0].role,
            essential=sum(1 for need in of_role if need.is_essential),
            useful=sum(1 for need in of_role if not need.is_essential),
            highest=max((need.level for need in of_role), key=lambda level: level.rank),
        )
        for of_role in together.values()
    ]
    return sorted(
        lines,
        key=lambda line: (-line.essential, -line.highest.rank, -line.useful, line.role.title.value),
    )


def _role_said(role: Role, texts: Texts, competencies: int) -> RoleSaid:
    return RoleSaid(
        pk=role.pk,
        slug=role.slug,
        title=texts.say(role.uuid, "title", role.title),
        summary=texts.say(role.uuid, "summary", role.summary),
        also_called=tuple(role.also_called),
        where_found=tuple(role.where_found),
        competencies=competencies,
    )


def _needs_by_competency(
    roles: Collection[RoleSaid], levels: Collection[LevelSaid]
) -> dict[int, dict[int, Need]]:
    """Return what the roles need, by competency and role. One query."""
    by_pk = {level.pk: level for level in levels}
    by_role = {role.pk: role for role in roles}
    found: dict[int, dict[int, Need]] = defaultdict(dict)
    for row in RoleRequirement.objects.filter(role_id__in=by_role).order_by("pk"):
        found[row.competency_id][row.role_id] = Need(
            by_role[row.role_id], by_pk[row.level_id], row.importance == Importance.ESSENTIAL
        )
    return found


def _flat(item: ItemSaid) -> list[ItemSaid]:
    """Return the item and all that stands under it, in reading order."""
    found = [item]
    for child in item.children:
        found += _flat(child)
    return found


def _function_line(
    function: ItemSaid,
    roles: Collection[RoleSaid],
    needs: Mapping[int, Mapping[int, Need]],
    levels: Collection[LevelSaid],
) -> FunctionLine:
    inside = [one for one in _flat(function) if one.competency_id in needs]
    counts = []
    for role in roles:
        of_role = [needs[one.competency_id].get(role.pk) for one in inside]
        counts.append(
            tuple(
                LevelCount(
                    level,
                    sum(1 for n in of_role if n and n.level.pk == level.pk and n.is_essential),
                    sum(1 for n in of_role if n and n.level.pk == level.pk and not n.is_essential),
                )
                for level in levels
            )
        )
    return FunctionLine(
        function=function,
        counts=tuple(counts),
        lines=tuple(
            CompetencyLine(one, tuple(needs[one.competency_id].get(role.pk) for role in roles))
            for one in inside
        ),
    )
