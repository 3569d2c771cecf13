"""How much, how fast and for how long somebody may write."""

from collections.abc import Sequence
from datetime import datetime, timedelta

LONGEST_POST = 8000
"""Characters."""

TIME_TO_EDIT = timedelta(minutes=15)
POSTS_IN_A_ROW = 5
ROW = timedelta(minutes=1)


def may_still_edit(*, written_at: datetime, at: datetime) -> bool:
    """Whether what was written at ``written_at`` may still be changed at ``at``."""
    return at < written_at + TIME_TO_EDIT


def seconds_to_wait(*, written_at: Sequence[datetime], at: datetime) -> int:
    """Return how long somebody should wait before writing again; 0 when they need not.

    Args:
        written_at: when they wrote before, in any order.
        at: when they want to write.
    """
    recent = sorted(moment for moment in written_at if at - ROW < moment <= at)
    if len(recent) < POSTS_IN_A_ROW:
        return 0
    free_at = recent[-POSTS_IN_A_ROW] + ROW
    return max(1, int((free_at - at).total_seconds()) + 1)
