"""allauth's forms in our words: what people fill in to sign in, sign up and keep an account safe.

Named in ACCOUNT_FORMS and MFA_FORMS.
"""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.models import User

TWO_PASSWORDS_DIFFER = _("The two passwords differ. Type the same one twice.")
CODE_HINT = _("Six digits from the app, or one of your recovery codes.")


class _Said(forms.Form):
    """Gives fields our labels, hints and, where a field is empty, our words for that."""

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}
    empty: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, field.help_text)
            if name in self.empty:
                field.error_messages["required"] = self.empty[name]


class _TwoPasswords(_Said):
    """Says that two passwords differ even when the first is refused for another reason."""

    labels = {"password1": _("New password"), "password2": _("The same password again")}
    empty = {
        "password1": _("Choose a password."),
        "password2": _("Type the password a second time."),
    }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, second = (
            self.data.get(self.add_prefix(name)) for name in ("password1", "password2")
        )
        if first and second and first != second:
            self.errors.pop("password2", None)
            self.add_error("password2", TWO_PASSWORDS_DIFFER)
        return cleaned


class LoginForm(_Said, account.LoginForm):
    labels = {
        "login": _("E-mail address or username"),
        "password": _("Password"),
        "remember": _("Keep me signed in on this device"),
    }
    empty = {
        "login": _("Give your e-mail address or username."),
        "password": _("Give your password."),
    }


class SignupForm(_TwoPasswords, account.SignupForm):
    labels = {
        "email": _("E-mail address"),
        "password1": _("Password"),
        "password2": _("The same password again"),
    }
    empty = {**_TwoPasswords.empty, "email": _("Give an e-mail address.")}

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """As allauth's; an address that has an account takes the same time as a new one."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        answer: tuple[Any, Any] = super().try_save(request)
        return answer


class AddEmailForm(_Said, account.AddEmailForm):
    labels = {"email": _("E-mail address")}
    empty = {"email": _("Give an e-mail address.")}


class ChangePasswordForm(_TwoPasswords, account.ChangePasswordForm):
    labels = {"oldpassword": _("The password you have now"), **_TwoPasswords.labels}
    empty = {**_TwoPasswords.empty, "oldpassword": _("Give the password you have now.")}


class SetPasswordForm(_TwoPasswords, account.SetPasswordForm):
    pass


class ResetPasswordForm(_Said, account.ResetPasswordForm):
    labels = {"email": _("E-mail address")}
    empty = {"email": _("Give your e-mail address.")}

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """As allauth's; an address without an account takes the time of writing the mail."""
        if not self.users:
            nobody = User(pk=0, last_login=timezone.now())
            nobody.set_unusable_password()
            context = {
                "user": nobody,
                "username": nobody.username,
                "password_reset_url": get_adapter().get_reset_password_from_key_url(
                    f"0-{default_token_generator.make_token(nobody)}"
                ),
                "request": request,
            }
            get_adapter().render_mail(
                "account/email/password_reset_key", self.cleaned_data["email"], context
            )
        email: str = super().save(request, **kwargs)
        return email


class ResetPasswordKeyForm(_TwoPasswords, account.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(_Said, account.ReauthenticateForm):
    labels = {"password": _("Password")}
    empty = {"password": _("Give your password.")}


class CodeForm(_Said, mfa.AuthenticateForm):
    """The second step; knows which ways this person has."""

    labels = {"code": _("Code")}
    hints = {"code": CODE_HINT}
    empty = {"code": _("Give the code.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kinds = set(
            Authenticator.objects.filter(user=self.user).values_list("type", flat=True)
        )

    @property
    def has_codes(self) -> bool:
        """Whether there is a code to give: from an app, or a recovery code."""
        return bool(self._kinds & {Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES})

    @property
    def has_keys(self) -> bool:
        """Whether there is a passkey or a security key to use."""
        return Authenticator.Type.WEBAUTHN in self._kinds


class CodeAgainForm(_Said, mfa.ReauthenticateForm):
    labels = {"code": _("Code")}
    hints = {"code": CODE_HINT}
    empty = {"code": _("Give the code.")}


class ActivateAppForm(_Said, totp.ActivateTOTPForm):
    labels = {"code": _("The code the app shows now")}
    empty = {"code": _("Give the code that the app shows.")}


class AddPasskeyForm(_Said, webauthn.AddWebAuthnForm):
    labels = {"name": _("Name"), "passwordless": _("Sign in with it alone, without a password")}
    hints = {
        "name": _("So that you can tell it from others, such as “My telephone”."),
        "passwordless": _(
            "A passkey: your fingerprint, your face or a PIN is then all you need. Leave it "
            "empty for a security key that you use after your password."
        ),
    }


class RenamePasskeyForm(_Said, webauthn.EditWebAuthnForm):
    labels = {"name": _("Name")}
    empty = {"name": _("Give it a name.")}
