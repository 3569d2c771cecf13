"""Who has been seen in statements, so that a person can look for them by name."""

from django.db import models

from lrs.models.tenants import Tenant


class SeenActor(models.Model):
    """An actor that statements of a tenant name, by the key they are found by.

    Read out of the log by a task, never written while statements are stored; may be emptied at
    any time and is then filled again.

    Personal data: an identifier and the name last told with it; goes when the person is
    erased (`lrs.services.erase_actor`).
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    key = models.BigIntegerField()
    identifier = models.TextField()
    name = models.TextField(blank=True)
    folded = models.TextField()
    """Name and identifier in lower case, to be searched."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key"], name="actor_seen_once_in_tenant")
        ]

    def __str__(self) -> str:
        return self.name or self.identifier


class ReadUpTo(models.Model):
    """How far a task has read the log.

    Personal data: none.
    """

    reader = models.CharField(max_length=40, primary_key=True)
    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.reader} up to {self.seq}"
