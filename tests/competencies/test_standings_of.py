"""Standings from facts straight out of the database are those that the rules give."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from competencies.queries import standings_of
from competencies.rules.standing import RULES, Fact, in_date, standing

ON = date(2026, 6, 1)
facts = st.builds(
    Fact,
    rank=st.integers(0, 3),
    kind=st.sampled_from(
        ["completion", "assessment", "self_rating", "supervisor_rating", "credential"]
    ),
    observed_at=st.integers(0, 5).map(
        lambda days: datetime(2026, 5, 1, tzinfo=UTC) + timedelta(days=days)
    ),
    expires_on=st.none() | st.integers(0, 60).map(lambda days: ON + timedelta(days=days)),
)


@given(st.lists(facts, max_size=6), st.integers(0, 90), st.sampled_from(sorted(RULES)))
def test_the_same_as_the_rule_now_and_later(found: list[Fact], days: int, rule: str) -> None:
    later = ON + timedelta(days=days)
    oldest_first = in_date(found, on=ON)

    got = standings_of({1: oldest_first}, on=later, rule=rule)[1]

    assert got == standing(oldest_first, on=later, rule=rule)
