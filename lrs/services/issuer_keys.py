"""The public keys of an issuer, fetched from where it publishes them and kept for a while.

The address is given by an administrator of one organisation, so the server must not be led by it
into its own network: https only, no redirect, no answer larger than keys are, and no address that
is not of the public internet, which is looked up once and then connected to as it was looked up.
An operator may name hosts that are exempt (`TOKEN_ISSUER_HOSTS`).
"""

import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import jwt
from django.conf import settings

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
        except (OSError, ValueError, http.client.HTTPException) as error:
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
    except jwt.PyJWTError:
        return None
    too_weak = fitting[0]["kty"] == "RSA" and found.key.key_size < _SMALLEST_RSA_BITS
    return None if too_weak else found


def _fetch(url: str) -> list[dict[str, Any]]:
    parts = urlsplit(url)
    host, is_secure = parts.hostname or "", parts.scheme == "https"
    is_exempt = host in settings.TOKEN_ISSUER_HOSTS
    if not is_secure and not is_exempt:
        raise ValueError("only https")
    port = parts.port or (443 if is_secure else 80)
    ends = time.monotonic() + _TIMEOUT_SECONDS
    door = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
    connection = door(host, port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.sock = _connect(host, port, is_secure=is_secure, is_exempt=is_exempt)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"Accept": "application/json"})
        answer = connection.getresponse()
        if answer.status != http.HTTPStatus.OK:
            raise ValueError(f"status {answer.status}")
        body = b""
        while piece := answer.read1(65_536):
            body += piece
            if len(body) > _MOST_BYTES or time.monotonic() > ends:
                raise ValueError("too large or too slow")
    finally:
        connection.close()
    keys = json.loads(body)["keys"]
    return [key for key in keys if isinstance(key, dict)]


def _connect(host: str, port: int, *, is_secure: bool, is_exempt: bool) -> socket.socket:
    address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0]
    if not is_exempt and not _is_public(str(address)):
        raise ValueError("not an address of the public internet")
    plain = socket.create_connection((str(address), port), timeout=_TIMEOUT_SECONDS)
    if not is_secure:
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text)
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_global and not address.is_multicast
