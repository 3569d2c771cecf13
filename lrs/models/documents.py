"""State and profiles: documents that systems keep about an activity, an agent or both."""

from django.db import models

from lrs.enums import DocumentKind
from lrs.models.tenants import Tenant


class Document(models.Model):
    """A document of the state, activity profile or agent profile resource.

    Keys are 0 where the kind has no such part. Unlike statements, documents change.

    Personal data: where someone is in an activity, or what a system notes about them; kept until
    the system deletes it or the person is erased.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    kind = models.PositiveSmallIntegerField(choices=DocumentKind.choices)
    activity_key = models.BigIntegerField(default=0)
    agent_key = models.BigIntegerField(default=0)
    registration_key = models.BigIntegerField(default=0)
    document_key = models.BigIntegerField()
    activity = models.TextField(blank=True)
    agent = models.TextField(blank=True)
    document_id = models.TextField()
    content = models.BinaryField()
    content_type = models.CharField(max_length=1000)
    etag = models.CharField(max_length=80)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "tenant",
                    "kind",
                    "activity_key",
                    "agent_key",
                    "registration_key",
                    "document_key",
                ],
                name="document_once_in_tenant",
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "kind", "agent_key"], name="document_agent"),
        ]

    def __str__(self) -> str:
        return self.document_id


class ActivityDefinition(models.Model):
    """What the store itself says an activity is: the definitions that statements gave, merged.

    Written after the statements are, and only when it changes, so that writers never wait here.

    Personal data: none.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    key = models.BigIntegerField()
    iri = models.TextField()
    definition = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key"], name="definition_once_in_tenant")
        ]

    def __str__(self) -> str:
        return self.iri
