"""Counts for those who may see no names: rule set ``hide-1-7-round-5/1``.

A table is one function's people in one group (a team, or everybody of a place or partnership),
parted into unknown, not yet, and exactly at each level. What is published of it are a few counts:
unknown, not yet, and at each level *or above*. The pages publish tables of the people whose role
asks for the function, with one level: what their role needs.

1. A count of 1–7 is hidden. Any other is rounded to the nearest 5. Nought is nought.
2. A total is rounded by itself, so it need not be the sum of its rounded parts.
3. Before a table is published, whoever knows exactly how many people are in it must be left with
   at least three possible values of every count of 1–7 and of a count that is everybody. If not,
   noughts are hidden too; if that is not enough, or would itself tell, the table is withheld.
4. Before the table of a whole is published beside the tables of its parts, there must be another
   world, one or two people different, that would be published just the same, for every count of
   1–7 in the whole and in each part. If not, the whole is withheld.
5. A group of fewer than 10 people is not published at all.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import permutations

NAME = "hide-1-7-round-5/1"
SMALL = 7
BASE = 5
FEWEST_PEOPLE = 10
FEWEST_VALUES = 3


class Stage(IntEnum):
    """How much of a table is published."""

    NOUGHTS_SHOWN = 0
    NOUGHTS_HIDDEN = 1
    WITHHELD = 2


@dataclass(frozen=True, slots=True)
class Table:
    """How many people of one group are where in one function; ``at`` is by level, lowest first."""

    unknown: int
    not_yet: int
    at: tuple[int, ...]

    @property
    def people(self) -> int:
        """How many there are."""
        return self.unknown + self.not_yet + sum(self.at)

    @property
    def cells(self) -> tuple[int, ...]:
        """The parts, which add up to the people."""
        return (self.unknown, self.not_yet, *self.at)

    @property
    def counts(self) -> tuple[int, ...]:
        """What is published: unknown, not yet, and at each level or above."""
        return (
            self.unknown,
            self.not_yet,
            *(sum(self.at[place:]) for place in range(len(self.at))),
        )

    @property
    def delicate(self) -> tuple[int, ...]:
        """What must not be found out: the published counts, and those exactly at a level."""
        return (*self.counts, *self.at)


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """What may be shown of a table; a count that is None is hidden.

    ``at_least`` is by level, lowest first. ``is_withheld`` says that nothing is shown, and
    ``hides_noughts`` that a hidden count may also be nought.
    """

    unknown: int | None
    not_yet: int | None
    at_least: tuple[int | None, ...]
    stage: Stage

    @property
    def is_withheld(self) -> bool:
        """Whether nothing at all is shown."""
        return self.stage == Stage.WITHHELD

    @property
    def hides_noughts(self) -> bool:
        """Whether a hidden count may be nought."""
        return self.stage == Stage.NOUGHTS_HIDDEN


@dataclass(frozen=True, slots=True)
class Part:
    """A group within a whole: its table, and that of its people who are in no other part."""

    table: Table
    alone: Table


def rounded(count: int) -> int:
    """Return the nearest multiple of 5."""
    return BASE * ((count + BASE // 2) // BASE)


def published_people(people: int) -> int | None:
    """Return how many people a group has, rounded; None when they are too few to publish."""
    return rounded(people) if people >= FEWEST_PEOPLE else None


def shown(count: int, stage: Stage) -> int | None:
    """Return a count as it is published at a stage; None when it is hidden."""
    if stage == Stage.WITHHELD or 1 <= count <= SMALL:
        return None
    if count == 0:
        return 0 if stage == Stage.NOUGHTS_SHOWN else None
    return rounded(count)


def protect(table: Table) -> PublishedTable:
    """Return what may be shown of a table that stands alone."""
    return _published(table, stage_alone(table))


@lru_cache(maxsize=8192)
def stage_alone(table: Table) -> Stage:
    """Return the first stage at which a table gives nothing away by itself."""
    stage = _first_stage(table)
    if stage == Stage.NOUGHTS_HIDDEN and not _is_in_company(table):
        return Stage.WITHHELD
    return stage


def protect_whole(
    whole: Table, parts: Mapping[int, Part], *, known: Collection[int] = ()
) -> tuple[PublishedTable, dict[int, PublishedTable]]:
    """Return what may be shown of a whole, and of its parts, beside one another.

    A part is shown just as it is when it stands alone.

    Args:
        whole: everybody in the parts, each person once.
        parts: the groups.
        known: the parts that the viewer sees person by person anyway.
    """
    published = {key: protect(part.table) for key, part in parts.items()}
    hidden = [part for key, part in parts.items() if key not in known]
    stage = stage_alone(whole)
    if stage != Stage.WITHHELD and not _is_safe_together(whole, stage, hidden):
        stage = Stage.WITHHELD
    return _published(whole, stage), published


def _published(table: Table, stage: Stage) -> PublishedTable:
    unknown, not_yet, *at_least = (shown(count, stage) for count in table.counts)
    return PublishedTable(unknown, not_yet, tuple(at_least), stage)


# A table alone ---------------------------------------------------------------------------


def _bounds(count: int, stage: Stage, people: int) -> tuple[int, int]:
    """Return what an onlooker knows of a count from what is shown of it."""
    value = shown(count, stage)
    if value is None:
        return (1 if stage == Stage.NOUGHTS_SHOWN else 0, min(SMALL, people))
    if value == 0:
        return (0, 0)
    return (max(SMALL + 1, value - BASE // 2), min(value + BASE // 2, people))


def possible(table: Table, stage: Stage) -> list[tuple[int, int]]:
    """Return the least and greatest value of each delicate count, to who knows the number of people.

    Exact: unknown, not yet and the first level add up to the people, and each level holds the
    next, so the sums form a tree.
    """
    people = table.people
    bounds = [_bounds(count, stage, people) for count in table.counts]
    low = [one for one, _ in bounds]
    high = [one for _, one in bounds]
    chain = range(2, len(low))
    for place in chain[1:]:
        high[place] = min(high[place], high[place - 1])
    for place in reversed(chain[:-1]):
        low[place] = max(low[place], low[place + 1])
    parts = [0, 1, 2] if len(low) > 2 else [0, 1]
    lows, highs = sum(low[one] for one in parts), sum(high[one] for one in parts)
    for place in parts:
        new_low = max(low[place], people - (highs - high[place]))
        new_high = min(high[place], people - (lows - low[place]))
        low[place], high[place] = new_low, new_high
        lows, highs = sum(low[one] for one in parts), sum(high[one] for one in parts)
    for place in chain[1:]:
        high[place] = min(high[place], high[place - 1])
    exactly = [
        (max(0, low[place] - high[place + 1]), high[place] - low[place + 1])
        if place + 1 < len(low)
        else (low[place], high[place])
        for place in chain
    ]
    return [*zip(low, high, strict=True), *exactly]


@lru_cache(maxsize=8192)
def _first_stage(table: Table) -> Stage:
    if table.people >= FEWEST_PEOPLE:
        for stage in (Stage.NOUGHTS_SHOWN, Stage.NOUGHTS_HIDDEN):
            if _is_safe_alone(table, stage):
                return stage
    return Stage.WITHHELD


def _is_in_company(table: Table) -> bool:
    """Whether hiding the noughts does not itself tell: other tables would come to look the same."""
    as_shown = _published(table, Stage.NOUGHTS_HIDDEN)
    company = [
        other
        for other in _neighbours(table)
        if _first_stage(other) == Stage.NOUGHTS_HIDDEN
        and _published(other, Stage.NOUGHTS_HIDDEN) == as_shown
    ]
    return all(
        any(other.delicate[place] != count for other in company)
        for place, count in enumerate(table.delicate)
        if _is_delicate(count, table.people)
    )


def _neighbours(table: Table) -> Iterator[Table]:
    """Yield the tables in which one person is elsewhere."""
    for start, end in permutations(range(len(table.cells)), 2):
        if table.cells[start]:
            yield _moved(table, start, end)


def _is_safe_alone(table: Table, stage: Stage) -> bool:
    return all(
        high - low + 1 >= FEWEST_VALUES
        for count, (low, high) in zip(table.delicate, possible(table, stage), strict=True)
        if _is_delicate(count, table.people)
    )


def _is_delicate(count: int, people: int) -> bool:
    return 1 <= count <= SMALL or (count == people and count > 0)


# A whole beside its parts ----------------------------------------------------------------

Move = tuple[int, int]


@lru_cache(maxsize=8192)
def _moves(part: Part) -> tuple[Move, ...]:
    """Return from which cell to which a person could be moved and the part be shown the same."""
    as_shown = protect(part.table)
    return tuple(
        (start, end)
        for start, end in permutations(range(len(part.table.cells)), 2)
        if part.alone.cells[start] and protect(_moved(part.table, start, end)) == as_shown
    )


def _moved(table: Table, start: int, end: int) -> Table:
    cells = list(table.cells)
    cells[start] -= 1
    cells[end] += 1
    return Table(cells[0], cells[1], tuple(cells[2:]))


def _is_safe_together(whole: Table, stage: Stage, parts: Sequence[Part]) -> bool:
    """Whether each delicate count has a world that differs in it and is published the same.

    Worlds are those in which one person of one part is elsewhere, and, when that would show in
    the whole, one person of another part has gone the other way.
    """
    moves = [_moves(part) for part in parts]
    as_shown = _published(whole, stage)
    unseen = {
        move
        for of_part in moves
        for move in of_part
        if _published(_moved(whole, *move), stage) == as_shown
    }
    for place, count in enumerate(whole.delicate):
        if _is_delicate(count, whole.people) and not any(
            _moved(whole, *move).delicate[place] != count for move in unseen
        ):
            return False
    makers: dict[Move, set[int]] = {}
    for number, of_part in enumerate(moves):
        for move in of_part:
            makers.setdefault(move, set()).add(number)
    for number, part in enumerate(parts):
        possible_here = [
            move
            for move in moves[number]
            if move in unseen or makers.get((move[1], move[0]), set()) - {number}
        ]
        for place, count in enumerate(part.table.delicate):
            if _is_delicate(count, part.table.people) and not any(
                _moved(part.table, *move).delicate[place] != count for move in possible_here
            ):
                return False
    return True
