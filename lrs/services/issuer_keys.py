"""The public keys of an issuer, fetched from where it publishes them and kept for a while.

The address is given by an administrator of one organisation, so the server must not be led by it
into its own network: https only, no redirect, no answer larger than keys are, and no address that
is not of the public internet, which is looked up once and then connected to as it was looked up.
An operator may name hosts that are exempt (`TOKEN_ISSUER_HOSTS`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import jwt
from django.conf import settings

from lrs.outside import Ask, Failed, Forbidden, Reachable, ask
from lrs.rules.parsing import parse_json

_FRESH: Final = timedelta(minutes=10)
_STALE: Final = timedelta(hours=1)
_ASK_AGAIN: Final = timedelta(minutes=1)
_TIMEOUT_SECONDS: Final = 5.0
_MOST_BYTES: Final = 256 * 1024
_SMALLEST_RSA_BITS: Final = 2_048
_KINDS: Final = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
_CURVES: Final = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521", "EdDSA": "Ed25519"}


class KeysUnavailable(Exception):
    """The key a token was signed with could not be had."""


@dataclass(slots=True)
class _Known:
    keys: list[dict[str, Any]] = field(default_factory=list)
    fetched_at: datetime | None = None
    asked_at: datetime | None = None


_known: dict[str, _Known] = {}


def signing_key(url: str, header: Mapping[str, Any], at: datetime) -> jwt.PyJWK:
    """Return the public key that a token's header names.

    Keys are fetched when they are older than ten minutes, or when a key is not among them, at
    most once a minute; those we have serve for an hour while the issuer cannot be reached.

    Raises:
        KeysUnavailable: the issuer cannot be asked, or has no such key.
    """
    known = _known.setdefault(url, _Known())
    if known.fetched_at is None or at - known.fetched_at > _FRESH:
        _refresh(url, known, at)
    found = _find(known.keys, header)
    if found is None:
        _refresh(url, known, at)
        found = _find(known.keys, header)
    if found is None:
        raise KeysUnavailable("The issuer of this token has no key that it could be signed with.")
    return found


def forget_keys() -> None:
    """Forget every issuer's keys."""
    _known.clear()


def _refresh(url: str, known: _Known, at: datetime) -> None:
    is_old = known.fetched_at is not None and at - known.fetched_at > _STALE
    if known.asked_at is None or at - known.asked_at > _ASK_AGAIN:
        known.asked_at = at
        try:
            known.keys, known.fetched_at = _fetch(url), at
        except (Forbidden, Failed, ValueError) as error:
            if known.fetched_at is None or is_old:
                known.keys = []
                raise KeysUnavailable("The issuer's keys cannot be fetched just now.") from error
    elif known.fetched_at is None or is_old:
        raise KeysUnavailable("The issuer's keys cannot be fetched just now.")


def _find(keys: list[dict[str, Any]], header: Mapping[str, Any]) -> jwt.PyJWK | None:
    algorithm = str(header["alg"])
    fitting = [
        key
        for key in keys
        if key.get("kty") == _KINDS[algorithm[:2]]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and key.get("crv") == _CURVES.get(algorithm)
        and (header.get("kid") is None or key.get("kid") == header["kid"])
    ]
    if len(fitting) != 1:
        return None
    try:
        found = jwt.PyJWK(fitting[0], algorithm=algorithm)
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):  # whatever an issuer publishes
        return None
    too_weak = fitting[0]["kty"] == "RSA" and found.key.key_size < _SMALLEST_RSA_BITS
    return None if too_weak else found


def _fetch(url: str) -> list[dict[str, Any]]:
    request = Ask(
        "GET",
        url,
        {"Accept": "application/json"},
        connect_seconds=_TIMEOUT_SECONDS,
        answer_seconds=_TIMEOUT_SECONDS,
        most_bytes=_MOST_BYTES,
    )
    answer = ask(request, Reachable(frozenset(settings.TOKEN_ISSUER_HOSTS)))
    if answer.status != HTTPStatus.OK:
        raise ValueError(f"status {answer.status}")
    said = parse_json(answer.body)
    keys = said.get("keys") if isinstance(said, dict) else None
    return [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
