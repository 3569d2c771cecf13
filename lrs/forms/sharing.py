"""What those who keep a store fill in about agreements and issuers of tokens."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

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
from lrs.queries.agreements import others_than
from lrs.rules.formats import is_iri
from organisations.models import Organisation


class AgreementForm(forms.Form):
    """Who may read, why, what, and until when."""

    reader = forms.ModelChoiceField(
        label=gettext_lazy("Which organisation may read?"),
        queryset=Organisation.objects.none(),
        error_messages={
            "required": gettext_lazy("Choose an organisation."),
            "invalid_choice": gettext_lazy("Choose an organisation from the list."),
        },
    )
    purpose = forms.CharField(
        label=gettext_lazy("What is the agreement for?"),
        help_text=gettext_lazy("Both organisations see this; do not name people."),
        max_length=200,
        error_messages={"required": gettext_lazy("Say what the agreement is for.")},
    )
    verbs = lines_field(
        gettext_lazy("Only these verbs"), gettext_lazy("One IRI a line; none means all.")
    )
    activities = activities_field()
    until = until_field()

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reader = self.fields["reader"]
        if isinstance(reader, forms.ModelChoiceField):
            reader.queryset = others_than(organisation)

    def clean_verbs(self) -> list[str]:
        wrong = _("%(line)s is not a whole IRI, such as http://adlnet.gov/expapi/verbs/passed.")
        return read_lines(self.cleaned_data["verbs"], is_iri, wrong)

    def clean_activities(self) -> list[str]:
        return read_activities(self.cleaned_data["activities"])

    def clean_until(self) -> Any:
        return end_of(self.cleaned_data["until"])


class IssuerForm(forms.Form):
    """Whose tokens open the store, and what for."""

    label = forms.CharField(label=gettext_lazy("What is it for?"), max_length=120, required=False)
    issuer = forms.CharField(
        label=gettext_lazy("Issuer"),
        help_text=gettext_lazy("Exactly as its tokens have it (iss)."),
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give the issuer as its tokens have it.")},
    )
    audience = forms.CharField(
        label=gettext_lazy("Audience"),
        help_text=gettext_lazy("Exactly as its tokens have it (aud); one of this store’s own."),
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give the audience as its tokens have it.")},
    )
    keys_url = forms.CharField(
        label=gettext_lazy("Address of its public keys"),
        help_text=gettext_lazy("A JWKS, such as https://login.example/jwks.json."),
        max_length=500,
        widget=forms.URLInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give the address of its keys.")},
    )
    scopes = scopes_field(
        gettext_lazy("What may its tokens do?"),
        gettext_lazy("A system that only sends statements needs the first alone."),
    )

    def __init__(self, *args: Any, offered: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_scopes(self.fields["scopes"], offered)

    def clean_keys_url(self) -> str:
        address = str(self.cleaned_data["keys_url"])
        try:
            parts = urlsplit(address)
            is_good = parts.scheme == "https" and bool(parts.hostname) and not parts.username
        except ValueError:
            is_good = False
        if not is_good:
            raise ValidationError(_("Give the whole address, beginning with https://."))
        return address
