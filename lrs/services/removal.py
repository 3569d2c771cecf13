"""Taking statements out of the log: only for demonstrations, and only whole people at a time."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction

from lrs.models import Reference, Statement, StatementId, StatementKey, Tenant
from lrs.rules.identity import AGENT, key_of
from organisations.models import Organisation

BATCH = 400


@transaction.atomic
def remove_demo_statements(*, actors: Iterable[str], organisations: Iterable[Organisation]) -> int:
    """Take out what demo people did here, and all that demo organisations sent; return how many.

    Args:
        actors: identifiers of people who are made up.
        organisations: made up too; their part of the store goes as a whole.

    Writes: deletes StatementId, Statement, StatementKey, Reference, Tenant. Safe to repeat.
    """
    keys = [key_of(AGENT, actor) for actor in actors]
    tenants = list(Tenant.objects.filter(organisation__in=list(organisations)))
    seqs: set[int] = set(Statement.objects.filter(tenant__in=tenants).values_list("seq", flat=True))
    for start in range(0, len(keys), BATCH):
        seqs.update(
            Statement.objects.filter(
                tenant__is_platform=True, actor_key__in=keys[start : start + BATCH]
            ).values_list("seq", flat=True)
        )
    ordered = sorted(seqs)
    for start in range(0, len(ordered), BATCH):
        part = ordered[start : start + BATCH]
        _remove(part)
    for tenant in tenants:
        tenant.delete()
    return len(ordered)


def _remove(seqs: Sequence[int]) -> None:
    rows = Statement.objects.filter(seq__in=seqs).values_list("tenant_id", "uuid")
    uuids: dict[int, list[UUID]] = {}
    for tenant_id, uuid in rows:
        uuids.setdefault(tenant_id, []).append(uuid)
    for tenant_id, taken in uuids.items():
        StatementId.objects.filter(tenant_id=tenant_id, uuid__in=taken).delete()
    for model in (StatementKey, Reference, Statement):
        model.objects.filter(seq__in=seqs).delete()
