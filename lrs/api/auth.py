"""From the Authorization header to a credential."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import Error

from lrs.api.errors import Unauthorized
from lrs.models import Credential
from lrs.models.outages import Outage, outage_of
from lrs.models.tenants import Guard
from lrs.queries import credential_as_stored
from lrs.services import digest_of, note_use

_NOTE_USE_EVERY: Final = timedelta(minutes=5)
_REMEMBER: Final = timedelta(minutes=5)
_MOST_REMEMBERED: Final = 1_000
_NONE: Final = "There is no credential with this key and secret, or it has ended."
_CHALLENGE: Final = 'Basic realm="xAPI", charset="UTF-8"'


@dataclass(frozen=True, slots=True)
class _Proof:
    """That a header proves a credential, as the credential then was."""

    credential: Credential
    stored: tuple[Any, ...]
    until: datetime


_proofs: dict[bytes, _Proof] = {}


def credential_for(header: str, now: datetime) -> Credential:
    """Return the credential that a Basic Authorization header proves.

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


def _credential(header: str, now: datetime, *, is_checked: bool) -> tuple[Credential, Guard]:
    name = hashlib.blake2b(header.encode("utf-8", "surrogateescape"), digest_size=32).digest()
    proof = _proofs.get(name)
    if proof is None or proof.until < now or (is_checked and _has_changed(proof)):
        proof = _prove(header, now)
        if len(_proofs) >= _MOST_REMEMBERED:
            _proofs.clear()
        _proofs[name] = proof
    credential = proof.credential
    if not credential.is_open_at(now):
        raise _unauthorized(_NONE)
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
    key, secret = _read_basic(header)
    known = Credential.objects.filter(key=key).values_list("pk", flat=True).first()
    # looked at before it is read: a change in between is noticed the next time
    stored = None if known is None else credential_as_stored(known)
    credential = Credential.objects.select_related("tenant").filter(key=key).first()
    digest = credential.secret_digest if credential else "0" * 64
    is_right = hmac.compare_digest(digest, digest_of(secret))
    if not is_right or credential is None or stored is None:
        raise _unauthorized(_NONE)
    return _Proof(credential, stored, now + _REMEMBER)


def _unauthorized(message: str) -> Unauthorized:
    return Unauthorized(message, WWW_Authenticate=_CHALLENGE)


def _read_basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise _unauthorized(
            "Send the header Authorization: Basic, with the key and secret of a credential."
        )
    try:
        key, colon, secret = (
            base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        )
    except ValueError:  # not base64, not ASCII, or not UTF-8
        colon = ""
    if not colon:
        raise _unauthorized("Write the key, a colon and the secret in base64 after Basic.")
    return key, secret
