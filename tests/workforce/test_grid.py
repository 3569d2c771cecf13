"""The grid: unknown is never not yet, totals add up, and more evidence never takes cover away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from competencies.rules.standing import UNKNOWN, Standing, function_standing
from workforce.rules.findings import FindingKind, findings
from workforce.rules.grid import Basis, Function, Gap, Grid, Member, grid

RANKS = (1, 2, 3)
ON = date(2026, 6, 1)
FUNCTIONS = (Function(1, (11, 12, 13)), Function(2, (21, 22)), Function(3, (31,)))
COMPETENCIES = tuple(one for function in FUNCTIONS for one in function.competency_ids)

standings = st.builds(
    Standing,
    rank=st.sampled_from([None, 0, 1, 2, 3]),
    is_confirmed=st.booleans(),
    expires_on=st.none() | st.integers(0, 400).map(lambda days: ON + timedelta(days=days)),
)
needs = st.dictionaries(st.sampled_from(COMPETENCIES), st.sampled_from(RANKS), max_size=6)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Member], dict[int, dict[int, Standing]]]:
    members = []
    for number in range(draw(st.integers(0, 6))):
        essential = draw(needs)
        useful = {one: rank for one, rank in draw(needs).items() if one not in essential}
        members.append(Member(number, essential, useful))
    shown = {
        member.id: draw(st.dictionaries(st.sampled_from(COMPETENCIES), standings, max_size=6))
        for member in members
    }
    return members, shown


def made(
    members: list[Member],
    shown: Mapping[int, Mapping[int, Standing]],
    later: Mapping[int, Mapping[int, Standing]] | None = None,
) -> Grid:
    return grid(members=members, functions=FUNCTIONS, standings=shown, ranks=RANKS, later=later)


def one_cell(*, essential: dict[int, int], useful: dict[int, int] | None = None, **shown: Standing):
    of_member = {int(name.removeprefix("c")): found for name, found in shown.items()}
    return made([Member(1, essential, useful or {})], {1: of_member}).rows[0].cells[0]


@given(worlds())
def test_totals_add_up(world) -> None:
    members, shown = world

    found = made(members, shown)

    for place, total in enumerate(found.totals):
        cells = [row.cells[place] for row in found.rows]
        assert total.people == len(members)
        assert total.cover + total.not_yet + total.unknown == total.people
        assert total.met + total.below + total.unsure == total.asked <= total.people
        assert list(total.at_least) == sorted(total.at_least, reverse=True)
        assert total.at_least == tuple(
            sum(cell.rank is not None and cell.rank >= rank for cell in cells) for rank in RANKS
        )
        for rank, count in zip(RANKS, total.at_least, strict=True):
            assert len(found.holders(place, rank=rank)) == count
    for row in found.rows:
        assert row.total.met + row.total.below + row.total.unsure == row.total.asked
        assert row.total.asked == sum(cell.gap != Gap.NOT_ASKED for cell in row.cells)


@given(worlds())
def test_unknown_is_never_counted_as_not_yet(world) -> None:
    members, shown = world

    found = made(members, shown)

    for member, row in zip(members, found.rows, strict=True):
        for function, cell in zip(FUNCTIONS, row.cells, strict=True):
            ranks = [shown[member.id].get(one, UNKNOWN).rank for one in function.competency_ids]
            if all(rank is None for rank in ranks):
                assert cell.rank is None
                assert cell.known == cell.met == cell.below == 0
                assert cell.gap in {Gap.UNSURE, Gap.NOT_ASKED}
                assert not cell.is_confirmed
            if cell.rank == 0:
                assert 0 in ranks


@given(worlds())
def test_the_cell_agrees_with_the_learners_own_page(world) -> None:
    members, shown = world

    found = made(members, shown)

    for member, row in zip(members, found.rows, strict=True):
        for function, cell in zip(FUNCTIONS, row.cells, strict=True):
            if cell.basis != Basis.ESSENTIAL:
                continue
            own = function_standing(
                standings=shown[member.id],
                needed_ranks={
                    one: member.essential[one]
                    for one in function.competency_ids
                    if one in member.essential
                },
            )
            assert (cell.rank, cell.known, cell.of, cell.met) == (
                own.rank,
                own.known,
                own.needed,
                own.met,
            )
            assert (cell.gap == Gap.MET) == own.is_met


@given(worlds(), st.integers(0, 5), st.sampled_from(COMPETENCIES), st.sampled_from(RANKS))
def test_learning_more_takes_no_cover_away(world, number, competency, rank) -> None:
    """What is newly shown at a level lowers no count at that level or below it."""
    members, shown = world
    had = shown.get(number, {}).get(competency, UNKNOWN)
    if not members or (had.rank or 0) >= rank:
        return
    before = made(members, shown)

    after = made(members, {**shown, number: {**shown.get(number, {}), competency: Standing(rank)}})

    for first, second in zip(before.totals, after.totals, strict=True):
        for level in range(rank):
            assert second.at_least[level] >= first.at_least[level]
        assert second.unknown <= first.unknown


@given(worlds())
def test_people_do_not_change_one_another(world) -> None:
    members, shown = world

    whole = made(members, shown)

    for member, row in zip(members, whole.rows, strict=True):
        assert made([member], shown).rows[0] == row


@given(worlds())
def test_lapsing_is_what_a_later_grid_says(world) -> None:
    members, shown = world
    day = ON + timedelta(days=90)
    lapsed = {
        member: {
            one: UNKNOWN for one, found in of_member.items() if (found.expires_on or day) < day
        }
        for member, of_member in shown.items()
    }

    found = made(members, shown, lapsed)
    afterwards = made(members, {one: {**shown[one], **lapsed[one]} for one in shown})

    for place, total in enumerate(found.totals):
        leaving = [
            bool(now.cells[place].rank) and not then.cells[place].rank
            for now, then in zip(found.rows, afterwards.rows, strict=True)
        ]
        assert total.lapsing == sum(leaving)
        assert [row.cells[place].leaves_cover for row in found.rows] == leaving


@given(worlds())
def test_findings_say_what_the_totals_say(world) -> None:
    members, shown = world
    found = made(members, shown)

    said = findings(found)

    for one in said:
        total = found.totals[one.place]
        assert one.of == total.people
        assert one.unknown == total.unknown
        if one.kind == FindingKind.NOBODY:
            assert total.cover == 0
        if one.kind == FindingKind.ONE:
            assert total.cover == 1
            assert list(one.people) == found.holders(one.place, rank=1)
        if one.kind == FindingKind.LAPSES:
            assert total.cover - total.lapsing == one.left <= 1 < total.cover
            assert one.on is not None
        if one.kind == FindingKind.NOBODY_AT_NEED:
            assert one.rank is not None
            assert found.holders(one.place, rank=one.rank) == []
    if members:
        uncovered = {place for place, total in enumerate(found.totals) if total.cover < 2}
        assert uncovered == {
            one.place for one in said if one.kind in {FindingKind.NOBODY, FindingKind.ONE}
        }


def test_standing_is_the_lowest_of_what_is_known_of_the_essential() -> None:
    cell = one_cell(
        essential={11: 1, 12: 2, 13: 2},
        c11=Standing(3, is_confirmed=True, expires_on=date(2027, 1, 1)),
        c12=Standing(1, is_confirmed=True, expires_on=date(2026, 9, 1)),
    )

    assert (cell.rank, cell.needed_rank) == (1, 1)
    assert (cell.known, cell.of, cell.met, cell.below) == (2, 3, 1, 1)
    assert cell.gap == Gap.BELOW
    assert cell.is_confirmed
    assert cell.expires_on == date(2026, 9, 1)


def test_an_unpaid_carer_is_asked_for_nothing_and_what_they_show_counts() -> None:
    cell = one_cell(essential={}, useful={11: 2, 12: 1}, c11=Standing(1), c13=Standing(3))

    assert cell.basis == Basis.USEFUL
    assert cell.gap == Gap.NOT_ASKED
    assert (cell.rank, cell.needed_rank, cell.known, cell.of) == (1, None, 1, 2)


def test_what_someone_shows_beyond_their_role_counts() -> None:
    cell = one_cell(essential={21: 1}, c12=Standing(2), c13=Standing(3))

    assert cell.basis == Basis.BEYOND
    assert cell.gap == Gap.NOT_ASKED
    assert (cell.rank, cell.known, cell.of) == (2, 2, 3)


def test_an_own_view_is_not_confirmed() -> None:
    cell = one_cell(essential={11: 1, 12: 1}, c11=Standing(2, is_confirmed=True), c12=Standing(2))

    assert cell.gap == Gap.MET
    assert not cell.is_confirmed


def test_two_people_of_whom_one_lapses_is_thin_cover_soon() -> None:
    members = [Member(1, {31: 1}, {}), Member(2, {31: 1}, {})]
    shown = {
        1: {31: Standing(1, is_confirmed=True)},
        2: {31: Standing(1, is_confirmed=True, expires_on=date(2026, 7, 1))},
    }

    found = made(members, shown, {2: {31: UNKNOWN}})
    about = [one for one in findings(found) if one.place == 2]

    assert [one.kind for one in about] == [FindingKind.LAPSES]
    assert about[0].people == (2,)
    assert about[0].left == 1
    assert about[0].on == date(2026, 7, 1)


@dataclass(frozen=True)
class Odd:
    """Something that is no Standing of ours."""

    rank: int | None = 2
    is_confirmed: bool = True
    expires_on: date | None = None


def test_any_known_thing_will_do() -> None:
    found = grid(
        members=[Member(1, {31: 1}, {})],
        functions=FUNCTIONS,
        standings={1: {31: Odd()}},
        ranks=(),
    )

    assert found.rows[0].cells[2].rank == 2
    assert found.totals[2].at_least == ()
    assert found.totals[2].cover == 0
