"""How long to wait: between attempts, for an answer, and before another worker may take over."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """All the times of sending, in seconds; tests send an hour in a minute by dividing them."""

    first_wait: float = 5.0
    """After the first failure; doubled after each further one."""
    longest_wait: float = 3_600.0
    connect: float = 5.0
    answer: float = 15.0
    """From when we ask until the whole answer is there."""
    lease: float = 60.0
    """Longer than two answers take: how long a worker that died holds a target."""
    tries: int = 36
    """So often one statement fails, while others arrive, before it is given up: most of a day."""
    run: float = 10.0
    """How long one worker stays with a target before it lets others have their turn."""

    def wait(self, failures: int, chance: float) -> float:
        """Return how long to wait after so many failures in a row.

        Args:
            failures: at least 1.
            chance: 0 to 1, so that receivers are not all tried at the same moment.
        """
        whole = min(self.longest_wait, self.first_wait * 2.0 ** min(failures - 1, 30))
        return whole * (0.5 + 0.5 * chance)


def retry_after_seconds(header: str, *, now: datetime, most: float) -> float:
    """Return how long a receiver asks us to wait, in seconds or by a date; 0 if it does not.

    Args:
        header: what it sent.
        now: by our clock.
        most: we come back after this at the latest, whatever it says.
    """
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), most)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return 0.0
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    return min(max(0.0, (when - now) / timedelta(seconds=1)), most)
