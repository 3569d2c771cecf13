"""What the store itself says an activity is, learned from the statements it is sent.

Learned after the statements are committed and only where something is new, so that two writers
about the same course never wait for each other.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import orjson
from django.core.cache import cache
from django.db import transaction

from lrs.models import ActivityDefinition
from lrs.rules.facts import activities_in
from lrs.rules.identity import ACTIVITY, key_of

_MAPS: Final = ("name", "description", "extensions")
_TEXTS: Final = ("type", "moreInfo")
_REMEMBER_SECONDS: Final = 600


def definitions_in(statements: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the definitions that statements give, by activity, later ones merged over earlier."""
    found: dict[str, dict[str, Any]] = {}
    for statement in statements:
        for activity in activities_in(statement):
            definition = activity.get("definition")
            if definition:
                known = found.get(activity["id"])
                found[activity["id"]] = merged(known, definition) if known else dict(definition)
    return found


def merged(known: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return a definition with what is new in another.

    Names and descriptions gain languages and may be corrected; what an interaction asks and
    which answer is right stay as they were first told, since answers were given to that.
    """
    both = {**sent, **known}
    for name in _MAPS:
        if name in sent:
            both[name] = {**known.get(name, {}), **sent[name]}
    for name in _TEXTS:
        if name in sent:
            both[name] = sent[name]
    return both


def learn_definitions(
    *, tenant_id: int, definitions: Mapping[str, Mapping[str, Any]], at: datetime
) -> None:
    """Keep what statements said of activities.

    Writes: ActivityDefinition, only where something is new. Safe to repeat.
    """
    wanted = {
        f"lrs-definition-{tenant_id}-{key_of(ACTIVITY, iri)}": (iri, sent)
        for iri, sent in definitions.items()
    }
    known_here = cache.get_many(wanted)
    news = {
        iri: sent for name, (iri, sent) in wanted.items() if known_here.get(name) != _print(sent)
    }
    if not news:
        return
    with transaction.atomic():
        keys = sorted(key_of(ACTIVITY, iri) for iri in news)
        rows = ActivityDefinition.objects.filter(tenant_id=tenant_id, key__in=keys)
        before = {row.iri: orjson.loads(row.definition) for row in rows}
        after = {iri: merged(before.get(iri, {}), sent) for iri, sent in news.items()}
        changed = [iri for iri in after if after[iri] != before.get(iri)]
        ActivityDefinition.objects.bulk_create(
            [
                ActivityDefinition(
                    tenant_id=tenant_id,
                    key=key_of(ACTIVITY, iri),
                    iri=iri,
                    definition=_print(after[iri]),
                    changed_at=at,
                )
                for iri in sorted(changed, key=lambda iri: key_of(ACTIVITY, iri))
            ],
            update_conflicts=True,
            unique_fields=["tenant", "key"],
            update_fields=["definition", "changed_at"],
        )
    cache.set_many(
        {name: _print(sent) for name, (iri, sent) in wanted.items() if iri in news},
        timeout=_REMEMBER_SECONDS,
    )


def _print(definition: Mapping[str, Any]) -> str:
    try:
        return orjson.dumps(definition, option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError:
        plain = {name: value for name, value in definition.items() if name != "extensions"}
        return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS).decode()
