"""From people's standings to the grid of a team profile: people by functions, with totals."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

RULE = "lowest-essential/1"


class Known(Protocol):
    """Where a person stands in one competency; rank None is unknown, 0 is not yet."""

    @property
    def rank(self) -> int | None: ...

    @property
    def is_confirmed(self) -> bool: ...

    @property
    def expires_on(self) -> date | None: ...


class Basis(StrEnum):
    """Which competencies of a function a person's standing in it rests on."""

    ESSENTIAL = "essential"
    """Those that are essential to their role."""
    USEFUL = "useful"
    """Nothing is essential: those that are useful to their role."""
    BEYOND = "beyond"
    """The role names none: whatever the person has shown."""


class Gap(StrEnum):
    """How a standing compares with what the role needs."""

    MET = "met"
    BELOW = "below"
    """Something essential is known, and below the level needed."""
    UNSURE = "unsure"
    """Nothing is known to be below, but something essential is unknown."""
    NOT_ASKED = "not_asked"
    """The role asks for nothing here."""


@dataclass(frozen=True, slots=True)
class Function:
    """A column: a core function with its competencies, or one competency alone."""

    id: int
    competency_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A row: a person, and what their roles in the team need, by competency."""

    id: int
    essential: Mapping[int, int]
    useful: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one person stands in one function.

    ``rank`` is the lowest of what is known of the competencies in ``basis``; None when none of
    them is known, 0 when one is known to be not yet at the first level. ``needed_rank`` is the
    same rule over what the role needs: the lowest level it asks of an essential competency.
    ``known`` of ``of`` competencies are known; ``met`` of them, and ``below``, against the need,
    which ``gap`` sums up.
    ``expires_on`` is the first day on which part of it lapses; ``is_lapsing`` says that by the
    later day that was asked about the standing will be lower or gone, and ``left_rank`` which
    rank is then left.
    """

    rank: int | None
    needed_rank: int | None
    basis: Basis
    known: int
    of: int
    met: int
    below: int
    is_confirmed: bool
    expires_on: date | None
    gap: Gap
    is_lapsing: bool = False
    left_rank: int | None = None

    @property
    def unknown(self) -> int:
        """How many of the competencies nothing is known of."""
        return self.of - self.known

    @property
    def leaves_cover(self) -> bool:
        """Whether by the later day the person stands at no level any more."""
        return self.is_lapsing and not self.left_rank


@dataclass(frozen=True, slots=True)
class FunctionTotal:
    """How a team stands in one function.

    ``at_least`` counts the people at each level or above, lowest level first: the cover. With
    ``not_yet`` and ``unknown`` its first number adds up to ``people``; ``met``, ``below`` and
    ``unsure`` add up to ``asked``, the people whose role asks for something here. ``lapsing`` of
    those in the cover will not be in it by the later day.
    """

    people: int
    at_least: tuple[int, ...]
    not_yet: int
    unknown: int
    asked: int
    met: int
    below: int
    unsure: int
    lapsing: int

    @property
    def cover(self) -> int:
        """How many stand at the first level or above."""
        return self.at_least[0] if self.at_least else 0


@dataclass(frozen=True, slots=True)
class PersonTotal:
    """How one person stands over the functions shown; the last three add up to ``asked``."""

    asked: int
    met: int
    below: int
    unsure: int


@dataclass(frozen=True, slots=True)
class Row:
    """One person's cells, in the order of the grid's functions."""

    member_id: int
    cells: tuple[Cell, ...]
    total: PersonTotal


@dataclass(frozen=True, slots=True)
class Grid:
    """People by functions, with a total for each."""

    function_ids: tuple[int, ...]
    ranks: tuple[int, ...]
    rows: tuple[Row, ...]
    totals: tuple[FunctionTotal, ...]

    def holders(self, place: int, *, rank: int) -> list[int]:
        """Return who stands at ``rank`` or above in the function at ``place``."""
        return [row.member_id for row in self.rows if (row.cells[place].rank or 0) >= max(rank, 1)]


def grid(
    *,
    members: Sequence[Member],
    functions: Sequence[Function],
    standings: Mapping[int, Mapping[int, Known]],
    ranks: Iterable[int],
    later: Mapping[int, Mapping[int, Known]] | None = None,
) -> Grid:
    """Return where each member stands in each function (rule ``lowest-essential/1``).

    Args:
        members: the rows, in order.
        functions: the columns, in order.
        standings: by member and competency; one that is missing is unknown.
        ranks: the ranks of the framework's levels, from 1.
        later: standings on a later day with no new evidence, where they differ.
    """
    scale = tuple(sorted(ranks))
    afterwards = later or {}
    making = _Cells(functions)
    rows = []
    for member in members:
        cells = making.row(member, standings.get(member.id, {}), afterwards.get(member.id, {}))
        rows.append(Row(member.id, cells, _person_total(cells)))
    return Grid(
        function_ids=tuple(function.id for function in functions),
        ranks=scale,
        rows=tuple(rows),
        totals=tuple(
            _function_total([row.cells[place] for row in rows], scale)
            for place in range(len(functions))
        ),
    )


class _Cells:
    """Makes cells; what depends on roles alone is worked out once, and equal cells are one."""

    def __init__(self, functions: Sequence[Function]) -> None:
        self._functions = functions
        self._needed: dict[tuple[int, int], list[_Need]] = {}
        self._made: dict[tuple[object, ...], Cell] = {}

    def row(
        self, member: Member, standings: Mapping[int, Known], later: Mapping[int, Known]
    ) -> tuple[Cell, ...]:
        cells = []
        for need in self._needs_of(member):
            cell = self._cell(need, standings)
            if cell.rank and not later.keys().isdisjoint(need.competency_ids):
                left = self._cell(need, {**standings, **later}).rank
                if (left or 0) < cell.rank:
                    cell = replace(cell, is_lapsing=True, left_rank=left)
            cells.append(cell)
        return tuple(cells)

    def _needs_of(self, member: Member) -> "list[_Need]":
        key = (id(member.essential), id(member.useful))
        if key not in self._needed:
            self._needed[key] = [_need(function, member) for function in self._functions]
        return self._needed[key]

    def _cell(self, need: "_Need", standings: Mapping[int, Known]) -> Cell:
        lowest: int | None = None
        known = met = 0
        is_confirmed = True
        ends: date | None = None
        for competency_id, needed_rank in need.ranks:
            found = standings.get(competency_id)
            if found is None or found.rank is None:
                continue
            known += 1
            rank = found.rank
            if lowest is None or rank < lowest:
                lowest = rank
            met += rank >= needed_rank
            is_confirmed = is_confirmed and found.is_confirmed
            lapse = found.expires_on
            if lapse is not None and (ends is None or lapse < ends):
                ends = lapse
        key = (need.basis, need.lowest, len(need.ranks), lowest, known, met, is_confirmed, ends)
        if key not in self._made:
            self._made[key] = Cell(
                rank=lowest,
                needed_rank=need.lowest,
                basis=need.basis,
                known=known,
                of=len(need.ranks),
                met=met,
                below=known - met,
                is_confirmed=is_confirmed and known > 0,
                expires_on=ends,
                gap=_gap(need.basis, met=met, below=known - met, of=len(need.ranks)),
            )
        return self._made[key]


@dataclass(frozen=True, slots=True)
class _Need:
    """Which competencies of a function count for someone, each with the rank needed."""

    basis: Basis
    ranks: tuple[tuple[int, int], ...]
    lowest: int | None
    competency_ids: frozenset[int]


def _gap(basis: Basis, *, met: int, below: int, of: int) -> Gap:
    if basis != Basis.ESSENTIAL:
        return Gap.NOT_ASKED
    if below:
        return Gap.BELOW
    return Gap.MET if met == of else Gap.UNSURE


def _need(function: Function, member: Member) -> _Need:
    for basis, needs in ((Basis.ESSENTIAL, member.essential), (Basis.USEFUL, member.useful)):
        named = tuple((one, needs[one]) for one in function.competency_ids if one in needs)
        if named:
            lowest = min(rank for _, rank in named) if basis == Basis.ESSENTIAL else None
            return _Need(basis, named, lowest, frozenset(one for one, _ in named))
    return _Need(
        Basis.BEYOND,
        tuple((one, 0) for one in function.competency_ids),
        None,
        frozenset(function.competency_ids),
    )


def _person_total(cells: Sequence[Cell]) -> PersonTotal:
    gaps = Counter(cell.gap for cell in cells)
    met, below, unsure = (gaps[one] for one in (Gap.MET, Gap.BELOW, Gap.UNSURE))
    return PersonTotal(asked=met + below + unsure, met=met, below=below, unsure=unsure)


def _function_total(cells: Sequence[Cell], ranks: Sequence[int]) -> FunctionTotal:
    gaps = Counter(cell.gap for cell in cells)
    met, below, unsure = (gaps[one] for one in (Gap.MET, Gap.BELOW, Gap.UNSURE))
    known = [cell.rank for cell in cells if cell.rank is not None]
    return FunctionTotal(
        people=len(cells),
        at_least=tuple(sum(rank >= level for rank in known) for level in ranks),
        not_yet=sum(rank < ranks[0] for rank in known) if ranks else len(known),
        unknown=len(cells) - len(known),
        asked=met + below + unsure,
        met=met,
        below=below,
        unsure=unsure,
        lapsing=sum(cell.leaves_cover for cell in cells),
    )
