"""What 64-bit keys stand for, read out of the newest statement that has them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from django.db import connection

from lrs.models import ActivityDefinition, Tenant
from lrs.queries.seen import newest_with
from lrs.rules.facts import RELATED_ACTIVITY, activities_in
from lrs.rules.identity import actor_identifier, key_of

_COLUMNS: Final = {
    "verb": "verb_key",
    "activity": "object_key",
    "actor": "actor_key",
    "registration": "registration_key",
}


@dataclass(frozen=True, slots=True)
class Named:
    """What a key stands for."""

    id: Any
    """An IRI, a UUID, or an agent as statements name it."""
    name: Any = None
    """A language map; for an agent its name."""


def names_for(*, tenant: Tenant, column: str, keys: Sequence[int]) -> dict[int, Named]:
    """Return what keys of a column stand for; those that are something else are left out.

    Args:
        tenant: whose.
        column: verb, activity, actor, registration, or group (activities of the context).
        keys: a page of them.
    """
    if column == "group":
        return _groups(tenant, keys)
    texts = newest_with(tenant=tenant, column=_COLUMNS[column], keys=keys)
    named = {key: _read(column, orjson.loads(text)) for key, text in texts.items()}
    return {key: one for key, one in named.items() if one is not None}


def types_of(*, tenant: Tenant) -> dict[int, str]:
    """Return the types of the activities whose definition the store knows, by key."""
    rows = ActivityDefinition.objects.filter(tenant=tenant).values_list("key", "definition")
    found = {key: orjson.loads(text).get("type", "") for key, text in rows.iterator()}
    return {key: kind for key, kind in found.items() if kind}


def _read(column: str, statement: dict[str, Any]) -> Named | None:
    if column == "verb":
        return Named(statement["verb"]["id"], statement["verb"].get("display"))
    if column == "registration":
        return Named(statement["context"]["registration"])
    if column == "actor":
        return _agent(statement["actor"])
    target = statement["object"]
    if target.get("objectType", "Activity") != "Activity":
        return None
    return Named(target["id"], (target.get("definition") or {}).get("name"))


def _agent(actor: dict[str, Any]) -> Named | None:
    if actor_identifier(actor) is None:
        return None
    kept = ("objectType", "mbox", "mbox_sha1sum", "openid", "account")
    return Named({name: actor[name] for name in kept if name in actor}, actor.get("name"))


def _groups(tenant: Tenant, keys: Iterable[int]) -> dict[int, Named]:
    found: dict[int, Named] = {}
    for key in keys:
        text = _newest_around(tenant, key)
        for activity in activities_in(orjson.loads(text)) if text else ():
            if key_of(RELATED_ACTIVITY, activity["id"]) == key:
                name = (activity.get("definition") or {}).get("name")
                found[key] = Named(activity["id"], name)
    return found


def _newest_around(tenant: Tenant, key: int) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.payload FROM (SELECT stored, seq FROM lrs_statementkey WHERE tenant_id = %s"
            " AND key = %s ORDER BY stored DESC LIMIT 1) k CROSS JOIN lrs_statement s"
            " WHERE s.seq = k.seq AND s.stored = k.stored",
            [tenant.pk, key],
        )
        row = cursor.fetchone()
    return None if row is None else row[0]
