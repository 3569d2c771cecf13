"""What of a team profile to show."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from workforce.enums import Showing, StandingRule
from workforce.queries import Filters, TeamProfile

YEARS_BACK = 5
YEARS_AHEAD = 2


class FilterForm(forms.Form):
    """The filters of a team profile; a GET form, so that a view of it can be kept as an address.

    What can be chosen depends on the team, so it is offered once the profile is known; a choice
    that no longer fits shows nobody and says so.
    """

    role = forms.SlugField(label=_("Role"), required=False)
    organisation = forms.UUIDField(label=_("Organisation"), required=False)
    function = forms.CharField(label=_("Core function"), required=False, max_length=80)
    showing = forms.ChoiceField(label=_("People"), required=False, choices=Showing.choices)
    rule = forms.ChoiceField(
        label=_("What counts"),
        required=False,
        choices=StandingRule.choices,
        error_messages={"invalid_choice": _("Choose what counts from the list.")},
    )
    on = forms.DateField(
        label=_("On the day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": _("Write the day as year-month-day, such as 2026-11-22.")},
    )

    def __init__(self, asked: QueryDict, *, today: date) -> None:
        data = asked.copy()
        data.setdefault("on", today.isoformat())
        super().__init__(data)
        self.today = today

    def clean_on(self) -> date:
        found: date = self.cleaned_data["on"] or self.today
        earliest = self.today - timedelta(days=365 * YEARS_BACK)
        latest = self.today + timedelta(days=365 * YEARS_AHEAD)
        if not earliest <= found <= latest:
            raise forms.ValidationError(
                _("Choose a day from %(earliest)s to %(latest)s."),
                params={"earliest": earliest.isoformat(), "latest": latest.isoformat()},
            )
        return found

    @property
    def day(self) -> date:
        """The day asked for; today when none was, or none that makes sense."""
        return self.cleaned_data.get("on") or self.today

    @property
    def filters(self) -> Filters:
        """What was asked for, leaving out what makes no sense."""
        said = self.cleaned_data
        return Filters(
            role=said.get("role") or "",
            organisation=said.get("organisation"),
            function=said.get("function") or "",
            showing=Showing(said.get("showing") or ""),
            rule=said.get("rule") or StandingRule.LATEST_VALID,
        )

    def offer(self, profile: TeamProfile) -> None:
        """Offer what can be chosen in this team."""
        self._offer("role", _("All roles"), profile.all_roles)
        self._offer("organisation", _("All organisations"), profile.all_organisations)
        self._offer(
            "function",
            _("All core functions"),
            [(one.code, f"{one.code} {one.title.value}") for one in profile.all_columns],
        )
        if profile.function is not None:
            del self.fields["function"]

    def _offer(self, name: str, everything: Any, choices: Iterable[tuple[str, str]]) -> None:
        self.fields[name].widget = forms.Select(choices=[("", everything), *choices])
