"""The filters of the statement browser."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

_INSTANT: Final = timedelta(microseconds=1)
OUTCOMES = (("", _("Any outcome")), ("yes", _("Success")), ("no", _("No success")))


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class StatementFilterForm(forms.Form):
    """Who did what with what, when and how it went."""

    who = forms.CharField(
        label=_("Who"),
        required=False,
        max_length=600,
        help_text=_("A name, e-mail address or staff number."),
    )
    verb = forms.ChoiceField(label=_("Did what"), required=False)
    activity = forms.CharField(
        label=_("With what"),
        required=False,
        max_length=4000,
        help_text=_("The name of an activity, or its address."),
    )
    outcome = forms.ChoiceField(label=_("How it went"), required=False, choices=OUTCOMES)
    since = _day(_("From"))
    until = _day(_("Until"))
    registration = forms.CharField(
        label=_("Registration"), required=False, max_length=60, help_text=_("A UUID.")
    )
    key = forms.ChoiceField(label=_("Sent with the key"), required=False)

    def __init__(
        self,
        data: Any,
        *,
        verbs: Sequence[tuple[str, str]],
        keys: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        self.fields["verb"].choices = [("", _("Anything")), *verbs]  # type: ignore[attr-defined]
        self.fields["key"].choices = [("", _("Any key")), *keys]  # type: ignore[attr-defined]

    def clean_registration(self) -> str:
        text: str = self.cleaned_data["registration"].strip()
        if not text:
            return ""
        try:
            return str(UUID(text))
        except ValueError as error:
            raise forms.ValidationError(
                _("Write a registration as a UUID: 36 characters with four hyphens.")
            ) from error

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("Choose a day that is not before the first one."))
        return cleaned


def start_of(day: Any) -> datetime:
    """Return the moment before a day begins here, since filters take what is after it."""
    try:
        return timezone.make_aware(datetime.combine(day, time.min)) - _INSTANT
    except OverflowError:  # the first day there is
        return datetime.min.replace(tzinfo=UTC)


def end_of(day: Any) -> datetime:
    """Return the last moment of a day here."""
    try:
        begins = datetime.combine(day + timedelta(days=1), time.min)
        return timezone.make_aware(begins) - _INSTANT
    except OverflowError:  # the last day there is
        return datetime.max.replace(tzinfo=UTC)
