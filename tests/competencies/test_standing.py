"""From evidence to standing: unknown is not none, and each rule does what its name says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.rules.standing import (
    RULES,
    UNKNOWN,
    Fact,
    Standing,
    function_standing,
    standing,
)

ON = date(2026, 6, 1)
START = datetime(2026, 1, 1, tzinfo=UTC)


def fact(rank: int, kind: str = "completion", day: int = 0, expires: date | None = None) -> Fact:
    return Fact(rank, kind, START + timedelta(days=day), expires)


facts = st.lists(
    st.builds(
        fact,
        st.integers(0, 3),
        st.sampled_from(
            ["completion", "assessment", "self_rating", "supervisor_rating", "credential"]
        ),
        st.integers(0, 300),
        st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 1, 1))),
    ),
    max_size=8,
)


@given(facts, st.sampled_from(sorted(RULES)))
def test_standing_never_exceeds_what_some_evidence_in_date_says(
    evidence: list[Fact], rule: str
) -> None:
    found = standing(evidence, on=ON, rule=rule)

    valid = [
        one
        for one in evidence
        if one.observed_at.date() <= ON and (one.expires_on is None or one.expires_on >= ON)
    ]
    if found.rank is None:
        assert found == UNKNOWN
    else:
        assert found.rank <= max(one.rank for one in valid)
        assert set(found.because) <= set(valid)
    if not valid:
        assert found.rank is None


def test_nothing_known_is_unknown_and_not_yet_is_known() -> None:
    assert standing([], on=ON).rank is None
    assert standing([fact(0, "supervisor_rating")], on=ON).rank == 0


def test_newest_judgement_replaces_what_came_before_and_learning_since_raises_it() -> None:
    judged = [fact(3, day=1), fact(1, "supervisor_rating", day=10)]

    assert standing(judged, on=ON) == Standing(1, True, None, (judged[1],))
    assert standing([*judged, fact(2, day=20)], on=ON).rank == 2


def test_own_view_counts_only_while_there_is_nothing_else() -> None:
    alone = standing([fact(3, "self_rating")], on=ON)
    beside = standing([fact(3, "self_rating"), fact(1)], on=ON)

    assert (alone.rank, alone.is_confirmed) == (3, False)
    assert (beside.rank, beside.is_confirmed) == (1, True)


def test_lapsed_evidence_counts_until_its_last_day() -> None:
    lapsing = [fact(2, expires=ON)]

    assert standing(lapsing, on=ON).rank == 2
    assert standing(lapsing, on=ON + timedelta(days=1)).rank is None


def test_two_kinds_take_the_level_that_both_support() -> None:
    assert standing([fact(3), fact(3, day=2)], on=ON, rule="two-kinds/1").rank is None
    both = [fact(3), fact(1, "assessment", day=2)]
    assert standing(both, on=ON, rule="two-kinds/1").rank == 1


def test_unknown_rule_is_an_error() -> None:
    with pytest.raises(KeyError):
        standing([], on=ON, rule="my-own/1")


def test_function_is_the_lowest_of_what_is_known_and_says_how_much_is_known() -> None:
    found = function_standing(
        standings={1: Standing(2), 2: Standing(1), 9: Standing(0)}, needed_ranks={1: 2, 2: 2, 3: 1}
    )

    assert (found.rank, found.known, found.needed, found.met) == (1, 2, 3, 1)
    assert not found.is_met


def test_function_of_which_nothing_is_known_is_unknown() -> None:
    found = function_standing(standings={}, needed_ranks={1: 1})

    assert (found.rank, found.known) == (None, 0)
