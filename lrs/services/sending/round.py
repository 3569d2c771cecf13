"""A worker's round on one target: what waits first, then what comes next in the log."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from lrs.enums import SendingTrouble
from lrs.models import SendingTarget
from lrs.outside import Reachable
from lrs.queries.reading import places_after
from lrs.queries.sending import due_unsent, items_at, reach_of, waiting_learners, wanted_by
from lrs.rules.pacing import Pace
from lrs.rules.reading import Reach
from lrs.rules.sealing import Unsealable
from lrs.rules.sending import EVERYTHING, Meaning, Verdict
from lrs.services.sending.delivering import Pass, Receiver, Unwell
from lrs.services.sending.lease import Lease, LeaseLost
from lrs.services.sending.noting import Notes, Sent
from lrs.services.sending.receivers import receiver_of

LOOKED_AT: Final = 1_000
MOST_WAITING: Final = 5_000
"""With so many waiting, no more is read; the cursor remembers where to go on."""
PATIENCE: Final = 2
"""After so many failures of everything, statements are tried one by one."""
AT_ONCE: Final = 50
_MOST_BYTES: Final = 4 * 1024 * 1024


def targets_with_work(*, at: datetime) -> list[int]:
    """Return the targets for which there is something to send now."""
    due = SendingTarget.objects.select_related("tenant").due_at(at).order_by("pk")
    return [
        target.pk
        for target in due
        if due_unsent(target=target, at=at, most=1)
        or places_after(tenant=target.tenant, after=reach_of(target), limit=1)
    ]


def send_on(
    *,
    target_id: int,
    reachable: Reachable,
    clock: Callable[[], datetime],
    pace: Pace | None = None,
    chance: Callable[[], float] = random.random,
) -> Sent:
    """Send a target what it should have, for as long as the pace allows one round.

    Nothing is lost whenever this stops: what has arrived is noted after it arrived, and what was
    not noted is sent again under the same id. Of two at once, one does nothing.

    Writes: SendingTarget, UnsentStatement. Safe to repeat.
    """
    pace = pace or Pace()
    lease = Lease(target_id, uuid4(), pace.lease, clock)
    target = lease.take()
    if target is None:
        return Sent()
    notes = Notes(target, lease, pace, clock, chance)
    try:
        receiver = receiver_of(target, reachable=reachable, pace=pace, clock=clock)
        _Round(target, receiver, lease, notes, clock).go(seconds=pace.run)
    except Unsealable as error:
        notes.failure(Verdict(Meaning.UNWELL, SendingTrouble.SECRET, str(error)))
    except Unwell as unwell:
        notes.failure(unwell.verdict)
    except LeaseLost:
        pass
    finally:
        lease.give_back()
    return notes.sent


@dataclass(frozen=True, slots=True)
class _Round:
    target: SendingTarget
    receiver: Receiver
    lease: Lease
    notes: Notes
    clock: Callable[[], datetime]

    def go(self, *, seconds: float) -> None:
        ends_at = self.clock() + timedelta(seconds=seconds)
        while self._try_waiting() or self._read_on():
            if self.clock() >= ends_at:
                return

    def _try_waiting(self) -> bool:
        """Try again what is due, each learner's in order; return whether there was any."""
        rows = due_unsent(target=self.target, at=self.clock(), most=AT_ONCE)
        if not rows:
            return False
        items = items_at(self.target, [(row.seq, row.stored) for row in rows])
        gone = [row.seq for row in rows if row.seq not in items]
        going = Pass(self.receiver, self.lease.renew, one_by_one=True, are_known_to_fail=True)
        try:
            going.run([items[row.seq] for row in rows if row.seq in items], most_bytes=_MOST_BYTES)
        finally:
            self.notes.settle(rows, gone, going.outcomes)
        return True

    def _read_on(self) -> bool:
        """Send what comes next in the log; return whether there was any."""
        blocked = waiting_learners(target=self.target, most=MOST_WAITING)
        if blocked is None:
            return False
        tenant, wanted = self.target.tenant, wanted_by(self.target)
        limit = AT_ONCE if wanted == EVERYTHING else LOOKED_AT
        read: list[Reach] = []
        chosen: list[tuple[int, datetime]] = []
        for place in places_after(tenant=tenant, after=reach_of(self.target), limit=limit):
            read.append(place.reach)
            if wanted.by_keys(place):
                chosen.append((place.reach.seq, place.stored))
            if len(chosen) == AT_ONCE:
                break
        if not read:
            return False
        items = {
            seq: item
            for seq, item in items_at(self.target, chosen).items()
            if wanted.by_result(item.payload)
        }
        is_suspect = self.target.failures >= PATIENCE
        going = Pass(self.receiver, self.lease.renew, one_by_one=is_suspect, blocked=blocked)
        try:
            going.run([items[seq] for seq, _ in chosen if seq in items], most_bytes=_MOST_BYTES)
        finally:
            self.notes.move(read, items, going.outcomes)
        return True
