"""What allauth asks us about signing in and signing up."""

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.account.stages import EmailVerificationStage
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organisations.models import User
from organisations.models.people import new_username

SITE_NAME = "Careweave"
NOT_TOGETHER = _("This name or address and this password do not belong together. Check both.")
LINK_IS_OLD = _("This link no longer works. Ask for a new one.")
CODE_IS_WRONG = _("This code is not right, or no longer. Give the newest one.")


def _on_our_site(link: str) -> str:
    parts = urlsplit(link)
    return f"{settings.SITE_URL}{parts._replace(scheme='', netloc='').geturl()}"


class AccountAdapter(DefaultAccountAdapter):
    """Signing in and up, in the person's language; an e-mail address is proved before it counts."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "cannot_remove_primary_email": _(
            "We write to this address. Make another one the first, then remove this one."
        ),
        "duplicate_email": _("This address is on your account already."),
        "email_password_mismatch": NOT_TOGETHER,
        "username_password_mismatch": NOT_TOGETHER,
        "invalid_login": NOT_TOGETHER,
        "email_taken": _("There is an account with this address already."),
        "enter_current_password": _("This is not the password you have now. Try again."),
        "incorrect_code": CODE_IS_WRONG,
        "incorrect_password": _("This is not your password. Try again."),
        "invalid_or_expired_key": LINK_IS_OLD,
        "invalid_password_reset": LINK_IS_OLD,
        "max_email_addresses": _("You can have %d addresses. Remove one before you add another."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "unknown_email": _("We do not know this address."),
        "unverified_primary_email": _("Confirm this address before you make it the first."),
        "rate_limited": _("You did this many times in a row. Wait a little, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Open to anyone, or only to those with an invitation: SIGN_UP_OPEN."""
        return bool(settings.SIGN_UP_OPEN)

    def save_user(
        self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True
    ) -> User:
        """Whoever signs up reads the language of the page they signed up on."""
        user.language = translation.get_language() or settings.LANGUAGE_CODE
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """Give a name without meaning: one made from an address would give it away."""
        user.username = user.username or new_username()

    def get_login_stages(self) -> list[str]:
        """Proving an address comes before the second factor, for people who have an address."""
        stage = f"{EmailVerificationStage.__module__}.{EmailVerificationStage.__name__}"
        ours = f"{AddressStage.__module__}.{AddressStage.__name__}"
        return [ours if path == stage else path for path in super().get_login_stages()]

    def get_reset_password_from_key_url(self, key: str) -> str:
        """A link in a mail leads to SITE_URL, whatever address the request named."""
        return _on_our_site(super().get_reset_password_from_key_url(key))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The learner's own page; see `language_after_signing_in`."""
        return own_page(language_after_signing_in(request.user))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """The same."""
        return own_page(language_after_signing_in(request.user))

    def get_email_confirmation_url(
        self, request: HttpRequest, emailconfirmation: EmailConfirmation
    ) -> str:
        """The same; in the language of the mail it stands in."""
        with translation.override(emailconfirmation.email_address.user.language):
            return _on_our_site(super().get_email_confirmation_url(request, emailconfirmation))

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """The link leads to a page in the language of the mail it stands in."""
        ours = dict(context)
        if "password_reset_url" in ours:
            ours["password_reset_url"] = translate_url(ours["password_reset_url"], user.language)
        super().send_password_reset_mail(user, email, ours)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The home page, in the language of the page they signed out on."""
        return in_language("/", translation.get_language() or settings.LANGUAGE_CODE)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Ask someone without a name how they want to be called, then go where they wanted."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.get_full_name() or user.display_name or response.status_code != 302:
            return response
        with translation.override(language_after_signing_in(user)):
            welcome = reverse("organisations:welcome")
        return HttpResponseRedirect(f"{welcome}?{urlencode({'next': response['Location']})}")

    def get_client_ip(self, request: HttpRequest) -> str:
        """The last address that none of our own proxies wrote: a sender cannot choose it."""
        nearest = str(request.META.get("REMOTE_ADDR", ""))
        if nearest not in settings.TRUSTED_PROXIES:
            return nearest
        told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        outside = [part for part in told if part and part not in settings.TRUSTED_PROXIES]
        return outside[-1] if outside else nearest

    def get_reauthentication_methods(
        self, user: AbstractBaseUser | AnonymousUser
    ) -> list[dict[str, Any]]:
        """Other ways to show that it is you, in our words."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code from your app, or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey or security key"),
        }
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [
            method | {"description": words.get(method["id"], method["description"])}
            for method in methods
        ]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of who reads it."""
        user = context.get("user")
        language = user.language if isinstance(user, User) else translation.get_language()
        with translation.override(language):
            super().send_mail(template_prefix, email, context | {"site_name": SITE_NAME})


class PasswordBackend(AuthenticationBackend):
    """As allauth's, but a password is checked once a try.

    What is typed is tried as a username and as an address. Checking twice for those who exist
    would tell by the time it takes that they do.
    """

    def _check_password(self, user: User | None, password: str) -> User | None:
        kept: dict[int, User | None] = self.__dict__.setdefault("_checked", {})
        if user is None:
            return None
        if user.pk not in kept:
            kept[user.pk] = super()._check_password(user, password)
        return kept[user.pk]


class AddressStage(EmailVerificationStage):
    """As allauth's, but somebody who never had an address has none to prove."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Pass people without any address on to the second factor."""
        user = self.login.user
        has_address = user is None or user.email or EmailAddress.objects.filter(user=user).exists()
        if not has_address:
            return None, True
        response: tuple[HttpResponse | None, bool] = super().handle()
        return response


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes are kept encrypted."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": _("Turn off the second step before you add an address."),
        "cannot_delete_authenticator": _("This cannot be turned off."),
        "cannot_generate_recovery_codes": _("Set up a passkey or codes from an app first."),
        "incorrect_code": CODE_IS_WRONG,
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """A name for a new passkey, to be changed at will."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def _get_user_identifier(self, user: User) -> str:
        return user.email or user.own_name

    def encrypt(self, text: str) -> str:
        """Encrypt with a key made from SECRET_KEY."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt with SECRET_KEY or one of its fallbacks; what cannot be read matches no code."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def _get_site_name(self) -> str:
        return SITE_NAME


def person_display(user: User) -> str:
    """How allauth calls somebody to themselves: ACCOUNT_USER_DISPLAY."""
    return user.own_name


def language_after_signing_in(user: User | AnonymousUser) -> str:
    """The language that the page one signs in on was chosen in; else the person's own.

    An address without a language is where everybody starts, and so is no choice.
    """
    current = translation.get_language() or settings.LANGUAGE_CODE
    if current != settings.LANGUAGE_CODE or not isinstance(user, User):
        return current
    return user.language


def own_page(language: str) -> str:
    """The address of the learner's own page in a language."""
    return in_language(settings.LOGIN_REDIRECT_URL, language)


def in_language(path: str, language: str) -> str:
    """The address of a path in a language; English has no prefix."""
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"mfa:" + force_bytes(key)).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
