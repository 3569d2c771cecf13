"""Knowing who has been seen in statements, for those who look for them by name."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

import orjson
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from lrs.models import ReadUpTo, SeenActor, Statement, Tenant
from lrs.rules.identity import AGENT, actor_identifier, key_of
from lrs.rules.who import Who, agent_named

READER: Final = "names of actors"
_CHUNK: Final = 20_000
_LOOK_BACK: Final = 2_000
"""How many numbers are read once more, for what was committed late."""
_AT_ONCE: Final = 400


def learn_actors(*, most: int = 1_000_000) -> int:
    """Read on in the log and keep who is named there; return how many actors were new or renamed.

    Writes: SeenActor, ReadUpTo. Safe to repeat; runs in chunks that are each committed.
    """
    changed = 0
    place = ReadUpTo.objects.get_or_create(reader=READER)[0]
    newest = Statement.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    start = max(0, place.seq - _LOOK_BACK)
    until = min(newest, place.seq + most)
    while start < until:
        end = min(start + _CHUNK, until)
        with transaction.atomic():
            changed += _learn(start, end)
            ReadUpTo.objects.filter(reader=READER, seq__lt=end).update(seq=end)
        start = end
    return changed


def forget_who(*, tenant: Tenant, who: Who) -> None:
    """No longer know a person under any identifier, nor anyone whose name or account tells of them.

    Writes: deletes SeenActor. Safe to repeat.
    """
    rule = Q(key__in=who.agent_keys)
    for text in who.texts:
        rule |= Q(folded__contains=text.lower())
    SeenActor.objects.filter(rule, tenant=tenant).delete()


def forget_unseen(*, tenant: Tenant, keys: Collection[int | None]) -> None:
    """No longer know those of these actors who have no statement left. Writes: SeenActor."""
    left = Statement.objects.filter(tenant=tenant, actor_key=OuterRef("key"))
    known = {key for key in keys if key is not None}
    SeenActor.objects.filter(~Exists(left), tenant=tenant, key__in=known).delete()


def rename_seen(*, tenant: Tenant, who: Who, new: str) -> None:
    """Know an actor by a new identifier. Writes: SeenActor. Safe to repeat."""
    old = SeenActor.objects.filter(tenant=tenant, key__in=who.agent_keys)
    rows = [
        _row(tenant.id, key_of(AGENT, new), {**agent_named(new), "name": row.name}) for row in old
    ]
    SeenActor.objects.bulk_create(rows, ignore_conflicts=True)
    old.delete()


def _learn(after: int, until: int) -> int:
    newest = (
        Statement.objects.filter(seq__gt=after, seq__lte=until, actor_key__isnull=False)
        .values("tenant_id", "actor_key")
        .annotate(seq=Max("seq"))
        .order_by("seq")
        .values_list("seq", flat=True)
    )
    seqs = list(newest)
    changed = 0
    for start in range(0, len(seqs), _AT_ONCE):
        rows = Statement.objects.filter(seq__in=seqs[start : start + _AT_ONCE])
        found = rows.values_list("tenant_id", "actor_key", "payload")
        changed += _keep(
            {
                (tenant, key): orjson.loads(text)["actor"]
                for tenant, key, text in found
                if key is not None
            }
        )
    return changed


def _keep(actors: Mapping[tuple[int, int], Mapping[str, Any]]) -> int:
    keys = {key for _, key in actors}
    known = {(row.tenant_id, row.key): row for row in SeenActor.objects.filter(key__in=keys)}
    rows = [
        _row(tenant_id, key, actor)
        for (tenant_id, key), actor in sorted(actors.items(), key=lambda item: item[0])
        if _is_news(known.get((tenant_id, key)), actor)
    ]
    _write(rows)
    return len(rows)


def _is_news(known: SeenActor | None, actor: Mapping[str, Any]) -> bool:
    return known is None or bool(actor.get("name") and actor["name"] != known.name)


def _row(tenant_id: int, key: int, actor: Mapping[str, Any]) -> SeenActor:
    identifier, name = actor_identifier(actor) or "", actor.get("name") or ""
    folded = f"{name}\n{identifier}".lower()
    return SeenActor(tenant_id=tenant_id, key=key, identifier=identifier, name=name, folded=folded)


def _write(rows: Iterable[SeenActor]) -> None:
    SeenActor.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["tenant", "key"],
        update_fields=["name", "folded"],
    )
