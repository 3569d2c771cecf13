"""One person's learning, gathered from every source."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation, User
from records.enums import EntryKind, Proof


class IdentityLink(models.Model):
    """That an actor in statements is a person: proved how, by whom, from–until.

    ``actor`` is the actor's canonical identifier as `lrs` gives it and ``actor_key`` its 64-bit
    key. ``organisation`` is whose statements it holds for: an account only counts in what the
    organisation that owns it sent, or everywhere when it is empty.

    Personal data: an identifier of the person elsewhere; erased with the person.
    """

    actor = models.CharField(max_length=600)
    actor_key = models.BigIntegerField()
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identity_links")
    proof = models.CharField(max_length=16, choices=Proof.choices)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    proved_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("actor_key"),
                Coalesce(F("organisation"), 0),
                condition=Q(ends_at__isnull=True),
                name="actor_is_one_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.actor_key} is {self.person_id}"


class UnreadStatement(models.Model):
    """A statement that could not be read into a record, put aside so that others go on.

    The log keeps it; `rebuild_records` reads it again.

    Personal data: none but the statement's id.
    """

    statement_uuid = models.UUIDField()
    source_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    reason = models.CharField(max_length=500)
    failed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("statement_uuid"), Coalesce(F("source_organisation"), 0), name="put_aside_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.statement_uuid}: {self.reason}"


class RecordEntry(models.Model):
    """Our reading of a statement for one person.

    ``source_organisation`` is whose record store it came from; empty for what was done here.
    Retracted when its statement is voided.

    Personal data: what a person learned, when and how well; rebuilt from statements; erased with
    the person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="record_entries")
    statement_uuid = models.UUIDField()
    source_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    verb_iri = models.CharField(max_length=500)
    activity_iri = models.CharField(max_length=500)
    activity_name = models.JSONField(default=dict, help_text=_("Name by language."))
    occurred_at = models.DateTimeField()
    score_scaled = models.FloatField(null=True, blank=True)
    is_success = models.BooleanField(null=True, blank=True)
    duration_seconds = models.FloatField(null=True, blank=True)
    language = models.CharField(max_length=35, blank=True)
    retracted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = _("record entries")
        constraints = [
            models.UniqueConstraint(
                F("statement_uuid"),
                Coalesce(F("source_organisation"), 0),
                name="one_entry_a_statement",
            )
        ]
        indexes = [
            models.Index(fields=["person", "-occurred_at"], name="entry_person_idx"),
            models.Index(fields=["person", "activity_iri"], name="entry_activity_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.activity_iri}"

    @property
    def name(self) -> str:
        """What the activity is called in the language read, else in any; its IRI without names."""
        return self._named()[1] or self.activity_iri

    @property
    def name_language(self) -> str:
        """The language of its name; empty when it has none."""
        return self._named()[0].split("-")[0]

    def _named(self) -> tuple[str, str]:
        names: dict[str, str] = self.activity_name
        language = get_language() or "en"
        for code in (language, f"{language}-GB", "en", "en-GB", "en-US"):
            if names.get(code):
                return code, names[code]
        return next(iter(names.items()), ("", ""))


class ProjectionCursor(models.Model):
    """How far the statement log has been projected.

    Personal data: none.
    """

    name = models.CharField(max_length=40, primary_key=True)
    position = models.CharField(max_length=80, default="")
    moved_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"
