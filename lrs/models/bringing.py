"""How far statements have been brought in from another record store."""

from django.db import models

from lrs.models.tenants import Tenant


class ImportCursor(models.Model):
    """Where bringing in from one address goes on; ``source`` is a sum of address and filter.

    Personal data: none.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=64)
    address = models.CharField(max_length=500)
    stored_until = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "source"], name="import_cursor_once")
        ]

    def __str__(self) -> str:
        return self.address
