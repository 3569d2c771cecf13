"""Profiles that statements are checked against."""

from django.db import models


class Profile(models.Model):
    """An xAPI Profile document, as its publisher wrote it.

    Of the whole installation: a vocabulary belongs to nobody here.

    Personal data: none.
    """

    iri = models.TextField(unique=True)
    version = models.TextField(blank=True)
    name = models.TextField()
    document = models.TextField()
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
