"""What a grid says, a sentence at a time: where cover is missing, thin, or about to lapse."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workforce.rules.grid import FunctionTotal, Grid


class FindingKind(StrEnum):
    """What is so, the gravest first."""

    NOBODY = "nobody"
    """No one is known to stand at the first level."""
    ONE = "one"
    """One person's absence would leave nobody."""
    LAPSES = "lapses"
    """When what lapses soon has lapsed, one person or nobody is left."""
    NOBODY_AT_NEED = "nobody_at_need"
    """A role asks for a level that no one is known to have."""
    MOSTLY_UNKNOWN = "mostly_unknown"
    """Of more than half the people nothing is known."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence's worth about the function at ``place``.

    ``left`` is how many would still stand, ``people`` whom it is about, ``rank`` the level that
    is asked for, ``on`` the first day something lapses; ``unknown`` of ``of`` are unknown.
    """

    kind: FindingKind
    place: int
    unknown: int
    of: int
    left: int = 0
    people: tuple[int, ...] = ()
    rank: int | None = None
    on: date | None = None


def findings(grid: Grid) -> list[Finding]:
    """Return what there is to say, the gravest first; at most one cover finding a function."""
    said: list[Finding] = []
    for place, total in enumerate(grid.totals):
        if not total.people:
            continue
        about_cover = _cover(grid, place, total)
        if about_cover is not None:
            said.append(about_cover)
        if (about_cover is None or about_cover.kind != FindingKind.NOBODY) and (
            total.unknown * 2 > total.people
        ):
            said.append(Finding(FindingKind.MOSTLY_UNKNOWN, place, total.unknown, total.people))
    order = list(FindingKind)
    return sorted(said, key=lambda one: (order.index(one.kind), one.place))


def _cover(grid: Grid, place: int, total: FunctionTotal) -> Finding | None:
    holders = tuple(grid.holders(place, rank=grid.ranks[0])) if grid.ranks else ()
    if not holders:
        return Finding(FindingKind.NOBODY, place, total.unknown, total.people)
    if len(holders) == 1:
        return Finding(FindingKind.ONE, place, total.unknown, total.people, 1, holders)
    lapsing = [row for row in grid.rows if row.cells[place].leaves_cover]
    left = len(holders) - len(lapsing)
    if lapsing and left <= 1:
        return Finding(
            FindingKind.LAPSES,
            place,
            total.unknown,
            total.people,
            left,
            tuple(row.member_id for row in lapsing),
            on=min((day for row in lapsing if (day := row.cells[place].expires_on)), default=None),
        )
    asked = max((row.cells[place].needed_rank or 0 for row in grid.rows), default=0)
    if asked and not grid.holders(place, rank=asked):
        return Finding(FindingKind.NOBODY_AT_NEED, place, total.unknown, total.people, rank=asked)
    return None
