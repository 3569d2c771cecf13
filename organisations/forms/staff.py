"""What those who keep a people list fill in."""

from datetime import date
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.files import File
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from organisations.enums import GrantKind
from organisations.models import Partnership, Place, Team, User
from organisations.permissions import KINDS_AN_ADMINISTRATOR_GIVES
from organisations.queries import things_to_lead

STAFF_LIST_TYPES = (".csv", ".xlsx")


def _day(**kwargs: Any) -> forms.DateField:
    words = _("Give the day like this: 2027-03-31.")
    return forms.DateField(
        validators=[
            MinValueValidator(date(1900, 1, 1), message=words),
            MaxValueValidator(date(2199, 12, 31), message=words),
        ],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": words,
            "required": _("Give a day."),
        },
        **kwargs,
    )


class InviteForm(forms.Form):
    """One person to invite."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The invitation goes there."),
        error_messages={
            "required": _("Give the e-mail address the invitation should go to."),
            "invalid": _("Check the e-mail address: it should look like name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    given_name = forms.CharField(label=_("Given name"), max_length=150, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=150, required=False)
    staff_number = forms.CharField(label=_("Staff number"), max_length=40, required=False)
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    language = forms.ChoiceField(
        label=_("Language of the invitation"),
        choices=settings.LANGUAGES,
        initial=settings.LANGUAGE_CODE,
    )

    def __init__(self, *args: Any, for_team: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if for_team:
            del self.fields["staff_number"]
            del self.fields["job_title"]


class EndForm(forms.Form):
    """The last day of a membership."""

    ends_on = _day(label=_("Last day"))


class LeaveForm(forms.Form):
    """Leave to act for an organisation."""

    kind = forms.ChoiceField(
        label=_("Let them act as"),
        choices=[
            (kind.value, kind.label) for kind in GrantKind if kind in KINDS_AN_ADMINISTRATOR_GIVES
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the person may act as.")},
    )
    ends_on = _day(label=_("Last day"), required=False, help_text=_("Leave it empty for no end."))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_ends_on(self) -> date | None:
        ends_on: date | None = self.cleaned_data["ends_on"]
        if ends_on is not None and ends_on < self._today:
            raise forms.ValidationError(_("This day has gone by. Choose today or a later day."))
        return ends_on


class LeaveAcrossForm(forms.Form):
    """Leave that reaches across organisations: to lead a team, a place or a partnership, or all."""

    EVERYTHING = {
        "operator": (GrantKind.OPERATOR, _("Run this installation (operator)")),
        "educator": (GrantKind.EDUCATOR, _("Write everything (educator)")),
        "moderator": (GrantKind.MODERATOR, _("Look after every discussion (moderator)")),
    }

    person = forms.CharField(
        label=_("Who?"),
        help_text=_("Their username, or an e-mail address they have confirmed."),
        error_messages={"required": _("Say who it is for.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    what = forms.ChoiceField(
        label=_("Let them"), error_messages={"required": _("Choose what they may do.")}
    )
    ends_on = _day(label=_("Last day"), required=False, help_text=_("Leave it empty for no end."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams, places, partnerships = things_to_lead()
        self._targets: dict[str, Team | Place | Partnership] = {}
        groups: list[tuple[Any, list[tuple[str, Any]]]] = [
            (_("Everywhere"), [(key, label) for key, (_kind, label) in self.EVERYTHING.items()])
        ]
        for heading, things in (
            (_("Lead a team, with names"), teams),
            (_("Plan for a place, with counts"), places),
            (_("Plan for a partnership, with counts"), partnerships),
        ):
            found = {str(thing.uuid): thing for thing in things}
            self._targets |= found
            groups.append((heading, [(key, str(thing)) for key, thing in found.items()]))
        field = self.fields["what"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "–"), *groups]

    def clean_person(self) -> User:
        given = self.cleaned_data["person"].strip()
        found = User.objects.filter(is_active=True).filter(username=given).first() or (
            User.objects.filter(
                is_active=True, emailaddress__email__iexact=given, emailaddress__verified=True
            ).first()
        )
        if found is None:
            raise forms.ValidationError(
                _("Nobody here has this username or this confirmed e-mail address.")
            )
        return found

    @property
    def kind(self) -> GrantKind:
        """What the person may act as."""
        chosen = self.cleaned_data["what"]
        if chosen in self.EVERYTHING:
            return self.EVERYTHING[chosen][0]
        return GrantKind.WORKFORCE_LEAD

    @property
    def target(self) -> Team | Place | Partnership | None:
        """Of what; nothing for everywhere."""
        return self._targets.get(self.cleaned_data["what"])


class StaffListForm(forms.Form):
    """A staff list to check or to bring in."""

    file = forms.FileField(
        label=_("Staff list"),
        help_text=_("A CSV file (UTF-8) or an Excel workbook (.xlsx), at most 10 MB."),
        error_messages={
            "required": _("Choose a file."),
            "empty": _(
                "The file is empty. Choose one with a line of headings and a line a person."
            ),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean_file(self) -> File[bytes]:
        file: File[bytes] = self.cleaned_data["file"]
        if PurePath(file.name or "").suffix.lower() not in STAFF_LIST_TYPES:
            raise forms.ValidationError(
                _("This is not a CSV file or an Excel workbook. Save the list as .csv or .xlsx.")
            )
        return file
