"""One person in a team profile, with the reasons a lead may know."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from cms.queries import Said
from competencies.models import Evidence
from competencies.queries import evidence_facts, standings_of
from organisations.models import Team
from organisations.permissions import Access
from organisations.queries import sources_open_to
from workforce.enums import StandingRule
from workforce.queries.roster import Person, roster_of
from workforce.queries.wording import Column, LevelWord, Wording
from workforce.rules.grid import Cell, Function, Gap, grid


class NoSuchPerson(LookupError):
    """Nobody of that name is in the team, as far as this viewer may know."""


@dataclass(frozen=True)
class Reason:
    """One piece of evidence; ``source`` is None for what was done here."""

    kind: str
    observed_at: datetime
    expires_on: date | None
    source: str | None
    level: Said | None
    activity_iri: str | None


@dataclass(frozen=True)
class Line:
    """One competency of a function: what is needed, where the person stands, and why."""

    column: Column
    cell: Cell
    needed: LevelWord | None
    is_essential: bool
    reasons: tuple[Reason, ...]

    @property
    def is_gap(self) -> bool:
        """Whether it is essential, and below what is needed or unknown."""
        return self.is_essential and self.cell.gap in {Gap.BELOW, Gap.UNSURE}


@dataclass(frozen=True)
class PersonFunction:
    """One function with its lines: those that a role names or something is known of."""

    column: Column
    cell: Cell
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class PersonProfile:
    """Where one person stands, as a lead of their team may see it."""

    team: Team
    on: date
    person: Person
    levels: tuple[LevelWord, ...]
    functions: tuple[PersonFunction, ...]

    @property
    def is_all_unknown(self) -> bool:
        """Whether there is nothing at all that the viewer may see."""
        return all(function.cell.rank is None for function in self.functions)

    @property
    def activity_iris(self) -> set[str]:
        """What the person did that is evidence of something."""
        return {
            reason.activity_iri
            for function in self.functions
            for line in function.lines
            for reason in line.reasons
            if reason.activity_iri
        }


def person_profile(
    *, viewer: Access, team: Team, person_uuid: UUID, moment: datetime, language: str
) -> PersonProfile:
    """Return where a member stands today, with every piece of evidence the viewer may see.

    The caller has settled that the viewer may look. Ten queries, whatever has been shown. Raises
    NoSuchPerson.
    """
    on = viewer.on
    roster = roster_of(viewer=viewer, team=team, on=on, language=language, person_uuid=person_uuid)
    if not roster.people:
        raise NoSuchPerson
    person = roster.people[0]
    needs = roster.needs[person.id]
    visible = sources_open_to(viewer=viewer, moment=moment, team=team)
    facts = evidence_facts(visible=visible, person_ids=[person.id], on=on)
    reasons = _reasons(
        Evidence.objects.valid_on(on).filter(visible, person_id=person.id), roster.wording
    )
    standings = {
        person.id: standings_of(facts.get(person.id, {}), on=on, rule=StandingRule.LATEST_VALID)
    }
    words = roster.wording.level_words()
    by_rank = {word.rank: word for word in words}
    ranks = list(by_rank)
    parts = [part for _, of_function in roster.functions for part in of_function]
    whole = grid(
        members=[needs],
        functions=[
            Function(function.competency_id, tuple(part.competency_id for part in of_function))
            for function, of_function in roster.functions
        ],
        standings=standings,
        ranks=ranks,
    )
    single = grid(
        members=[needs],
        functions=[Function(part.competency_id, (part.competency_id,)) for part in parts],
        standings=standings,
        ranks=ranks,
    )
    cells = dict(zip(single.function_ids, single.rows[0].cells, strict=True))
    needed = {**needs.useful, **needs.essential}
    functions = tuple(
        PersonFunction(
            column=roster.wording.column(function),
            cell=cell,
            lines=tuple(
                Line(
                    column=roster.wording.column(part),
                    cell=cells[part.competency_id],
                    needed=by_rank.get(needed.get(part.competency_id, 0)),
                    is_essential=part.competency_id in needs.essential,
                    reasons=tuple(reasons.get(part.competency_id, ())),
                )
                for part in of_function
                if part.competency_id in needed or cells[part.competency_id].rank is not None
            ),
        )
        for (function, of_function), cell in zip(roster.functions, whole.rows[0].cells, strict=True)
    )
    return PersonProfile(team=team, on=on, person=person, levels=words, functions=functions)


def _reasons(rows: QuerySet[Evidence], wording: Wording) -> dict[int, list[Reason]]:
    found: dict[int, list[Reason]] = defaultdict(list)
    words = {
        level.pk: word.word
        for level, word in zip(wording.levels, wording.level_words(), strict=True)
    }
    for row in rows.select_related("source_organisation", "mapping").order_by(
        "-observed_at", "-pk"
    ):
        found[row.competency_id].append(
            Reason(
                kind=row.get_kind_display(),
                observed_at=row.observed_at,
                expires_on=row.expires_on,
                source=row.source_organisation.name if row.source_organisation else None,
                level=words.get(row.level_id) if row.level_id else None,
                activity_iri=row.mapping.activity_iri if row.mapping else None,
            )
        )
    return found
