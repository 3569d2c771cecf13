"""What people fill in about themselves."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from organisations.enums import ConsentPurpose, ConsentSource
from organisations.models import Organisation, User

TEAM_PURPOSES = (ConsentPurpose.TEAM_PROFILE, ConsentPurpose.SUPERVISION)
EMPLOYER_PURPOSES = (
    ConsentPurpose.EMPLOYMENT,
    ConsentPurpose.SUPERVISION,
    ConsentPurpose.TEAM_PROFILE,
)


class NamesForm(forms.ModelForm[User]):
    """How someone is called, by colleagues and in discussions, and the language they read."""

    class Meta:
        model = User
        fields = ("first_name", "last_name", "display_name", "language")
        labels = {
            "first_name": _("Given name"),
            "last_name": _("Family name"),
            "display_name": _("Display name"),
            "language": _("Language"),
        }
        help_texts = {
            "first_name": _("Colleagues and your employer see it."),
            "display_name": _(
                "Others see it in discussions. It need not be your full name. "
                "Leave it empty to use your names."
            ),
            "language": _("For the pages you land on and the e-mails you get."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"
        self.fields["display_name"].widget.attrs["autocomplete"] = "nickname"

    def clean_display_name(self) -> str:
        name = " ".join(str(self.cleaned_data["display_name"]).split())
        if "@" in name:
            raise forms.ValidationError(
                _("Choose a name without an @. An e-mail address would tell others who you are.")
            )
        return name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        names = ("first_name", "last_name", "display_name")
        if not self.errors and not any(cleaned.get(name) for name in names):
            self.add_error(
                "first_name", _("Give at least one name, so that others can address you.")
            )
        return cleaned


class NewAccountForm(NamesForm):
    """What someone chooses who follows an invitation and had no account."""

    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. Three or four words that do not belong together do."),
    )
    is_willing = forms.BooleanField(
        label=_("I want an account on Careweave"),
        error_messages={"required": _("Tick this, or leave the page: then nothing happens.")},
    )

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's hook after the model's own checks
        password = self.cleaned_data.get("password")
        if password:
            try:
                password_validation.validate_password(password, self.instance)
            except forms.ValidationError as error:
                self.add_error("password", error)


class ShareForm(forms.Form):
    """Which evidence a team or an employer may see, what for, and until when."""

    source = forms.ChoiceField(
        label=_("What may they see?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what they may see.")},
    )
    purpose = forms.ChoiceField(
        label=_("What for?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what they may use it for.")},
    )
    until = forms.DateField(
        label=_("Until when?"),
        required=False,
        help_text=_("The last day. Leave it empty to share until you change your mind."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give the day like this: 2027-03-31.")},
    )

    def __init__(
        self,
        *args: Any,
        is_team: bool,
        employers: Sequence[Organisation],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self._employers = {str(employer.uuid): employer for employer in employers}
        source = self.fields["source"]
        purpose = self.fields["purpose"]
        if isinstance(source, forms.ChoiceField) and isinstance(purpose, forms.ChoiceField):
            source.choices = [
                (ConsentSource.ALL.value, _("All of my record, from everywhere")),
                (ConsentSource.PLATFORM.value, _("What I do here")),
                *(
                    (str(employer.uuid), _("What %(name)s recorded") % {"name": employer.name})
                    for employer in employers
                ),
            ]
            allowed = TEAM_PURPOSES if is_team else EMPLOYER_PURPOSES
            purpose.choices = [(one.value, one.label) for one in allowed]
            purpose.initial = allowed[0].value

    def clean_until(self) -> datetime | None:
        day: date | None = self.cleaned_data["until"]
        if day is None:
            return None
        if day < self._today:
            raise forms.ValidationError(_("This day has gone by. Choose today or a later day."))
        return timezone.make_aware(datetime.combine(day, time.max))

    @property
    def chosen_source(self) -> ConsentSource:
        """The kind of source that was chosen."""
        value = self.cleaned_data["source"]
        return ConsentSource.ORGANISATION if value in self._employers else ConsentSource(value)

    @property
    def chosen_employer(self) -> Organisation | None:
        """The employer whose records were chosen, if one was."""
        return self._employers.get(self.cleaned_data["source"])


class AnswerForm(forms.Form):
    """Yes or no to an invitation, and what to share from the start."""

    YES, NO = "yes", "no"
    NOTHING = "nothing"

    answer = forms.ChoiceField(choices=[(YES, _("Yes")), (NO, _("No"))])
    share = forms.ChoiceField(
        choices=[
            (NOTHING, _("Nothing for now")),
            (ConsentSource.PLATFORM.value, _("What I do here")),
            (ConsentSource.ALL.value, _("All of my record, from everywhere")),
        ],
        initial=NOTHING,
        required=False,
        widget=forms.RadioSelect,
    )

    @property
    def chosen_source(self) -> ConsentSource | None:
        """What to share; nothing unless it was chosen."""
        value = self.cleaned_data["share"]
        return None if value in ("", self.NOTHING) else ConsentSource(value)


class EraseForm(forms.Form):
    """The word that shows someone means it."""

    word = forms.CharField(label=_("Type the word to confirm"), max_length=40)

    @staticmethod
    def wanted() -> str:
        """The word, in the language of the page."""
        return pgettext("the word to type before an account is erased", "erase")

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"].strip()
        if word.casefold() != self.wanted().casefold():
            raise forms.ValidationError(
                _("Type the word “%(word)s” if you want to erase your account.")
                % {"word": self.wanted()}
            )
        return word
