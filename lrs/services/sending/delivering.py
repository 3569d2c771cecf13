"""One pass over statements on their way: send, split what is refused, hold what is doubtful."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Protocol

from lrs.rules.sending import Item, Meaning, Verdict, batches

STRIKES: Final = 3
"""So many statements of different learners failing one after another: it is the receiver."""


class Receiver(Protocol):
    """Whoever statements are sent to."""

    @property
    def batch(self) -> int:
        """How many it takes in one request."""

    def send(self, items: Sequence[Item]) -> Verdict:
        """Send statements in one request: all of them are taken, or none."""

    def try_out(self) -> Verdict:
        """See whether it is there and knows us, without a statement."""


class Fate(Enum):
    """What became of a statement."""

    ARRIVED = "arrived"
    HELD = "held"
    """It failed and is tried again; those after it of the same learner wait."""
    BEHIND = "behind"
    """It waits behind one that failed."""
    DEAD = "dead"
    """Its receiver will not have it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a statement, and why."""

    fate: Fate
    verdict: Verdict | None = None


class Unwell(Exception):
    """The receiver takes nothing at the moment."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.detail)
        self.verdict = verdict


@dataclass(slots=True)
class Pass:
    """One pass. Statements go in order, so those of a learner never overtake one another."""

    receiver: Receiver
    before_each: Callable[[], None]
    """Called before each request; may raise, to stop."""
    one_by_one: bool
    """Hold a statement that fails and go on with the others, instead of waiting with all."""
    are_known_to_fail: bool = False
    """They failed before, so that they say little about the receiver."""
    blocked: set[int] = field(default_factory=set)
    """Learners whose statements wait behind one that failed."""
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    """By number; a statement that is not here has no fate yet."""
    strikes: int = 0

    def run(self, items: Sequence[Item], *, most_bytes: int) -> None:
        """Send them.

        Raises:
            Unwell: the receiver takes nothing; ``outcomes`` has what became of those before.
        """
        most = 1 if self.one_by_one else self.receiver.batch
        for batch in batches(items, most=most, most_bytes=most_bytes):
            if self.strikes >= STRIKES:
                return
            self._send(batch)

    def _send(self, items: Sequence[Item]) -> None:
        going = [one for one in items if one.learner_key not in self.blocked]
        for one in items:
            if one.learner_key in self.blocked:
                self.outcomes[one.seq] = Outcome(Fate.BEHIND)
        if not going:
            return
        self.before_each()
        verdict = self.receiver.send(going)
        if verdict.meaning is Meaning.ARRIVED:
            self.strikes = 0
            self.outcomes.update({one.seq: Outcome(Fate.ARRIVED) for one in going})
        elif verdict.meaning is Meaning.UNWELL:
            raise Unwell(verdict)
        elif verdict.meaning is Meaning.REFUSED and len(going) == 1:
            self.strikes = 0
            self.outcomes[going[0].seq] = Outcome(Fate.DEAD, verdict)
        elif verdict.meaning is Meaning.REFUSED:
            half = len(going) // 2
            self._send(going[:half])
            self._send(going[half:])
        else:
            self._doubt(going, verdict)

    def _doubt(self, going: Sequence[Item], verdict: Verdict) -> None:
        if not self.one_by_one or len(going) > 1:
            raise Unwell(verdict)
        (one,) = going
        self.strikes += 1
        self.outcomes[one.seq] = Outcome(Fate.HELD, verdict)
        self.blocked.add(one.learner_key)
        if self.strikes >= STRIKES and not self.are_known_to_fail:
            self._take_back()
            raise Unwell(verdict)

    def _take_back(self) -> None:
        """Nothing arrived since these failed, so they say nothing about the statements."""
        for seq in reversed(list(self.outcomes)):
            if self.outcomes[seq].fate is Fate.ARRIVED:
                break
            del self.outcomes[seq]
