"""Marking, values in and values out."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules.scoring import NoRightAnswer, result, share_earned

OPTIONS = st.sets(st.integers(0, 9), min_size=1)
SHARES = st.fractions(min_value=0, max_value=1, max_denominator=24)
PARTS = st.lists(st.tuples(SHARES, st.integers(1, 10)), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("chosen", "share"),
    [
        ("a", Fraction(1, 2)),
        ("ab", Fraction(1)),
        ("abc", Fraction(2, 3)),
        ("abcde", Fraction(0)),
        ("c", Fraction(0)),
        ("acd", Fraction(0)),
        ("", Fraction(0)),
        ("az", Fraction(1, 2)),
    ],
)
def test_share_of_several_right_answers(chosen: str, share: Fraction) -> None:
    assert share_earned(right="ab", wrong="cde", chosen=chosen) == share


def test_share_without_a_right_answer_is_refused() -> None:
    with pytest.raises(NoRightAnswer):
        share_earned(right="", wrong="ab", chosen="a")


@given(right=OPTIONS, wrong=OPTIONS, chosen=st.sets(st.integers(0, 12)))
def test_share_is_full_only_for_exactly_the_right_answers(right, wrong, chosen) -> None:
    wrong -= right

    share = share_earned(right=right, wrong=wrong, chosen=chosen)

    assert 0 <= share <= 1
    assert (share == 1) == (chosen & (right | wrong) == right)


@given(right=OPTIONS, wrong=OPTIONS, chosen=st.sets(st.integers(0, 9)), more=st.integers(0, 9))
def test_share_never_falls_by_a_right_answer_nor_rises_by_a_wrong_one(
    right, wrong, chosen, more
) -> None:
    wrong -= right
    before = share_earned(right=right, wrong=wrong, chosen=chosen)

    after = share_earned(right=right, wrong=wrong, chosen=chosen | {more})

    assert after >= before if more in right else after <= before


@given(right=OPTIONS, wrong=OPTIONS)
def test_share_for_ticking_everything_is_nothing(right, wrong) -> None:
    wrong -= right

    share = share_earned(right=right, wrong=wrong, chosen=right | wrong)

    assert share == (0 if wrong else 1)


@given(parts=PARTS, pass_percent=st.integers(1, 100))
def test_percent_and_pass_mark_agree(parts, pass_percent) -> None:
    marked = result(parts=parts, pass_percent=pass_percent)

    assert 0 <= marked.percent <= 100
    assert (marked.percent == 100) == all(share == 1 for share, _ in parts)
    assert marked.is_passed == (marked.percent >= pass_percent)
    assert marked.is_passed == (marked.share >= Fraction(pass_percent, 100))


@given(parts=PARTS)
def test_percent_does_not_depend_on_the_order(parts) -> None:
    there = result(parts=parts, pass_percent=70)
    back = result(parts=parts[::-1], pass_percent=70)

    assert there == back


def test_seven_tenths_pass_at_seventy_and_a_hair_less_does_not() -> None:
    tenths = [(Fraction(1), 7), (Fraction(0), 3)]
    less = [(Fraction(1), 6), (Fraction(99, 100), 1), (Fraction(0), 3)]

    assert result(parts=tenths, pass_percent=70).is_passed
    assert not result(parts=less, pass_percent=70).is_passed
    assert result(parts=less, pass_percent=70).percent == 69


def test_an_attempt_without_questions_cannot_be_marked() -> None:
    with pytest.raises(ValueError, match="without marks"):
        result(parts=[], pass_percent=70)
