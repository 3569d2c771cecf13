"""Secrets that are needed again, kept so that the database alone does not give them away."""

import base64
from collections.abc import Sequence
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE: Final = b"careweave record store: secrets of receivers"


class Unsealable(Exception):
    """It was sealed under a key that is no longer here."""


def seal(secret: str, *, keys: Sequence[str]) -> str:
    """Return a secret sealed under the first of these keys."""
    return _box(keys).encrypt(secret.encode()).decode()


def unseal(sealed: str, *, keys: Sequence[str]) -> str:
    """Return a secret sealed under any of these keys.

    Raises:
        Unsealable: under none of them.
    """
    try:
        return _box(keys).decrypt(sealed).decode()
    except InvalidToken as error:
        raise Unsealable("This secret was sealed under another key.") from error


def _box(keys: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return base64.urlsafe_b64encode(derive.derive(key.encode()))
