"""What a learner may narrow down."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from records.enums import EntryKind
from records.queries import QUIET


class HistoryForm(forms.Form):
    """Which part of what somebody did: a year, a kind."""

    def __init__(self, data: QueryDict, *, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["year"] = forms.TypedChoiceField(
            label=_("Year"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", _("All years")), *((year, year) for year in years)],
        )
        self.fields["kind"] = forms.ChoiceField(
            label=_("What"),
            required=False,
            choices=[
                ("", _("Everything")),
                *((kind.value, kind.label) for kind in EntryKind if kind not in QUIET),
            ],
        )

    def as_query(self) -> str:
        """Return what is chosen as a query string that ends in "&"; empty when nothing is."""
        chosen = {name: value for name in self.fields if (value := self.data.get(name))}
        return f"{urlencode(chosen)}&" if chosen else ""
