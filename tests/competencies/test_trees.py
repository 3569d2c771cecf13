"""Trees of items: cycles are found, depth is limited, order is parents first."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.rules.trees import DEEPEST, BrokenTree, depths, find_cycle, reading_order


def test_cycle_is_named_from_end_to_end() -> None:
    assert find_cycle({"a": ["b"], "b": ["c"], "c": ["b"]}) == ["b", "c", "b"]


def test_own_parent_is_a_cycle() -> None:
    assert find_cycle({"a": ["a"]}) == ["a", "a"]


def test_two_ways_up_are_no_cycle() -> None:
    assert find_cycle({"a": ["b", "c"], "b": ["d"], "c": ["d"]}) is None


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 12), max_size=12))
def test_a_cycle_is_found_exactly_when_there_is_one(above: dict[int, int]) -> None:
    found = find_cycle({str(k): [str(v)] for k, v in above.items()})

    def loops(start: int) -> bool:
        seen, here = set(), start
        while here in above and here not in seen:
            seen.add(here)
            here = above[here]
        return here in seen

    assert (found is not None) == any(loops(name) for name in above)
    if found:
        assert found[0] == found[-1]
        assert all(above[int(a)] == int(b) for a, b in pairwise(found))


@given(st.lists(st.integers(0, 30), max_size=30))
def test_reading_order_has_every_name_once_parents_first(choices: list[int]) -> None:
    names = [str(n) for n in range(len(choices))]
    parents = {
        name: str(choice % n) if n and choice % (n + 1) else None
        for n, (name, choice) in enumerate(zip(names, choices, strict=True))
    }

    order = reading_order(names, parents)

    assert sorted(order) == sorted(names)
    assert all(order.index(p) < order.index(n) for n, p in parents.items() if p is not None)
    deep = depths(parents)
    assert all(deep[n] == (deep[p] + 1 if p is not None else 0) for n, p in parents.items())


def test_too_deep_is_refused_by_name() -> None:
    chain = {"0": None} | {str(n): str(n - 1) for n in range(1, DEEPEST + 2)}

    with pytest.raises(BrokenTree, match=f"more than {DEEPEST} levels deep"):
        depths(chain)
    assert depths(dict(list(chain.items())[:-1]))[str(DEEPEST)] == DEEPEST


def test_very_long_chain_given_from_the_leaf_is_refused() -> None:
    chain = {str(n): str(n - 1) for n in range(50_000, 0, -1)} | {"0": None}

    with pytest.raises(BrokenTree):
        depths(chain)
