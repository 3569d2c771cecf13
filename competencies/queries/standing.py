"""Where people stand, and against what."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from competencies.enums import CompetencyKind, FrameworkStatus, Importance
from competencies.models import (
    ActivityMapping,
    CompetencyVersion,
    Evidence,
    Level,
    Role,
    RoleAssignment,
    RoleRequirement,
)
from competencies.rules.standing import (
    DEFAULT_RULE,
    RULES,
    UNKNOWN,
    Fact,
    FunctionStanding,
    Standing,
    function_standing,
    standing,
)
from organisations.enums import MembershipStatus
from organisations.models import User, open_on


@dataclass(frozen=True)
class Requirement:
    """What one person's roles together need of one competency."""

    competency_id: int
    rank: int
    is_essential: bool
    role_ids: tuple[int, ...]


@dataclass(frozen=True)
class CompetencyStanding:
    """One line of a person's profile: the competency, what is needed and where they stand."""

    item: CompetencyVersion
    needed: Level | None
    is_essential: bool
    standing: Standing
    level: Level | None
    evidence: tuple[Evidence, ...]

    @property
    def is_met(self) -> bool:
        """Whether the standing is known and at the level needed."""
        return self.standing.rank is not None and (
            self.needed is None or self.standing.rank >= self.needed.rank
        )


@dataclass(frozen=True)
class FunctionProfile:
    """A core function with its competencies, and the person's standing in it."""

    function: CompetencyVersion
    standing: FunctionStanding
    level: Level | None
    lines: tuple[CompetencyStanding, ...]


@dataclass(frozen=True)
class LearnerStanding:
    """Where a person stands against the roles they fill, by a named rule, on a day."""

    roles: tuple[Role, ...]
    functions: tuple[FunctionProfile, ...]
    levels: tuple[Level, ...]
    rule: str
    on: date

    @property
    def needed(self) -> int:
        return sum(1 for f in self.functions for line in f.lines if line.is_essential)

    @property
    def met(self) -> int:
        return sum(
            1 for f in self.functions for line in f.lines if line.is_essential and line.is_met
        )

    @property
    def unknown(self) -> int:
        return sum(
            1
            for f in self.functions
            for line in f.lines
            if line.is_essential and line.standing.rank is None
        )


def roles_filled(
    *, person_ids: Collection[int], on: date, team_id: int | None = None
) -> dict[int, list[int]]:
    """Return the ids of the roles each person fills on ``on``: in a team if named, or anywhere.

    A person whose membership of the team names no role there counts with the roles they fill
    elsewhere. One query.
    """
    return {
        person_id: roles.in_teams(() if team_id is None else (team_id,))
        for person_id, roles in roles_by_team(person_ids=person_ids, on=on).items()
    }


@dataclass(frozen=True)
class RolesOfPerson:
    """The ids of the roles somebody fills, and those they fill in each team."""

    everywhere: tuple[int, ...]
    by_team: Mapping[int, tuple[int, ...]]

    def in_teams(self, team_ids: Collection[int]) -> list[int]:
        """Return the roles in these teams together; those anywhere when the teams name none."""
        named = (role for team_id in team_ids for role in self.by_team.get(team_id, ()))
        return list(dict.fromkeys(named)) or list(self.everywhere)


def roles_by_team(*, person_ids: Collection[int], on: date) -> dict[int, RolesOfPerson]:
    """Return the roles that people fill on ``on``; who fills none is not in it. One query."""
    rows = (
        RoleAssignment.objects.filter(
            open_on(on),
            open_on(on, prefix="membership__"),
            membership__person_id__in=person_ids,
            membership__status=MembershipStatus.ACTIVE,
        )
        .order_by("pk")
        .values_list("membership__person_id", "membership__team_id", "role_id")
    )
    everywhere: dict[int, dict[int, None]] = defaultdict(dict)
    by_team: dict[int, dict[int, dict[int, None]]] = defaultdict(lambda: defaultdict(dict))
    for person_id, team_id, role_id in rows:
        everywhere[person_id][role_id] = None
        if team_id is not None:
            by_team[person_id][team_id][role_id] = None
    return {
        person_id: RolesOfPerson(
            tuple(roles), {team_id: tuple(one) for team_id, one in by_team[person_id].items()}
        )
        for person_id, roles in everywhere.items()
    }


def requirements_for(*, role_ids: Collection[int]) -> dict[int, list[Requirement]]:
    """Return what each role requires, by role. One query."""
    found: dict[int, list[Requirement]] = defaultdict(list)
    for role_id, competency_id, rank, importance in (
        RoleRequirement.objects.filter(role_id__in=role_ids)
        .order_by("pk")
        .values_list("role_id", "competency_id", "level__rank", "importance")
    ):
        found[role_id].append(
            Requirement(competency_id, rank, importance == Importance.ESSENTIAL, (role_id,))
        )
    return dict(found)


def combined(requirements: Sequence[Sequence[Requirement]]) -> dict[int, Requirement]:
    """Return what several roles need together: the highest level, essential if any says so."""
    together: dict[int, Requirement] = {}
    for of_role in requirements:
        for one in of_role:
            had = together.get(one.competency_id)
            together[one.competency_id] = (
                one
                if had is None
                else Requirement(
                    one.competency_id,
                    max(had.rank, one.rank),
                    had.is_essential or one.is_essential,
                    (*had.role_ids, *one.role_ids),
                )
            )
    return together


def evidence_facts(
    *,
    visible: Q,
    person_ids: Collection[int],
    on: date,
    competency_ids: Collection[int] | None = None,
) -> dict[int, dict[int, list[Fact]]]:
    """Return the facts in date on ``on``, by person and competency, oldest first. One query.

    The facts come without a reference: tens of thousands may be wanted at once.

    Args:
        visible: which evidence the viewer may see; `organisations.queries` makes it.
        person_ids: whose evidence.
        on: the day.
        competency_ids: which competencies; all when None.
    """
    rows = Evidence.objects.valid_on(on).filter(visible, person_id__in=person_ids)
    if competency_ids is not None:
        rows = rows.filter(competency_id__in=competency_ids)
    facts: dict[int, dict[int, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for person_id, competency_id, rank, kind, observed_at, expires_on in rows.order_by(
        "observed_at", "uuid"
    ).values_list(
        "person_id",
        "competency_id",
        "level__rank",
        "kind",
        "observed_at",
        "expires_on",
    ):
        facts[person_id][competency_id].append(Fact(rank or 0, kind, observed_at, expires_on))
    return facts


def shared_functions() -> list[tuple[CompetencyVersion, list[CompetencyVersion]]]:
    """Return the shared framework's core functions in order, each with its competencies.

    One query; an empty list when no shared framework is published.
    """
    items = list(
        CompetencyVersion.objects.filter(
            version__framework__is_shared=True, version__status=FrameworkStatus.PUBLISHED
        )
        .select_related("competency", "version__framework")
        .order_by("position", "pk")
    )
    parts: dict[int | None, list[CompetencyVersion]] = defaultdict(list)
    for item in items:
        if item.kind == CompetencyKind.COMPETENCY:
            parts[item.parent_id].append(item)
    return [(item, parts[item.pk]) for item in items if item.kind == CompetencyKind.FUNCTION]


def shared_levels() -> list[Level]:
    """Return the shared framework's levels, lowest first. One query."""
    return list(Level.objects.filter(framework__is_shared=True).order_by("rank"))


def standings_of(
    facts: Mapping[int, Sequence[Fact]], *, on: date, rule: str = DEFAULT_RULE
) -> dict[int, Standing]:
    """Return one person's standing by competency, from facts as `evidence_facts` gives them.

    ``on`` may be later than the day of the facts: those that lapse in between no longer count.
    """
    by_rule = RULES[rule]
    found = {}
    for competency_id, of_competency in facts.items():
        still = [fact for fact in of_competency if not fact.expires_on or fact.expires_on >= on]
        found[competency_id] = by_rule(still) if still else UNKNOWN
    return found


def learner_standing(
    *, viewer: User, learner: User, visible: Q, on: date, rule: str = DEFAULT_RULE
) -> LearnerStanding:
    """Return where a learner stands against their roles in the shared framework.

    The caller has settled that ``viewer`` may look; ``visible`` is which evidence they may see. A
    fixed number of queries, whatever the learner has done.
    """
    role_ids = roles_filled(person_ids=[learner.pk], on=on).get(learner.pk, [])
    roles = list(Role.objects.filter(pk__in=role_ids).order_by("title", "pk"))
    needed = combined(list(requirements_for(role_ids=role_ids).values()))
    levels = shared_levels()
    by_rank = {level.rank: level for level in levels}
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    for row in (
        Evidence.objects.valid_on(on)
        .filter(visible, person=learner)
        .select_related("level", "source_organisation", "mapping")
        .order_by("-observed_at", "-pk")
    ):
        evidence[row.competency_id].append(row)
    standings = {
        competency_id: standing([_fact(row) for row in rows], on=on, rule=rule)
        for competency_id, rows in evidence.items()
    }

    functions = []
    for function, parts in shared_functions():
        lines = tuple(
            CompetencyStanding(
                item=item,
                needed=by_rank.get(needed[item.competency_id].rank)
                if item.competency_id in needed
                else None,
                is_essential=(
                    item.competency_id in needed and needed[item.competency_id].is_essential
                ),
                standing=standings.get(item.competency_id, UNKNOWN),
                level=by_rank.get(standings.get(item.competency_id, UNKNOWN).rank or 0),
                evidence=tuple(evidence.get(item.competency_id, ())),
            )
            for item in parts
            if item.competency_id in needed or item.competency_id in standings
        )
        if not lines:
            continue
        whole = function_standing(
            standings=standings,
            needed_ranks={
                line.item.competency_id: needed[line.item.competency_id].rank
                for line in lines
                if line.is_essential
            },
        )
        functions.append(
            FunctionProfile(
                function=function, standing=whole, level=by_rank.get(whole.rank or 0), lines=lines
            )
        )
    return LearnerStanding(
        roles=tuple(roles), functions=tuple(functions), levels=tuple(levels), rule=rule, on=on
    )


def _fact(row: Evidence) -> Fact:
    rank = row.level.rank if row.level else 0
    return Fact(rank, row.kind, row.observed_at, row.expires_on, str(row.uuid))


def mappings_counting_for(*, activity_iris: Collection[str]) -> dict[str, list[ActivityMapping]]:
    """Return every mapping, open or ended, of the activities. One query."""
    found: dict[str, list[ActivityMapping]] = defaultdict(list)
    for row in (
        ActivityMapping.objects.filter(activity_iri__in=activity_iris)
        .select_related("competency", "level")
        .order_by("starts_at", "pk")
    ):
        found[row.activity_iri].append(row)
    return found


def open_mappings(*, competency_ids: Collection[int]) -> list[ActivityMapping]:
    """Return what can be done to show these competencies, open mappings only. One query."""
    return list(
        ActivityMapping.objects.filter(competency_id__in=competency_ids, ends_at__isnull=True)
        .select_related("level")
        .order_by("level__rank", "pk")
    )
