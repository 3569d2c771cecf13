"""Framework files that wait for their sender to confirm them."""

import uuid

from django.db import models

from organisations.models import Organisation, User


class FrameworkUpload(models.Model):
    """A framework file that somebody has sent and not yet confirmed, compressed.

    Personal data: who sent it; gone when it is confirmed or dropped, after a day, and with the
    person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="framework_uploads")
    owner_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    as_new = models.BooleanField(default=False)
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
