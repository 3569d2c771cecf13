"""Patterns of a profile: whether the statements of a registration come in an order it allows.

Each statement is told as the set of templates it matches. The places where a pattern can stand
after each statement are followed all at once, so that no order of statements takes long.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from lrs.rules.profiles import Pattern

_DEEPEST: Final = 200
"""How far patterns may name one another; real ones nest fewer than ten."""

Places = frozenset[int]


class EndlessPattern(ValueError):
    """Patterns that name one another without end, or a part that is not in the profile."""


def follows(
    pattern: str,
    *,
    patterns: Mapping[str, Pattern],
    templates: frozenset[str],
    told: Sequence[frozenset[str]],
) -> bool:
    """Return whether statements, in order, are what a pattern allows from the first to the last.

    Args:
        pattern: its id.
        patterns: all of the profile, by id.
        templates: ids of all templates of the profile.
        told: for each statement the templates it matches.

    Raises:
        EndlessPattern: the profile's patterns cannot be followed.
    """
    return len(told) in _after(pattern, patterns, templates, told, frozenset({0}), 0)


def _after(
    name: str,
    patterns: Mapping[str, Pattern],
    templates: frozenset[str],
    told: Sequence[frozenset[str]],
    starts: Places,
    depth: int,
) -> Places:
    """Return where one can stand after a part, beginning at any of the starts."""
    if name in templates:
        return frozenset(at + 1 for at in starts if at < len(told) and name in told[at])
    pattern = patterns.get(name)
    if pattern is None:
        raise EndlessPattern(f"{name} is neither a template nor a pattern of this profile.")
    if depth > _DEEPEST:
        raise EndlessPattern(f"{name} names itself.")

    def part(one: str, places: Places) -> Places:
        return _after(one, patterns, templates, told, places, depth + 1)

    if pattern.kind == "sequence":
        for one in pattern.parts:
            starts = part(one, starts)
        return starts
    if pattern.kind == "alternates":
        return frozenset().union(*(part(one, starts) for one in pattern.parts))
    (only,) = pattern.parts
    if pattern.kind == "optional":
        return starts | part(only, starts)
    reached = part(only, starts)
    found, fresh = reached, reached
    while fresh:
        fresh = part(only, fresh) - found
        found |= fresh
    return found if pattern.kind == "oneOrMore" else starts | found
