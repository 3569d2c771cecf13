"""What a database error says of the database, when it is the database that cannot."""

import sqlite3
from enum import Enum
from typing import Final

import psycopg
from django.db import Error, connection


class Outage(Enum):
    """Why the store cannot do now what it could do a moment ago."""

    FULL = "full"
    """There is no room left to write."""
    GONE = "gone"
    """The database does not answer, or takes no writes."""
    BUSY = "busy"
    """It answers, but not to us within our patience."""


_FULL: Final = frozenset({"53100", "53000"})
_BUSY: Final = frozenset({"53200", "53300", "53400", "40001", "40P01", "55P03", "57014", "25P03"})
_GONE: Final = frozenset({"25006", "58000", "58030", "57P01", "57P02", "57P03", "57P04", "57P05"})
_SQLITE: Final = {
    "SQLITE_FULL": Outage.FULL,
    "SQLITE_BUSY": Outage.BUSY,
    "SQLITE_LOCKED": Outage.BUSY,
    "SQLITE_PROTOCOL": Outage.BUSY,
    "SQLITE_NOMEM": Outage.BUSY,
    "SQLITE_IOERR": Outage.GONE,
    "SQLITE_CANTOPEN": Outage.GONE,
    "SQLITE_READONLY": Outage.GONE,
}


def outage_of(error: BaseException) -> Outage | None:
    """Return what an error says of the database; None when the fault is not the database's."""
    cause = error.__cause__ if isinstance(error, Error) else error
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", "")
        return _SQLITE.get("_".join(name.split("_")[:2]))
    if not isinstance(cause, psycopg.Error):
        return None
    state = cause.sqlstate
    if state is None:  # nothing came from the server: no connection, or it broke
        is_lost = isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
        return Outage.GONE if is_lost else None
    if state in _FULL:
        return Outage.FULL
    if state in _BUSY:
        return Outage.BUSY
    return Outage.GONE if state in _GONE or state.startswith("08") else None


def reconnects(error: Error) -> bool:
    """Close a connection that broke, so that the next use opens another; return whether it did.

    Never within a transaction, of which the first half would be lost.
    """
    if outage_of(error) is not Outage.GONE or connection.in_atomic_block:
        return False
    if connection.vendor == "postgresql":
        connection.close()
        return True
    return False
