"""What must be so of a tree of items, and in which order it is read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

DEEPEST = 60


class BrokenTree(ValueError):
    """The items do not make a tree; the message says which and what to do."""


def find_cycle(parents: Mapping[str, Iterable[str]]) -> list[str] | None:
    """Return the names along a cycle, the first again at the end, or None when there is none.

    Args:
        parents: for each name the names above it; names without an entry are at the top.
    """
    done: set[str] = set()
    for start in parents:
        if start in done:
            continue
        path: list[str] = []
        place: dict[str, int] = {}
        waiting: list[tuple[str, bool]] = [(start, False)]
        while waiting:
            name, leaving = waiting.pop()
            if leaving:
                path.pop()
                del place[name]
                done.add(name)
                continue
            if name in place:
                return [*path[place[name] :], name]
            if name in done:
                continue
            place[name] = len(path)
            path.append(name)
            waiting.append((name, True))
            waiting.extend((above, False) for above in parents.get(name, ()))
    return None


def depths(parents: Mapping[str, str | None]) -> dict[str, int]:
    """Return how deep each name stands, 0 at the top.

    Raises:
        BrokenTree: when it goes deeper than `DEEPEST`, or round in a circle.
    """
    found: dict[str, int] = {}
    for name in parents:
        above: list[str] = []
        here: str | None = name
        while here is not None and here not in found:
            above.append(here)
            here = parents.get(here)
            if len(above) > DEEPEST + 1:
                raise BrokenTree(
                    f"“{name}” stands more than {DEEPEST} levels deep. Make the tree flatter."
                )
        base = found[here] + 1 if here is not None else 0
        for steps, each in enumerate(reversed(above)):
            found[each] = base + steps
            if found[each] > DEEPEST:
                raise BrokenTree(
                    f"“{each}” stands more than {DEEPEST} levels deep. Make the tree flatter."
                )
    return found


def reading_order(names: Sequence[str], parents: Mapping[str, str | None]) -> list[str]:
    """Return the names parents first, each followed by what stands under it, siblings as given."""
    children: dict[str | None, list[str]] = defaultdict(list)
    for name in names:
        children[parents.get(name)].append(name)
    order: list[str] = []
    waiting = list(reversed(children[None]))
    while waiting:
        name = waiting.pop()
        order.append(name)
        waiting.extend(reversed(children[name]))
    return order
