"""What other apps and doorways may ask the record store."""

from lrs.queries.documents import (
    DocumentPlace,
    definitions,
    document,
    document_ids,
    names_of_agent,
)
from lrs.queries.following import (
    BadCursor,
    Following,
    StoredStatement,
    statements_after,
    statements_by_actor,
    statements_numbered,
)
from lrs.queries.matching import (
    FoundStatement,
    StatementPage,
    attachment_contents,
    consistent_through,
    statement,
    statements_matching,
)
from lrs.queries.reading import (
    ReadPage,
    ReadPlace,
    ReadText,
    count_of_statements,
    end_of_log,
    places_after,
    statements_read_after,
    texts_at,
)
from lrs.queries.searching import Filters
from lrs.queries.sharing import agreements_between
from lrs.queries.tenants import (
    authority_of,
    credential_as_stored,
    organisations_with_stores,
    person_identifier,
    platform_authority,
)
from lrs.rules.identity import AGENT, key_of, split_identifier
from lrs.rules.identity import actor_identifier as identifier_of

__all__ = [
    "BadCursor",
    "DocumentPlace",
    "Filters",
    "Following",
    "FoundStatement",
    "ReadPage",
    "ReadPlace",
    "ReadText",
    "StatementPage",
    "StoredStatement",
    "agreements_between",
    "attachment_contents",
    "authority_of",
    "consistent_through",
    "count_of_statements",
    "credential_as_stored",
    "definitions",
    "document",
    "document_ids",
    "end_of_log",
    "identifier_of",
    "key_of_identifier",
    "names_of_agent",
    "organisations_with_stores",
    "person_identifier",
    "places_after",
    "platform_authority",
    "split_identifier",
    "statement",
    "statements_after",
    "statements_by_actor",
    "statements_matching",
    "statements_numbered",
    "statements_read_after",
    "texts_at",
]


def key_of_identifier(identifier: str) -> int:
    """Return the 64-bit key of an actor's identifier, as `StoredStatement.actor_key` has it."""
    return key_of(AGENT, identifier)
