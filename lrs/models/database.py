"""A cursor for what is asked at every request."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection


@contextmanager
def quick_cursor() -> Iterator[Any]:
    """Yield a cursor that, on PostgreSQL, sends values apart from the text.

    The server then plans a text once and keeps the plan, and lists are sent as arrays. What goes
    through here is not among the queries that Django logs.
    """
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield cursor
        return
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        yield cursor
