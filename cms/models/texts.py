"""Translations of things that are not pages: one row a thing, field and language."""

from uuid import UUID

from django.conf import settings
from django.db import models


class TranslatedText(models.Model):
    """What a field of a competency, level, role, question or space says in another language.

    Data never points at a translation: the row hangs on the uuid of what it translates. A text
    that is missing is shown in its original language, marked with that language.

    Personal data: none.
    """

    subject_uuid = models.UUIDField()
    field = models.CharField(max_length=40)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    text = models.TextField()
    checked_by = models.CharField(
        max_length=120, blank=True, help_text="The native reader who checked it; empty until then."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_uuid", "language", "field"], name="one_text_a_field_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} ({self.language})"


def words_in_every_language(subject_uuid: UUID) -> str:
    """Return all that is translated of a thing, one text a line, for search. One query."""
    texts = TranslatedText.objects.filter(subject_uuid=subject_uuid).order_by("pk")
    return "\n".join(texts.values_list("text", flat=True))
