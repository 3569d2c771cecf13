"""A person, and the installation they belong to."""

import re
import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

MADE_UP_USERNAME = re.compile(r"person-[0-9a-f]{12}")


def new_username() -> str:
    """A name for the row of someone who did not choose one; shown to nobody, not even to them."""
    return f"person-{uuid.uuid4().hex[:12]}"


class User(AbstractUser):
    """A person: may learn without an employer, and work for several at once.

    The uuid is who they are to the outside; an e-mail address is not required. Verified addresses,
    of which there may be many, are allauth's `EmailAddress` rows.

    Personal data: names, e-mail address, language; for as long as the account exists; erased by
    `organisations.services.erase_person`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(
        _("username"), max_length=150, unique=True, default=new_username, blank=True
    )
    display_name = models.CharField(
        _("display name"),
        max_length=80,
        blank=True,
        help_text=_("The name others see in discussions. It need not be your full name."),
    )
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, default="en"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged_from"
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The name colleagues know; else the display name, or a username they chose."""
        return (
            self.get_full_name() or self.display_name or self.chosen_username or str(_("Someone"))
        )

    @property
    def own_name(self) -> str:
        """What to call them on pages that only they see: as others do, or by e-mail address."""
        return self.get_full_name() or self.display_name or self.email or self.full_name

    @property
    def chosen_username(self) -> str:
        """The name they sign in with, if somebody chose it; empty if we made it up."""
        return "" if MADE_UP_USERNAME.fullmatch(self.username) else self.username

    @property
    def public_name(self) -> str:
        """The name shown in discussions."""
        return self.display_name or self.get_full_name() or str(_("Someone"))


class Installation(models.Model):
    """The one row that fixes what must never change once statements have been sent.

    Personal data: none.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    iri_base = models.URLField(
        max_length=200, help_text=_("Where the identifiers of activities and people begin.")
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one_row")
        ]

    def __str__(self) -> str:
        return self.iri_base
