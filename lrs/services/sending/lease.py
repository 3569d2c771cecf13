"""One worker at a time on a target; one that died is followed by another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lrs.models import SendingTarget


class LeaseLost(Exception):
    """Another worker has this target now, or it was paused or removed."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a target, for a while."""

    target_id: int
    worker: UUID
    seconds: float
    clock: Callable[[], datetime]

    def take(self) -> SendingTarget | None:
        """Take it and return the target; None if it is not to be had now."""
        now = self.clock()
        taken = (
            SendingTarget.objects.due_at(now)
            .filter(pk=self.target_id)
            .update(leased_by=self.worker, leased_until=self._end(now))
        )
        if not taken:
            return None
        return SendingTarget.objects.select_related("tenant").get(pk=self.target_id)

    def renew(self) -> None:
        """Hold it from now on for as long again.

        Raises:
            LeaseLost: it is no longer ours.
        """
        now = self.clock()
        held = SendingTarget.objects.filter(leased_until__gt=now, **self._mine())
        if not held.update(leased_until=self._end(now)):
            raise LeaseLost

    def write(self, **values: Any) -> None:
        """Write to the target, if it is still ours.

        Raises:
            LeaseLost: it is not; within a transaction nothing else is written then.
        """
        if not SendingTarget.objects.filter(**self._mine()).update(**values):
            raise LeaseLost

    def give_back(self) -> None:
        """Let others have it at once."""
        SendingTarget.objects.filter(pk=self.target_id, leased_by=self.worker).update(
            leased_by=None, leased_until=None
        )

    def _mine(self) -> dict[str, Any]:
        return {"pk": self.target_id, "leased_by": self.worker, "paused_at": None}

    def _end(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self.seconds)
