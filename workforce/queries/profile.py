"""A team profile: who is in it, and where they stand as this viewer may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from competencies.queries import evidence_facts, standings_of
from organisations.models import Team
from organisations.permissions import Access
from organisations.queries import sources_open_to
from workforce.enums import Showing, StandingRule
from workforce.queries.roster import Person, Roster, roster_of
from workforce.queries.wording import Column, LevelWord
from workforce.rules.findings import Finding, findings
from workforce.rules.grid import Function, FunctionTotal, Gap, Grid, Row, grid

LAPSING_DAYS = 90
"""How far ahead a profile looks for what lapses."""


@dataclass(frozen=True)
class Filters:
    """What of a profile to show; empty means all of it."""

    role: str = ""
    organisation: UUID | None = None
    function: str = ""
    showing: Showing = Showing.EVERYONE
    rule: str = StandingRule.LATEST_VALID

    @property
    def narrows(self) -> bool:
        """Whether some of the team are left out: then nothing can be said of the team."""
        return bool(self.role or self.organisation or self.function)


@dataclass(frozen=True)
class TeamProfile:
    """People by functions, as one viewer may see them, by a named rule, on a day.

    ``rows`` are the people shown; ``grid`` counts everyone chosen by role and organisation, also
    those whom ``filters.showing`` leaves out. ``all_columns``, ``all_roles`` and
    ``all_organisations`` are what can be chosen. ``findings`` are of the team, and none when only
    part of it is chosen. ``fitting`` is how many rows each way of showing has.
    """

    team: Team
    on: date
    lapsing_by: date
    filters: Filters
    levels: tuple[LevelWord, ...]
    columns: tuple[Column, ...]
    people: tuple[Person, ...]
    grid: Grid
    rows: tuple[tuple[Person, Row], ...]
    findings: tuple[Finding, ...]
    members: int
    fitting: Mapping[Showing, int]
    all_columns: tuple[Column, ...]
    all_roles: tuple[tuple[str, str], ...]
    all_organisations: tuple[tuple[str, str], ...]
    function: Column | None = None

    @property
    def columns_with_totals(self) -> list[tuple[Column, FunctionTotal]]:
        """Each column with its total."""
        return list(zip(self.columns, self.grid.totals, strict=True))

    @property
    def people_shown(self) -> list[int]:
        """Whose standing can be read off this profile: the rows, and whom a finding names."""
        shown = {person.id for person, _ in self.rows}
        return sorted(shown.union(*(finding.people for finding in self.findings)))


def team_profile(
    *,
    viewer: Access,
    team: Team,
    on: date,
    moment: datetime,
    language: str,
    filters: Filters | None = None,
    into: str = "",
) -> TeamProfile:
    """Return where the people of a team stand on ``on``, as ``viewer`` may see it at ``moment``.

    The caller has settled that the viewer may look. Names are those that
    `organisations.queries.members_named_to` gives, evidence what `sources_open_to` opens on
    behalf of this team. People are members today who also are on ``on``. Nine queries, however
    many people, functions and competencies there are.

    Args:
        viewer: who looks, as of today.
        team: whose profile.
        on: the day that memberships, roles and evidence must be open on.
        moment: now, for consent.
        language: of titles.
        filters: what of it to show.
        into: the code of a function, to see its competencies as columns instead; unknown codes
            give a profile without columns.
    """
    chosen = filters or Filters()
    roster = roster_of(viewer=viewer, team=team, on=on, language=language)
    people = tuple(person for person in roster.people if _is_chosen(person, chosen))
    columns = _columns(roster, into=into or chosen.function, is_inside=bool(into))
    facts = evidence_facts(
        visible=sources_open_to(viewer=viewer, moment=moment, team=team),
        person_ids=[person.id for person in people],
        on=on,
        competency_ids=[one for _, ids in columns for one in ids],
    )
    lapsing_by = on + timedelta(days=LAPSING_DAYS)
    standings = {
        person_id: standings_of(of_person, on=on, rule=chosen.rule)
        for person_id, of_person in facts.items()
    }
    later = {}
    for person_id, of_person in facts.items():
        lapsing = {
            competency_id: of_competency
            for competency_id, of_competency in of_person.items()
            if any(one.expires_on and one.expires_on < lapsing_by for one in of_competency)
        }
        if lapsing:
            later[person_id] = standings_of(lapsing, on=lapsing_by, rule=chosen.rule)
    whole = grid(
        members=[roster.needs[person.id] for person in people],
        functions=[Function(column.id, ids) for column, ids in columns],
        standings=standings,
        ranks=[level.rank for level in roster.wording.levels],
        later=later,
    )
    by_code = {column.code: column for column, _ in _columns(roster)}
    return TeamProfile(
        team=team,
        on=on,
        lapsing_by=lapsing_by,
        filters=chosen,
        levels=roster.wording.level_words(),
        columns=tuple(column for column, _ in columns),
        people=people,
        grid=whole,
        rows=tuple(
            (person, row)
            for person, row in zip(people, whole.rows, strict=True)
            if _is_shown(row, chosen.showing)
        ),
        findings=() if chosen.narrows else tuple(findings(whole)),
        members=len(roster.people),
        fitting={one: sum(_is_shown(row, one) for row in whole.rows) for one in Showing},
        all_columns=tuple(by_code.values()),
        all_roles=tuple(sorted(roster.role_titles.items(), key=lambda pair: pair[1].casefold())),
        all_organisations=tuple(
            sorted(
                ((str(found), name) for found, name in roster.organisation_names.items()),
                key=lambda pair: pair[1].casefold(),
            )
        ),
        function=by_code.get(into),
    )


def _columns(
    roster: Roster, *, into: str = "", is_inside: bool = False
) -> list[tuple[Column, tuple[int, ...]]]:
    """Return the heads of the columns, each with the competencies it rests on."""
    found: list[tuple[Column, tuple[int, ...]]] = []
    for function, parts in roster.functions:
        if into and function.code != into:
            continue
        if is_inside:
            found.extend((roster.wording.column(part), (part.competency_id,)) for part in parts)
        else:
            ids = tuple(part.competency_id for part in parts)
            found.append((roster.wording.column(function), ids))
    return found


def _is_chosen(person: Person, filters: Filters) -> bool:
    return (not filters.role or filters.role in person.role_slugs) and (
        filters.organisation is None or filters.organisation in person.organisation_uuids
    )


def _is_shown(row: Row, showing: Showing) -> bool:
    if showing == Showing.BELOW:
        return row.total.below > 0
    if showing == Showing.UNSURE:
        return any(cell.gap != Gap.NOT_ASKED and cell.known < cell.of for cell in row.cells)
    return True
