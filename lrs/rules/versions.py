"""The two versions of the standard that one store serves, and where they differ."""

import re
from dataclasses import dataclass
from typing import Final

_ANY_1_0 = re.compile(r"1\.0(\.\d{1,4})?", re.ASCII)
_BEFORE_VERSIONS: Final = "0.9"
_ANY_2_0 = re.compile(r"2\.0(\.\d{1,4})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """What holds in one version of the standard."""

    version: str
    """The version every answer carries: the highest patch we know."""
    statement_version: str
    """What a statement that names no version is given."""
    has_context_agents: bool
    """``contextAgents``, ``contextGroups`` and ``relevantTypes`` exist."""
    needs_rfc3339: bool
    """Times carry an offset and are kept in UTC."""
    has_alternate_syntax: bool
    """``POST ?method=`` with a form stands for another request."""
    needs_precondition: bool
    """A new profile document may only be put with ``If-Match`` or ``If-None-Match``."""


XAPI_1_0: Final = RuleBook("1.0.3", "1.0.0", False, False, True, True)
XAPI_2_0: Final = RuleBook("2.0.0", "2.0.0", True, True, False, False)
BOOKS: Final = (XAPI_1_0, XAPI_2_0)


def book_for(header: str) -> RuleBook | None:
    """Return the rule book that a version header asks for; None if we serve no such version.

    A header that was set twice arrives as both with a comma between; it asks for one if both do.
    """
    if "," in header:
        books = {book_for(part.strip()) for part in header.split(",") if "," not in part}
        return books.pop() if len(books) == 1 else None
    if _ANY_1_0.fullmatch(header):
        return XAPI_1_0
    if _ANY_2_0.fullmatch(header):
        return XAPI_2_0
    return None


def version_of_answer(header: str) -> str:
    """Return the version an answer carries: the highest patch of what was asked for.

    Where we serve no such version it is the nearest that we serve. A request without a version can
    only be of a draft before 1.0, which had no such header; it is answered as one, which both
    1.0.3 and 2.0 allow, while neither allows the version of the other.
    """
    if not header:
        return _BEFORE_VERSIONS
    book = book_for(header)
    if book is not None:
        return book.version
    return XAPI_2_0.version if header[:1] >= "2" else XAPI_1_0.version


def is_statement_version(value: str, book: RuleBook) -> bool:
    """Return whether a statement may carry this version under this rule book."""
    if _ANY_1_0.fullmatch(value):
        return True
    return book is XAPI_2_0 and _ANY_2_0.fullmatch(value) is not None
