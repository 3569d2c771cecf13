"""Someone who knows every group's size, and works out what the published counts leave open."""

from collections.abc import Callable, Iterator, Sequence

from workforce.rules.disclosure import Table

Fits = Callable[[Table], bool]


def left_open(
    *, sizes: Sequence[int], fits_part: Sequence[Fits], fits_whole: Fits
) -> list[list[set[int]]]:
    """Return which values each count may still have: a list a group, the whole last.

    The groups have nobody in common, and their tables one level. A world is a table for every
    group; it is left when each fits what was published of the group, and their sum what was
    published of the whole.
    """
    possible = [
        [table for table in tables_of(size) if fits(table)]
        for size, fits in zip(sizes, fits_part, strict=True)
    ]
    found: list[list[set[int]]] = []
    for place, of_group in enumerate(possible):
        others = _sums(possible[:place] + possible[place + 1 :])
        left = {
            (table.unknown, table.not_yet)
            for table in of_group
            for unknown, not_yet in others
            if fits_whole(
                _table(sum(sizes), table.unknown + unknown, table.not_yet + not_yet),
            )
        }
        found.append(_values(sizes[place], left))
    whole = {pair for pair in _sums(possible) if fits_whole(_table(sum(sizes), *pair))}
    return [*found, _values(sum(sizes), whole)]


def tables_of(people: int) -> Iterator[Table]:
    """Yield every table of so many people with one level."""
    for unknown in range(people + 1):
        for not_yet in range(people - unknown + 1):
            yield _table(people, unknown, not_yet)


def _table(people: int, unknown: int, not_yet: int) -> Table:
    return Table(unknown, not_yet, (people - unknown - not_yet,))


def _sums(groups: Sequence[Sequence[Table]]) -> set[tuple[int, int]]:
    sums = {(0, 0)}
    for of_group in groups:
        sums = {
            (unknown + table.unknown, not_yet + table.not_yet)
            for unknown, not_yet in sums
            for table in of_group
        }
    return sums


def _values(people: int, pairs: set[tuple[int, int]]) -> list[set[int]]:
    return [
        {unknown for unknown, _ in pairs},
        {not_yet for _, not_yet in pairs},
        {people - unknown - not_yet for unknown, not_yet in pairs},
    ]
