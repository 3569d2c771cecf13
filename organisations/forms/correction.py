"""What those who keep a people list put right about one person."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.models import Membership, Team, User
from organisations.queries import Correctable, colleague


class CorrectionForm(forms.Form):
    """Job title, share of full time, role, team and supervisor of one person."""

    job_title = forms.CharField(
        label=_("Job title"),
        max_length=120,
        required=False,
        help_text=_("In your own words."),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        help_text=_("What they need to be able to do follows from it."),
    )
    wte = forms.DecimalField(
        label=_("Share of full time"),
        min_value=Decimal(0),
        max_value=Decimal("1.5"),
        max_digits=3,
        decimal_places=2,
        help_text=_("1 is full time, 0.5 is half."),
        error_messages={
            "required": _("Give a number, such as 0.8."),
            "invalid": _("Give a number, such as 0.8."),
            "min_value": _("Give a number from 0 to 1.5."),
            "max_value": _("Give a number from 0 to 1.5."),
            "max_decimal_places": _("Give at most two digits after the point, such as 0.75."),
        },
    )
    team = forms.ChoiceField(
        label=_("Ask them to join a team"),
        required=False,
    )
    supervisor = forms.CharField(
        label=_("Supervisor from now on"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    has_no_supervisor = forms.BooleanField(
        label=_("Nobody supervises them any more"), required=False
    )

    def __init__(self, *args: Any, found: Correctable, on: date, **kwargs: Any) -> None:
        self._membership: Membership = found.membership
        self._on = on
        self._teams = {str(team.uuid): team for team in found.teams}
        kwargs["initial"] = {
            "job_title": found.membership.job_title,
            "role": found.role,
            "wte": found.membership.wte,
        }
        super().__init__(*args, **kwargs)
        role, team = self.fields["role"], self.fields["team"]
        if isinstance(role, forms.ChoiceField) and isinstance(team, forms.ChoiceField):
            role.choices = [*([] if found.role else [("", "–")]), *found.roles]
            team.choices = [("", "–"), *((key, str(one)) for key, one in self._teams.items())]
        team.help_text = _("They may say no.")
        if found.in_teams:
            names = ", ".join(str(one) for one in found.in_teams)
            team.help_text = _("They are in: %(teams)s. They may say no to another.") % {
                "teams": names
            }
        if not self._teams:
            del self.fields["team"]
        supervisor = self.fields["supervisor"]
        supervisor.help_text = _("Staff number, or an e-mail address that they have confirmed.")
        if found.supervisors:
            names = ", ".join(found.supervisors)
            supervisor.help_text = _(
                "Now: %(names)s. Give a staff number or a confirmed e-mail address to change it; "
                "leave it empty to keep it."
            ) % {"names": names}
        else:
            del self.fields["has_no_supervisor"]

    def clean_supervisor(self) -> User | None:
        given = self.cleaned_data["supervisor"].strip()
        if not given:
            return None
        found = colleague(
            organisation_id=self._membership.organisation_id or 0, given=given, on=self._on
        )
        if found is None:
            raise forms.ValidationError(
                _("None of your people has this staff number or this confirmed e-mail address.")
            )
        if found.pk == self._membership.person_id:
            raise forms.ValidationError(_("Nobody supervises themselves. Name somebody else."))
        return found

    def clean_team(self) -> Team | None:
        return self._teams.get(self.cleaned_data["team"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("supervisor") and cleaned.get("has_no_supervisor"):
            self.add_error(
                "has_no_supervisor", _("Name a supervisor, or tick this: not both at once.")
            )
        return cleaned
