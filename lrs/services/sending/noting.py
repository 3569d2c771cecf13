"""What a round writes down: how a target does, and which statements have not arrived."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from lrs.enums import UnsentState
from lrs.models import SendingTarget, UnsentStatement
from lrs.rules.pacing import Pace
from lrs.rules.reading import Reach
from lrs.rules.sending import Item, Verdict
from lrs.services.sending.delivering import Fate, Outcome
from lrs.services.sending.lease import Lease

_CHANGING: Final = (
    "state",
    "attempts",
    "next_attempt_at",
    "trouble",
    "trouble_detail",
    "failed_at",
)


@dataclass(slots=True)
class Sent:
    """What came of a round."""

    arrived: int = 0
    held: int = 0
    dead: int = 0
    is_unwell: bool = False


@dataclass(slots=True)
class Notes:
    """Writes under a lease; whoever has lost it writes nothing."""

    target: SendingTarget
    lease: Lease
    pace: Pace
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    sent: Sent = field(default_factory=Sent)

    @transaction.atomic
    def move(
        self,
        reaches: Sequence[Reach],
        items: Mapping[int, Item],
        outcomes: Mapping[int, Outcome],
    ) -> None:
        """Move the cursor to the last statement before the first that has no fate yet.

        Args:
            reaches: what was read, in order.
            items: those of them that are wanted, by number.
            outcomes: what became of these.
        """
        settled: list[int] = []
        reach: Reach | None = None
        for place in reaches:
            if place.seq in items:
                if place.seq not in outcomes:
                    break
                settled.append(place.seq)
            reach = place
        if reach is None:
            return
        position = f"{reach.xid}.{reach.seq}"
        self.lease.write(position=position)
        self.target.position = position
        self._count_arrived(sum(outcomes[seq].fate is Fate.ARRIVED for seq in settled))
        UnsentStatement.objects.bulk_create(
            [
                self._unsent(items[seq], outcomes[seq])
                for seq in settled
                if outcomes[seq].fate is not Fate.ARRIVED
            ],
            ignore_conflicts=True,
        )

    @transaction.atomic
    def settle(
        self,
        rows: Sequence[UnsentStatement],
        gone: Iterable[int],
        outcomes: Mapping[int, Outcome],
    ) -> None:
        """Note what became of statements that had waited.

        Args:
            rows: theirs.
            gone: the numbers of those that are no longer in the log.
            outcomes: what became of the others, by number.
        """
        self.lease.renew()
        arrived = {seq for seq, one in outcomes.items() if one.fate is Fate.ARRIVED}
        over = arrived | set(gone)
        self._count_arrived(len(arrived))
        done = [row.pk for row in rows if row.seq in over]
        UnsentStatement.objects.filter(pk__in=done).delete()
        changed = []
        for row in rows:
            outcome = outcomes.get(row.seq)
            if outcome is None or outcome.verdict is None:
                continue
            is_hopeless = outcome.fate is Fate.HELD and self._is_hopeless(row)
            self._note(row, Fate.DEAD if is_hopeless else outcome.fate, outcome.verdict)
            changed.append(row)
        UnsentStatement.objects.bulk_update(changed, _CHANGING)
        self._let_next_go({row.learner_key for row in rows})

    def failure(self, verdict: Verdict) -> None:
        """Note that the receiver takes nothing, and when to come back."""
        self.target.failures += 1
        now = self.clock()
        wait = max(self.pace.wait(self.target.failures, self.chance()), verdict.wait_seconds)
        self.sent.is_unwell = True
        self.lease.write(
            failures=self.target.failures,
            next_attempt_at=now + timedelta(seconds=wait),
            trouble=verdict.trouble,
            trouble_detail=verdict.detail[:500],
            trouble_at=now,
        )

    def _count_arrived(self, arrived: int) -> None:
        if not arrived:
            return
        now = self.clock()
        self.lease.write(
            delivered=F("delivered") + arrived,
            last_success_at=now,
            failures=0,
            next_attempt_at=None,
            trouble="",
            trouble_detail="",
            trouble_at=None,
        )
        self.target.last_success_at, self.target.failures = now, 0
        self.sent.arrived += arrived

    def _unsent(self, item: Item, outcome: Outcome) -> UnsentStatement:
        row = UnsentStatement(
            target=self.target,
            seq=item.seq,
            stored=item.stored,
            uuid=item.uuid,
            learner_key=item.learner_key,
            state=UnsentState.WAITING,
        )
        if outcome.verdict is not None:
            self._note(row, outcome.fate, outcome.verdict)
        return row

    def _note(self, row: UnsentStatement, fate: Fate, verdict: Verdict) -> None:
        now = self.clock()
        row.attempts += 1
        row.trouble, row.trouble_detail = verdict.trouble, verdict.detail[:500]
        row.failed_at = now
        if fate is Fate.DEAD:
            row.state, row.next_attempt_at = UnsentState.DEAD, None
            self.sent.dead += 1
            return
        wait = self.pace.wait(row.attempts, self.chance())
        row.state, row.next_attempt_at = UnsentState.WAITING, now + timedelta(seconds=wait)
        self.sent.held += 1

    def _is_hopeless(self, row: UnsentStatement) -> bool:
        """Others have arrived since it last failed, time and again: it is not the receiver."""
        last = self.target.last_success_at
        others_arrive = last is not None and row.failed_at is not None and last > row.failed_at
        if not others_arrive and row.attempts:
            row.attempts -= 1  # says nothing about the statement, so it does not count
        return others_arrive and row.attempts + 1 >= self.pace.tries

    def _let_next_go(self, learners: set[int]) -> None:
        """Have the first that waits of each learner tried again at some time."""
        waiting = UnsentStatement.objects.filter(
            target=self.target, state=UnsentState.WAITING, learner_key__in=learners
        ).order_by("id")
        heads: dict[int, tuple[int, datetime | None]] = {}
        for pk, learner, at in waiting.values_list("pk", "learner_key", "next_attempt_at"):
            heads.setdefault(learner, (pk, at))
        free = [pk for pk, at in heads.values() if at is None]
        UnsentStatement.objects.filter(pk__in=free).update(next_attempt_at=self.clock())
