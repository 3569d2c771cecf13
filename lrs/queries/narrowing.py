# ruff: noqa: S608 - made of constants; every value is a parameter
"""What the keys of a statement can say of limits, as SQL.

Beginnings of IRIs, for one, they cannot tell: whoever reads the rows decides by their text.
"""

from collections.abc import Sequence
from typing import Any

from lrs.rules.facts import RELATED_ACTIVITY
from lrs.rules.identity import ACTIVITY, REGISTRATION, VERB, key_of, keys_of_agent
from lrs.rules.limits import Limits

_Sql = tuple[str, list[Any]]


def narrowed(alternatives: Sequence[Limits]) -> list[_Sql]:
    """Return a condition on `lrs_statement s` that all within any of these meet, if there is one."""
    parts = [_within(limits) for limits in alternatives]
    if not all(text for text, _ in parts):
        return []
    joined = " OR ".join(f"({text})" for text, _ in parts)
    return [(f"({joined})", [value for _, values in parts for value in values])]


def _within(limits: Limits) -> _Sql:
    found: list[_Sql] = []
    if limits.agent is not None:
        found.append(_one_of("s.actor_key", keys_of_agent(limits.agent)))
    if limits.registration is not None:
        key = key_of(REGISTRATION, limits.registration.lower())
        found.append(("s.registration_key = %s", [key]))
    if limits.verbs:
        found.append(_one_of("s.verb_key", [key_of(VERB, verb) for verb in limits.verbs]))
    if limits.exact_activities is not None:
        found.append(_about(limits.exact_activities))
    return " AND ".join(text for text, _ in found), [one for _, values in found for one in values]


def _about(iris: Sequence[str]) -> _Sql:
    own, values = _one_of("s.object_key", [key_of(ACTIVITY, iri) for iri in iris])
    around, keys = _one_of("k.key", [key_of(RELATED_ACTIVITY, iri) for iri in iris])
    text = (
        f"({own} OR EXISTS (SELECT 1 FROM lrs_statementkey k WHERE k.tenant_id = s.tenant_id"
        f" AND {around} AND k.stored = s.stored AND k.seq = s.seq))"
    )
    return text, [*values, *keys]


def _one_of(column: str, keys: Sequence[int]) -> _Sql:
    if len(keys) == 1:
        return f"{column} = %s", list(keys)
    return f"{column} IN ({', '.join(['%s'] * len(keys))})", list(keys)
