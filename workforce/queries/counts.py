"""How teams stand, as counts, for those who may see no names."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from competencies.queries import (
    Fact,
    Facts,
    evidence_facts_of_groups,
    requirements_for,
    roles_by_team,
    shared_functions,
    shared_levels,
    standings_of,
)
from organisations.models import Membership, Team
from organisations.permissions import Access
from organisations.queries import sources_open_to
from workforce.enums import StandingRule
from workforce.queries.roster import needs_of
from workforce.queries.wording import Column, wording_of
from workforce.rules.disclosure import (
    Part,
    PublishedTable,
    Table,
    protect,
    protect_whole,
    published_people,
)
from workforce.rules.grid import Function, Gap, Grid, Member, grid


@dataclass(frozen=True)
class FunctionCounts:
    """How many of those whose role asks for a function have what is needed, as far as may be told.

    ``asked`` is rounded, and None when there are too few to tell anything. Of ``table`` the one
    level is all that is needed, ``not_yet`` is known to be below it, and ``unknown`` the rest.
    """

    column: Column
    asked: int | None
    table: PublishedTable

    @property
    def met(self) -> int | None:
        """How many are at the level needed."""
        return self.table.at_least[0]

    @property
    def below(self) -> int | None:
        """How many are below it."""
        return self.table.not_yet


@dataclass(frozen=True)
class TeamCounts:
    """How many people stand where against what their roles need, as far as that may be told.

    ``people`` is rounded, and None when there are too few to tell anything. ``as_of`` is the last
    day of the month before: what one person does shows in no count the same day.
    """

    as_of: date
    people: int | None
    functions: tuple[FunctionCounts, ...]


def count_day(today: date) -> date:
    """Return the day that counts are of: the last one of the month before."""
    return today.replace(day=1) - timedelta(days=1)


def team_counts(*, viewer: Access, team: Team, moment: datetime, language: str) -> TeamCounts:
    """Return how one team stands, for somebody who plans for its place or partnership.

    Seven queries, however many people there are.
    """
    counted = _Counted(viewer=viewer, teams=[team], moment=moment, language=language)
    people = counted.people_of[team.pk]
    tables = [_table(counted.whole, place, people) for place in counted.places]
    return counted.result(people, [(table, protect(table)) for table in tables])


def scope_counts(
    *, viewer: Access, teams: Sequence[Team], moment: datetime, language: str
) -> TeamCounts:
    """Return how all the people of some teams stand, each counted once.

    Beside the tables of the single teams, which the viewer may see as well, this gives no small
    number away (`workforce.rules.disclosure`). Seven queries, however many people and teams.
    """
    counted = _Counted(viewer=viewer, teams=teams, moment=moment, language=language)
    everybody = set().union(*counted.people_of.values())
    alone = {
        team_id: {one for one in people if len(counted.teams_of[one]) == 1}
        for team_id, people in counted.people_of.items()
    }
    tables = []
    for place in counted.places:
        parts = {
            team_id: Part(
                _table(counted.by_team[team_id], place, people),
                _table(counted.by_team[team_id], place, alone[team_id]),
            )
            for team_id, people in counted.people_of.items()
        }
        whole = _table(counted.whole, place, everybody)
        tables.append((whole, protect_whole(whole, parts, known=viewer.led_team_ids)[0]))
    return counted.result(everybody, tables)


class _Counted:
    """Everything the counts of some teams are made from."""

    def __init__(
        self, *, viewer: Access, teams: Sequence[Team], moment: datetime, language: str
    ) -> None:
        self.as_of = count_day(viewer.on)
        self.people_of, self.teams_of = _members(teams, viewer.on, self.as_of)
        roles = roles_by_team(person_ids=self.teams_of, on=self.as_of)
        role_ids = {one for of_person in roles.values() for one in of_person.everywhere}
        self._required = requirements_for(role_ids=role_ids)
        self._functions = shared_functions()
        self._wording = wording_of(
            functions=self._functions, levels=shared_levels(), language=language
        )
        facts = evidence_facts_of_groups(
            visible={
                team.pk: _visible(viewer=viewer, team=team, moment=moment, as_of=self.as_of)
                for team in teams
            },
            on=self.as_of,
        )
        self.by_team = {
            team.pk: self._grid(
                {
                    one: roles[one].in_teams((team.pk,)) if one in roles else []
                    for one in self.people_of[team.pk]
                },
                [facts[team.pk]],
            )
            for team in teams
        }
        self.whole = self._grid(
            {
                one: roles[one].in_teams(sorted(team_ids)) if one in roles else []
                for one, team_ids in self.teams_of.items()
            },
            list(facts.values()),
        )
        self.places = range(len(self._functions))

    def _grid(self, roles: Mapping[int, Sequence[int]], facts: Sequence[Facts]) -> Grid:
        members = []
        for person_id, role_ids in roles.items():
            essential, useful = needs_of([self._required.get(one, []) for one in role_ids])
            members.append(Member(person_id, essential, useful))
        return grid(
            members=members,
            functions=[
                Function(function.competency_id, tuple(part.competency_id for part in parts))
                for function, parts in self._functions
            ],
            standings={
                person_id: standings_of(
                    _together(facts, person_id), on=self.as_of, rule=StandingRule.LATEST_VALID
                )
                for person_id in roles
            },
            ranks=[level.rank for level in self._wording.levels],
        )

    def result(
        self, people: Collection[int], tables: Sequence[tuple[Table, PublishedTable]]
    ) -> TeamCounts:
        """Return the tables as they are published, under their heads."""
        return TeamCounts(
            as_of=self.as_of,
            people=published_people(len(people)),
            functions=tuple(
                FunctionCounts(
                    column=self._wording.column(function),
                    asked=published_people(table.people),
                    table=published,
                )
                for (function, _), (table, published) in zip(self._functions, tables, strict=True)
            ),
        )


def _members(
    teams: Sequence[Team], today: date, as_of: date
) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Return the members of each team who were so on both days, and the teams of each member."""
    people_of: dict[int, set[int]] = {team.pk: set() for team in teams}
    teams_of: dict[int, set[int]] = defaultdict(set)
    then = Membership.objects.active_on(as_of)
    for team_id, person_id in (
        Membership.objects.active_on(today)
        .filter(
            Exists(then.filter(team=OuterRef("team"), person=OuterRef("person"))), team__in=teams
        )
        .values_list("team_id", "person_id")
    ):
        people_of[team_id].add(person_id)
        teams_of[person_id].add(team_id)
    return people_of, dict(teams_of)


def _visible(*, viewer: Access, team: Team, moment: datetime, as_of: date) -> Q:
    """What may be counted now and might have been at the end of the day of the counts."""
    then = timezone.make_aware(datetime.combine(as_of, time.max))
    return sources_open_to(
        viewer=viewer, moment=moment, team=team, counts_only=True
    ) & sources_open_to(viewer=viewer, moment=then, team=team, counts_only=True)


def _table(whole: Grid, place: int, people: Collection[int]) -> Table:
    """Return how these people are placed in one function, against what their role asks of them.

    Whoever is asked for nothing is not in it. All levels are one, "as needed": more of them would
    make small numbers, and those hide everything else.
    """
    gaps = Counter(row.cells[place].gap for row in whole.rows if row.member_id in people)
    return Table(unknown=gaps[Gap.UNSURE], not_yet=gaps[Gap.BELOW], at=(gaps[Gap.MET],))


def _together(facts: Sequence[Facts], person_id: int) -> Mapping[int, list[Fact]]:
    """Return what several teams may know of someone, each fact once, oldest first."""
    found: dict[int, dict[Fact, None]] = defaultdict(dict)
    for of_group in facts:
        for competency_id, of_competency in of_group.get(person_id, {}).items():
            found[competency_id].update(dict.fromkeys(of_competency))
    return {
        competency_id: sorted(some, key=lambda fact: fact.observed_at)
        for competency_id, some in found.items()
    }
