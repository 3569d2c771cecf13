"""What those who keep a store fill in about its keys."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lrs.forms.parts import (
    activities_field,
    end_of,
    lines_field,
    offer_scopes,
    read_activities,
    read_lines,
    scopes_field,
    until_field,
)
from lrs.rules.limits import is_origin
from lrs.rules.who import NotAnIdentifier, read_identifier
from lrs.services import CredentialLimits

OLD_SECRET_LIVES: Final = {
    "now": timedelta(0),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
}


class KeyForm(forms.Form):
    """A new key: what for, what it may do, and what it is limited to."""

    label = forms.CharField(
        label=gettext_lazy("What is it for?"),
        help_text=gettext_lazy("The name of the system that will use it."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say what the key is for.")},
    )
    scopes = scopes_field(
        gettext_lazy("What may it do?"),
        gettext_lazy("A system that only sends statements needs the first alone."),
    )
    activities = activities_field()
    with_children = forms.BooleanField(
        label=gettext_lazy("Also what is part of these activities"),
        help_text=gettext_lazy(
            "Also statements that name one of them as the whole they are part of, such as the "
            "pages of a course."
        ),
        required=False,
    )
    agent = forms.CharField(
        label=gettext_lazy("Only of this person"),
        help_text=gettext_lazy(
            "An e-mail address, its SHA-1 sum, an OpenID, or an account as its home page, | and "
            "its name: https://hr.example|12345."
        ),
        max_length=600,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    registration = forms.UUIDField(
        label=gettext_lazy("Only of this registration"),
        help_text=gettext_lazy("The number under which one course was taken once: a UUID."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
        error_messages={
            "invalid": gettext_lazy(
                "Write it as statements have it: 32 letters and digits with four hyphens."
            )
        },
    )
    origins = lines_field(
        gettext_lazy("Only from pages of these web sites"),
        gettext_lazy("One a line, such as https://content.example. Programs are not affected."),
    )
    until = until_field()

    def __init__(self, *args: Any, offered: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_scopes(self.fields["scopes"], offered)

    def clean_activities(self) -> list[str]:
        return read_activities(self.cleaned_data["activities"])

    def clean_agent(self) -> str:
        text = self.cleaned_data["agent"]
        try:
            return read_identifier(text) if text else ""
        except NotAnIdentifier as error:
            raise ValidationError(
                _(
                    "Write an e-mail address, its SHA-1 sum, an OpenID, or an account as its home "
                    "page, | and its name."
                )
            ) from error

    def clean_origins(self) -> list[str]:
        return read_lines(
            self.cleaned_data["origins"],
            is_origin,
            _("Write %(line)s without anything after its name: https://content.example."),
        )

    def clean_until(self) -> Any:
        return end_of(self.cleaned_data["until"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("with_children") and not said.get("activities", True):
            self.add_error("activities", _("Name the activities whose parts are meant."))
        return said

    def limits(self) -> CredentialLimits:
        """Return what the key is limited to."""
        said = self.cleaned_data
        return CredentialLimits(
            activities=said["activities"],
            with_children=said["with_children"],
            agent=said["agent"],
            registration=said["registration"],
            origins=said["origins"],
        )


class NewSecretForm(forms.Form):
    """How long the secret before the new one goes on working."""

    old_until = forms.ChoiceField(
        label=gettext_lazy("How long should the old secret go on working?"),
        help_text=gettext_lazy("Choose as long as it takes to put the new one into your system."),
        choices=(
            ("now", gettext_lazy("It ends now")),
            ("hour", gettext_lazy("One hour")),
            ("day", gettext_lazy("One day")),
            ("week", gettext_lazy("One week")),
        ),
        initial="day",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how long.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)
    """Which secret the page was about, so that a form sent twice makes one."""
