"""What is answered while the database cannot: 507 without room, 503 otherwise; and one log line."""

import logging
import threading
import time
from collections.abc import Mapping
from typing import Final

from django.db import Error
from django.http import JsonResponse

from lrs.models.outages import Outage, outage_of

logger = logging.getLogger(__name__)

_RETRY_AFTER_SECONDS: Final = {Outage.FULL: 60, Outage.GONE: 5, Outage.BUSY: 2}
_ANSWERS: Final = {
    Outage.FULL: (
        507,
        "The record store has no room left. Nothing of this request was stored; send it again when"
        " its operator has made room.",
    ),
    Outage.GONE: (
        503,
        "The record store's database does not answer. Send this again in a moment; a statement"
        " with an id of its own is stored once, however often it is sent.",
    ),
    Outage.BUSY: (
        503,
        "The record store is too busy. Nothing of this request was stored; send it again in a"
        " moment.",
    ),
}
_LINES: Final = {
    Outage.FULL: "the database has no room left: requests that write are answered 507 (%s)",
    Outage.GONE: "the database does not answer: requests are answered 503 (%s)",
    Outage.BUSY: "the database is too busy: a request was answered 503 (%s)",
}
_QUIET_SECONDS: Final = 10.0
_said: dict[Outage, float] = {}
_lock = threading.Lock()


def answer_to_outage(
    error: Error, *, named: str = "message", said: Mapping[str, str] | None = None
) -> JsonResponse | None:
    """Return the answer to a database error; None when the fault is not the database's.

    Args:
        error: of the database.
        named: what the sentence is called in the answer's JSON.
        said: what else that has.

    It is noted in the log in one line, at most every ten seconds for each kind.
    """
    outage = outage_of(error)
    if outage is None:
        return None
    if _is_news(outage):
        logger.error(_LINES[outage], " ".join(str(error).split())[:200])
    status, message = _ANSWERS[outage]
    response = JsonResponse(
        {"status": status, **(said or {}), named: message},
        status=status,
        headers={"Retry-After": str(_RETRY_AFTER_SECONDS[outage])},
    )
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would, each time
    return response


def _is_news(outage: Outage) -> bool:
    now = time.monotonic()
    with _lock:
        if now - _said.get(outage, -_QUIET_SECONDS) < _QUIET_SECONDS:
            return False
        _said[outage] = now
    return True
