"""How fast a long command is and how long it will still take, now and then."""

import time
from collections.abc import Callable
from typing import Final

_EVERY_SECONDS: Final = 2.0


class Progress:
    """Tells on standard error; the last state is told by `end`."""

    def __init__(self, tell: Callable[[str], object], *, every: float = _EVERY_SECONDS) -> None:
        self._tell = tell
        self._every = every
        self._began = time.monotonic()
        self._told = float("-inf")

    def note(self, text: str, *, done: int, share: float | None = None) -> None:
        """Tell how things stand, unless that was just told.

        Args:
            text: what has been done.
            done: how many, this time.
            share: of the whole, 0 to 1, where it is known.
        """
        now = time.monotonic()
        if now - self._told < self._every:
            return
        self._told = now
        self._tell(f"{text}{self._pace(done, share, now - self._began)}")

    def end(self, text: str, *, done: int) -> None:
        """Tell how it ended."""
        self._tell(f"{text}{self._pace(done, None, time.monotonic() - self._began)}")

    @staticmethod
    def _pace(done: int, share: float | None, seconds: float) -> str:
        rate = done / seconds if seconds > 0 else 0.0
        text = f" · {rate:,.0f} a second"
        if share and 0 < share < 1:
            text += f" · {share:.0%}, about {_duration(seconds * (1 - share) / share)} left"
        return text


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"
