"""How far a learner is, which lesson is open, and what comes next."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Step:
    """A lesson of a course as it is published now, in its order."""

    key: UUID
    is_required: bool = True
    minutes: int = 0


@dataclass(frozen=True)
class Progress:
    """How much of what is required now has been done.

    ``percent`` is 0–100, and 100 exactly when every required lesson is done (a course without
    required lessons is done when all its lessons are).
    """

    done: int
    required: int
    percent: int
    minutes_left: int

    @property
    def is_finished(self) -> bool:
        """Whether there was something to do and all of it is done."""
        return self.required > 0 and self.done == self.required


def progress(*, steps: Sequence[Step], completed: Collection[UUID]) -> Progress:
    """Return how far someone is who completed these lessons, some of which may be gone."""
    counted = [step for step in steps if step.is_required] or list(steps)
    left = [step for step in counted if step.key not in completed]
    done = len(counted) - len(left)
    percent = done * 100 // len(counted) if counted else 0
    return Progress(
        done=done,
        required=len(counted),
        percent=percent,
        minutes_left=sum(step.minutes for step in left),
    )


def is_open(
    *, key: UUID, steps: Sequence[Step], completed: Collection[UUID], is_in_order: bool
) -> bool:
    """Return whether a lesson may be done: always, or when all required before it are done."""
    if not is_in_order or key in completed:
        return True
    for step in steps:
        if step.key == key:
            return True
        if step.is_required and step.key not in completed:
            return False
    return True


def next_step(
    *, steps: Sequence[Step], completed: Collection[UUID], after: UUID | None = None
) -> Step | None:
    """Return the next lesson to do: the first not done after ``after``, else the first not done.

    Lessons that are not required come only when nothing required is left before them.
    """
    places = {step.key: place for place, step in enumerate(steps)}
    start = places[after] + 1 if after in places else 0
    for step in (*steps[start:], *steps[:start]):
        if step.key not in completed:
            return step
    return None
