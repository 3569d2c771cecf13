"""Marking: what part of a question was right, and what that makes of the whole."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor


class NoRightAnswer(ValueError):
    """A question that has no right answer cannot be marked."""


@dataclass(frozen=True)
class Result:
    """What an attempt is worth.

    ``share`` is exact, 0–1. ``percent`` is the whole percent reached: rounded down, so that 100
    means all of it and a percent at the pass mark is a pass.
    """

    share: Fraction
    percent: int
    is_passed: bool


def share_earned(
    *, right: Collection[Hashable], wrong: Collection[Hashable], chosen: Collection[Hashable]
) -> Fraction:
    """Return what part of a question's marks the choices earn, 0–1, exactly.

    The part of the right answers that was chosen, less the part of the wrong answers that was
    chosen, and never below nothing: to tick everything earns nothing. With one right answer and
    one choice this is all or nothing. Choices that the question does not have are passed over.

    Args:
        right: the right answers, at least one; NoRightAnswer otherwise.
        wrong: the other answers, maybe none.
        chosen: the answers chosen, maybe none.
    """
    rights, wrongs, picked = set(right), set(wrong) - set(right), set(chosen)
    if not rights:
        raise NoRightAnswer
    gained = Fraction(len(rights & picked), len(rights))
    lost = Fraction(len(wrongs & picked), len(wrongs)) if wrongs else Fraction(0)
    return max(Fraction(0), gained - lost)


def result(*, parts: Sequence[tuple[Fraction, int]], pass_percent: int) -> Result:
    """Return what the questions together are worth against the pass mark.

    Args:
        parts: for each question the share earned, 0–1, and its marks, 1 or more.
        pass_percent: the share that passes, in percent, 1–100.

    Raises:
        ValueError: there are no marks to earn.
    """
    possible = sum(marks for _, marks in parts)
    if possible <= 0:
        raise ValueError("An attempt without marks cannot be marked.")
    share = sum((share * marks for share, marks in parts), Fraction(0)) / possible
    return Result(share=share, percent=floor(share * 100), is_passed=share * 100 >= pass_percent)
