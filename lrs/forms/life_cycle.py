"""What those who keep a store fill in about its life cycle."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lrs.enums import AgeBy
from lrs.rules.formats import is_iri, is_uuid
from lrs.rules.retention import Terms
from lrs.rules.who import NotAnIdentifier, read_identifier

_WHO = _(
    "An e-mail address, its SHA-1 sum, an OpenID, or an account as its home page, | and its name: "
    "https://hr.example|12345."
)


def _identifier(text: str) -> str:
    try:
        return read_identifier(text) if text else ""
    except NotAnIdentifier as error:
        raise ValidationError(
            _(
                "Write an e-mail address, its SHA-1 sum, an OpenID, or an account as its home "
                "page, | and its name."
            )
        ) from error


def _iri(text: str) -> str:
    if text and not is_iri(text):
        raise ValidationError(_("Give the whole address, with https:// or what it begins with."))
    return text


def _who(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=_WHO,
        max_length=600,
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say who is meant.")},
    )


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Why"),
        help_text=_("Kept for good; do not name the person."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give the reason.")},
    )


def _address(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=4000, required=False)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give the day like this: 2027-03-31.")},
    )


class ErasureForm(forms.Form):
    """Who is to be erased, and why."""

    who = _who(_("Who"))
    reason = _reason()
    extensions = forms.BooleanField(
        label=_("Also remove the extra details (extensions)"),
        help_text=_("Extensions may hold anything; their own values are lost."),
        required=False,
    )

    def clean_who(self) -> str:
        return _identifier(self.cleaned_data["who"])


class ChangeForm(forms.Form):
    """An old identifier, a new one, and why."""

    old = _who(_("Old identifier"))
    new = _who(_("New identifier"))
    reason = _reason()

    def clean_old(self) -> str:
        return _identifier(self.cleaned_data["old"])

    def clean_new(self) -> str:
        return _identifier(self.cleaned_data["new"])


class HoldForm(forms.Form):
    """What must stay as it is, and why."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("What people call it. Shown to anyone the hold stops."),
        max_length=120,
        error_messages={"required": _("Give it a name.")},
    )
    reason = _reason()
    who = _who(_("Only statements that name"), required=False)
    activity = _address(_("Only what is about the activity"))
    since = _day(_("Only what happened from"))
    until = _day(_("Only what happened until"))

    def clean_who(self) -> str:
        return _identifier(self.cleaned_data["who"])

    def clean_activity(self) -> str:
        return _iri(self.cleaned_data["activity"])

    def span(self) -> dict[str, datetime | None]:
        """Return the first and last instant of the days given."""
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        return {
            "since": since and datetime.combine(since, time.min, UTC),
            "until": until and datetime.combine(until, time.max, UTC),
        }


class EndHoldForm(forms.Form):
    """Why a hold ends."""

    reason = _reason()


class PolicyForm(forms.Form):
    """What a store no longer keeps, and after how long."""

    name = forms.CharField(
        label=_("Name"), max_length=120, error_messages={"required": _("Give it a name.")}
    )
    months = forms.IntegerField(
        label=_("Months to keep"),
        min_value=1,
        max_value=1200,
        error_messages={
            "required": _("Say how many months."),
            "invalid": _("Write a whole number of months."),
        },
    )
    age_by = forms.ChoiceField(label=_("Counted from"), choices=AgeBy.choices)
    verb = _address(_("Only this verb"))
    activity = _address(_("Only about this activity"))
    who = _who(_("Only by this person"), required=False)
    registration = forms.CharField(label=_("Only this registration"), max_length=36, required=False)

    def clean_verb(self) -> str:
        return _iri(self.cleaned_data["verb"])

    def clean_activity(self) -> str:
        return _iri(self.cleaned_data["activity"])

    def clean_who(self) -> str:
        return _identifier(self.cleaned_data["who"])

    def clean_registration(self) -> str:
        text: str = self.cleaned_data["registration"]
        if text and not is_uuid(text):
            raise ValidationError(_("Write the registration as a UUID."))
        return text.lower()

    def terms(self) -> Terms:
        """Return what was filled in."""
        told = self.cleaned_data
        return Terms(
            months=told["months"],
            is_by_timestamp=told["age_by"] == AgeBy.TIMESTAMP,
            verb=told["verb"],
            activity=told["activity"],
            actor=told["who"],
            registration=told["registration"],
        )
