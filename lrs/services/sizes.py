"""How large each store is: counted now and then, dated, and read at once."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Count, Max, Min, Sum
from django.db.models.functions import Length

from lrs.models import Attachment, Document, Statement, StoreSize, Tenant
from lrs.queries.lifecycle import by_month


def count_store(*, tenant: Tenant, at: datetime) -> StoreSize:
    """Count what a store holds, exactly, and keep the answer with its date.

    Reads the whole store once. Writes: StoreSize. Safe to repeat.
    """
    rows = Statement.objects.filter(tenant=tenant)
    months = by_month(rows)
    ends = rows.aggregate(oldest=Min("stored"), newest=Max("stored"))
    documents = Document.objects.filter(tenant=tenant).aggregate(
        count=Count("pk"), size=Sum(Length("content"))
    )
    attachments = Attachment.objects.filter(tenant=tenant).aggregate(
        count=Count("pk"), size=Sum(Length("content"))
    )
    return StoreSize.objects.update_or_create(
        tenant=tenant,
        defaults={
            "counted_at": at,
            "statements": sum(one.statements for one in months),
            "statement_bytes": sum(one.bytes for one in months),
            "documents": documents["count"],
            "document_bytes": documents["size"] or 0,
            "attachments": attachments["count"],
            "attachment_bytes": attachments["size"] or 0,
            **ends,
            "months": [
                {"month": one.month, "statements": one.statements, "bytes": one.bytes}
                for one in months
            ],
        },
    )[0]


def count_stores(
    *, at: datetime, progress: Callable[[StoreSize], None] = lambda size: None
) -> list[StoreSize]:
    """Count every store, one after another. Writes: StoreSize. Safe to repeat."""
    sizes = []
    for tenant in Tenant.objects.order_by("pk"):
        sizes.append(count_store(tenant=tenant, at=at))
        progress(sizes[-1])
    return sizes
