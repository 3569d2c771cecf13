"""Small numbers stay hidden, alone, beside their total and to who knows how many people there are."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workforce.attack import left_open
from workforce.rules.disclosure import (
    FEWEST_PEOPLE,
    Part,
    PublishedTable,
    Stage,
    Table,
    possible,
    protect,
    protect_whole,
    published_people,
    rounded,
    shown,
    stage_alone,
)

counts = st.integers(0, 30)
tables = st.builds(
    Table, unknown=counts, not_yet=counts, at=st.lists(counts, min_size=3, max_size=3).map(tuple)
)


def every_table(people: int, levels: int) -> Iterator[Table]:
    def parted(left: int, parts: int) -> Iterator[tuple[int, ...]]:
        if parts == 1:
            yield (left,)
            return
        for first in range(left + 1):
            for rest in parted(left - first, parts - 1):
                yield (first, *rest)

    for unknown, not_yet, *at in parted(people, levels + 2):
        yield Table(unknown, not_yet, tuple(at))


def is_delicate(count: int, people: int) -> bool:
    return 1 <= count <= 7 or count == people


def added(*some: Table) -> Table:
    return Table(
        sum(one.unknown for one in some),
        sum(one.not_yet for one in some),
        tuple(sum(counts) for counts in zip(*(one.at for one in some), strict=True)),
    )


@pytest.mark.parametrize(
    ("count", "nearest"), [(0, 0), (7, 5), (8, 10), (12, 10), (13, 15), (97, 95), (98, 100)]
)
def test_rounding_goes_to_the_nearest_five(count: int, nearest: int) -> None:
    assert rounded(count) == nearest


def test_a_small_group_is_not_published() -> None:
    assert published_people(FEWEST_PEOPLE - 1) is None
    assert published_people(FEWEST_PEOPLE) == 10
    assert protect(Table(0, 0, (9, 0, 0))).is_withheld


def test_an_ordinary_table() -> None:
    seen = protect(Table(unknown=21, not_yet=3, at=(14, 11, 0)))

    assert seen == PublishedTable(
        unknown=20, not_yet=None, at_least=(25, 10, 0), stage=Stage.NOUGHTS_SHOWN
    )


@pytest.mark.parametrize("people", range(10, 40))
def test_that_something_is_so_of_everybody_is_not_told(people: int) -> None:
    """Were the noughts shown, a known number of people would stand in one place to the last one."""
    seen = protect(Table(unknown=0, not_yet=people, at=(0, 0)))

    assert seen.stage != Stage.NOUGHTS_SHOWN
    assert seen.unknown is None
    assert seen.at_least == (None, None)


@given(tables)
def test_nothing_small_is_shown_and_nothing_is_far_off(table: Table) -> None:
    seen = protect(table)

    for value, count in zip(
        (seen.unknown, seen.not_yet, *seen.at_least), table.counts, strict=True
    ):
        if 1 <= count <= 7:
            assert value is None
        if value is not None:
            assert value % 5 == 0
            assert abs(value - count) <= 2
            assert (value == 0) == (count == 0)


@given(tables)
def test_what_an_onlooker_can_work_out_holds_the_truth_and_is_never_narrow(table: Table) -> None:
    stage = stage_alone(table)
    if stage == Stage.WITHHELD:
        return

    for count, (low, high) in zip(table.delicate, possible(table, stage), strict=True):
        assert low <= count <= high
        if is_delicate(count, table.people):
            assert high - low >= 2


@pytest.mark.parametrize(
    ("people", "levels"), [(10, 1), (10, 3), (11, 2), (12, 3), (13, 2), (17, 2), (21, 2), (22, 2)]
)
def test_attack_by_trying_every_table_of_a_known_size(people: int, levels: int) -> None:
    """The attacker knows the number of people and the rules, and keeps the tables that fit."""
    fitting: dict[PublishedTable, list[Table]] = defaultdict(list)
    for table in every_table(people, levels):
        fitting[protect(table)].append(table)

    for some in fitting.values():
        for values in zip(*(table.delicate for table in some), strict=True):
            if len(set(values)) == 1:
                assert not is_delicate(values[0], people)


@pytest.mark.parametrize(("one", "two"), [(10, 10), (10, 13), (12, 17)])
def test_attack_by_taking_a_part_from_the_whole(one: int, two: int) -> None:
    """The attacker knows both sizes and has the two parts and the whole as published.

    A world fits when its parts come out as published and its whole would, at the stage that was
    published, show the same numbers.
    """
    worlds = [
        (first, second, added(first, second))
        for first in every_table(one, 1)
        for second in every_table(two, 1)
    ]
    possible_values: dict[tuple[object, ...], list[set[int]]] = {}
    for world in worlds:
        for stage in (Stage.NOUGHTS_SHOWN, Stage.NOUGHTS_HIDDEN):
            known = possible_values.setdefault(
                as_published(world, stage), [set() for _ in delicate_of(world)]
            )
            for values, (count, _) in zip(known, delicate_of(world), strict=True):
                values.add(count)

    published = checked = 0
    for first, second, whole in worlds:
        seen, _ = protect_whole(whole, {1: Part(first, first), 2: Part(second, second)})
        if seen.is_withheld:
            continue
        published += 1
        known = possible_values[as_published((first, second, whole), seen.stage)]
        for values, (count, people) in zip(known, delicate_of((first, second, whole)), strict=True):
            if is_delicate(count, people):
                checked += 1
                assert len(values) > 1
    assert published > len(worlds) / 2
    assert checked > 1000


def delicate_of(world: tuple[Table, ...]) -> list[tuple[int, int]]:
    return [(count, table.people) for table in world for count in table.delicate]


def as_published(world: tuple[Table, Table, Table], stage: Stage) -> tuple[object, ...]:
    """The two parts as they are published, and the whole's numbers at a stage."""
    first, second, whole = world
    return (
        protect(first),
        protect(second),
        stage,
        tuple(shown(count, stage) for count in whole.counts),
    )


def _shows(table: Table, published: PublishedTable) -> bool:
    """Whether a table, at the stage of ``published``, shows those numbers."""
    return tuple(shown(count, published.stage) for count in table.counts) == (
        published.unknown,
        published.not_yet,
        *published.at_least,
    )


def test_a_total_that_would_give_a_part_away_is_withheld() -> None:
    """Rounded apart, 8 and 13 are 10 and 15; a total of 22 shows 20: the third part must be 1."""
    parts = [Table(2, 9, (8,)), Table(9, 0, (13,)), Table(21, 0, (1,))]
    whole = added(*parts)

    seen, of_parts = protect_whole(
        whole, {number: Part(part, part) for number, part in enumerate(parts)}
    )

    assert [one.at_least for one in of_parts.values()] == [(10,), (15,), (None,)]
    assert seen.is_withheld


@settings(max_examples=50)
@given(st.lists(tables.filter(lambda one: one.people >= 10), min_size=2, max_size=5))
def test_a_part_is_shown_the_same_beside_any_total(parts: list[Table]) -> None:
    whole = added(*parts)

    seen, of_parts = protect_whole(
        whole, {number: Part(part, part) for number, part in enumerate(parts)}
    )

    assert of_parts == {number: protect(part) for number, part in enumerate(parts)}
    assert seen.is_withheld or seen == protect(whole)


def test_a_total_of_one_part_is_that_part_or_nothing() -> None:
    part = Table(20, 12, (10, 9, 0))

    seen, _ = protect_whole(part, {1: Part(part, part)})

    assert seen == protect(part)


@pytest.mark.parametrize("led", [Table(20, 12, (10,)), Table(3, 1, (6,)), Table(0, 0, (13,))])
def test_attack_by_taking_the_team_one_leads_from_the_whole(led: Table) -> None:
    """The attacker sees one of two teams person by person, and knows the size of the other."""
    checked = 0
    others = list(every_table(14, 1))
    for other in others:
        parts = {1: Part(led, led), 2: Part(other, other)}
        whole = added(led, other)
        seen, of_parts = protect_whole(whole, parts, known={1})
        if seen.is_withheld:
            continue
        fitting = [
            one for one in others if protect(one) == of_parts[2] and _shows(added(led, one), seen)
        ]
        for number, count in enumerate(other.delicate):
            if is_delicate(count, 14):
                checked += 1
                assert len({one.delicate[number] for one in fitting}) > 1
    assert checked


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 14), st.integers(0, 14), st.integers(0, 14)),
        min_size=3,
        max_size=4,
    )
)
def test_attack_by_differencing_all_the_teams_of_a_partnership(
    teams: list[tuple[int, int, int]],
) -> None:
    """What a planner's pages show, of several teams at once: nothing small is pinned down."""
    parts = [Table(unknown, below, (met,)) for unknown, below, met in teams]
    whole = added(*parts)
    seen, of_parts = protect_whole(
        whole, {number: Part(part, part) for number, part in enumerate(parts)}
    )

    open_still = left_open(
        sizes=[part.people for part in parts],
        fits_part=[
            lambda table, published=published: protect(table) == published
            for published in of_parts.values()
        ],
        fits_whole=lambda table: seen.is_withheld or _shows(table, seen),
    )

    for table, values in zip([*parts, whole], open_still, strict=True):
        for count, possible_values in zip(table.counts, values, strict=True):
            assert count in possible_values
            if count and is_delicate(count, table.people):
                assert len(possible_values) > 1
