"""The log of statements: the facts, never edited, and the keys by which they are found.

No row here has a foreign key that the database checks: a check would lock the tenant's row for
each statement, and every writer waits for every other. On PostgreSQL `Statement` and
`StatementKey` are cut into partitions by time (`lrs.models.partitions`). Indexes end in ``stored``
and not in ``seq``: what one request brought shares its time and is put in order when it is read.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from lrs.models.tenants import Tenant


def _tenant() -> "models.ForeignKey[Tenant, Tenant]":
    return models.ForeignKey(
        Tenant, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )


class StatementId(models.Model):
    """That an id is taken in a tenant, and where its statement is. Not partitioned.

    Looked up by (tenant, uuid); on PostgreSQL there is no index by number.

    Personal data: none.
    """

    seq = models.BigAutoField(primary_key=True)
    tenant = _tenant()
    uuid = models.UUIDField()
    stored = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uuid"], name="statement_id_once_in_tenant")
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class StatementQuerySet(models.QuerySet["Statement"]):
    def at(self, places: Sequence[tuple[int, datetime]]) -> Self:
        """Those with these numbers; the times spare partitions that hold none of them."""
        if not places:
            return self.none()
        times = [stored for _, stored in places]
        return self.filter(
            seq__in=[seq for seq, _ in places], stored__gte=min(times), stored__lte=max(times)
        )


class Statement(models.Model):
    """A statement as it is given back, and 64-bit keys of what queries ask for.

    On PostgreSQL the table is cut into partitions by ``stored``, and each row also has ``xid``, the transaction that wrote it, which the reader that
    cannot miss goes by; see the migration and `lrs.queries.following`.

    Personal data: who did what and when, as sent by an organisation or made here; kept as long as
    the record store keeps statements; erased by `lrs.services` of the record store's life cycle.
    """

    pk = models.CompositePrimaryKey("seq", "stored")
    seq = models.BigIntegerField()
    stored = models.DateTimeField()
    tenant = _tenant()
    uuid = models.UUIDField()
    timestamp = models.DateTimeField()
    actor_key = models.BigIntegerField(null=True)
    verb_key = models.BigIntegerField()
    object_key = models.BigIntegerField(null=True)
    registration_key = models.BigIntegerField(null=True)
    authority_key = models.BigIntegerField(null=True)
    is_voiding = models.BooleanField()
    payload = models.TextField()

    objects = StatementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "stored"], name="statement_stored"),
            models.Index(fields=["tenant", "actor_key", "stored"], name="statement_actor"),
            models.Index(fields=["tenant", "verb_key", "stored"], name="statement_verb"),
            models.Index(fields=["tenant", "object_key", "stored"], name="statement_object"),
            models.Index(
                fields=["tenant", "registration_key", "stored"],
                name="statement_registration",
                condition=Q(registration_key__isnull=False),
            ),
            models.Index(fields=["tenant", "authority_key", "stored"], name="statement_authority"),
            # SQLite only; on PostgreSQL there is (tenant, xid) instead, see migration 0002
            models.Index(fields=["tenant", "seq"], name="statement_reading"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class StatementKey(models.Model):
    """An agent or activity that a statement touches without being its actor or object.

    On PostgreSQL its index ends in ``stored`` like those of `Statement`.

    Personal data: none that could be read back; a hash of an identifier.
    """

    pk = models.CompositePrimaryKey("tenant_id", "key", "stored", "seq")
    tenant = _tenant()
    key = models.BigIntegerField()
    stored = models.DateTimeField()
    seq = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.key} in {self.seq}"


class Reference(models.Model):
    """That the object of a statement is another statement; it may void it.

    A statement is void when such a row with ``is_voiding`` names it and it does not void itself.
    Worked out when read, so that it does not matter which of the two arrives first.

    Personal data: none.
    """

    seq = models.BigIntegerField(primary_key=True)
    tenant = _tenant()
    stored = models.DateTimeField()
    source = models.UUIDField()
    target = models.UUIDField()
    is_voiding = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "target"], name="reference_target"),
            models.Index(fields=["tenant", "source"], name="reference_source"),
            models.Index(fields=["tenant", "stored", "seq"], name="reference_stored"),
        ]

    def __str__(self) -> str:
        return f"{self.source} refers to {self.target}"


class Attachment(models.Model):
    """The content of an attachment, kept once in a tenant.

    Kept in the database and not among the media files, which anyone may fetch.

    Personal data: whatever was attached; kept as its statements are.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    sha2 = models.CharField(max_length=128)
    content = models.BinaryField()
    stored = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "sha2"], name="attachment_once_in_tenant")
        ]

    def __str__(self) -> str:
        return self.sha2
