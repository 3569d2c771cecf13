"""Whether something is a statement, by the rules of the version it was sent under.

Every refusal names the JSON path, the clause of the standard and what to do. The checks follow
the standard's own order; what the standard leaves to an LRS is settled towards strictness,
because a statement once stored is never changed.
"""

from typing import Any

from lrs.rules.refusal import Refusal
from lrs.rules.validation.activities import check_activity
from lrs.rules.validation.actors import check_actor, check_agent, check_authority, check_group
from lrs.rules.validation.statements import check_statement
from lrs.rules.versions import RuleBook

__all__ = [
    "check_activity",
    "check_actor",
    "check_agent",
    "check_authority",
    "check_group",
    "check_statement",
    "validate_statements",
]


def validate_statements(statements: list[Any], *, book: RuleBook, is_batch: bool) -> None:
    """Refuse a request in which anything is not a statement.

    Args:
        statements: parsed, in the order sent.
        book: the rules of the version asked for.
        is_batch: they came as an array, so paths start with a position.

    Raises:
        Refusal: the first thing wrong; or an id that the batch has twice.
    """
    seen: dict[str, int] = {}
    for position, statement in enumerate(statements):
        path = f"$[{position}]" if is_batch else "$"
        check_statement(statement, path, book)
        statement_id = statement.get("id")
        if statement_id is None:
            continue
        first = seen.setdefault(statement_id.lower(), position)
        if first != position:
            message = f"Give each statement its own id; the one at position {first} has this too."
            raise Refusal(f"{path}.id", "batch", message)
