"""What people say of a record store or webhook that gets statements."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lrs.enums import TargetKind
from lrs.models import SendingTarget
from lrs.rules.formats import is_iri
from lrs.rules.identity import account_identifier, actor_identifier, split_identifier
from lrs.rules.versions import BOOKS
from lrs.services import TargetSettings

_ANY_OR_NOT = (("", _("Yes or no")), ("yes", _("Yes")), ("no", _("No")))
_SAID = {"": None, "yes": True, "no": False}


def _lines(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "dir": "ltr"}),
    )


class TargetForm(forms.Form):
    """Where statements go, and which."""

    label = forms.CharField(label=_("Name"), max_length=120, help_text=_("For your own list."))
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    version = forms.ChoiceField(
        label=_("Version of xAPI"), choices=[(book.version, book.version) for book in BOOKS]
    )
    key = forms.CharField(
        label=_("Key"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    secret = forms.CharField(
        label=_("Secret"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": "new-password"}),
    )
    begin = forms.ChoiceField(
        label=_("Begin with"),
        choices=(("now", _("What comes from now on")), ("beginning", _("What is here already"))),
        initial="now",
        widget=forms.RadioSelect,
    )
    verbs = _lines(_("Only these verbs"), _("One IRI a line; none means all."))
    activities = _lines(_("Only about these activities"), _("One IRI a line; none means all."))
    actors = _lines(
        _("Only by these people"),
        _("One a line: an e-mail address, or a home page, a space and the name of an account."),
    )
    registration = forms.UUIDField(label=_("Only of this registration"), required=False)
    success = forms.ChoiceField(label=_("Success"), required=False, choices=_ANY_OR_NOT)
    completion = forms.ChoiceField(label=_("Completion"), required=False, choices=_ANY_OR_NOT)

    def __init__(
        self, *args: Any, kind: str, target: SendingTarget | None = None, **kwargs: Any
    ) -> None:
        if target is not None:
            kwargs.setdefault("initial", _as_filled_in(target))
        super().__init__(*args, **kwargs)
        unneeded = {"version", "key", "secret"} if kind == TargetKind.WEBHOOK else set()
        if target is not None:
            unneeded = {*unneeded, "begin"}
        for name in unneeded:
            del self.fields[name]
        if kind == TargetKind.WEBHOOK:
            help_text = _("We POST each statement there, such as https://rota.example.org/hook.")
        else:
            help_text = _("The one above /statements, such as https://lrs.example.org/xapi.")
        self.fields["address"].help_text = help_text
        if target is not None and "secret" in self.fields:
            self.fields["secret"].help_text = _("Leave it empty to keep the one we have.")
        elif "secret" in self.fields:
            self.fields["secret"].required = True
            self.fields["secret"].help_text = _("We keep it sealed and never show it again.")

    def clean_verbs(self) -> list[str]:
        return self._iris("verbs")

    def clean_activities(self) -> list[str]:
        return self._iris("activities")

    def clean_actors(self) -> list[str]:
        return [_identifier(line) for line in self._split("actors")]

    def settings(self) -> TargetSettings:
        """Return what was filled in."""
        said = self.cleaned_data
        return TargetSettings(
            label=said["label"],
            address=said["address"].strip(),
            version=said.get("version", "1.0.3"),
            key=said.get("key", ""),
            verbs=said["verbs"],
            activities=said["activities"],
            actors=said["actors"],
            registration=said["registration"],
            success=_SAID[said["success"]],
            completion=_SAID[said["completion"]],
        )

    def _split(self, name: str) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data[name].splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def _iris(self, name: str) -> list[str]:
        found = self._split(name)
        for iri in found:
            if not is_iri(iri):
                raise forms.ValidationError(
                    _("%(iri)s is not a whole IRI, such as http://adlnet.gov/expapi/verbs/passed.")
                    % {"iri": iri[:200]}
                )
        return found


def _identifier(line: str) -> str:
    home_page, space, name = line.partition(" ")
    if space and is_iri(home_page) and name.strip():
        return account_identifier(home_page=home_page, name=name.strip())
    address = line.removeprefix("mailto:")
    local, at, domain = address.rpartition("@")
    if at and local and domain and " " not in address:
        return str(actor_identifier({"mbox": f"mailto:{address}"}))
    raise forms.ValidationError(
        _("Write %(line)s as an e-mail address, or as the home page and name of an account.")
        % {"line": line[:200]}
    )


def _as_filled_in(target: SendingTarget) -> dict[str, Any]:
    def three(value: bool | None) -> str:
        return "" if value is None else "yes" if value else "no"

    return {
        "label": target.label,
        "address": target.address,
        "version": target.version,
        "key": target.key,
        "verbs": "\n".join(target.verbs),
        "activities": "\n".join(target.activities),
        "actors": "\n".join(_as_line(one) for one in target.actors),
        "registration": _uuid(target.registration),
        "success": three(target.success),
        "completion": three(target.completion),
    }


def _as_line(identifier: str) -> str:
    kind, home_page, value = split_identifier(identifier)
    return f"{home_page} {value}" if kind == "account" else value.removeprefix("mailto:")


def _uuid(value: UUID | None) -> str:
    return "" if value is None else str(value)
