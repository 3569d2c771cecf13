"""Percent is always right, whatever is added, removed, finished or published again."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.rules.answers import NoAnswerChosen, NoSuchOption, is_right
from learning.rules.sequencing import Step, is_open, next_step, progress

KEYS = [UUID(int=number) for number in range(1, 9)]

deeds = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "complete", "require", "excuse"]), st.sampled_from(KEYS)
    ),
    max_size=60,
)


@given(deeds)
def test_percent_is_right_after_any_order_of_deeds(deeds: list[tuple[str, UUID]]) -> None:
    published: dict[UUID, Step] = {}
    completed: set[UUID] = set()
    for deed, key in deeds:
        if deed == "add":
            published[key] = Step(key)
        elif deed == "remove":
            published.pop(key, None)
        elif deed == "complete" and key in published:
            completed.add(key)
        elif deed in {"require", "excuse"} and key in published:
            published[key] = Step(key, is_required=deed == "require")

        now = progress(steps=list(published.values()), completed=completed)

        required = [step.key for step in published.values() if step.is_required]
        counted = required or list(published)
        assert 0 <= now.percent <= 100
        assert (now.percent == 100) == (bool(counted) and set(counted) <= completed)
        assert now.is_finished == (now.percent == 100)
        assert now.required == len(counted)


@given(st.lists(st.sampled_from(KEYS), unique=True), st.sets(st.sampled_from(KEYS)))
def test_next_lesson_is_one_that_is_not_done(order: list[UUID], completed: set[UUID]) -> None:
    steps = [Step(key) for key in order]

    found = next_step(steps=steps, completed=completed)

    left = [key for key in order if key not in completed]
    assert (found.key if found else None) == (left[0] if left else None)


def test_next_lesson_goes_on_from_where_one_is_and_comes_round() -> None:
    steps = [Step(key) for key in KEYS[:4]]

    assert next_step(steps=steps, completed={KEYS[1]}, after=KEYS[1]).key == KEYS[2]
    assert next_step(steps=steps, completed=set(KEYS[1:4]), after=KEYS[3]).key == KEYS[0]


def test_in_order_a_lesson_opens_when_those_required_before_it_are_done() -> None:
    steps = [Step(KEYS[0]), Step(KEYS[1], is_required=False), Step(KEYS[2])]

    def opens(key: UUID, *completed: UUID) -> bool:
        return is_open(key=key, steps=steps, completed=set(completed), is_in_order=True)

    assert opens(KEYS[0])
    assert not opens(KEYS[1])
    assert opens(KEYS[1], KEYS[0])
    assert opens(KEYS[2], KEYS[0])
    assert not opens(KEYS[2])
    assert is_open(key=KEYS[2], steps=steps, completed=set(), is_in_order=False)


def test_an_answer_is_right_when_exactly_the_right_options_are_chosen() -> None:
    right = [True, False, True]

    assert is_right(chosen=[0, 2], right=right)
    assert not is_right(chosen=[0], right=right)
    assert not is_right(chosen=[0, 1, 2], right=right)
    with pytest.raises(NoAnswerChosen):
        is_right(chosen=[], right=right)
    with pytest.raises(NoSuchOption):
        is_right(chosen=[3], right=right)
