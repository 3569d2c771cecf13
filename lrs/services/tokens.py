"""Access tokens: our own for a credential (OAuth 2), and those that a registered issuer signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID, uuid5

import jwt
from django.db import transaction

from lrs.enums import CredentialKind, Scope
from lrs.models import Credential, Tenant, TokenIssuer
from lrs.rules.formats import is_plain_text
from lrs.rules.scopes import covered
from lrs.services.issuer_keys import KeysUnavailable, signing_key
from lrs.services.tenants import CredentialLimits, create_credential, known_scopes
from organisations.models import User

TOKEN_LIFE: Final = timedelta(hours=1)
ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
"""Signatures by a private key only: with `none` or a shared secret anyone could be anyone."""

_PRESUMED: Final = (Scope.STATEMENTS_WRITE, Scope.STATEMENTS_READ_MINE)
_LEEWAY_SECONDS: Final = 30
_LONGEST: Final = 16_000


class ScopeBeyondCredential(ValueError):
    """The scopes asked for are not covered by the credential's own."""


class CannotGiveTokens(ValueError):
    """This credential is one that another gave, or that has no secret."""


class BadIssuer(ValueError):
    """An issuer that cannot be registered."""


class BadToken(ValueError):
    """A bearer token that proves nothing here."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new access token, which is shown once and kept nowhere."""

    token: str
    scopes: list[str]
    seconds: int


def issue_token(
    *, credential: Credential, scopes: Sequence[str] | None, at: datetime
) -> IssuedToken:
    """Give the holder of a credential an access token for an hour, with what it may do at most.

    Args:
        credential: a lasting key.
        scopes: what is asked for; None for what the standard presumes, `statements/write` and
            `statements/read/mine`, as far as the credential covers them.
        at: now.

    Raises:
        CannotGiveTokens: it is not a lasting key.
        KeyHasEnded: it was revoked meanwhile.
        ScopeBeyondCredential: a scope asked for is unknown or not covered, or none is left.

    Writes: Credential.
    """
    if credential.kind != CredentialKind.KEY:
        raise CannotGiveTokens("Only a lasting key can be given tokens.")
    given = covered(_PRESUMED if scopes is None else scopes, credential.scopes)
    if not given or (scopes is not None and set(given) != set(scopes)):
        own = " ".join(sorted(credential.scopes))
        raise ScopeBeyondCredential(f"This client may ask for what {own} covers.")
    ends_at = at + TOKEN_LIFE
    if credential.ends_at is not None:
        ends_at = min(ends_at, credential.ends_at)
    issued = create_credential(
        {
            "tenant": credential.tenant,
            "kind": CredentialKind.TOKEN,
            "label": credential.label,
            "scopes": given,
            "starts_at": at,
            "ends_at": ends_at,
            "parent": credential,
            "vouches_as": credential.authority,
        },
        CredentialLimits(
            activities=credential.activities,
            with_children=credential.with_children,
            agent=credential.agent,
            registration=credential.registration,
            origins=credential.origins,
        ),
    )
    seconds = max(0, int((ends_at - at).total_seconds()))
    return IssuedToken(f"{issued.key}.{issued.secret}", given, seconds)


def register_issuer(
    *,
    tenant: Tenant,
    issuer: str,
    audience: str,
    keys_url: str,
    scopes: Sequence[str],
    starts_at: datetime,
    claim: str = "",
    claim_scopes: Mapping[str, Sequence[str]] | None = None,
    label: str = "",
    registered_by: User | None = None,
) -> TokenIssuer:
    """Let tokens of an issuer open a tenant's records.

    Args:
        tenant: whose.
        issuer: what its tokens have as ``iss``.
        audience: what they have as ``aud``.
        keys_url: where its public keys are (JWKS).
        scopes: what any of its tokens may do at most.
        starts_at: now.
        claim: which claim of a token says what it may do; empty: each may do all of ``scopes``.
        claim_scopes: what a word of that claim stands for; a scope's own name stands for itself.
        label: what it is for.
        registered_by: who did.

    Raises:
        UnknownScope: a scope that the standard does not have, or none.
        BadIssuer: another has this issuer and audience, or something is not as above.

    Writes: TokenIssuer.
    """
    known = known_scopes(scopes)
    mapping = {word: known_scopes(list(meant)) for word, meant in (claim_scopes or {}).items()}
    if not issuer or not audience:
        raise BadIssuer("Give the issuer and the audience as its tokens have them.")
    parts = urlsplit(keys_url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username:
        raise BadIssuer("Give the address of its keys as https://….")
    made = {
        "tenant": tenant,
        "label": label,
        "keys_url": keys_url,
        "scopes": known,
        "claim": claim,
        "claim_scopes": mapping,
        "starts_at": starts_at,
        "registered_by": registered_by,
    }
    # what is there is got, also where somebody else registers it in this moment
    registered, is_new = TokenIssuer.objects.get_or_create(
        issuer=issuer, audience=audience, ended_at=None, defaults=made
    )
    if not is_new:
        raise BadIssuer(
            "Tokens of this issuer for this audience open a store already. End that first, or let"
            " the issuer make tokens for an audience of your own."
        )
    return registered


def end_issuer(*, issuer: TokenIssuer, at: datetime) -> None:
    """Let the tokens of an issuer open nothing any more, at once.

    Writes: TokenIssuer, Credential. Safe to repeat.
    """
    with transaction.atomic():
        TokenIssuer.objects.filter(pk=issuer.pk, ended_at__isnull=True).update(ended_at=at)
        Credential.objects.filter(issuer=issuer, revoked_at__isnull=True).update(revoked_at=at)


def account_of_token(*, token: str, at: datetime) -> Credential:
    """Return the account that an issuer's signed token proves, with what the token lets it do.

    Its scopes and its end are those of the token and are not in its row.

    Raises:
        BadToken: with a sentence that says why, and nothing of what is in the token.

    Writes: Credential, the first time an account comes.
    """
    if len(token) > _LONGEST:
        raise BadToken("This token is longer than any we take.")
    issuer, header = _issuer_of(token, at)
    try:
        key = signing_key(issuer.keys_url, header, at)
    except KeysUnavailable as error:
        raise BadToken(str(error)) from error
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            audience=issuer.audience,
            issuer=issuer.issuer,
            leeway=_LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except jwt.ExpiredSignatureError as error:
        raise BadToken("This token has ended; ask its issuer for another.") from error
    except jwt.ImmatureSignatureError as error:
        raise BadToken("This token does not hold yet: see the clocks of both sides.") from error
    except jwt.PyJWTError as error:
        raise BadToken("This token is not signed by its issuer, or not for this store.") from error
    subject = claims["sub"]
    if not 0 < len(subject) <= 255 or not is_plain_text(subject):
        raise BadToken("A token's sub has 1 to 255 characters, none of them null or half of one.")
    try:
        ends_at = datetime.fromtimestamp(int(claims["exp"]) + _LEEWAY_SECONDS, tz=UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise BadToken("A token's exp is a time before the year 10000.") from error
    account = _account(issuer, subject, at)
    account.scopes, account.ends_at = _scopes(issuer, claims), ends_at
    return account


def _issuer_of(token: str, at: datetime) -> tuple[TokenIssuer, dict[str, Any]]:
    """Return the registered issuer that a token names; nothing of it is believed yet."""
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise BadToken("This is neither one of our tokens nor a signed one (JWT).") from error
    if header.get("alg") not in ALGORITHMS or "crit" in header:
        raise BadToken(f"Sign tokens with one of {', '.join(ALGORITHMS)}.")
    named, audiences = claims.get("iss"), claims.get("aud")
    audiences = [audiences] if isinstance(audiences, str) else audiences
    is_named = isinstance(named, str) and is_plain_text(named)
    if not is_named or not isinstance(audiences, list):
        raise BadToken("A token names its issuer (iss) and audience (aud).")
    wanted = [one for one in audiences if isinstance(one, str) and is_plain_text(one)][:20]
    found = list(
        TokenIssuer.objects.open_at(at)
        .select_related("tenant")
        .filter(issuer=named, audience__in=wanted)[:2]
    )
    if len(found) != 1:
        raise BadToken(
            "No issuer and audience like those of this token are registered here."
            if not found
            else "This token is for more than one store; ask for one with a single audience."
        )
    return found[0], header


def _account(issuer: TokenIssuer, subject: str, at: datetime) -> Credential:
    uuid = uuid5(issuer.uuid, subject)
    key = f"account-{uuid.hex}"
    account = Credential.objects.filter(key=key).first()
    if account is None:
        account = _new_account(issuer, key, uuid, subject, at)
    account.tenant = issuer.tenant
    return account


def _new_account(
    issuer: TokenIssuer, key: str, uuid: UUID, subject: str, at: datetime
) -> Credential:
    """The issuer is held meanwhile, so that whoever ends it waits and then meets the account too."""
    with transaction.atomic():
        works = TokenIssuer.objects.filter(pk=issuer.pk, ended_at__isnull=True)
        if not list(works.select_for_update(no_key=True).values_list("pk")):
            raise BadToken("No issuer and audience like those of this token are registered here.")
        return Credential.objects.get_or_create(
            key=key,
            defaults={
                "uuid": uuid,
                "tenant": issuer.tenant,
                "kind": CredentialKind.SUBJECT,
                "issuer": issuer,
                "label": subject[:120],
                "secret_digest": "",
                "starts_at": at,
            },
        )[0]


def _scopes(issuer: TokenIssuer, claims: Mapping[str, Any]) -> list[str]:
    if not issuer.claim:
        return list(issuer.scopes)
    said = claims.get(issuer.claim, ())
    words = said.split() if isinstance(said, str) else said if isinstance(said, list) else ()
    wanted: set[str] = set()
    for word in words:
        if isinstance(word, str):
            wanted.update(issuer.claim_scopes.get(word, [word]))
    return sorted({*covered(wanted, issuer.scopes), *covered(issuer.scopes, wanted)})
