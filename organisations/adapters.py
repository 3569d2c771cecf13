"""What allauth asks us about signing in and signing up."""

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.account.stages import EmailVerificationStage
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes

from organisations.models import User
from organisations.models.people import new_username

SITE_NAME = "Careweave"


def _on_our_site(link: str) -> str:
    parts = urlsplit(link)
    return f"{settings.SITE_URL}{parts._replace(scheme='', netloc='').geturl()}"


class AccountAdapter(DefaultAccountAdapter):
    """Signing in and up, in the person's language; an e-mail address is proved before it counts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Open to anyone, or only to those with an invitation: SIGN_UP_OPEN."""
        return bool(settings.SIGN_UP_OPEN)

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

    def get_email_confirmation_url(
        self, request: HttpRequest, emailconfirmation: EmailConfirmation
    ) -> str:
        """The same."""
        return _on_our_site(super().get_email_confirmation_url(request, emailconfirmation))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The learner's own page, in their language."""
        return own_page(request.user)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """The same."""
        return own_page(request.user)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The home page, in the language of the page they signed out on."""
        return in_language("/", translation.get_language() or settings.LANGUAGE_CODE)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Ask someone without a name how they want to be called, then go where they wanted."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if user.get_full_name() or user.display_name or response.status_code != 302:
            return response
        with translation.override(user.language):
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

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of who reads it."""
        user = context.get("user")
        language = user.language if isinstance(user, User) else translation.get_language()
        with translation.override(language):
            super().send_mail(template_prefix, email, context | {"site_name": SITE_NAME})


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


def own_page(user: User | AnonymousUser) -> str:
    """The address of the learner's own page in their language."""
    language = user.language if isinstance(user, User) else settings.LANGUAGE_CODE
    return in_language(settings.LOGIN_REDIRECT_URL, language)


def in_language(path: str, language: str) -> str:
    """The address of a path in a language; English has no prefix."""
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"mfa:" + force_bytes(key)).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
