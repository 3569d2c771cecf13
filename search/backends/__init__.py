"""Wagtail's full-text search on our databases, comparing words the way `search.rules.words` says.

Index and question are brought to the same plain words before either database sees them. So SQLite
and PostgreSQL find the same, in every language, and neither needs an extension.
"""

from typing import Any

from django.db import connection
from modelsearch.backends.base import BaseSearchBackend


def SearchBackend(params: dict[str, Any]) -> BaseSearchBackend:  # noqa: N802 - Wagtail's name for it
    """Return the backend for the database in use."""
    if connection.vendor == "postgresql":
        from search.backends.postgresql import PlainWordsPostgreSQL  # noqa: PLC0415 - one database

        return PlainWordsPostgreSQL(params)
    from search.backends.sqlite import PlainWordsSQLite  # noqa: PLC0415 - one database

    return PlainWordsSQLite(params)
