"""Which scope covers which: what may be passed on is never more than what one has."""

from collections.abc import Iterable
from typing import Final

from lrs.enums import Scope

_COVERS: Final[dict[str, frozenset[str]]] = {
    Scope.ALL: frozenset(Scope.values),
    Scope.ALL_READ: frozenset({Scope.ALL_READ, Scope.STATEMENTS_READ, Scope.STATEMENTS_READ_MINE}),
    Scope.STATEMENTS_READ: frozenset({Scope.STATEMENTS_READ, Scope.STATEMENTS_READ_MINE}),
}


def covered(wanted: Iterable[str], own: Iterable[str]) -> list[str]:
    """Return which of these scopes are covered by one's own, in order of name."""
    known = {scope for one in own for scope in _COVERS.get(one, {one})}
    return sorted(set(wanted) & known)
