"""What the store itself says an activity is, learned from the statements it is sent.

Learned after the statements are committed and only where something is new, so that two writers
about the same course never wait for each other.
"""

import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import orjson

from lrs.models import ActivityDefinition
from lrs.rules.facts import activities_in
from lrs.rules.identity import ACTIVITY, key_of

_MAPS: Final = ("name", "description", "extensions")
_TEXTS: Final = ("type", "moreInfo")
_REMEMBER_SECONDS: Final = 600
_MOST_REMEMBERED: Final = 50_000


def definitions_in(statements: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the definitions that statements give, by activity, later ones merged over earlier."""
    found: dict[str, dict[str, Any]] = {}
    for statement in statements:
        for activity in activities_in(statement):
            definition = activity.get("definition")
            if not definition:
                continue
            known = found.get(activity["id"])
            if known is None:
                found[activity["id"]] = definition
            elif known != definition:
                found[activity["id"]] = merged(known, definition)
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

    Writes: ActivityDefinition, only where something is new, in one order of keys whatever came
    first, so that two writers never deadlock. Safe to repeat.
    """
    prints = {iri: hash(_print(sent)) for iri, sent in definitions.items()}
    known = _known.current()
    news = {
        key_of(ACTIVITY, iri): iri
        for iri, print_ in prints.items()
        if known.get((tenant_id, iri)) != print_
    }
    if not news:
        return
    rows = ActivityDefinition.objects.filter(tenant_id=tenant_id, key__in=news)
    before = {row.iri: orjson.loads(row.definition) for row in rows}
    changed = []
    for key, iri in sorted(news.items()):
        after = merged(before.get(iri, {}), definitions[iri])
        if after != before.get(iri):
            changed.append(
                ActivityDefinition(
                    tenant_id=tenant_id,
                    key=key,
                    iri=iri,
                    definition=_print(after),
                    changed_at=at,
                )
            )
    if changed:
        ActivityDefinition.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["tenant", "key"],
            update_fields=["definition", "changed_at"],
        )
    known.update({(tenant_id, iri): prints[iri] for iri in news.values()})


def forget_definitions() -> None:
    """Look everything up anew, as when the tables have been changed behind our back."""
    _known.clear()


class _Known:
    """What this process has seen to be kept already, for some minutes."""

    def __init__(self) -> None:
        self._prints: dict[tuple[int, str], int] = {}
        self._until = 0.0

    def current(self) -> dict[tuple[int, str], int]:
        """Return prints of definitions by tenant and activity."""
        now = time.monotonic()
        if now > self._until or len(self._prints) > _MOST_REMEMBERED:
            self._prints, self._until = {}, now + _REMEMBER_SECONDS
        return self._prints

    def clear(self) -> None:
        """Forget all."""
        self._prints = {}


_known = _Known()


def _print(definition: Mapping[str, Any]) -> str:
    try:
        return orjson.dumps(definition, option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError:
        plain = {name: value for name, value in definition.items() if name != "extensions"}
        return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS).decode()
