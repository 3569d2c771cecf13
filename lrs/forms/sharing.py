"""What those who keep a store fill in about agreements and issuers of tokens."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lrs.enums import Scope
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
    claim = forms.CharField(
        label=gettext_lazy("Claim that says what a token may do"),
        help_text=gettext_lazy(
            "Its name in the token, such as scope or roles; a token may then do what its words"
            " say, at most what is chosen above. Empty: each token may do all of that."
        ),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    claim_scopes = lines_field(
        gettext_lazy("What the words of that claim stand for"),
        gettext_lazy(
            "One word a line, then = and what it stands for: ward-app = statements/write define."
            " The names in brackets above stand for themselves."
        ),
    )

    def __init__(self, *args: Any, offered: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_scopes(self.fields["scopes"], offered)

    def clean_claim_scopes(self) -> dict[str, list[str]]:
        wrong = _(
            "Write %(line)s as a word, = and names from the brackets above: ward-app ="
            " statements/write define."
        )
        lines = read_lines(self.cleaned_data["claim_scopes"], _is_meaning, wrong)
        return dict(map(_meaning, lines))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("claim_scopes") and not said.get("claim", True):
            self.add_error("claim", _("Name the claim whose words these are."))
        return said

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


def _meaning(line: str) -> tuple[str, list[str]]:
    word, _equals, scopes = line.partition("=")
    return word.strip(), scopes.replace(",", " ").split()


def _is_meaning(line: str) -> bool:
    word, scopes = _meaning(line)
    return bool(word and scopes) and len(word) <= 200 and set(scopes) <= set(Scope.values)
