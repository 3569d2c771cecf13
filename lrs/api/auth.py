"""From the Authorization header to a credential."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from django.db import Error

from lrs.api.errors import Unauthorized
from lrs.enums import CredentialKind
from lrs.models import Credential
from lrs.models.outages import Outage, outage_of, reconnects
from lrs.models.tenants import Guard
from lrs.queries import credential_as_stored
from lrs.rules.formats import is_plain_text
from lrs.services import BadToken, account_of_token, digest_of, note_use

_NOTE_USE_EVERY: Final = timedelta(minutes=5)
_REMEMBER: Final = timedelta(minutes=5)
_MOST_REMEMBERED: Final = 1_000
_NONE: Final = "There is no credential with this key and secret, or it has ended."
_UNKNOWN: Final = "There is no access token like this, or it has ended; ask for another."
_CHALLENGE: Final = 'Basic realm="xAPI", charset="UTF-8", Bearer realm="xAPI"'
_BASIC: Final = (CredentialKind.KEY, CredentialKind.LAUNCH)

_Proved = TypeVar("_Proved")


@dataclass(frozen=True, slots=True)
class _Proof:
    """That a header proves a credential, as the credential then was."""

    credential: Credential
    stored: tuple[Any, ...]
    until: datetime


_proofs: dict[bytes, _Proof] = {}


def credential_for(header: str, now: datetime) -> Credential:
    """Return the credential that an Authorization header proves: Basic, or Bearer with a token.

    What was proved is remembered for some minutes. Whether the credential is still as it was is
    asked every time, so that revoking it, or changing what it may do, holds at once.

    Raises:
        Unauthorized: there is no header, or it proves nothing.
    """
    return _credential(header, now, is_checked=True)[0]


def guarded_credential(header: str, now: datetime) -> tuple[Credential, Guard]:
    """Return the same without asking whether it is as it was: who stores by the guard asks that.

    One statement is then one round trip to the database.

    Raises:
        Unauthorized: there is no header, or it proves nothing.
    """
    return _credential(header, now, is_checked=False)


def proved(prove: Callable[[str, datetime], _Proved], header: str, now: datetime) -> _Proved:
    """Return what one of the functions above returns, asked once more on a new connection.

    It is the first question of a request to the database: if that was restarted since the last
    request, the connection is not the one we had, nothing has been done, and we may ask again.

    Raises:
        Unauthorized: there is no header, or it proves nothing.
    """
    try:
        return prove(header, now)
    except Error as error:
        if not reconnects(error):
            raise
        return prove(header, now)


def _credential(header: str, now: datetime, *, is_checked: bool) -> tuple[Credential, Guard]:
    name = hashlib.blake2b(header.encode("utf-8", "surrogateescape"), digest_size=32).digest()
    proof = _proofs.get(name)
    if proof is None or proof.until <= now or (is_checked and _has_changed(proof)):
        proof = _prove(header, now)
        if len(_proofs) >= _MOST_REMEMBERED:
            _proofs.clear()
        _proofs[name] = proof
    credential = proof.credential
    if not credential.is_open_at(now):
        is_token = credential.kind not in _BASIC
        raise _unauthorized(_UNKNOWN if is_token else _NONE, is_token=is_token)
    if credential.last_used_at is None or now - credential.last_used_at > _NOTE_USE_EVERY:
        try:
            note_use(credential=credential, at=now)
        except Error as error:  # who only reads needs no room
            if outage_of(error) not in (Outage.FULL, Outage.BUSY):
                raise
        credential.last_used_at = now
    return credential, Guard(credential.pk, proof.stored)


def _has_changed(proof: _Proof) -> bool:
    return credential_as_stored(proof.credential.pk) != proof.stored


def _prove(header: str, now: datetime) -> _Proof:
    scheme, _, said = header.partition(" ")
    if scheme.lower() != "bearer":
        return _prove_secret(*_read_basic(header), _BASIC, now)
    token = said.strip()
    if token.count(".") != 2:
        key, _, secret = token.partition(".")
        return _prove_secret(key, secret, (CredentialKind.TOKEN,), now)
    return _prove_signed(token, now)


def _prove_signed(token: str, now: datetime) -> _Proof:
    try:
        account = account_of_token(token=token, at=now)
    except BadToken as error:
        raise _unauthorized(str(error), is_token=True) from error
    stored = credential_as_stored(account.pk)
    if stored is None:
        raise _unauthorized(_UNKNOWN, is_token=True)
    return _Proof(account, stored, now + _REMEMBER)


def _prove_secret(
    key: str, secret: str, kinds: tuple[CredentialKind, ...], now: datetime
) -> _Proof:
    if not is_plain_text(key):
        key = ""  # the key of nobody
    known = Credential.objects.filter(key=key).values_list("pk", flat=True).first()
    # looked at before it is read: a change in between is noticed the next time
    stored = None if known is None else credential_as_stored(known)
    credential = Credential.objects.select_related("tenant").filter(key=key).first()
    sent, until = digest_of(secret), now + _REMEMBER
    is_right = hmac.compare_digest(credential.secret_digest if credential else "0" * 64, sent)
    if not is_right and credential is not None and credential.old_ends_at is not None:
        is_right = now < credential.old_ends_at and hmac.compare_digest(credential.old_digest, sent)
        until = min(until, credential.old_ends_at)
    if not is_right or credential is None or stored is None or credential.kind not in kinds:
        is_token = CredentialKind.TOKEN in kinds
        raise _unauthorized(_UNKNOWN if is_token else _NONE, is_token=is_token)
    return _Proof(credential, stored, until)


def _unauthorized(message: str, *, is_token: bool = False) -> Unauthorized:
    error = ', error="invalid_token"' if is_token else ""
    return Unauthorized(message, WWW_Authenticate=_CHALLENGE + error)


def _read_basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme and not encoded:  # launch addresses are made with the base64 alone, and sent on so
        scheme, encoded = "basic", scheme
    if scheme.lower() != "basic":
        raise _unauthorized(
            "Send the header Authorization: Basic, with the key and secret of a credential, or"
            " Bearer, with an access token."
        )
    digits = encoded.strip()
    # what takes an address apart at every = loses those at the end of a key in a launch address
    padding = "=" * (-len(digits) % 4)
    try:
        key, colon, secret = (
            base64.b64decode(digits + padding, validate=True).decode().partition(":")
        )
    except ValueError:  # not base64, not ASCII, or not UTF-8
        colon = ""
    if not colon:
        raise _unauthorized("Write the key, a colon and the secret in base64 after Basic.")
    return key, secret
